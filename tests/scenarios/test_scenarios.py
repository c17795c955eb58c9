"""Trade as business people tell it (``*.txt`` beside this), by those who buy and by those who sell.

Each in every format that has the documents for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store import Database
from tests.scenarios.gateways import BOUGHT, LANGUAGES, SOLD
from tests.scenarios.steps import Story

HERE = Path(__file__).parent


def scenarios() -> Iterator[tuple[str, list[str]]]:
    """Title and sentences of each scenario."""
    for file in sorted(HERE.glob("*.txt")):
        for text in file.read_text(encoding="utf-8").split("Scenario: ")[1:]:
            title, *lines = [line.strip() for line in text.strip().splitlines()]
            yield f"{file.stem}: {title}", [line.partition(" ")[2] for line in lines if line]


ALL = dict(scenarios())

#: What is shuffled is told in several orders.
SEEDS = {title: range(4) if "shuffled" in " ".join(lines) else range(1) for title, lines in ALL.items()}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("side", [BOUGHT, SOLD])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("title", "seed"), [(title, seed) for title, seeds in SEEDS.items() for seed in seeds])
def test_scenario(title: str, seed: int, language: str, side: str, database: Database) -> None:
    story = Story(database, language, side, seed)
    seen = [story.do(sentence) for sentence in ALL[title]]
    assert any(seen), "The scenario does not say what comes of it."
