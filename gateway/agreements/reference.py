"""``docs/reference/agreements.md``, written from the declarations of the model."""

from __future__ import annotations

import inspect

import msgspec

from gateway.agreements.as2 import As2
from gateway.agreements.customs import Customs
from gateway.agreements.model import (
    Agreement,
    Bounds,
    Characters,
    Endpoint,
    Envelope,
    Identity,
    Party,
    Patience,
    Told,
    Trading,
)
from gateway.core.strict import Described, described

_TABLES: tuple[tuple[str, type[msgspec.Struct]], ...] = (
    ("The party (top of the file)", Party),
    ("`[[identity]]`", Identity),
    ("`[as2]`", As2),
    ("`[[endpoint]]`", Endpoint),
    ("`[endpoint.events_of]`", Told),
    ("`[endpoint.patience]`", Patience),
    ("`[[agreement]]`", Agreement),
    ("`[agreement.envelope]`", Envelope),
    ("`[agreement.envelope.delimiters]`", Characters),
    ("`[agreement.limits]`", Bounds),
    ("`[agreement.trading]`", Trading),
    ("`[agreement.customs]`", Customs),
)

_HEAD = """\
# Parties and agreements: all keys

<!-- Written by `make docs` from gateway/agreements/model.py. -->

One file in `partners/` describes one party. Unknown keys, wrong types and names that lead nowhere are errors:
`crossdock partners check` lists them with file and key. [The how-to](../how-to/parties-and-agreements.md) explains the
same by examples.
"""


def reference() -> str:
    """The page as Markdown text."""
    return "\n".join([_HEAD, *(_section(title, kind) for title, kind in _TABLES)])


def _section(title: str, kind: type[msgspec.Struct]) -> str:
    text = " ".join((inspect.getdoc(kind) or "").split())
    rows = [_row(item) for item in described(kind)]
    return "\n".join(
        [f"## {title}", "", text, "", "| key | value | default | meaning |", "|---|---|---|---|", *rows, ""]
    )


def _row(item: Described) -> str:
    default = "required" if item.required else f"`{item.default}`" if item.default else ""
    cells = (f"`{item.name}`", item.type, default, item.text)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
