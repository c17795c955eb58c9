"""Two verdicts on one document side by side: what both say, what only we say, and what only pyx12 says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gateway.core.issues import Issue, Level
from gateway.opinion.said import Said

_LEVELS = {Level.DOCUMENT: "document", Level.SEGMENT: "segment", Level.ELEMENT: "element"}

_MISSING = "3"  # AK304
_SURPLUS = "3"  # AK403

#: Codes of AK304 that say the same thing: pyx12 reports 1 for every segment that it does not find a place for.
_ALIKE = {"1": "place", "2": "place", "6": "place", "7": "place", "4": "often", "5": "often"}


class Comparison(NamedTuple):
    """``both`` counts what both found. A difference in words or in the severity is none."""

    both: int
    ours: tuple[Issue, ...]
    theirs: tuple[Said, ...]

    @property
    def agrees(self) -> bool:
        return not self.ours and not self.theirs


class _Place(NamedTuple):
    level: str
    code: str
    segment: int = 0
    element: int = 0
    component: int = 0
    what: str = ""


def compared(issues: Iterable[Issue], said: Iterable[Said]) -> Comparison:
    """Matches findings by segment, element, component and code of the acknowledgment.

    A missing segment is matched by its tag, because where that is noticed is a matter of taste; a broken condition by
    what it says, because any of its elements may be called the wrong one; and of too many elements, any is too many.
    """
    open_: dict[_Place, list[Said]] = {}
    for one in said:
        open_.setdefault(_of_said(one), []).append(one)
    met: set[_Place] = set()
    ours = []
    both = 0
    for issue in issues:
        place = _of_issue(issue)
        if place in open_:
            met.add(place)
            both += 1
        else:
            ours.append(issue)
    theirs = tuple(one for place, rest in open_.items() if place not in met for one in rest)
    return Comparison(both, tuple(ours), theirs)


def _of_said(one: Said) -> _Place:
    if one.level == "document":
        return _Place("document", one.code)
    if one.level == "segment":
        return _of_segment(one.code, one.segment, one.tag)
    if one.condition:
        return _Place("element", one.code, one.segment, what=one.condition)
    return _of_element(one.code, one.segment, one.element, one.component)


def _of_issue(issue: Issue) -> _Place:
    level, code, at = _LEVELS.get(issue.level, str(issue.level)), issue.kind.x12 or issue.code, issue.location
    if level == "document":
        return _Place(level, code)
    if level == "segment":
        return _of_segment(code, at.segment or 0, at.tag or "")
    if "condition" in issue.params and not at.component:
        return _Place(level, code, at.segment or 0, what=issue.params["condition"])
    if level == "element":
        return _of_element(code, at.segment or 0, at.element or 0, at.component or 0)
    return _Place(level, code, at.segment or 0)


def _of_segment(code: str, segment: int, tag: str) -> _Place:
    return _Place("segment", code, what=tag) if code == _MISSING else _Place("segment", _ALIKE.get(code, code), segment)


def _of_element(code: str, segment: int, element: int, component: int) -> _Place:
    if code == _SURPLUS and not component:
        return _Place("element", code, segment, what="surplus")
    return _Place("element", code, segment, element, component)
