"""An issue explains itself whatever it is given, and an agreement can weigh it differently."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.catalogue import KINDS
from gateway.core.issues import NOWHERE, Issue, Level, Location, Severity, has_errors, worst

CODES = st.sampled_from(sorted(KINDS))
TEXT = st.text(max_size=80)
ISSUES = st.builds(
    Issue,
    code=CODES,
    value=st.none() | TEXT,
    params=st.dictionaries(st.sampled_from(["name", "most", "tag", "value", "field"]), TEXT),
    override=st.none() | st.sampled_from(Severity),
)


class TestText:
    @pytest.mark.parametrize("code", sorted(KINDS))
    def test_a_sentence_never_fails_for_want_of_a_parameter(self, code: str) -> None:
        issue = Issue(code)
        assert issue.text
        assert "{" not in issue.text + issue.hint

    @given(ISSUES)
    def test_any_value_makes_a_sentence_of_one_printable_line(self, issue: Issue) -> None:
        bare = msgspec.structs.replace(issue, params={})
        assert bare.text.isprintable()

    def test_the_value_and_the_parameters_stand_in_it(self) -> None:
        issue = Issue("X12-E05", value="ABCDEF", params={"name": "PO107 Product/Service ID", "most": "5"})
        assert issue.text == 'PO107 Product/Service ID has "ABCDEF": too long, at most 5 characters.'

    def test_what_is_missing_is_a_question_mark(self) -> None:
        assert Issue("X12-E05", value="A").text == '? has "A": too long, at most ? characters.'

    def test_control_characters_are_made_visible_and_long_values_are_cut(self) -> None:
        assert '"A\\x00B"' in Issue("X12-E07", value="A\x00B").text
        assert len(Issue("X12-E07", value="x" * 10_000).text) < 200

    def test_the_value_of_the_issue_wins_over_a_parameter_of_that_name(self) -> None:
        assert '"real"' in Issue("X12-E07", value="real", params={"value": "other"}).text


class TestJson:
    @given(ISSUES)
    def test_it_is_complete_and_has_no_empty_keys(self, issue: Issue) -> None:
        out = json.loads(msgspec.json.encode(issue.as_json()))
        assert out["code"] == issue.code
        assert out["severity"] == issue.severity
        assert out["text"] == issue.text
        assert out.get("value") == issue.value
        assert "" not in (out.get("hint"), out.get("x12_code"), out.get("edifact_code"))

    def test_it_names_the_place_and_how_a_receipt_reports_it(self) -> None:
        place = Location(segment=17, tag="PO1", element=3, offset=812)
        out = Issue("X12-E07", place, value="ZZ").as_json()
        assert out["location"] == {"segment": 17, "tag": "PO1", "element": 3, "offset": 812}
        assert (out["x12_code"], out["level"], out["severity"]) == ("7", "element", "error")
        assert "edifact_code" not in out

    @given(ISSUES)
    def test_it_survives_the_store(self, issue: Issue) -> None:
        assert msgspec.json.decode(msgspec.json.encode(issue), type=Issue) == issue


class TestLocation:
    def test_it_reads_like_a_sentence(self) -> None:
        place = Location(
            segment=17, tag="PO1", loop="PO1/PID", element=3, component=2, repetition=4, offset=812, reference="355"
        )
        assert str(place) == "PO1 (segment 17), element 3 component 2 repetition 4 [355], loop PO1/PID, byte 812"

    def test_nowhere_is_empty(self) -> None:
        assert str(NOWHERE) == ""

    def test_byte_zero_is_a_place(self) -> None:
        assert str(Location(offset=0)) == "byte 0"

    def test_a_field_of_the_canonical_document_is_a_place(self) -> None:
        assert str(Location(field="line_items[2].quantity")) == "line_items[2].quantity"


class TestSeverity:
    def test_it_is_that_of_its_kind_until_an_agreement_changes_it(self) -> None:
        issue = Issue("X12-E07")
        changed = issue.with_severity({"X12-E07": Severity.WARNING})
        assert [issue.severity, changed.severity] == [Severity.ERROR, Severity.WARNING]
        assert issue.with_severity({"X12-E05": Severity.WARNING}) is issue

    @given(st.lists(ISSUES, max_size=6))
    def test_the_worst_of_several_refuses_or_does_not(self, issues: list[Issue]) -> None:
        found = {issue.severity for issue in issues}
        assert worst(issues) == next((each for each in Severity if each in found), None)
        assert has_errors(issues) is (Severity.ERROR in found)

    def test_levels_and_severities_are_words_in_json(self) -> None:
        assert [str(Severity.ERROR), str(Level.DOCUMENT)] == ["error", "document"]
