"""A guide learned from any valid documents accepts every one of them, however little or much it may say."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.core.issues import has_errors
from gateway.grammar.guided import narrowed
from gateway.grammar.guides import guide
from gateway.grammar.learning import Learner
from gateway.grammar.proposal import Proposal
from gateway.grammar.validator import Validator
from tests.property.test_property_grammar_whole import LINES, document, edited, table


def varied(random: Random, lines: list[str]) -> list[str]:
    """Other qualifiers, lengths and values here and there."""
    found = []
    for line in lines:
        for old, new in [("REF*", "IA CO DP ZZ"), ("N1*", "BY ST VN"), ("DTM*", "002 010"), ("PER*", "BD OC")]:
            if line.startswith(old) and random.random() < 0.5:
                cut = line[len(old) :]
                line = old + random.choice(new.split()) + cut[2 if old != "DTM*" else 3 :]
        for old, new in [("RFF+", "CT ON AAG"), ("NAD+", "BY SU DP"), ("QTY+", "21 12"), ("IMD+", "F C")]:
            if line.startswith(old) and random.random() < 0.5:
                size = {"RFF+": 2, "NAD+": 2, "QTY+": 2, "IMD+": 1}[old]
                line = old + random.choice(new.split()) + line[len(old) + size :]
        found.append(line)
    return found


@pytest.mark.parametrize("standard", ["x12", "edifact"])
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), least=st.integers(1, 8), tight=st.booleans())
def test_a_learned_guide_accepts_what_it_was_learned_from(standard: str, seed: int, least: int, tight: bool) -> None:
    random = Random(seed)
    message, end = table(standard), {"x12": "~", "edifact": "'"}[standard]
    validator, learner, samples = Validator(message), Learner(message), []
    kinds = [varied(random, edited(random, LINES[standard])) for _ in range(3)]
    for _ in range(random.randint(1, 25)):
        text = "".join(line + end for line in varied(random, random.choice(kinds)))
        sample = document(standard, text)
        if not has_errors(validator.validate(sample)):
            assert learner.add(sample)
            samples.append(sample)
    text = Proposal(least, tight).guide("Learned", [learner])
    learned = Validator(narrowed(message, guide("learned.txt", text), "learned", text))
    for sample in samples:
        assert [issue.text for issue in learned.validate(sample)] == [], (text, sample.text)


def test_nothing_is_limited_that_too_few_documents_have_shown() -> None:
    learner = Learner(table("x12"))
    for _ in range(4):
        learner.add(document("x12", "".join(f"{line}~" for line in LINES["x12"])))
    said = [line for line in Proposal(least=5).guide("G", [learner]).splitlines() if not line.startswith("#")]
    assert [line for line in said if line] == ["guide G", "message 850"]
