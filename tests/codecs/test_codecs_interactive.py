"""Interactive EDIFACT (UIB … UIZ) and what airlines write: told, taken apart, counted."""

from __future__ import annotations

import pytest

from gateway.codecs import Address, read
from tests.codecs.interchanges import Drops, codes, documents, end, events, start

UIB = "UIB+UNOA:4+D905++++ACME:ZZ+GLOBEX:14+20260115:1253++1'"
UIH = "UIH+SKDREQ:D:04B::XX:EAN008+M1'ODI+ZRH'UIT+M1+3'"
DIALOGUE = UIB + UIH + UIH.replace("M1", "M2") + "UIZ+D905+2'"


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_dialogue_is_an_interchange_of_messages(size: int) -> None:
    found = list(read(Drops(DIALOGUE.encode(), [size])))
    assert codes(found) == []
    header = start(found).header
    assert header.interactive
    assert (header.sender, header.receiver) == (Address("ACME", "ZZ"), Address("GLOBEX", "14"))
    assert (header.control_number, header.date, header.time, header.test) == ("D905", "20260115", "1253", True)
    first, second = documents(found)
    assert (first.type, first.version, first.association, first.control_number) == ("SKDREQ", "D.04B", "EAN008", "M1")
    assert second.segments() == [["UIH", "SKDREQ:D:04B::XX:EAN008", "M2"], ["ODI", "ZRH"], ["UIT", "M2", "3"]]
    assert (end(found).declared, end(found).documents, end(found).length) == (2, 2, len(DIALOGUE))


def test_what_a_dialogue_leaves_out_is_not_missed() -> None:
    assert codes(events("UIB+UNOB:4'UIH+SKDREQ:D:04B'ODI+ZRH'UIT'UIZ'")) == []


WRONG = {
    DIALOGUE.replace("UIT+M1+3", "UIT+M1+4"): ["EDF-M29"],
    DIALOGUE.replace("UIT+M1+3", "UIT+M9+3"): ["EDF-M28"],
    DIALOGUE.replace("M2", "M1"): ["EDF-M26"],
    DIALOGUE.replace("UIZ+D905+2", "UIZ+D906+3"): ["EDF-I29", "EDF-I28"],
    DIALOGUE.replace("UIZ+D905+2'", ""): ["EDF-I05"],
    DIALOGUE.replace("UIT+M2+3'", ""): ["EDF-M05"],
    DIALOGUE.replace("UIH+SKDREQ:D:04B::XX:EAN008+M1", "UIH++M1"): ["EDF-M13", "EDF-M13"],
    DIALOGUE.replace("UNOA:4", "KECA:4"): ["EDF-I02"],
    DIALOGUE.replace("UIH+", "UNH+1+", 1): ["EDF-I33"] * 3 + ["EDF-I29"],
}


@pytest.mark.parametrize("text", WRONG)
def test_what_it_says_must_agree(text: str) -> None:
    assert codes(events(text)) == WRONG[text]


def test_a_wrong_trailer_is_called_by_its_name() -> None:
    [issue] = documents(events(DIALOGUE.replace("UIT+M1+3", "UIT+M1+4")))[0].issues
    assert issue.text == "UIT says 4 segments; 3 were found."


def test_una_names_its_service_characters() -> None:
    text = "UNA:+./*|" + UIB.replace("'", "|") + "UIH+SKDREQ:D:04B+M1|ODI+A*B+x/+y?|UIT+M1+3|UIZ++1|"
    found = events(text)
    assert codes(found) == []
    assert documents(found)[0].delimiters[3:5] == ("*", "/")


def test_both_kinds_may_follow_each_other() -> None:
    batch = "UNB+IATB:1+6XPPC+LHPPC+940101:0950+1'UNH+1+PAORES:93:1:IA'MSG+1:45'UNT+3+1'UNZ+1+1'"
    found = events(DIALOGUE + batch + "rubbish\n" + DIALOGUE)
    assert [document.type for document in documents(found)] == ["SKDREQ", "SKDREQ", "PAORES", "SKDREQ", "SKDREQ"]


PNRGOV = "UNB+IATA:1+1A+ACME+260115:0649+0003'UNH+1+PNRGOV:11:1:IA'EQN+1?+1'SRC'UNT+4+1'UNZ+1+0003'"


@pytest.mark.parametrize("marks", ["+:'", "|:'", "|,;", "*>~", "\x1d\x1f\x1c"])
@pytest.mark.parametrize("size", [5, 10_000])
def test_an_airline_without_una_shows_its_separators_in_unb(marks: str, size: int) -> None:
    text = PNRGOV.translate(dict(zip(map(ord, "+:'"), marks)))
    found = list(read(Drops(text.encode(), [size])))
    assert codes(found) == []
    assert documents(found)[0].segments()[1][0] == "EQN"
    assert (start(found).header.version, documents(found)[0].type) == ("IATA:1", "PNRGOV")


@pytest.mark.parametrize("text", ["UNB|IATA,1|1A", PNRGOV.translate({43: "|", 58: "|"})])
def test_separators_that_nobody_can_tell_are_not_guessed(text: str) -> None:
    found = events(text)
    assert codes(found)[0] == "EDF-I22B"
    assert documents(found) == []


def test_a_byte_that_is_no_text_is_no_separator() -> None:
    text = PNRGOV.translate(dict(zip(map(ord, "+:'"), "|,;"))).encode().replace(b";UNH", b";\x80UNH", 1)
    assert "EDF-I22B" in codes(list(read(text)))
