"""The pattern of a whole message says fine exactly where the walk, segment by segment, has nothing to report."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.codecs.model import Delimiters, RawDocument
from gateway.core.issues import Issue
from gateway.grammar import Schemas
from gateway.grammar.model import MessageTable, Node
from gateway.grammar.placing import places as placed
from gateway.grammar.validator import Validator
from gateway.grammar.whole import Whole, pattern

SCHEMAS = Path(__file__).parents[2] / "schemas"
X12 = """ST*850*0001|BEG*00*SA*PO-1**20240115|CUR*BY*EUR|REF*DP*038|REF*IA*1**BM>7>PO>8|PER*BD*J DOE*TE*5551234
DTM*002*20240131
N9*ZZ*NOTES|MSG*RING|N1*BY*ACME*92*B7|N3*1 MAIN|N4*TOWN*IL*60607*US|PO1*1*5*EA*9.5*PE*BP*12|PID*F****BOLT|MEA***5*KG
PO4*12*1*EA|REF*CO*9|SAC*C*D240***100|PO1*2*7*CA|CTT*2*12|AMT*TT*56.25|SE*22*0001"""
EDIFACT = """UNH+1+ORDERS:D:96A:UN|BGM+220+PO1+9|DTM+137:20240115:102|DTM+2:202401311200:203|RFF+CT:9
DTM+171:20231201:102
NAD+BY+541::9|CTA+OC+:J DOE|COM+5551234:TE|NAD+SU+409::9|CUX+2:EUR:9|LIN+1++400:EN|PIA+5+ABC-1:SA|IMD+F++:::BOLT
QTY+21:48:PCE|PRI+AAA:9.50|LIN+2++401:EN|QTY+21:5|UNS+S|MOA+79:461,00|CNT+2:2|UNT+22+1"""
LINES = {"x12": re.split(r"[|\n]", X12), "edifact": re.split(r"[|\n]", EDIFACT)}
MARKS = {"x12": Delimiters("*", ">", "~"), "edifact": Delimiters("+", ":", "'", release="?")}
MESSAGES = {"x12": ("x12", "004010", "850"), "edifact": ("edifact", "D.96A", "ORDERS")}


@cache
def table(standard: str) -> MessageTable:
    names = [path.relative_to(SCHEMAS).as_posix() for path in SCHEMAS.rglob("*.txt")]
    schemas = Schemas(
        lambda name: (SCHEMAS / name).read_text("utf-8") if name in names else None,
        lambda prefix: [name for name in names if name.startswith(prefix)],
    )
    return schemas.message(*MESSAGES[standard])


@cache
def whole(standard: str) -> re.Pattern[str]:
    return re.compile(pattern(table(standard), MARKS[standard], shown(standard)))


def shown(standard: str) -> set[Node]:
    """All places of the tags that the document has."""
    tags = {re.split(r"[*+]", line)[0] for line in LINES[standard][1:-1]}
    return {node for node in table(standard).root.walk() if node.place is node and node.parent and node.tag in tags}


@cache
def learned(standard: str) -> re.Pattern[str]:
    """Only the places that the document takes."""
    text = "".join(line + MARKS[standard].terminator for line in LINES[standard])
    places = placed(table(standard), document(standard, text)).values()
    return re.compile(pattern(table(standard), MARKS[standard], {node.place for node in places}))


def document(standard: str, text: str) -> RawDocument:
    return RawDocument(
        standard=standard, type=MESSAGES[standard][2], version=MESSAGES[standard][1], association="", position=1,
        control_number="1", text=text, offset=0, length=len(text), delimiters=MARKS[standard], charset="utf-8",
    )  # fmt: skip


def walked(standard: str, text: str) -> list[Issue]:
    """By a validator that has learned nothing."""
    return Validator(table(standard)).validate(document(standard, text))


def edited(random: Random, lines: list[str]) -> list[str]:
    """Some segments of the body left out, doubled, moved or changed."""
    head, *body, tail = lines
    for _ in range(random.choice([0, 1, 1, 2, 4])):
        at, to = random.randrange(len(body)), random.randrange(len(body))
        edit = random.choice(["drop", "double", "move", "many", "cut", "value"])
        if edit == "drop" and len(body) > 2:
            del body[at]
        elif edit == "double":
            body.insert(to, body[at])
        elif edit == "move":
            body.insert(to, body.pop(at))
        elif edit == "many":
            body[at:at] = [body[at]] * random.choice([2, 5, 12, 40])
        elif edit == "cut":
            body[at] = body[at][: random.randrange(3, len(body[at]) + 1)]
        else:
            body[at] = body[at].replace(random.choice("123ABE:+*>"), random.choice(["", "9", "X", ":", ">"]), 1)
    return [head, *body, tail]


@pytest.mark.parametrize("standard", ["x12", "edifact"])
@settings(max_examples=400, deadline=None)
@given(random=st.randoms(use_true_random=False), line_break=st.sampled_from(["", "\r\n", "\n "]))
def test_both_ways_of_checking_come_to_the_same_verdict(standard: str, random: Random, line_break: str) -> None:
    end = MARKS[standard].terminator + line_break
    text = "".join(line + end for line in edited(random, LINES[standard]))
    issues = walked(standard, text)
    assert (whole(standard).fullmatch(text) is not None) == (not issues), (text, issues)
    assert not (issues and learned(standard).fullmatch(text)), (text, issues)


@pytest.mark.parametrize("standard", ["x12", "edifact"])
def test_what_fine_documents_have_shown_is_learned_and_the_rest_is_still_found(standard: str) -> None:
    text = MARKS[standard].terminator.join(LINES[standard]) + MARKS[standard].terminator
    whole = Whole(table(standard), MARKS[standard])
    assert not whole.matches(text)
    whole.learn(shown(standard), 5_000_000)
    whole.settle()
    assert whole.matches(text)
    assert not whole.matches(text.replace("20240115", "20240231"))


def test_a_validator_that_learned_still_finds_every_mistake() -> None:
    validator = Validator(table("x12"))
    text = "~".join(LINES["x12"]) + "~"
    many = text.replace("PO1*2", "PO1*1*5*EA*9.5*PE*BP*12~" * 90_000 + "PO1*2")
    assert validator.validate(document("x12", many)) == []
    assert validator.validate(document("x12", text)) == []
    (issue,) = validator.validate(document("x12", text.replace("20240131", "20240231")))
    assert issue.code == "X12-E08"
    (issue,) = validator.validate(document("x12", text.replace("CTT*2*12~", "CTT*2*12~QQQ*1~")))
    assert issue.code == "X12-S01"
