"""Source that reads one segment into the local variables of its frame.

Two styles from the same lines: *fast* stores and raises at the first surprise; *careful* hands every value to the
run, which converts it, notes where it came from and collects issues.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gateway.mapping.bound import BoundLine, BoundTail, Spot
from gateway.mapping.conversions import Numbers
from gateway.mapping.fields import fields_of
from gateway.mapping.lines import Constant, dotted
from gateway.mapping.source import Code, Constants, any_of, member, variable


class Style(NamedTuple):
    """How source is generated. ``escaped``: values may hold release characters; careful reading always allows them."""

    careful: bool
    escaped: bool


class LineReader:
    """Writes the bodies of lines."""

    def __init__(self, code: Code, constants: Constants, style: Style) -> None:
        self.code, self.constants, self.style = code, constants, style

    def cut(self, elements: Iterable[int]) -> None:
        """Cut elements into components: ``c3``."""
        for element in elements:
            self.code(f"c{element} = {self._split(f'e[{element}]')} if m > {element} else BLANK")

    def condition(self, line: BoundLine) -> str:
        """The test that this segment is the line's; empty when it always is. Its composites are cut already."""
        tests = []
        for spot, words in line.selection:
            if spot.composite:
                length = f"len(c{spot.element}) > {spot.component - 1} and " if spot.component > 1 else ""
                tests.append(length + member(f"c{spot.element}[{spot.component - 1}]", spot, words))
            else:
                tests.append(f"m > {spot.element} and " + member(f"e[{spot.element}]", spot, words))
        return " and ".join(tests)

    def body(self, line: BoundLine, cut: Iterable[int], single: bool) -> None:
        """Store what the line ties, flag the rest.

        ``cut``: composites that are cut already; ``single``: none of the line's fields has a value yet.
        """
        self.cut(element for element in line.composites if element not in set(cut))
        for spot in line.spots:
            if spot.is_hole:
                self._hole(spot, single)
            elif isinstance(spot.place, Constant):
                self._constant(spot, spot.place)
            else:
                with self.code.block(self._present(spot)):
                    self.code(f"run.total({spot.name}, x, i, {spot.element})")
        if line.tails:
            self._tails(line)
        self._rest(line)

    def _split(self, element: str) -> str:
        return f"split({element})" if self.style.escaped else f"{element}.split(cs)"

    def _present(self, spot: Spot) -> str:
        """The header under which ``x`` is the text of the place."""
        if not spot.composite:
            return f"if m > {spot.element} and (x := e[{spot.element}]):"
        first = spot.component - 1
        if spot.way == "text" and spot.span > 1:
            cells, last = f"c{spot.element}", first + spot.span
            joined = f"' '.join([y for y in {cells}[{first}:{last}] if y])"
            return f"if x := ({cells}[{first}] if len({cells}) == {spot.component} else {joined}):"
        length = f"len(c{spot.element}) > {first} and " if first else ""
        return f"if {length}(x := c{spot.element}[{first}]):"

    def _hole(self, spot: Spot, single: bool) -> None:
        with self.code.block(self._present(spot)):
            if self.style.escaped and not spot.composite:
                self.code("x = run.unescape(x)")
            if spot.from_root:
                self.code(f"run.root({spot.name}, x, i, {spot.element})")
            elif spot.way == "dtm":
                self._moment(spot, single)
            elif self.style.careful:
                self._careful(spot)
            else:
                self._fast(spot, single)
        if spot.default is not None and not spot.many:
            beside = f"elif any(c{spot.element}):" if spot.composite else "else:"
            with self.code.block(beside):
                self.code(f"{variable(spot.path)}_or = True")

    def _constant(self, spot: Spot, place: Constant) -> None:
        """What is accepted whatever it is (``=9``) is carried along where it is not what the mapping writes."""
        if place.written_only:
            with self.code.block(self._present(spot)), self.code.block(f"if x != {place.words[0]!r}:"):
                component = spot.component if spot.composite else 0
                self.code(f"run.flag((i, {spot.element}, {component}, 'other'))")

    def _careful(self, spot: Spot) -> None:
        name, arguments = variable(spot.path), f"{spot.name}, x, i, {spot.element}, path"
        if spot.many or spot.way == "text":
            self.code(f"run.many({name}, {arguments})")
        else:
            self.code(f"{name} = run.one({name}, {arguments})")

    def _fast(self, spot: Spot, single: bool) -> None:
        name, value = variable(spot.path), converted(spot, "x")
        if spot.many or spot.way == "text":
            self.code(f"{name}.append({value})")
        else:
            self._first(name, value, single)

    def _first(self, name: str, value: str, single: bool) -> None:
        if single:
            self.code(f"{name} = {value}")
            return
        with self.code.block(f"if {name} is None:"):
            self.code(f"{name} = {value}")
        with self.code.block(f"elif {name} != {value}:"):
            self.code("raise Surprise")

    def _moment(self, spot: Spot, single: bool) -> None:
        cells = f"c{spot.element}"
        code = f"{cells}[{spot.component}] if len({cells}) > {spot.component} else ''"
        names = [variable(path) for path in spot.paths]
        second = "end" if len(names) == 2 and spot.fields[1].type is spot.fields[0].type else "time"
        if self.style.careful:
            values = ", ".join(names) + ","
            self.code(f"{values} = run.moment(({values}), {spot.name}, x, {code}, i, {spot.element}, path)")
            return
        self.code(f"q = MOMENTS[x, {code}]")
        self._first(names[0], "q.start", single)
        if len(names) == 2:
            self._first(names[1], f"q.{second}", single)
        told = {1: "q.clock or q.end", 2: "q.clock" if second == "end" else "q.end"}[len(names)]
        with self.code.block(f"if {told}:"):
            self.code(f"run.flag((i, {spot.element}, {spot.component}, 'moment'))")

    def _tails(self, line: BoundLine) -> None:
        """Each repetition goes to the first tail that takes it."""
        width, start = line.tails[0].width, line.tail_start
        end = start + line.tail_room * width
        self.code(f"k = {start}")
        self.code(f"stop = m if m < {end} else {end}")
        with self.code.block("while k < stop:"):
            places = {(spot.element, spot.component): spot for tail in line.tails for spot in tail.spots}
            self._tail_places(list(places.values()))
            word = "if"
            for tail in line.tails:
                self._tail(tail, word)
                word = "elif"
            with self.code.block("else:"):
                self.code(f"run.gap(i, e, k, k + {width}, 'qualifier')")
            self.code(f"k += {width}")

    def _tail_places(self, spots: list[Spot]) -> None:
        """The texts of one repetition: ``q1_2`` is component 2 of its element 1."""
        for element in sorted({spot.element for spot in spots}):
            at = "k" if element == 1 else f"k + {element - 1}"
            text = f"e[{at}]" if element == 1 else f"(e[{at}] if {at} < m else '')"  # a pair may be cut short
            mine = [spot for spot in spots if spot.element == element]
            if mine[0].composite:
                self.code(f"c = {self._split(text)}")
                for spot in mine:
                    first = spot.component - 1
                    value = f"c[{first}] if len(c) > {first} else ''" if first else "c[0]"
                    self.code(f"q{element}_{spot.component} = {value}")
                known = max(spot.component for spot in mine)
                with self.code.block(f"if len(c) > {known}:"):
                    self.code(f"run.components(i, {at}, c, {known})")
            else:
                value = f"run.unescape({text})" if self.style.escaped else text
                self.code(f"q{element}_1 = {value}")

    def _tail(self, tail: BoundTail, word: str) -> None:
        tests = [member(_tail_text(spot), spot, words) for spot, words in tail.selection]
        if tail.each is None:
            given = any_of([_tail_text(spot) for spot in tail.values])
            tests.append(f"({given})" if len(tail.values) > 1 else given)
            tests += [f"{variable(spot.path)} is None" for spot in tail.values]
        else:
            assert tail.part is not None
            required = {field.name for field in fields_of(tail.part).values() if field.required}
            tests += [_tail_text(spot) for spot in tail.values if spot.path[0] in required]
        with self.code.block(f"{word} {' and '.join(tests) or 'True'}:"):
            if tail.each is not None:
                self._tail_item(tail)
                return
            sure = {spot.number for spot in tail.values} if len(tail.values) == 1 else set()
            sure |= {spot.number for spot, _ in tail.selection}
            for spot in tail.holes:
                self._tail_value(spot, spot.number in sure)

    def _tail_value(self, spot: Spot, sure: bool) -> None:
        """``sure``: the tests of the tail have shown that it is not empty."""
        name, text = variable(spot.path), _tail_text(spot)
        if self.style.careful:
            with self.code.block(f"if {text}:"):
                self.code(f"{name} = run.one({name}, {spot.name}, {text}, i, {_tail_place(spot)}, path)")
        else:
            absent = "" if sure else f" if {text} else None"
            self.code(f"{name} = {converted(spot, text)}{absent}")

    def _tail_item(self, tail: BoundTail) -> None:
        assert tail.each is not None
        assert tail.part is not None
        name, arguments = variable(tail.each), []
        if self.style.careful:
            self.code(f"inner = f'{{path}}{dotted(tail.each)}[{{len({name})}}].'")
        for spot in tail.holes:
            text = _tail_text(spot)
            value = converted(spot, text)
            if self.style.careful:
                value = f"run.one(None, {spot.name}, {text}, i, {_tail_place(spot)}, inner)"
            absent = "" if spot.fields[0].required else f" if {text} else None"
            arguments.append(f"{spot.path[0]}={value}{absent}")
        self.code(f"{name}.append({self.constants.type(tail.part)}({', '.join(arguments)}))")

    def _rest(self, line: BoundLine) -> None:
        """Flags for what stands in the segment and no place of the line ties."""
        tied: dict[int, set[int]] = {}
        for spot in line.spots:
            tied.setdefault(spot.element, set()).update(spot.covered)
        first = 1
        for element in [*sorted(tied), line.length + 1]:
            if element > first:
                some = f"e[{first}]" if element == first + 1 else f"any(e[{first}:{element}])"
                with self.code.block(f"if m > {first} and {some}:"):
                    self.code(f"run.gap(i, e, {first}, {element})")
            first = element + 1
        for element in line.composites:
            self._untied_components(element, tied[element])
        end = line.tail_start + line.tail_room * line.tails[0].width if line.tails else line.length + 1
        with self.code.block(f"if m > {end}:"):
            self.code(f"run.gap(i, e, {end}, m)")

    def _untied_components(self, element: int, tied: set[int]) -> None:
        known = max(tied)
        for component in sorted(set(range(1, known)) - tied):
            with self.code.block(f"if len(c{element}) > {component - 1} and c{element}[{component - 1}]:"):
                self.code(f"run.flag((i, {element}, {component}, 'component'))")
        with self.code.block(f"if len(c{element}) > {known}:"):
            self.code(f"run.components(i, {element}, c{element}, {known})")


def converted(spot: Spot, text: str) -> str:
    """The expression that converts a text."""
    conversion = spot.conversion
    if conversion is None or conversion.table is None:
        return text
    looked_up = f"{conversion.name}[{text}]"
    numbers = isinstance(conversion.table, Numbers)  # a call less than to ask the table, for nearly all of them
    return f"(Decimal({text}) if USUAL({text}) else {looked_up})" if numbers else looked_up


def _tail_text(spot: Spot) -> str:
    return f"q{spot.element}_{spot.component}"


def _tail_place(spot: Spot) -> str:
    return "k" if spot.element == 1 else f"k + {spot.element - 1}"
