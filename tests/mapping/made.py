"""Mappings for tests: the bundled ones, and small ones from texts."""

from __future__ import annotations

import functools
import textwrap
from pathlib import Path

from gateway.codecs.model import Delimiters, Segment
from gateway.codecs.split import segments
from gateway.grammar import Schemas
from gateway.mapping import Mapping, Mappings
from gateway.resources import Resources

ROOT = Path(__file__).parents[2]
X12 = Delimiters("*", ">", "~")
EDIFACT = Delimiters("+", ":", "'", release="?")
SAMPLES = ROOT.parent / "shared" / "samples" / "documents"


@functools.cache
def schemas() -> Schemas:
    section = Resources(base=ROOT).schemas
    return Schemas(section.files, section.names)


@functools.cache
def bundled() -> Mappings:
    section = Resources(base=ROOT).mappings
    return Mappings(section.files, section.names, schemas())


def made(**files: str) -> Mappings:
    """Mappings from texts, in front of the bundled ones. ``x12__own`` is the file ``x12/own.toml``."""
    texts = {f"{name.replace('__', '/')}.toml": text for name, text in files.items()}
    section = Resources(base=ROOT).mappings
    return Mappings(
        lambda name: texts.get(name) or section.files(name),
        lambda prefix: sorted({*section.names(prefix), *(name for name in texts if name.startswith(prefix))}),
        schemas(),
    )


def x12(lines: str, more: str = "") -> Mapping:
    """A mapping of 850 with these lines. The text of its first line is at ``mappings/x12/own.toml:4``."""
    return made(x12__own=_file("x12 004010 850", lines, more)).get("x12/own")


def edifact(lines: str, more: str = "") -> Mapping:
    """A mapping of ORDERS with these lines. The text of its first line is at ``mappings/edifact/own.toml:4``."""
    return made(edifact__own=_file("edifact D.96A ORDERS", lines, more)).get("edifact/own")


def cut(text: str, marks: Delimiters) -> list[Segment]:
    return segments(textwrap.dedent(text).strip(), marks)


def _file(format: str, lines: str, more: str) -> str:
    body = textwrap.dedent(lines).strip("\n")
    return f"format = \"{format}\"\ndocument = \"Order\"\nmap = '''\n{body}\n'''\n{textwrap.dedent(more)}"
