"""One segment, element by element: every finding in it. Only segments whose pattern does not match come here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.codecs.model import Delimiters, Segment
from gateway.codecs.split import components, repetitions, unescape
from gateway.grammar import dates, faults
from gateway.grammar.conditions import broken
from gateway.grammar.findings import Finding, Kind
from gateway.grammar.model import Composite, Condition, ElementType, ElementUse, SegmentTable
from gateway.grammar.values import separators

#: Elements that follow each other, one of which is a date and the other its format → which of them is the date.
_DATED = {("2380", "2379"): 0, ("1250", "1251"): 1}
_FORMATS = {"2380": dates.FORMATS, "1251": dates.QUALIFIED}


def explain(table: SegmentTable, segment: Segment, delimiters: Delimiters, standard: str) -> Iterator[Finding]:
    """What is wrong in a segment, tag first."""
    return _Explainer(table, segment, delimiters, standard).findings()


class _Explainer:
    def __init__(self, table: SegmentTable, segment: Segment, delimiters: Delimiters, standard: str) -> None:
        self._table = table
        self._given = segment[1:]
        self._delimiters = delimiters
        self._standard = standard

    def findings(self) -> Iterator[Finding]:
        for use in self._table.elements:
            given = self._given[use.position - 1] if use.position <= len(self._given) else ""
            yield from self._element(use, given)
        yield from self._announced()
        yield from self._surplus()
        names = [(use.item.reference, use.item.name) for use in self._table.elements]
        yield from self._conditions(self._table.conditions, [bool(given) for given in self._given], names, 0, 0)

    def _surplus(self) -> Iterator[Finding]:
        """Elements that the segment does not have. Mere separators carry nothing and are let pass."""
        most = len(self._table.elements)
        for position, given in enumerate(self._given[most:], most + 1):
            if given:
                params = {"tag": self._table.tag, "most": str(most)}
                yield Finding(Kind.TOO_MANY_ELEMENTS, params, given, position)
                return

    def _element(self, use: ElementUse, given: str) -> Iterator[Finding]:
        if not given.strip(separators(use, self._delimiters)):
            if use.mandatory:
                yield self._missing(use.position, 0, use.item)
            if not given:
                return
        elif not use.repeats:
            yield self._not_used(use.position, 0, use.item, given)
            return
        parts = repetitions(given, self._delimiters)
        if len(parts) > use.repeats:
            params = {"name": self._name(use.position, 0, use.item), "most": str(use.repeats)}
            yield Finding(
                Kind.TOO_MANY_REPETITIONS, params, given, use.position, 0, use.repeats + 1, use.item.reference
            )
        for number, part in enumerate(parts[: use.repeats], 1):
            repetition = number if len(parts) > 1 else 0
            if not part.strip(separators(use, self._delimiters)):
                continue
            if isinstance(use.item, Composite):
                yield from self._composite(use, use.item, part, repetition)
            else:
                yield from self._simple(use, use.item, part, repetition)

    def _simple(self, use: ElementUse, element: ElementType, part: str, repetition: int) -> Iterator[Finding]:
        found = components(part, self._delimiters)
        if len(found) > 1 and element.type != "B":
            explained = f"{self._delimiters.component} is the component separator of this interchange."
            params = {"name": self._name(use.position, 0, element), "most": "1", "type": element.type}
            params["explained"] = explained
            yield Finding(Kind.NOT_COMPOSITE, params, part, use.position, 0, repetition, element.reference)
            return
        yield from self._value(element, part, use.position, 0, repetition)

    def _composite(self, use: ElementUse, composite: Composite, part: str, repetition: int) -> Iterator[Finding]:
        given = components(part, self._delimiters)
        for place in composite.components:
            value = given[place.position - 1] if place.position <= len(given) else ""
            if value and not place.repeats:
                yield self._not_used(use.position, place.position, place.element, value, repetition)
            elif value:
                yield from self._value(place.element, value, use.position, place.position, repetition)
            elif place.mandatory:
                yield self._missing(use.position, place.position, place.element, repetition)
        yield from self._date(use, composite, given, repetition)
        most = len(composite.components)
        if any(given[most:]):
            params = {"name": self._name(use.position, 0, composite), "most": str(most)}
            yield Finding(
                Kind.TOO_MANY_COMPONENTS, params, part, use.position, most + 1, repetition, composite.reference
            )
        names = [(place.element.reference, place.element.name) for place in composite.components]
        there = [bool(value) for value in given]
        yield from self._conditions(composite.conditions, there, names, use.position, repetition)

    def _value(
        self, element: ElementType, given: str, position: int, component: int, repetition: int
    ) -> Iterator[Finding]:
        value = unescape(given, self._delimiters)
        fault = faults.fault(element, value)
        if fault is not None:
            params = {"name": self._name(position, component, element)} | fault.params
            yield Finding(fault.kind, params, value, position, component, repetition, element.reference)

    def _announced(self) -> Iterator[Finding]:
        """1251 is what 1250, which stands before it, says."""
        for use, following in zip(self._table.elements, self._table.elements[1:]):
            element = following.item
            single = use.repeats == following.repeats == 1 and isinstance(element, ElementType)
            if single and (use.item.reference, element.reference) == ("1250", "1251"):
                values = self._given[use.position - 1 : following.position]
                if len(values) == 2 and isinstance(element, ElementType):
                    yield from self._format(element, values[1], values[0], following.position)

    def _format(
        self, element: ElementType, value: str, code: str, position: int, component: int = 0, repetition: int = 0
    ) -> Iterator[Finding]:
        """A date or time against its format."""
        if not value or faults.fault(element, value) is not None:
            return
        fault = faults.formatted(value, code, _FORMATS[element.reference])
        if fault is not None:
            params = {"name": self._name(position, component, element)} | fault.params
            yield Finding(fault.kind, params, value, position, component, repetition, element.reference)

    def _date(self, use: ElementUse, composite: Composite, given: Sequence[str], repetition: int) -> Iterator[Finding]:
        """2380 is what 2379, which follows it, says; 1251 what 1250 says, which stands before it."""
        values = [unescape(value, self._delimiters) for value in given] + [""] * len(composite.components)
        for first, second in zip(composite.components, composite.components[1:]):
            dated = _DATED.get((first.element.reference, second.element.reference))
            if dated is None or not (first.repeats and second.repeats):
                continue
            pair = (first, second)
            place, code = pair[dated], values[pair[1 - dated].position - 1]
            value = values[place.position - 1]
            yield from self._format(place.element, value, code, use.position, place.position, repetition)

    def _conditions(
        self,
        conditions: Sequence[Condition],
        there: Sequence[bool],
        names: Sequence[tuple[str, str]],
        element: int,
        repetition: int,
    ) -> Iterator[Finding]:
        """Conditions between elements, or inside the composite at ``element``; each place is complained of once."""
        told: set[tuple[bool, int]] = set()
        for condition in conditions:
            found = broken(condition, there)
            if found is None or (condition.kind == "E", found[0]) in told:
                continue
            place, explained = found
            told.add((condition.kind == "E", place))
            reference, title = names[place - 1]
            at = (element, place) if element else (place, 0)
            params = {"name": self._called(*at, reference, title), "condition": str(condition), "tag": self._table.tag}
            params["explained"] = explained
            kind = Kind.EXCLUSION if condition.kind == "E" else Kind.CONDITION
            value = None
            if kind is Kind.EXCLUSION:
                value = self._given[at[0] - 1] if at[0] <= len(self._given) else None
            yield Finding(kind, params, value, *at, repetition, reference)

    def _missing(self, position: int, component: int, item: ElementType | Composite, repetition: int = 0) -> Finding:
        params = {"name": self._name(position, component, item), "tag": self._table.tag}
        return Finding(Kind.ELEMENT_MISSING, params, None, position, component, repetition, item.reference)

    def _not_used(
        self, position: int, component: int, item: ElementType | Composite, given: str, repetition: int = 0
    ) -> Finding:
        params = {"name": self._name(position, component, item), "tag": self._table.tag}
        return Finding(Kind.ELEMENT_NOT_USED, params, given, position, component, repetition, item.reference)

    def _name(self, position: int, component: int, item: ElementType | Composite) -> str:
        return self._called(position, component, item.reference, item.name)

    def _called(self, position: int, component: int, reference: str, name: str) -> str:
        return _called(self._table.tag, position, component, reference, name, self._standard)


def named(table: SegmentTable, position: int, component: int, standard: str) -> tuple[str, str]:
    """What a place of a segment is called in sentences, and the reference of its element. ``component`` 0 of a
    composite is its first."""
    item = table.elements[position - 1].item
    if isinstance(item, Composite):
        component = max(component, 1)
        item = item.components[component - 1].element
    return _called(table.tag, position, component, item.reference, item.name, standard), item.reference


def _called(tag: str, position: int, component: int, reference: str, name: str, standard: str) -> str:
    """X12 counts (``PO102``, ``REF04-01``), EDIFACT refers (``DTM 2380``)."""
    if standard == "x12":
        place = f"{tag}{position:02d}" + (f"-{component:02d}" if component else "")
    else:
        place = f"{tag} {reference}"
    return f"{place} ({name})" if name else place
