"""docs/reference/canonical.md: what an ERP reads and writes, from the classes of the documents and the code tables."""

from __future__ import annotations

import datetime
import decimal
import inspect
import json
import re
import tomllib
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec

from gateway.canonical import DOCUMENTS, Part
from tests.docs.markdown import head, table
from tests.mapping.made import bundled

_MAPPINGS = Path(__file__).parents[2] / "mappings"
_CODES = _MAPPINGS / "codes"
_FORMATS = {"x12": "X12", "edifact": "EDIFACT", "ubl": "UBL"}

_INTRODUCTION = """
What an ERP reads, and what it writes: one JSON object a document, in the vocabulary of UBL. The first key, `document`,
names the kind. Absent fields are left out, and a field that is not in these tables is refused with its line and name.

- A *decimal* is a text (`"18.50"`), so that no reader makes a binary float of it; a number is read as its digits say.
- A *date* is `YYYY-MM-DD`, a *time* `HH:MM:SS`. Amounts are in the document's one currency.

`crossdock translate FILE --to canonical` shows a document of a partner as JSON. An answer as an ERP writes it:

```json
{
  "document": "OrderResponse", "issue_date": "2026-11-20", "order_response_code": "accepted-with-amendment",
  "order_reference": {"id": "4500017301", "issue_date": "2026-11-20"},
  "order_lines": [
    {
      "id": "1", "quantity": {"value": "24", "unit_code": "EA"},
      "item": {"sellers_item_identification": "AT-1001"},
      "statuses": [
        {"status_code": "accepted", "quantity": {"value": "20", "unit_code": "EA"}},
        {"status_code": "backordered", "quantity": {"value": "4", "unit_code": "EA"}}
      ]
    }
  ]
}
```
"""

_CODES_TEXT = """
What the bundled mappings know. A document with another value cannot be written in that format and is withheld
(`MAP-CODE`), unless the table passes others as they are.
"""


def page() -> str:
    """All documents, the parts they are made of, and the codes."""
    parts = dict.fromkeys(part for kind in DOCUMENTS.values() for part in _parts(kind))
    sections = [_section(kind) for kind in (*DOCUMENTS.values(), *sorted(parts, key=lambda one: one.__name__))]
    title = head("Canonical documents", "gateway/canonical/ and mappings/codes/")
    codes = [f"## Codes\n\n{_CODES_TEXT.strip()}\n", _codes()]
    return "\n".join([title, _INTRODUCTION.strip() + "\n", _crossings(), *sections, *codes])


def _crossings() -> str:
    """The documents, and the messages of each format that the bundled mappings read and write."""
    rows = [
        [
            f"[{name}](#{name.lower()})",
            *(", ".join(f"{cell.message} ({cell.version})" for cell in row[one]) or "-" for one in _FORMATS),
        ]
        for name, row in bundled().matrix().items()
    ]
    text = (
        "What comes in by one message of a row can leave by another. What that has no place for is told before. "
        "`crossdock mappings matrix` names the mappings, with your own."
    )
    return f"## What is mapped\n\n{text}\n\n" + table(("document", *_FORMATS.values()), rows)


def _parts(kind: type[Part]) -> Iterator[type[Part]]:
    """The parts below a document, each as often as it is named."""
    for field in msgspec.structs.fields(kind):
        for one in _classes(field.type):
            if issubclass(one, Part):
                yield one
                yield from _parts(one)


def _classes(kind: Any) -> Iterator[type]:
    if isinstance(kind, type) and get_origin(kind) is None:
        yield kind
    for one in get_args(kind):
        yield from _classes(one)


def _section(kind: type[Part]) -> str:
    about = re.sub(r"``(.*?)``", r"`\1`", inspect.cleandoc(kind.__doc__ or ""))
    rows = [(f"`{one.name}`", _said(one.type), "yes" if one.required else "") for one in msgspec.structs.fields(kind)]
    return f"## {kind.__name__}\n\n{about}\n\n" + table(("field", "value", "required"), rows)


def _said(kind: Any) -> str:
    """A type in the words of the page."""
    if get_origin(kind) is tuple:
        return "list of " + _said(get_args(kind)[0])
    if isinstance(kind, types.UnionType):
        return _said(next(one for one in get_args(kind) if one is not type(None)))
    if isinstance(kind, type) and issubclass(kind, Part):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    return _PLAIN[kind]


_PLAIN = {
    str: "text",
    bool: "true or false",
    int: "integer",
    decimal.Decimal: "decimal",
    datetime.date: "date",
    datetime.time: "time",
}


def _json(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _codes() -> str:
    rows = []
    for file in sorted(_CODES.glob("*.toml")):
        text = file.read_text(encoding="utf-8")
        codes = tomllib.loads(text)
        meanings = (value for said in codes.values() for value in (said if isinstance(said, list) else [said]))
        values = [f"`{_json(value)}`" for value in dict.fromkeys(meanings) if value != "="]
        about = text.splitlines()[0].lstrip("# ") if text.startswith("#") else ""
        rows.append((f"`{file.stem}`", about, ", ".join(values + ["others as they are"] * ("*" in codes))))
    return table(("table", "of", "values"), rows)
