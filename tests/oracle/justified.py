"""Where the two judges differ, and who is right: each difference must be one of these."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from gateway.core.issues import Issue, Level
from gateway.opinion import Said
from tests.oracle.trial import Trial

#: Mutations after which segments stand where none is expected.
MOVED = {
    *("delete a segment", "duplicate a segment", "swap two segments", "move a segment", "insert a segment"),
    "change a tag",
}


class Difference(NamedTuple):
    """One finding that only one of them has. ``by``: ours, pyx12; ``segment`` 0: of the document."""

    by: str
    level: str
    code: str
    segment: int
    element: int
    component: int
    text: str


class Reason(NamedTuple):
    """Why a difference is none to worry about. ``alone``: it may even make one say valid and the other not."""

    name: str
    right: str
    alone: bool
    why: str
    holds: Callable[[Trial, Difference], bool]


def differences(trial: Trial) -> Iterator[Difference]:
    """All differences of a trial."""
    if trial.opinion.none:
        yield Difference("pyx12", "document", "stops", 0, 0, 0, trial.opinion.none)
        return
    yield from map(_ours, trial.found.ours)
    yield from map(_theirs, trial.found.theirs)


def reason(trial: Trial, difference: Difference) -> Reason | None:
    """The first that holds."""
    return next((one for one in REASONS if one.holds(trial, difference)), None)


def _ours(issue: Issue) -> Difference:
    at = issue.location
    place = at.segment or 0, at.element or 0, at.component or 0
    level = "element" if issue.level is Level.ELEMENT else "segment"
    return Difference("ours", level, issue.code, *place, issue.text)


def _theirs(one: Said) -> Difference:
    return Difference("pyx12", one.level, one.code, one.segment, one.element, one.component, one.text)


def _segment(trial: Trial, difference: Difference) -> list[str]:
    segments = trial.mutation.segments
    return segments[difference.segment - 1] if 0 < difference.segment <= len(segments) else []


def _value(trial: Trial, difference: Difference) -> str:
    segment = _segment(trial, difference)
    return segment[difference.element] if 0 < difference.element < len(segment) else ""


def _others(trial: Trial, difference: Difference) -> Iterator[Difference]:
    """Everything that the other judge says of the same segment."""
    if difference.by == "ours":
        found = map(_theirs, trial.opinion.said)
    else:
        found = map(_ours, trial.issues)
    return (one for one in found if one.segment == difference.segment)


def _ends_empty(trial: Trial, difference: Difference) -> bool:
    return difference.code == "SEG1" and _segment(trial, difference)[-1] == ""


def _has_nothing(trial: Trial, difference: Difference) -> bool:
    return difference.text.endswith("is empty") and not any(_segment(trial, difference)[1:])


def _surplus_is_empty(trial: Trial, difference: Difference) -> bool:
    rest = _segment(trial, difference)[difference.element :]
    return difference.by == "pyx12" and difference.code == "3" and bool(rest) and not any(rest)


def _same_value(trial: Trial, difference: Difference) -> bool:
    """Both find the value wrong. A component may be meant as the whole element."""
    return difference.level == "element" and any(
        other.level == "element"
        and other.element == difference.element
        and (other.component == difference.component or 0 in (other.component, difference.component))
        for other in _others(trial, difference)
    )


def _is_qualifier(trial: Trial, difference: Difference) -> bool:
    """One says that the segment has no place, the other that what tells its place is wrong."""
    at = {"HL": 3, "ENT": 2}.get(_segment(trial, difference)[0], 1) if _segment(trial, difference) else 1
    levels = {other.level for other in _others(trial, difference) if other.level == "segment" or other.element == at}
    if difference.by == "ours":
        return difference.level == "element" and difference.element == at and "segment" in levels
    return difference.level == "segment" and difference.code == "1" and "element" in levels


def _counts_between(trial: Trial, difference: Difference) -> bool:
    """A number that does not count on, behind another one of which both say so, or that is none at all."""
    counts = difference.text.startswith(("My HL count", "HL parent", "Your 2400/LX01"))
    return counts and bool(trial.issues)


def _ends_blank(trial: Trial, difference: Difference) -> bool:
    return "unnecessary trailing spaces" in difference.text


def _other_script(trial: Trial, difference: Difference) -> bool:
    return difference.code == "6" and not _value(trial, difference).isascii()


def _point_at_end(trial: Trial, difference: Difference) -> bool:
    return "is type R" in difference.text and _value(trial, difference).endswith(".")


def _decimal_comma(trial: Trial, difference: Difference) -> bool:
    numeric = "is type R" in difference.text and "," in _value(trial, difference)
    return trial.standard == "edifact" and difference.code == "6" and numeric


def _mark_needs_digits(trial: Trial, difference: Difference) -> bool:
    return trial.standard == "edifact" and difference.by == "ours" and difference.code == "X12-E06"


def _by_format(trial: Trial, difference: Difference) -> bool:
    return trial.standard == "edifact" and difference.by == "ours" and difference.code == "X12-E08"


def _first_part(trial: Trial, difference: Difference) -> bool:
    missing = difference.by == "ours" and difference.code == "X12-E01" and difference.component == 1
    return missing and bool(_value(trial, difference))


def _too_many_parts(trial: Trial, difference: Difference) -> bool:
    return "IndexError" in difference.text and any(issue.code == "X12-E03B" for issue in trial.issues)


def _wrong_for_both(trial: Trial) -> bool:
    return bool(trial.issues) and bool(trial.opinion.said)


def _lost(trial: Trial) -> int:
    """The first segment of which either says that it is out of place, or that something is missing before it."""
    ours = [one.location.segment or 0 for one in trial.issues if one.level is Level.SEGMENT or one.code == "X12-E07B"]
    theirs = [one.segment for one in trial.opinion.said if one.level == "segment" and one.code in "12345"]
    return min([*ours, *theirs], default=0)


def _follows(trial: Trial, difference: Difference) -> bool:
    """Behind the place where the document no longer fits, each reads on in its own way."""
    lost = _lost(trial)
    begins = trial.mutation.kind in MOVED or any(one.code == "1" for one in trial.opinion.said)
    return _wrong_for_both(trial) and begins and 0 < lost <= difference.segment


def _cut_short(trial: Trial, difference: Difference) -> bool:
    """The first repetition lacks what is mandatory; it is ours alone that sees it."""
    again = trial.mutation.kind in MOVED and difference.by == "ours" and difference.level == "segment"
    return again and not trial.opinion.said and difference.code in ("X12-S03", "X12-S07", "X12-S04")


REASONS: tuple[Reason, ...] = (
    Reason(
        "separators at the end",
        "both",
        True,
        "X12.6 asks senders to leave out separators behind the last element. They carry nothing, so we let them pass.",
        _ends_empty,
    ),
    Reason(
        "empty elements at the end",
        "ours",
        True,
        "pyx12 counts an empty element behind the last one as one too many; there is nothing in it.",
        _surplus_is_empty,
    ),
    Reason(
        "a segment without elements",
        "pyx12",
        True,
        "A segment has at least one element (X12.6). We ask for those that its table makes mandatory, and let one"
        " without any pass where it has none.",
        _has_nothing,
    ),
    Reason(
        "numbers that follow a wrong one",
        "ours",
        False,
        "Where one HL or LX is missing or has a wrong number, we say so once; pyx12 finds all numbers behind it wrong.",
        _counts_between,
    ),
    Reason(
        "blanks at the end",
        "both",
        True,
        "X12.6 asks senders to leave out blanks behind a value. We let them pass: senders of fixed layouts write them.",
        _ends_blank,
    ),
    Reason(
        "letters of other scripts",
        "both",
        True,
        "pyx12 knows the basic and extended character set of X12; which characters partners use is for them to agree.",
        _other_script,
    ),
    Reason(
        "a point at the end",
        "both",
        True,
        "X12.6 has R with a point where decimals follow; 5. can only be read one way, and we let it pass.",
        _point_at_end,
    ),
    Reason(
        "a decimal comma",
        "ours",
        True,
        "ISO 9735 §10 allows the comma; pyx12 reads X12, where a number has a point.",
        _decimal_comma,
    ),
    Reason(
        "a decimal mark without digits",
        "ours",
        True,
        "ISO 9735 §10: a decimal mark has a digit before and behind it; R of X12 does not ask for the first.",
        _mark_needs_digits,
    ),
    Reason(
        "a date by its format",
        "ours",
        True,
        "2380 is what 2379 says; pyx12 has no such element.",
        _by_format,
    ),
    Reason(
        "the first component",
        "ours",
        True,
        "A composite that is used has its mandatory components (X12.6; ISO 9735 §9); pyx12 does not ask for the first"
        " where the composite is optional.",
        _first_part,
    ),
    Reason(
        "more components than there are",
        "ours",
        True,
        "pyx12 looks for the name of a component that the composite does not have, and stops with an IndexError.",
        _too_many_parts,
    ),
    Reason(
        "one value, several findings",
        "both",
        False,
        "One mistake makes one finding of ours: what is too long is not looked up in a code list too. pyx12 lists all.",
        _same_value,
    ),
    Reason(
        "a wrong qualifier",
        "both",
        False,
        "We say that the code has no place here (AK403 7); pyx12, which takes the code as part of the segment's name,"
        " that the segment has none (AK304 1).",
        _is_qualifier,
    ),
    Reason(
        "a repetition that is cut short",
        "ours",
        True,
        "pyx12 looks for what a repetition of a loop lacks when the loop is left, not when it starts again.",
        _cut_short,
    ),
    Reason(
        "what follows a segment that does not fit",
        "ours",
        False,
        "One mistake makes one finding of ours where the next segments tell what was meant; pyx12 stays where it was"
        " and reports each segment that does not fit there. Both refuse the document.",
        _follows,
    ),
)
