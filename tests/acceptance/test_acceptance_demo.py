"""``crossdock demo`` as a newcomer sees it: eight scenes, each with what it promises, and nothing left behind."""

from __future__ import annotations

import json
import re

import pytest

from tests.acceptance.newcomer import Newcomer
from tests.pipeline.yard import control_number, segments


@pytest.fixture(scope="module")
def told(stranger: Newcomer) -> dict[int, str]:
    """What the demo prints, by the number of the scene; 0 is what comes before."""
    parts = re.split(r"^(\d)\. .*$", stranger.run("demo"), flags=re.MULTILINE)
    return {0: parts[0]} | {int(number): text for number, text in zip(parts[1::2], parts[2::2], strict=True)}


def lines(text: str) -> list[str]:
    """Without the indentation of the page."""
    return [line.strip() for line in text.splitlines()]


def test_it_has_eight_scenes(told: dict[int, str]) -> None:
    assert sorted(told) == list(range(9))


def test_three_orders_become_one_file_and_are_accepted(told: dict[int, str]) -> None:
    assert told[1].count("✓ handled") == 3
    assert [line for line in lines(told[1]) if line.startswith("AK")] == [
        "AK1*PO*901~",
        *(each for n in (1, 2, 3) for each in (f"AK2*850*000{n}~", "AK5*A~")),
        "AK9*A*3*3*3~",
    ]
    assert told[1].count('{"document":"Order"') == 3
    assert told[1].count("erp-out/") == 1


def test_an_edifact_order_becomes_the_same_and_gets_a_contrl(told: dict[int, str]) -> None:
    assert "UCI+4711+5412345000013:14+5412345000020:14+7'" in lines(told[2])
    assert "UCM+1+ORDERS:D:96A:UN:EAN008+7'" in lines(told[2])
    assert told[2].count('{"document":"Order"') == 1


def test_the_erp_answers_and_each_answer_leaves_in_its_partners_language(told: dict[int, str]) -> None:
    assert told[3].count("✓ handled") == 2
    seen = lines(told[3])
    assert "BAK*00*AD*4500017301*20261120*****20261120~" in seen
    assert "ACK*IA*24*EA~" in seen
    assert "BGM+231+SO-5501+34'" in seen
    assert "LIN+2+6+5412345111122:EN'" in seen
    assert re.search(r"← globex-out/855-ACME-GLOBEX-000000002\.x12 .*control number 000000002", told[3])
    assert re.search(r"← initech-out/ordrsp-\d+-\d+-000000002\.edi .*control number 2\b", told[3])


def test_the_partners_confirm_and_nothing_is_awaited_any_more(told: dict[int, str]) -> None:
    assert "855 order 4500017301  ✓ accepted  997 awaited: resolved" in lines(told[4])
    assert "ORDRSP order PO-88123  ✓ accepted  CONTRL awaited: resolved" in lines(told[4])


def test_one_bad_order_is_refused_with_its_places_and_its_sisters_go_on(told: dict[int, str]) -> None:
    assert [told[5].count(mark) for mark in ("✓ handled", "✗ refused")] == [2, 1]
    verdict = lines(told[5])
    start = verdict.index("AK2*850*0003~")
    assert verdict[start : start + 7] == [
        "AK2*850*0003~",
        "AK3*BEG*2**8~",
        "AK4*5*373*8*20261320~",
        "AK3*PO1*4*PO1*8~",
        "AK4*2*330*6*A DOZEN~",
        "AK5*R*5~",
        "AK9*P*3*3*2~",
    ]
    assert re.search(r"X12-E08 +BEG05 .*segment 2 · element 5 · byte \d+", told[5])
    assert told[5].count('{"document":"Order"') == 2


def test_the_same_again_is_answered_alike_and_not_processed(told: dict[int, str]) -> None:
    assert "↺ duplicate" in told[6]
    assert "GTW-DUPLICATE" in told[6]

    def verdict(scene: int) -> list[str]:
        return [line for line in lines(told[scene]) if line.startswith("AK")]

    assert verdict(6) == verdict(5)
    assert "erp-out" not in told[6]


def test_a_wrong_trailer_is_refused_as_a_whole(told: dict[int, str]) -> None:
    assert "✗ refused" in told[7]
    assert "TA1*000000904*261120*0815*R*021~" in lines(told[7])
    assert "handled" not in told[7]
    assert "erp-out" not in told[7]


def test_a_stranger_is_held_with_the_lines_that_would_admit_it(told: dict[int, str]) -> None:
    assert "‖ held" in told[8]
    assert "GTW-SENDER" in told[8]
    for line in ("# partners/hooli.toml", 'id = "hooli"', "[[identity]]", 'identifier = "HOOLI"', "[[agreement]]"):
        assert line in lines(told[8])
    assert "6 orders are in Acme's records" in told[8]


def test_it_leaves_nothing_behind(told: dict[int, str], stranger: Newcomer) -> None:
    assert [path for path in stranger.folder.rglob("*") if path.is_file()] == []


def test_what_is_kept_can_be_looked_at_with_the_other_commands(newcomer: Newcomer) -> None:
    dock = newcomer.folder / "dock"
    newcomer.run("demo", "--keep", dock)
    answers = [path.read_bytes() for path in sorted((dock / "exchange/out/globex").iterdir())]
    assert sorted(control_number(answer) for answer in answers) == [f"{n:09d}" for n in range(1, 6)]
    assert sum(len(segments(answer, "AK9")) for answer in answers) == 3
    orders = [line for path in (dock / "exchange/out/acme-erp").iterdir() for line in path.read_bytes().splitlines()]
    assert len({json.loads(line)["id"] for line in orders}) == len(orders) == 6
    found = newcomer.run("--home", dock, "documents", "--json", "--status", "handled")
    assert len(found.splitlines()) == 6 + 2 + 2  # orders, the ERP's answers, receipts
    (held,) = newcomer.run("--home", dock, "transmissions", "--json", "--status", "held").splitlines()
    assert 'identifier = "HOOLI"' in newcomer.run("--home", dock, "trace", json.loads(held)["id"])
