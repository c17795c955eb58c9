"""One segment as one regular expression: every element, composite, repetition and condition, decided in one match.

A segment matches exactly when :mod:`gateway.grammar.explain` has nothing to say about it. Separators that follow the
last element or component, though superfluous, are let pass: senders of fixed layouts write them, and they carry
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from gateway.codecs.model import Delimiters
from gateway.grammar import dates
from gateway.grammar.model import Composite, Condition, ElementType, ElementUse, Node, SegmentTable
from gateway.grammar.values import codes, data_class, escape, separators, value

Matcher = Callable[[str], re.Match[str] | None]


_DATE_LENGTH = 35  # 2380 in every directory; a guide may allow less
_NEVER = "(?!)"


class _Place(NamedTuple):
    """One place between separators: what it matches when it is not empty."""

    body: str
    mandatory: bool


class _Hop(NamedTuple):
    """From the end of one place: the place that far on is not empty."""

    separator: str
    stops: str

    def __call__(self, distance: int) -> str:
        return f"(?:{self.separator}[^{self.stops}]*+){{{distance - 1}}}{self.separator}[^{self.stops}]"


class Matchers(dict[str | Node, Matcher]):
    """Tag, or place with a table of its own → matcher of a whole segment, without its terminator and with released
    characters masked. Compiled on first use. A tag without a table matches anything."""

    def __init__(self, segments: Mapping[str, SegmentTable], delimiters: Delimiters) -> None:
        super().__init__()
        self._segments = segments
        self._delimiters = delimiters

    def __missing__(self, key: str | Node) -> Matcher:
        table = self._segments.get(key) if isinstance(key, str) else key.segment
        pattern = r"(?s:.*+)" if table is None else segment(table, self._delimiters)
        matcher = self[key] = re.compile(pattern).fullmatch
        return matcher


def segment(table: SegmentTable, delimiters: Delimiters) -> str:
    """The pattern of a segment."""
    separator = escape(delimiters.element)
    stops = separator + escape(delimiters.terminator)
    kept = [use.item.reference if use.repeats == 1 else "" for use in table.elements]
    places = [
        _Place(_announced(kept[at : at + 2], separator, stops) + _element(use, delimiters), use.mandatory)
        for at, use in enumerate(table.elements)
    ]
    places.insert(0, _Place(escape(table.tag), True))
    conditions = [Condition(c.kind, tuple(place + 1 for place in c.positions)) for c in table.conditions]
    return _sequence(places, conditions, separator, stops) + f"(?:{separator})*+"


def _element(use: ElementUse, delimiters: Delimiters) -> str:
    """The pattern of an element that is not empty."""
    if not use.repeats:  # not used: mere separators are empty
        mark = escape(separators(use, delimiters))
        return f"[{mark}]++" if mark else _NEVER
    marks = _marks(delimiters)
    repeating = use.repeats > 1 and delimiters.repetition is not None
    if isinstance(use.item, Composite):
        one = _composite(use.item, delimiters, use.mandatory and not repeating)
    else:
        one = value(use.item, marks)
    if not repeating:
        return one
    again = f"(?:{escape(delimiters.repetition or '')}(?>{one})?+){{0,{use.repeats - 1}}}+"
    inner = f"[{escape(separators(use, delimiters))}]*+" if use.mandatory else ""
    filled = f"(?={inner}[^{escape(marks if use.mandatory else delimiters.element + delimiters.terminator)}])"
    return f"{filled}(?>{one})?+{again}"


def _composite(composite: Composite, delimiters: Delimiters, mandatory: bool) -> str:
    """The pattern of a composite. One that is nothing but separators counts as empty."""
    separator, marks = escape(delimiters.component), _marks(delimiters)
    places = [
        _Place(_component(composite, index, delimiters), part.mandatory)
        for index, part in enumerate(composite.components)
    ]
    filled = f"(?=(?:{separator})*+[^{escape(marks)}])"
    body = f"{filled}{_sequence(places, composite.conditions, separator, escape(marks))}(?:{separator})*+"
    return body if mandatory else f"(?>{body}|(?:{separator})++)"


def _component(composite: Composite, index: int, delimiters: Delimiters) -> str:
    """The pattern of a component; that of a date (2380) looks at the format that follows it (2379), that of a format
    (1250) at the date (1251)."""
    if not composite.components[index].repeats:
        return _NEVER
    marks, separator = _marks(delimiters), escape(delimiters.component)
    element = composite.components[index].element
    pair = [part.element.reference if part.repeats else "" for part in composite.components[index : index + 2]]
    if pair == ["2380", "2379"]:
        return _dated(element, marks, separator)
    return _announced(pair, separator, escape(marks)) + value(element, marks)


def _announced(references: Sequence[str], separator: str, stops: str) -> str:
    """Before a format of X12 (1250): what follows it (1251) is nothing, or of that format."""
    if list(references) != ["1250", "1251"]:
        return ""
    ends = f"(?![^{stops}])"
    return "".join(f"(?!{escape(code)}{separator}(?!(?:{dates.formatted(code)})?+{ends}))" for code in dates.QUALIFIED)


def _dated(element: ElementType, marks: str, separator: str) -> str:
    end = f"(?!{data_class(marks)})"
    narrow = f"(?={value(element, marks)}{end})" if element.codes is not None or element.most < _DATE_LENGTH else ""
    forms = [f"{dates.formatted(code)}(?={separator}{code}{end})" for code in dates.FORMATS]
    other = f"(?![^{escape(marks)}]*+{separator}{codes(frozenset(dates.FORMATS))}{end}){value(element, marks)}"
    return f"{narrow}(?>{'|'.join(forms)}|{other})"


def _marks(delimiters: Delimiters) -> str:
    marks = delimiters.element + delimiters.component + delimiters.terminator
    return marks + (delimiters.repetition or "")


def _sequence(places: Sequence[_Place], conditions: Sequence[Condition], separator: str, stops: str) -> str:
    """Places between separators, the last of them open to be left out. ``stops`` end a place."""
    floor = max([i for i, place in enumerate(places, 1) if place.mandatory], default=1)
    floor = max([floor, *(min(c.positions) for c in conditions if c.kind == "R")])
    hop = _Hop(separator, stops)
    pattern = ""
    for position in range(len(places), 0, -1):
        body, mandatory = places[position - 1]
        one = body + _residual(conditions, position, True, hop)
        if not mandatory:
            one = f"(?>{one}|{_residual(conditions, position, False, hop)})"
        lead = separator if position > 1 else ""
        pattern = f"{lead}{one}{pattern}" if position <= floor else f"(?:{lead}{one}{pattern})?+"
    return pattern


def _residual(conditions: Sequence[Condition], position: int, present: bool, hop: _Hop) -> str:
    """What the conditions that begin at this position ask of the later ones, once this one is known."""
    asked = ""
    for kind, positions in conditions:
        if min(positions) == position:
            later = [f"(?={hop(place - position)})" for place in sorted(positions) if place != position]
            subject = f"(?={hop(positions[0] - position)})" if positions[0] != position else None
            asked += _RULES[kind](present, later, subject)
    return asked


def _none(tests: Sequence[str]) -> str:
    return "".join(f"(?!{test})" for test in tests)


def _any(tests: Sequence[str]) -> str:
    return f"(?:{'|'.join(tests)})" if tests else "(?!)"


def _paired(present: bool, later: Sequence[str], subject: str | None) -> str:
    return "".join(later) if present else _none(later)


def _required(present: bool, later: Sequence[str], subject: str | None) -> str:
    return "" if present else _any(later)


def _exclusive(present: bool, later: Sequence[str], subject: str | None) -> str:
    if present:
        return _none(later)
    return "".join(f"(?!{one}{other})" for i, one in enumerate(later) for other in later[i + 1 :])


def _conditional(present: bool, later: Sequence[str], subject: str | None) -> str:
    """If the subject, then all others."""
    if subject is None:
        return "".join(later) if present else ""
    rest = "".join(test for test in later if test != subject)
    return f"(?:(?!{subject})|{rest})" if present else _none([subject])


def _list(present: bool, later: Sequence[str], subject: str | None) -> str:
    """If the subject, then at least one of the others."""
    if subject is None:
        return _any(later) if present else ""
    return "" if present else _any([f"(?!{subject})", *(test for test in later if test != subject)])


_RULES: dict[str, Callable[[bool, Sequence[str], str | None], str]] = {
    "P": _paired,
    "R": _required,
    "E": _exclusive,
    "C": _conditional,
    "L": _list,
}
