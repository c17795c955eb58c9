"""A message as one page of HTML, to hand to a partner: each place with its use, its elements and their values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.cli.output import Record
from gateway.cli.schema_view import element_rows, use_of, where_of


def schema_page(record: Record) -> str:
    """The page of a full record. No script, nothing loaded from elsewhere."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("gateway.explain")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    places = [place for item in record["items"] for place in _places(item, 0)]
    return made.get_template("schema.html").render(schema=record, places=places)


def _places(item: Record, depth: int) -> Iterator[dict[str, Any]]:
    """Itself and all below it, each with how deep it stands."""
    yield {
        "depth": depth,
        "title": f"Loop {item['loop']}" if "loop" in item else item["segment"],
        "name": item.get("name", ""),
        "where": where_of(item),
        "use": use_of(item),
        "standard": use_of(item["standard"]) if "standard" in item else "",
        "rows": [_row(row) for place in item.get("elements", ()) for row in element_rows(place)],
        "conditions": " ".join(item.get("conditions", ())),
    }
    for child in item.get("items", ()):
        yield from _places(child, depth + 1)


def _row(row: Record) -> dict[str, Any]:
    names = ("place", "reference", "name", "status", "repeats", "type", "length", "codes", "changed")
    return {name: row.get(name) or "" for name in names}
