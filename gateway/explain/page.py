"""The explanation as one page of HTML: no script, nothing loaded from elsewhere, prints well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import IO, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

Record = Mapping[str, Any]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("gateway.explain"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def write_page(stream: IO[str], heading: str, documents: Iterable[Record]) -> None:
    """Writes the page while the documents come; they are records as ``crossdock explain --json`` prints them."""
    template = _environment().get_template("explain.html")
    for part in template.generate(heading=heading, documents=documents):
        stream.write(part)
