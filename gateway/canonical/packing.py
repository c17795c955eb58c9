"""The packing tree of a despatch advice: whether it is one, and whether its numbers can be right."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.canonical.despatch_advice import DespatchAdvice, DespatchLine, PackingLevel
from gateway.canonical.identifiers import is_sscc, is_valid
from gateway.core.issues import Issue, Location

_DIGITS = 18

#: From the outside to the inside, by X12 1005; a pack may stand in a pack.
STRUCTURES = {
    "0001": ("order", "pallet", "pack", "item"),
    "0002": ("order", "item", "pack"),
    "0003": ("pallet", "pack", "order", "item"),
    "0004": ("order", "item"),
}


def packing(advice: DespatchAdvice) -> Iterator[Issue]:
    """What is wrong with the tree, node by node; ``location`` is the canonical field."""
    seen: dict[str, PackingLevel] = {}
    labels: dict[str, int] = {}
    for number, level in enumerate(advice.packing):
        at = f"packing[{number}]"
        yield from _node(level, at, seen, advice)
        yield from _label(level, number, labels)
        for position, line in enumerate(level.despatch_lines):
            yield from _line(line, f"{at}.despatch_lines[{position}]")
        seen.setdefault(level.id, level)
    counted = advice.packing_level_quantity
    if counted is not None and counted != len(advice.packing) + 1:
        yield _issue("TRD-PACK-COUNT", "packing_level_quantity", f"{counted:f}", found=str(len(advice.packing) + 1))


def _node(level: PackingLevel, at: str, seen: dict[str, PackingLevel], advice: DespatchAdvice) -> Iterator[Issue]:
    if level.id in seen or level.id == advice.packing_root_id:
        yield _issue("TRD-PACK-TWICE", f"{at}.id", level.id)
    if level.parent_id is None or level.parent_id == advice.packing_root_id:
        return
    parent = seen.get(level.parent_id)
    if parent is None:
        yield _issue("TRD-PACK-PARENT", f"{at}.parent_id", level.parent_id)
    elif not _may_stand_in(level, parent, STRUCTURES.get(advice.structure_code or "", ())):
        field = f"{at}.level_code"
        yield _issue("TRD-PACK-LEVEL", field, level.level_code or "", parent=parent.level_code or "")


def _may_stand_in(level: PackingLevel, parent: PackingLevel, structure: tuple[str, ...]) -> bool:
    """Where the structure does not speak of one of them, anything may."""
    if level.level_code not in structure or parent.level_code not in structure:
        return True
    inside = structure.index(level.level_code) - structure.index(parent.level_code)
    return inside > 0 or (inside == 0 and level.level_code == "pack")


def _label(level: PackingLevel, number: int, labels: dict[str, int]) -> Iterator[Issue]:
    if level.sscc is None:
        return
    field = f"packing[{number}].sscc"
    if not is_sscc(level.sscc):
        yield _issue("TRD-SSCC", field, level.sscc)
    other = labels.setdefault(level.sscc[-_DIGITS:], number)
    if other != number:
        yield _issue("TRD-SSCC-TWICE", field, level.sscc, other=f"packing[{other}]")


def _line(line: DespatchLine, at: str) -> Iterator[Issue]:
    item = line.item.standard_item_identification if line.item else None
    if item is not None and not is_valid(item.scheme_id, item.value):
        field = f"{at}.item.standard_item_identification.value"
        yield _issue("TRD-ITEM", field, item.value, scheme=item.scheme_id or "")
    if line.delivered_quantity is not None and line.delivered_quantity.value < 0:
        yield _issue("TRD-NEGATIVE", f"{at}.delivered_quantity.value", f"{line.delivered_quantity.value:f}")


def _issue(code: str, field: str, value: str, **params: str) -> Issue:
    return Issue(code, Location(field=field), value, {"field": field, **params})
