"""The packing of a despatch advice as a format has it, for advices that another format was read from. Pure.

X12 numbers every level from the shipment down, says what each is, and puts one item into a level of its own. EDIFACT
has packages with the goods that are in them, and names the order at the goods. What one of them wrote is left as it is.
UBL and SAP have the goods apart from the units that they are in (:mod:`gateway.canonical.handling`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import msgspec

from gateway.canonical.counting import CountedReport, counted, together
from gateway.canonical.despatch_advice import DespatchAdvice, DespatchLine, PackingLevel
from gateway.canonical.handling import SSCC, HandlingUnit, PackedGoods, UnitAdvice, UnitLine, apart, gathered, listed
from gateway.canonical.inventory_report import InventoryReport
from gateway.canonical.serial import DOCUMENTS, Document
from gateway.canonical.values import Identifier, OrderReference, Part

_UBL = "ubl"
_ROOT = "1"
_PACKS = frozenset({"pallet", "pack"})
_WITH_PACKS, _WITHOUT_PACKS = "0001", "0004"


def levelled(document: Document, standard: str) -> Document:
    """The document with its packing, or its counts, as ``standard`` has them; others as they are."""
    if isinstance(document, InventoryReport) and standard == _UBL:
        return counted(document)
    shape = _SHAPES.get(standard)
    return shape(document) if shape is not None and isinstance(document, DespatchAdvice) else document


def form_of(document: str, standard: str) -> type[Part] | None:
    """What mappings of a standard fill for a canonical document; None where there is no such document."""
    return _FORMS.get((standard, document)) or DOCUMENTS.get(document)


def canonical_form(document: Document) -> Document:
    """The canonical document of what a mapping filled."""
    if isinstance(document, CountedReport):
        return together(document)
    return gathered(document) if isinstance(document, UnitAdvice) else document


def _as_x12(advice: DespatchAdvice) -> DespatchAdvice:
    """With a shipment, an order where it is one, packs, and an item in each level of its own."""
    if advice.packing_root_id is not None or not advice.packing:
        return advice
    packing = tuple(_X12Tree(advice).levels())
    packs = any(level.level_code in _PACKS for level in packing)
    counted = advice.packing_level_quantity
    return msgspec.structs.replace(
        advice,
        packing_root_id=_ROOT,
        structure_code=advice.structure_code or (_WITH_PACKS if packs else _WITHOUT_PACKS),
        packing_level_quantity=None if counted is None else type(counted)(len(packing) + 1),
        packing=packing,
    )


class _X12Tree:
    """Numbers the levels anew, each after the one that it is in."""

    def __init__(self, advice: DespatchAdvice) -> None:
        self._advice = advice
        self._numbers = count(2)
        self._places: dict[str, str] = {}
        self._parents = {level.parent_id for level in advice.packing}
        self._packages: set[str] = set()
        self._order = _only_order(advice)

    def levels(self) -> Iterator[PackingLevel]:
        base, packing = _ROOT, self._advice.packing
        goods: tuple[DespatchLine, ...] = ()
        if _is_shipment(packing[0]):
            self._places[packing[0].id] = _ROOT
            goods, packing = packing[0].despatch_lines, packing[1:]
        if self._order is not None and not any(level.level_code == "order" for level in packing):
            base = self._number()
            yield PackingLevel(id=base, parent_id=_ROOT, level_code="order", order_reference=self._order)
            self._places |= {id: base for id, place in self._places.items() if place == _ROOT}
        yield from self._items(goods, base)
        for level in packing:
            yield from self._made(level, self._places.get(level.parent_id or "", base))

    def _made(self, level: PackingLevel, parent: str) -> Iterator[PackingLevel]:
        """A level without goods as it is; one with goods as the package, where it is one, and its items."""
        lines, holds = level.despatch_lines, level.id in self._parents
        if level.level_code == "item" and len(lines) <= 1:
            yield self._numbered(level, parent, "item")
            return
        if not lines or holds or level.level_code or _is_package(level):
            outermost = holds and not lines and parent not in self._packages
            code = level.level_code or ("pallet" if outermost else "pack")
            package = self._numbered(msgspec.structs.replace(level, despatch_lines=()), parent, code)
            yield package
            parent = package.id
            self._packages |= {parent} if code in _PACKS else set()
        yield from self._items(lines, parent)

    def _items(self, lines: tuple[DespatchLine, ...], parent: str) -> Iterator[PackingLevel]:
        for line in lines:
            reference = line.order_reference if self._order is None else None
            goods = msgspec.structs.replace(line, order_reference=None)
            yield PackingLevel(
                id=self._number(),
                parent_id=parent,
                level_code="item",
                order_reference=reference,
                despatch_lines=(goods,),
            )

    def _numbered(self, level: PackingLevel, parent: str, code: str) -> PackingLevel:
        self._places[level.id] = number = self._number()
        return msgspec.structs.replace(level, id=number, parent_id=parent, level_code=code)

    def _number(self) -> str:
        return str(next(self._numbers))


def _as_edifact(advice: DespatchAdvice) -> DespatchAdvice:
    """Packages within the shipment, which is the first; goods stand in the package that they are in."""
    levels = advice.packing
    if advice.packing_root_id is None and not any(level.level_code in ("order", "item") for level in levels):
        return advice
    shipment = PackingLevel(id=_ROOT)
    made: dict[str, PackingLevel] = {_ROOT: shipment}
    places: dict[str | None, tuple[str, OrderReference | None]] = {}
    for level in levels:
        inside, order = places.get(level.parent_id, (_ROOT, None))
        order = level.order_reference or order
        lines = tuple(_of_order(line, order, advice) for line in level.despatch_lines)
        if _is_package(level) or level.level_code in _PACKS:
            own = str(len(made) + 1)
            made[own] = _package(level, own, inside, lines)
            places[level.id] = own, order
        else:
            places[level.id] = inside, order
            holder = made[inside]
            made[inside] = msgspec.structs.replace(holder, despatch_lines=(*holder.despatch_lines, *lines))
    return msgspec.structs.replace(
        advice, packing_root_id=None, structure_code=None, packing_level_quantity=None, packing=tuple(made.values())
    )


def _package(level: PackingLevel, id: str, parent: str, lines: tuple[DespatchLine, ...]) -> PackingLevel:
    return msgspec.structs.replace(level, id=id, parent_id=parent, order_reference=None, despatch_lines=lines)


def _of_order(line: DespatchLine, order: OrderReference | None, advice: DespatchAdvice) -> DespatchLine:
    """The goods with their order, where that is not the one of the whole advice."""
    if line.order_reference is not None or order is None or order == advice.order_reference:
        return line
    return msgspec.structs.replace(line, order_reference=order)


def _only_order(advice: DespatchAdvice) -> OrderReference | None:
    """The order of all goods; None where they are of several, or where some name none."""
    whole = advice.order_reference
    of_level: dict[str | None, OrderReference | None] = {}
    found: dict[str, OrderReference | None] = {}
    for level in advice.packing:
        of_level[level.id] = around = level.order_reference or of_level.get(level.parent_id, whole)
        for line in level.despatch_lines:
            reference = line.order_reference or around
            found.setdefault(reference.id if reference else "", reference)
    return next(iter(found.values())) if len(found) == 1 else whole if not found else None


def _is_package(level: PackingLevel) -> bool:
    """Whether something is said of it that is said of packages."""
    said = (level.sscc, level.carrier_label, level.package_quantity, level.package_type_code, level.gross_weight)
    return any(each is not None for each in said)


def _is_shipment(level: PackingLevel) -> bool:
    """A first level that stands in nothing and is no package: what EDIFACT numbers the shipment by."""
    return level.parent_id is None and not level.level_code and level.order_reference is None and not _is_package(level)


def _in_units(advice: DespatchAdvice) -> UnitAdvice:
    """The goods with their order and the unit that they are in; units with the packages that are in them."""
    order = advice.order_reference or _only_order(advice)
    advice = msgspec.structs.replace(advice, order_reference=order)
    units, lines = _Units(), []
    for level, around in _with_orders(advice):
        unit = units.of(level)
        for line in level.despatch_lines:
            goods = _of_order(line, around, advice)
            same = goods.order_reference == order
            lines.append((msgspec.structs.replace(goods, order_reference=None) if same else goods, unit))
    numbers = [line.id for line, _ in lines]
    if None in numbers or len({*numbers}) < len(numbers):
        numbers = [str(number) for number in range(1, len(lines) + 1)]
    made = []
    for (line, unit), number in zip(lines, numbers, strict=True):
        fields = {name: getattr(line, name) for name in DespatchLine.__struct_fields__}
        if unit is not None and number is not None:
            unit.goods.append(PackedGoods(line_id=number, quantity=line.delivered_quantity))
        inside = (HandlingUnit(id=unit.id),) if unit is not None else ()
        made.append(UnitLine(**(fields | {"id": number, "packed_in": inside})))
    return apart(advice, tuple(made), tuple(unit.made() for unit in units.outermost))


def _with_orders(advice: DespatchAdvice) -> Iterator[tuple[PackingLevel, OrderReference | None]]:
    """Each level with the order that it stands in."""
    known: dict[str, OrderReference | None] = {}
    for level in advice.packing:
        known[level.id] = order = level.order_reference or known.get(level.parent_id or "")
        yield level, order


class _Unit:
    """A unit that is being made."""

    def __init__(self, level: PackingLevel) -> None:
        self.level = level
        self.id = Identifier(value=level.sscc, scheme_id=SSCC) if level.sscc else Identifier(value=level.id)
        self.goods: list[PackedGoods] = []
        self.inside: list[_Unit] = []

    def made(self) -> HandlingUnit:
        counted = self.level.package_quantity
        return HandlingUnit(
            id=self.id,
            package_type_code=self.level.package_type_code,
            package_quantity=None if counted == 1 else counted,
            carrier_label=self.level.carrier_label,
            gross_weights=(weight,) if (weight := self.level.gross_weight) is not None else (),
            goods=tuple(self.goods),
            packages=tuple(unit.made() for unit in self.inside),
        )


class _Units:
    """Packages by level. One label is one package, though goods of several orders are in it."""

    def __init__(self) -> None:
        self.outermost: list[_Unit] = []
        self._by_level: dict[str, _Unit | None] = {}
        self._by_label: dict[str, _Unit] = {}

    def of(self, level: PackingLevel) -> _Unit | None:
        """What the goods of a level are in: it, or what is around it where it is no package."""
        around = self._by_level.get(level.parent_id or "")
        if not (_is_package(level) or level.level_code in _PACKS):
            self._by_level[level.id] = around
            return around
        unit = self._by_label.get(level.sscc) if level.sscc else None
        if unit is None:
            unit = _Unit(level)
            (around.inside if around is not None else self.outermost).append(unit)
            if level.sscc:
                self._by_label[level.sscc] = unit
        self._by_level[level.id] = unit
        return unit


_SHAPES: dict[str, Callable[[DespatchAdvice], DespatchAdvice]] = {
    "x12": _as_x12,
    "edifact": _as_edifact,
    _UBL: _in_units,
    "idoc": lambda advice: listed(_in_units(advice)),
}
_FORMS: dict[tuple[str, str], type[Part]] = {
    (_UBL, DespatchAdvice.__name__): UnitAdvice,
    (_UBL, InventoryReport.__name__): CountedReport,
    ("idoc", DespatchAdvice.__name__): UnitAdvice,
}
