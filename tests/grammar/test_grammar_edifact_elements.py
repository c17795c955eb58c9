"""Elements of EDIFACT: one wrong value, one issue, with element, component, reference, offset and value."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gateway.codecs.model import Delimiters
from gateway.core.issues import Issue, Severity

Check = Callable[..., list[Issue]]

ORDER = """
    BGM+220+PO4711+9
    DTM+137:20240115:102
    NAD+BY+5412345000013::9
    CTA+OC+:J DOE
    COM+5551234:TE
    CUX+2:EUR:9
    LIN+1++4000862141404:EN
    IMD+F++:::HEX BOLT
    QTY+21:48:PCE
    PRI+AAA:9.50
    UNS+S
"""

WRONG = [
    ("DTM+137:20240115:102", "DTM+:20240115:102", ("EDF-E13", 1, 1, "2005", None)),
    ("DTM+137:20240115:102", "DTM", ("EDF-E13", 1, None, "C507", None)),
    ("DTM+137:20240115:102", "DTM+::", ("EDF-E13", 1, None, "C507", None)),
    ("DTM+137:20240115:102", "DTM+137:20240231:102", ("EDF-E12B", 1, 2, "2380", "20240231")),
    ("DTM+137:20240115:102", "DTM+137:202401151260:203", ("EDF-E12B", 1, 2, "2380", "202401151260")),
    ("DTM+137:20240115:102", "DTM+137:20240115120000:203", ("EDF-E12B", 1, 2, "2380", "20240115120000")),
    ("DTM+137:20240115:102", "DTM+137:2024-01-15:102", ("EDF-E12B", 1, 2, "2380", "2024-01-15")),
    ("DTM+137:20240115:102", "DTM+137:20240115:999", ("EDF-E12", 1, 3, "2379", "999")),
    ("DTM+137:20240115:102", "DTM+137:2024011520240231:718", ("EDF-E12B", 1, 2, "2380", "2024011520240231")),
    ("220", "XYZ", ("EDF-E12", 1, 1, "1001", "XYZ")),
    ("+PO4711+", "+PO:4711+", ("EDF-E16", 2, None, "1004", "PO:4711")),
    ("+PO4711+", f"+{'P' * 36}+", ("EDF-E39", 2, None, "1004", "P" * 36)),
    ("2:EUR:9", "2:EUR:9:4:5", ("EDF-E16", 1, 5, "C504", "2:EUR:9:4:5")),
    ("CUX+2:EUR:9", "CUX+2:EUR:9++1,1+ZZZ+X", ("EDF-E16B", 5, None, None, "X")),
    ("21:48", "21:4 8", ("EDF-E37", 1, 2, "6060", "4 8")),
    ("21:48", "21:48-", ("EDF-E37", 1, 2, "6060", "48-")),
    ("AAA:9.50", "AAA:.50", ("EDF-E38", 1, 2, "5118", ".50")),
    ("AAA:9.50", "AAA:9.", ("EDF-E19", 1, 2, "5118", "9.")),
    ("AAA:9.50", "AAA:1.009,50", ("EDF-E19", 1, 2, "5118", "1.009,50")),
    ("AAA:9.50", "AAA:1234567890123456", ("EDF-E39", 1, 2, "5118", "1234567890123456")),
    ("UNS+S", "UNS+X", ("EDF-E12", 1, None, "0081", "X")),
    ("UNS+S", "UNS", ("EDF-E13", 1, None, "0081", None)),
    ("HEX BOLT", "HEX\tBOLT", ("EDF-E21", 3, 4, "7008", "HEX\tBOLT")),
    ("HEX BOLT", "HEX \udcfcBOLT", ("EDF-E21", 3, 4, "7008", "HEX \\xfcBOLT")),
    ("HEX BOLT", "X" * 35 + "?+", ("EDF-E39", 3, 4, "7008", "X" * 35 + "+")),
]


@pytest.mark.parametrize(("old", "new", "expected"), WRONG, ids=lambda value: str(value)[:40])
def test_a_wrong_element_makes_one_issue(check: Check, old: str, new: str, expected: tuple[object, ...]) -> None:
    found = [
        (i.code, i.location.element, i.location.component, i.location.reference, i.value)
        for i in check("ORDERS", ORDER.replace(old, new))
    ]
    assert found == [expected]


FINE = [
    ("9.50", "9,50"),
    ("9.50", "-9.50"),
    ("9.50", "-0000000000009.50"),
    ("20240115:102", "20240229:102"),
    ("20240115:102", "202401151259:203"),
    ("20240115:102", "20240115125959:204"),
    ("20240115:102", "2024011520240116:718"),
    ("20240115:102", "20240115-20240116:718"),
    ("20240115:102", "240115:101"),
    ("20240115:102", "202452:616"),
    ("20240115:102", "3:804"),
    ("20240115:102", "20240115"),
    ("5551234", "?+49 30 ?? ?: ?'"),
    ("HEX BOLT", "X" * 34 + "?+"),
    ("HEX BOLT", "Schraube größer 大"),
    ("PO4711+9", "PO4711+9+"),
    ("PO4711+9", "PO4711+9++++"),
    ("2:EUR:9", "2:EUR:9:::"),
    ("5412345000013::9", "5412345000013::9+::+:+"),
]


@pytest.mark.parametrize(("old", "new"), FINE)
def test_what_the_syntax_or_practice_allows_is_fine(check: Check, old: str, new: str) -> None:
    """Either decimal mark, signs and released characters that do not count, separators that carry nothing."""
    assert check("ORDERS", ORDER.replace(old, new)) == []


def test_a_released_character_counts_once_and_keeps_its_bytes(check: Check) -> None:
    body = ORDER.replace("HEX BOLT", "?+" * 36)
    (issue,) = check("ORDERS", body)
    assert issue.value == "+" * 36
    text = "".join(line.strip() + "'" for line in ["UNH+1+ORDERS:D:96A:UN", *body.strip().splitlines()])
    assert issue.location.offset == text.index("?+?+")


def test_a_date_says_the_format_it_is_not_in(check: Check) -> None:
    (issue,) = check("ORDERS", ORDER.replace("20240115", "20240231"))
    assert issue.text.endswith("is not a date or time in format 102 (CCYYMMDD).")


def test_unoa_has_no_small_letters_and_says_so_without_refusing(check: Check) -> None:
    (issue,) = check("ORDERS", ORDER.replace("HEX", "Hex"), syntax="UNOA:1", charset="ascii")
    assert (issue.code, issue.severity) == ("EDF-E21B", Severity.WARNING)
    assert (issue.location.tag, issue.location.element, issue.location.component) == ("IMD", 3, 4)
    assert issue.text == 'IMD element 3 has "Hex BOLT", with characters that UNOA does not allow.'


def test_unob_has_small_letters_but_no_at_sign(check: Check) -> None:
    assert check("ORDERS", ORDER.replace("HEX", "Hex"), syntax="UNOB:1", charset="ascii") == []
    found = check("ORDERS", ORDER.replace("5551234:TE", "jo@acme:EM"), syntax="UNOB:1", charset="ascii")
    assert [issue.code for issue in found] == ["EDF-E21B"]


def test_other_levels_have_their_character_set_alone(check: Check) -> None:
    assert check("ORDERS", ORDER.replace("HEX", "Größe@"), syntax="UNOC:3", charset="iso8859-1") == []


def test_bytes_that_are_no_text_name_the_declared_level(check: Check) -> None:
    found = check("ORDERS", ORDER.replace("HEX", "\udcfc"), syntax="UNOC:3", charset="iso8859-1")
    assert found[0].text.endswith("with characters that UNOC does not have.")


def test_what_is_wrong_with_a_tag_that_is_no_text_can_be_written_down(check: Check) -> None:
    """The tag itself is a parameter of the sentence."""
    found = check("ORDERS", ORDER + "\n\udcfc+x", syntax="UNOA:1", charset="ascii")
    assert "\\udcfc element 1 has" in " ".join(issue.text for issue in found)
    for issue in found:
        issue.text.encode()


def test_service_characters_of_the_interchange_decide(check: Check) -> None:
    marks = Delimiters("|", "^", "~", release="\\", decimal=",")
    body = ORDER.replace("+", "|").replace(":", "^").replace("HEX BOLT", "M8 \\| 20: 1+1 'A'")
    assert check("ORDERS", body, delimiters=marks) == []


def test_without_a_release_character_there_is_none(check: Check) -> None:
    marks = Delimiters("+", ":", "'")
    assert check("ORDERS", ORDER.replace("5551234", "WHAT?"), delimiters=marks) == []


def test_contrl_is_checked_against_its_syntax_version(check: Check) -> None:
    body = "UCI+4711+ACME:14+GLOBEX:14+4\nUCM+1+ORDERS:D:96A:UN+4+12\nUCS+3+12\nUCD+12+1:2"
    assert check("CONTRL", body, version="D.3") == []
    (issue,) = check("CONTRL", body.replace("UCD+12", "UCD+999"), version="D.3")
    assert (issue.code, issue.location.reference, issue.location.loop) == ("EDF-E12", "0085", "SG1/SG2")
