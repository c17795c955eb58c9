"""Source that writes one segment from the variables of its frame."""

from __future__ import annotations

import re

from gateway.mapping.bound import BoundLine, BoundTail, Spot, Words
from gateway.mapping.conversions import CodeTable
from gateway.mapping.lines import Computed, Constant, dotted, mistake
from gateway.mapping.source import Code, any_of, member, variable

Rivals = list[BoundLine]
_PLAIN = re.compile(r"[A-Za-z0-9 ]*")


class LineWriter:
    """Writes the source of lines. Texts of places are ``x12``, after the number of the place."""

    def __init__(self, code: Code) -> None:
        self.code = code

    def tests(self, line: BoundLine) -> list[str]:
        """What must have a value for the segment to be written on its own account."""
        names = [variable(path) for spot in line.holes if not spot.from_root for path in spot.paths]
        for tail in line.tails:
            names += [variable(tail.each)] if tail.each else [variable(spot.path) for spot in tail.values]
        lists = {variable(tail.each) for tail in line.tails if tail.each}
        lists |= {variable(spot.path) for spot in line.holes if spot.many}
        if not names:  # all that it says is the document's own
            return [f"run.from_root({spot.name}) is not None" for spot in line.holes if spot.from_root]
        return [name if name in lists else f"{name} is not None" for name in dict.fromkeys(names)]

    def counts(self, line: BoundLine) -> bool:
        """Whether a place of it holds a count or a sum."""
        return any(isinstance(spot.place, Computed) for spot in line.spots)

    def write(self, line: BoundLine, forced: bool, most: int, rivals: Rivals, trigger: bool) -> None:
        """One line. ``forced``: written even when empty; ``most``: how often the grammar repeats it here."""
        tests = self.tests(line)
        always = forced or not tests or self.counts(line)
        conditions = [] if always else [f"({any_of(tests)})"]
        if line.when:
            conditions.append(f"{variable(line.when)} is not None")
        with self.code.block(f"if {' and '.join(conditions) or 'True'}:"):
            if forced and not trigger and not self.counts(line):
                self._not_empty(line, tests)
            self._segments(line, most, rivals, trigger)

    def _not_empty(self, line: BoundLine, tests: list[str]) -> None:
        """A segment that is chosen by a constant is valid without any value, and would say nothing. Inside of a loop it
        may be all that the loop has to say."""
        of_message = line.node.parent is not None and line.node.parent.parent is None
        if of_message and line.selection and line.holes and all(spot.default is None for spot in line.holes):
            with self.code.block(f"if not ({any_of(tests)}):"):
                self.code(f"run.empty({line.holes[0].name}, {line.tag!r}, path)")

    def _segments(self, line: BoundLine, most: int, rivals: Rivals, trigger: bool) -> None:
        many = next((spot for spot in line.holes if spot.many), None)
        text = next((spot for spot in line.holes if spot.way == "text"), None)
        if many is not None:
            name, field = variable(many.path), dotted(many.path)
            self.code(f"run.full({line.tag!r}, path + {field!r}, len({name}), {most})")
            with self.code.block(f"for item in {name}:"):
                self._one_or_more(line, text, "item", 1, rivals, trigger)
        else:
            name = variable(text.path) if text else ""
            self._one_or_more(line, text, name, 1 if trigger else most, rivals, trigger)

    def _one_or_more(
        self, line: BoundLine, text: Spot | None, source: str, most: int, rivals: Rivals, trigger: bool
    ) -> None:
        """A text may need several segments; when it is absent, the rest of the line is written once."""
        if text is None:
            self._segment(line, source, rivals, trigger)
            return
        self.code(f"cut = run.pieces({text.name}, {source}, {most}, path)")
        with self.code.block("for piece in cut or [[]]:"):
            self._segment(line, source, rivals, trigger)

    def _segment(self, line: BoundLine, item: str, rivals: Rivals, trigger: bool) -> None:
        elements: list[str] = []
        for element in range(1, line.length + 1):
            spots = [spot for spot in line.spots if spot.element == element]
            elements.append(self._element(spots, item) if spots else "''")
        for spot, words in line.selection:
            if isinstance(words, CodeTable):
                with self.code.block(f"if {variable(spot.path)} is None:"):
                    self.code(f"run.unselected({spot.name}, path)")
        self._shadows(line.spots, rivals)
        self.code(f"s = [{', '.join([repr(line.tag), *elements])}]")
        self._unpaired(line)
        if not line.tails:
            with self.code.block("while not s[-1]:"):
                self.code("s.pop()")
            self.code("out.append(s)")
            return
        self.code("tail = []")
        for index, tail in enumerate(line.tails):
            self._tail(tail, line.tails[:index])
        further = line.node.most > 1 and not trigger and not line.holes
        last = line.tails[-1]
        field = dotted(last.each or last.values[0].path)
        self.code(f"out += run.tailed(s, tail, {line.tail_room}, {further}, path + {field!r})")

    def _unpaired(self, line: BoundLine) -> None:
        """A constant that the standard wants beside a value (``P0607``) is not written without it."""
        for spot in line.spots:
            if not (isinstance(spot.place, Constant) and spot.place.written_only) or spot.composite:
                continue
            for partners in _partners(line, spot.element):
                missing = " or ".join(f"not s[{element}]" for element in partners)
                with self.code.block(f"if {missing}:"):
                    self.code(f"s[{spot.element}] = ''")

    def _element(self, spots: list[Spot], item: str) -> str:
        """The expression of an element; the texts of its places are made first."""
        for spot in spots:
            self._place(spot, item)
        if not spots[0].composite:
            return _text(spots[0])
        cells: dict[int, str] = {}
        holes = [_text(spot) for spot in spots if spot.is_hole and spot.default is None]
        for spot in spots:
            beside = bool(holes) and (spot.default is not None or _follows(spot))
            text = _text(spot)
            cells[spot.component] = f"({text} if {any_of(holes)} else '')" if beside else text
            if spot.way == "dtm":
                cells[spot.component] = f"x{spot.number}[0]"
                cells[spot.component + 1] = f"x{spot.number}[1]"
            elif spot.way == "text":
                cells[spot.component] = "*piece"
        texts = [cells.get(component, "''") for component in range(1, max(cells) + 1)]
        return f"run.join([{', '.join(texts)}])"

    def _place(self, spot: Spot, item: str) -> None:
        name = f"x{spot.number}"
        if isinstance(spot.place, Computed):
            self.code(f"{name} = run.computed({spot.name})")
        elif isinstance(spot.place, Constant):
            if not _PLAIN.fullmatch(spot.place.words[0]):
                self.code(f"{name} = run.clean({spot.name}, {spot.place.words[0]!r}, path)")
        elif spot.way == "text":
            if not spot.composite:
                self.code(f"{name} = piece[0] if piece else ''")
            else:
                self.code(f"{name} = bool(piece)")
        elif spot.way == "dtm":
            values = ", ".join(variable(path) for path in spot.paths)
            self.code(f"{name} = run.moment({spot.name}, ({values},), path)")
        else:
            self._value(spot, item)

    def _value(self, spot: Spot, item: str) -> None:
        name = f"x{spot.number}"
        source = item if spot.many else variable(spot.path)
        if spot.from_root:
            source = f"r{spot.number}"
            self.code(f"{source} = run.from_root({spot.name})")
        absent = "''" if spot.default is None else f"run.put({spot.name}, {spot.default!r}, path)"
        self.code(f"{name} = run.put({spot.name}, {source}, path) if {source} is not None else {absent}")

    def _tail(self, tail: BoundTail, before: tuple[BoundTail, ...]) -> None:
        if tail.each is not None:
            field = dotted(tail.each)
            with self.code.block(f"for k, z in enumerate({variable(tail.each)}):"):
                self.code(f"inner = f'{{path}}{field}[{{k}}].'")
                for spot in tail.holes:
                    value = f"z.{spot.path[0]}"
                    self.code(f"x{spot.number} = run.put({spot.name}, {value}, inner) if {value} is not None else ''")
                self._group(tail, before, "inner")
            return
        with self.code.block(f"if {any_of([f'{variable(spot.path)} is not None' for spot in tail.values])}:"):
            for spot in tail.holes:
                self._value(spot, "")
            self._group(tail, before, "path")

    def _group(self, tail: BoundTail, before: tuple[BoundTail, ...], path: str) -> None:
        """One repetition of a tail. An earlier tail that would read it back must have its own value."""
        for other in before:
            tests = _selecting(other.selection, tail.spots)
            if tests:
                empty = [f"{variable(spot.path)} is None" for spot in other.values]
                with self.code.block(f"if {' and '.join(tests + empty)}:"):
                    spot = tail.values[0]
                    self.code(f"run.shadow({spot.name}, {_text(spot)}, {other.where!r}, {path})")
        elements = []
        for element in range(1, tail.width + 1):
            spots = {spot.component: _text(spot) for spot in tail.spots if spot.element == element}
            texts = [spots.get(component, "''") for component in range(1, max(spots, default=0) + 1)]
            composite = any(spot.composite for spot in tail.spots if spot.element == element)
            elements.append(f"run.join([{', '.join(texts)}])" if composite else (texts[0] if texts else "''"))
        self.code(f"tail.append([{', '.join(elements)}])")

    def _shadows(self, spots: tuple[Spot, ...], rivals: Rivals) -> None:
        """An earlier line that would read what is written here: an author's mistake, or the value's."""
        for rival in rivals:
            tests = _selecting(rival.selection, spots)
            if tests is None:
                continue
            holes = [spot for spot in spots if spot.is_hole]
            if not tests:
                raise mistake(spots[0].where, f"What this line writes is read by {rival.where}.")
            with self.code.block(f"if {' and '.join(tests)}:"):
                self.code(f"run.shadow({holes[0].name}, {_text(holes[0])}, {rival.where!r}, path)")


def _partners(line: BoundLine, element: int) -> list[list[int]]:
    """The elements that must stand beside this one, by each condition of the segment, where values of the line do."""
    holes = {spot.element for spot in line.holes}
    found = []
    for condition in line.table.conditions:
        others = [position for position in condition.positions if position != element]
        binds = condition.kind == "P" or (condition.kind == "C" and condition.positions[0] == element)
        if binds and element in condition.positions and holes.issuperset(others):
            found.append(others)
    return found


def _follows(spot: Spot) -> bool:
    """Whether a constant of a composite is written only beside a value: all but the qualifier in front."""
    return isinstance(spot.place, Constant) and (spot.component > 1 or spot.place.written_only)


def _selecting(selection: list[tuple[Spot, Words]], spots: tuple[Spot, ...]) -> list[str] | None:
    """The tests under which what ``spots`` write is selected; None: never; empty: always."""
    there = {(spot.element, spot.component): spot for spot in spots}
    tests: list[str] = []
    for chosen, words in selection:
        spot = there.get((chosen.element, chosen.component))
        if spot is None or spot.way != "plain":
            return None
        if isinstance(spot.place, Constant):
            if spot.place.words[0] not in words:
                return None
        else:
            tests.append(member(_text(spot), chosen, words))
    return tests


def _text(spot: Spot) -> str:
    """The expression for the text of a place that is made already."""
    if isinstance(spot.place, Constant) and _PLAIN.fullmatch(spot.place.words[0]):
        return repr(spot.place.words[0])
    return f"x{spot.number}[0]" if spot.way == "dtm" else f"x{spot.number}"
