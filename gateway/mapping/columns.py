"""Lines that tell their places by names of columns: ``ROW * @quantity {quantity.value}``."""

from __future__ import annotations

from dataclasses import replace

from gateway.grammar.model import SegmentTable
from gateway.mapping.lines import Element, Line, mistake


def by_column(line: Line, table: SegmentTable) -> Line:
    """The line with its places where the table has those columns; a line without names is as it was.

    Raises MappingDefinitionError for a name that is none of the table's, or stands twice, or beside places without one.
    """
    names = [place.column if place is not None else None for element in line.elements for place in element[:1]]
    if not any(names):
        return line
    positions = {use.item.reference: use.position for use in table.elements}
    found: dict[int, Element] = {}
    for element in line.elements:
        name = element[0].column if element and element[0] is not None else None
        if name is None:
            raise mistake(line.where, "Places with a name and places without one do not stand in one line.")
        if name not in positions:
            hint = f"Its columns: {', '.join(positions)}."
            raise mistake(line.where, f"{table.tag} has no column {name}.", hint)
        if positions[name] in found:
            raise mistake(line.where, f"The column {name} stands twice in this line.")
        found[positions[name]] = element
    return replace(line, elements=tuple(found.get(at, ()) for at in range(1, max(found) + 1)))
