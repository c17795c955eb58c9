"""What ``crossdock validate --second-opinion`` shows of two verdicts on one document."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.bench import claims
from gateway.bench.corpus import interchange
from tests.cli.running import Command

ORDER = interchange("x12", 1, [1, 2]).decode()
CLAIM = claims.interchange(1, [range(7, 8)]).decode()


def _file(tmp_path: Path, text: str) -> str:
    path = tmp_path / "sent.edi"
    path.write_text(text, encoding="utf-8")
    return str(path)


def _opinions(crossdock: Command, path: str) -> list[dict[str, object]]:
    ran = crossdock("validate", "--second-opinion", "--json", path)
    return [record["second_opinion"] for record in ran.records if "type" in record]


def test_both_find_an_order_right_by_our_table(crossdock: Command, tmp_path: Path) -> None:
    [first, second] = _opinions(crossdock, _file(tmp_path, ORDER))
    assert first == second
    assert first["map"] == "ours"
    assert str(first["by"]).startswith("pyx12 ")
    assert (first["valid"], first["agrees"], first["both"]) == (True, True, 0)


def test_both_find_the_same_code_wrong(crossdock: Command, tmp_path: Path) -> None:
    [first, second] = _opinions(crossdock, _file(tmp_path, ORDER.replace("BEG*00*SA", "BEG*00*QQ", 1)))
    assert (first["valid"], first["agrees"], first["both"]) == (False, True, 1)
    assert second["valid"] is True


def test_a_claim_is_judged_by_the_map_that_pyx12_has(crossdock: Command, tmp_path: Path) -> None:
    [opinion] = _opinions(crossdock, _file(tmp_path, CLAIM))
    assert opinion["map"] == "837.5010.X222.A1.xml"
    assert opinion["agrees"] is True


def test_what_only_one_of_them_says_is_listed(crossdock: Command, tmp_path: Path) -> None:
    path = _file(tmp_path, CLAIM.replace("~HL*2*", "*~HL*2*", 1))
    [opinion] = _opinions(crossdock, path)
    assert (opinion["agrees"], opinion["only_ours"]) == (False, [])
    [theirs] = opinion["only_theirs"]  # type: ignore[misc]
    assert (theirs["level"], theirs["code"], theirs["tag"]) == ("segment", "SEG1", "PER")
    ran = crossdock("validate", "--second-opinion", path)
    assert ran.code == 0
    assert "differs" in ran.out
    assert "Segment contains trailing element terminators" in ran.out


def test_there_is_none_on_edifact(crossdock: Command, tmp_path: Path) -> None:
    path = _file(tmp_path, interchange("edifact", 1, [1]).decode())
    [opinion] = _opinions(crossdock, path)
    assert opinion["agrees"] is None
    assert "no second opinion on EDIFACT" in str(opinion["none"])
    assert "no second opinion on EDIFACT" in crossdock("validate", "--second-opinion", path).out


@pytest.mark.parametrize(
    "text",
    [
        ORDER.replace("AMT*TT*", "AMT>X>X>X*TT*", 1),
        ORDER.replace("REF*DP*", "REF*DP*X*X*>>>>>>>>>>>>>>>>*", 1),
        ORDER.replace("~SE*", "~~SE*", 1),
        ORDER[: len(ORDER) // 2],
        ORDER.replace("~CUR", "~ISA~CUR", 1),
        ORDER.replace("Globex Retail", "Glöbex \udcff", 1).encode("utf-8", "surrogateescape").decode("latin-1"),
    ],
)
def test_pyx12_may_stumble_and_nobody_notices_but_for_a_sentence(crossdock: Command, tmp_path: Path, text: str) -> None:
    ran = crossdock("validate", "--second-opinion", "--json", _file(tmp_path, text))
    assert ran.code in (0, 1)
    for record in ran.records:
        if "type" in record:
            opinion = record["second_opinion"]
            assert opinion["agrees"] is not None or opinion["none"]


def test_the_exit_code_is_our_verdict(crossdock: Command, tmp_path: Path) -> None:
    assert crossdock("validate", "--second-opinion", _file(tmp_path, ORDER)).code == 0
    assert crossdock("validate", "--second-opinion", _file(tmp_path, ORDER.replace("*SA*", "*QQ*"))).code == 1


def test_that_another_versions_table_served_is_no_difference(crossdock: Command, tmp_path: Path) -> None:
    [first, _] = _opinions(crossdock, _file(tmp_path, ORDER.replace("*X*004010", "*X*004030", 1)))
    assert (first["agrees"], first["only_ours"]) == (True, [])


def test_the_group_that_a_document_stands_in_is_not_what_pyx12_is_asked_about(
    crossdock: Command, tmp_path: Path
) -> None:
    path = _file(tmp_path, ORDER.replace("GS*PO*", "GS*IN*", 1))
    ran = crossdock("validate", "--second-opinion", "--json", path)
    first = ran.records[0]
    assert [issue["code"] for issue in first["issues"]] == ["X12-T06B"]
    assert first["second_opinion"]["agrees"] is True
