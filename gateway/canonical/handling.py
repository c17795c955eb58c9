"""A despatch advice as formats have it that list the goods and, apart from them, what they are packed in. Pure.

UBL nests packages in transport handling units, and says at the goods, or in the package, which line is where. SAP has
all units in one list, each with what is in it. In the canonical document that is the tree of ``packing``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import count

import msgspec

from gateway.canonical.despatch_advice import DespatchAdvice, DespatchLine, PackingLevel
from gateway.canonical.identifiers import is_sscc
from gateway.canonical.values import Identifier, Part, Quantity

SSCC = "sscc"
_ONE = Decimal(1)


class PackedGoods(Part, frozen=True, kw_only=True):
    """What of a line is in a package. Without ``quantity`` it is the whole line."""

    line_id: str
    quantity: Quantity | None = None


class HandlingUnit(Part, frozen=True, kw_only=True):
    """A pallet or a package, and the packages in it: as ``packages``, or by their numbers where all units stand in one
    list. Its ``id`` is its serial number (scheme ``sscc``) or any other."""

    id: Identifier | None = None
    package_type_code: str | None = None
    package_quantity: Decimal | None = None
    carrier_label: str | None = None
    gross_weights: tuple[Quantity, ...] = ()
    goods: tuple[PackedGoods, ...] = ()
    inside: tuple[Identifier, ...] = ()
    packages: tuple[HandlingUnit, ...] = ()


class UnitLine(DespatchLine, frozen=True, kw_only=True):
    """Goods, and the units that they are in, from the outside to the inside."""

    packed_in: tuple[HandlingUnit, ...] = ()


class UnitAdvice(DespatchAdvice, frozen=True, kw_only=True):
    """A despatch advice with its goods and its units apart; ``packing`` is empty."""

    handling_units: tuple[HandlingUnit, ...] = ()
    despatch_lines: tuple[UnitLine, ...] = ()


_NOT_IN_UNITS = ("structure_code", "packing_root_id", "packing_level_quantity")


def apart(advice: DespatchAdvice, lines: tuple[UnitLine, ...], units: tuple[HandlingUnit, ...]) -> UnitAdvice:
    """The advice without its tree: what numbers and names the levels of it goes with it."""
    left_out = {"packing", *_NOT_IN_UNITS}
    kept = {name: getattr(advice, name) for name in DespatchAdvice.__struct_fields__ if name not in left_out}
    return UnitAdvice(**kept, handling_units=units, despatch_lines=lines)


def gathered(advice: UnitAdvice) -> DespatchAdvice:
    """The advice with its goods in the tree of what they are packed in."""
    tree = _Tree(msgspec.structs.replace(advice, handling_units=_nested(advice.handling_units)))
    kept = {name: getattr(advice, name) for name in DespatchAdvice.__struct_fields__ if name != "packing"}
    return DespatchAdvice(**kept, packing=tuple(tree.levels()))


def listed(advice: UnitAdvice) -> UnitAdvice:
    """The advice with all units in one list, each with the numbers of those in it, and with the order at each line."""
    order = advice.order_reference
    lines = (
        msgspec.structs.replace(line, order_reference=line.order_reference or order, packed_in=())
        for line in advice.despatch_lines
    )
    units = tuple(_listed(advice.handling_units))
    return msgspec.structs.replace(advice, order_reference=None, handling_units=units, despatch_lines=tuple(lines))


def _listed(units: tuple[HandlingUnit, ...]) -> Iterator[HandlingUnit]:
    for unit in units:
        inside = tuple(package.id for package in unit.packages if package.id is not None)
        yield msgspec.structs.replace(unit, inside=inside, packages=())
        yield from _listed(unit.packages)


def _nested(units: tuple[HandlingUnit, ...]) -> tuple[HandlingUnit, ...]:
    """The units that are in no other, with those in them. A number that several have is that of the first."""
    known: dict[str, HandlingUnit] = {}
    for unit in units:
        if unit.id is not None:
            known.setdefault(unit.id.value, unit)
    taken: set[str] = set()

    def whole(unit: HandlingUnit) -> HandlingUnit:
        packages = list(unit.packages)
        for number in (one.value for one in unit.inside):
            if number in known and number not in taken:
                taken.add(number)
                packages.append(whole(known[number]))
        return msgspec.structs.replace(unit, inside=(), packages=tuple(packages))

    within = {one.value for unit in units for one in unit.inside}
    outermost = [
        unit for unit in units if unit.id is None or unit.id.value not in within or known[unit.id.value] is not unit
    ]
    made = [whole(unit) for unit in outermost]
    # What is in itself, by whatever way, stands in nothing.
    for unit in units:
        number = unit.id.value if unit.id is not None else ""
        if number in within and number not in taken:
            taken.add(number)
            made.append(whole(unit))
    return tuple(made)


class _Tree:
    """Levels are numbered where they have no number of their own, which that of a label is not."""

    def __init__(self, advice: UnitAdvice) -> None:
        self._lines = advice.despatch_lines
        self._taken = {text for unit in self._every(advice) if (text := _own_number(unit))}
        self._used: set[str] = set()
        self._numbers = count(1)
        self._levels: dict[str, PackingLevel] = {}
        self._named: dict[str, str] = {}  # what a unit is called by, and its level
        self._parts: dict[str, list[tuple[str, PackedGoods]]] = {}
        self._goods: dict[str, list[DespatchLine]] = {}
        shipment = self._number()  # of the goods that are in no unit
        for unit in advice.handling_units:
            self._add(unit, shipment)
        counted = Counter(line.id for line in self._lines)
        for line in self._lines:
            for place, part in self._placed(line, shipment, alone=counted[line.id] == 1):
                self._goods.setdefault(place, []).append(part)
        self._shipment = shipment

    def levels(self) -> Iterator[PackingLevel]:
        loose = self._goods.get(self._shipment, ())
        if loose:
            yield PackingLevel(id=self._shipment, despatch_lines=tuple(loose))
        for level in self._levels.values():
            outermost = level.parent_id == self._shipment and not loose
            yield msgspec.structs.replace(
                level,
                parent_id=None if outermost else level.parent_id,
                despatch_lines=tuple(self._goods.get(level.id, ())),
            )

    @staticmethod
    def _every(advice: UnitAdvice) -> Iterator[HandlingUnit]:
        waiting = [*advice.handling_units, *(unit for line in advice.despatch_lines for unit in line.packed_in)]
        while waiting:
            yield (unit := waiting.pop())
            waiting += unit.packages

    def _number(self) -> str:
        return next(number for number in map(str, self._numbers) if number not in self._taken)

    def _add(self, unit: HandlingUnit, parent: str, *, whole: bool = True) -> str:
        """The level of a unit, with those of what is in it where it is told ``whole``."""
        own = _own_number(unit)
        id = own if own and own not in self._used else self._number()
        self._used.add(id)
        label = unit.id.value if unit.id is not None and not own else None
        kind = unit.package_type_code
        bare = not (label or unit.carrier_label or unit.gross_weights)  # nothing else says that it is a package
        self._levels[id] = PackingLevel(
            id=id,
            parent_id=parent,
            sscc=label,
            carrier_label=unit.carrier_label,
            package_quantity=unit.package_quantity or (_ONE if kind or bare else None),
            package_type_code=kind,
            gross_weight=next(iter(unit.gross_weights), None),
        )
        if unit.id is not None:
            self._named.setdefault(unit.id.value, id)
        for goods in unit.goods:
            self._parts.setdefault(goods.line_id, []).append((id, goods))
        for package in unit.packages if whole else ():
            self._add(package, id)
        return id

    def _placed(self, line: UnitLine, shipment: str, *, alone: bool) -> Iterator[tuple[str, DespatchLine]]:
        """A line where it is packed, in pieces where the packages say how much of it is in each."""
        goods = _goods_of(line)
        parts = self._parts.get(line.id or "", ()) if alone else ()
        told = [part.quantity or line.delivered_quantity for _, part in parts]
        if parts and _sum(told) == _sum([line.delivered_quantity]):
            for (place, _), quantity in zip(parts, told, strict=True):
                yield place, msgspec.structs.replace(goods, delivered_quantity=quantity)
        elif len(line.packed_in) == 1:
            yield self._innermost(line.packed_in[0], shipment), goods
        else:  # in several, and nobody says how much in which
            for unit in line.packed_in:
                self._innermost(unit, shipment)
            yield shipment, goods

    def _innermost(self, unit: HandlingUnit, parent: str) -> str:
        """The level that a line names; units that nobody listed are known from there."""
        known = self._named.get(unit.id.value) if unit.id is not None else None
        place = known or self._add(unit, parent, whole=False)
        if len(unit.packages) == 1:
            return self._innermost(unit.packages[0], place)
        for package in unit.packages:
            self._innermost(package, place)
        return place


def _goods_of(line: UnitLine) -> DespatchLine:
    return DespatchLine(**{name: getattr(line, name) for name in DespatchLine.__struct_fields__})


def _own_number(unit: HandlingUnit) -> str:
    """Its number, where that is no serial number of GS1."""
    if unit.id is None or unit.id.scheme_id == SSCC or is_sscc(unit.id.value):
        return ""
    return unit.id.value


def _sum(quantities: list[Quantity | None]) -> tuple[Decimal, str | None] | None:
    """What they add up to; None where one is missing, or where they have several units."""
    known = [quantity for quantity in quantities if quantity is not None]
    units = {quantity.unit_code for quantity in known}
    if len(known) != len(quantities) or len(units) != 1:
        return None
    return sum((quantity.value for quantity in known), Decimal(0)), units.pop()
