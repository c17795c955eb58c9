"""Tables of facts → the notation of ``schemas/``. Pure: a dict of facts goes in, texts by file name come out.

Three layouts of facts are read, as JSON gives them:

- X12: ``sets`` (``name``, ``fg``, ``structure`` of ``seg`` or ``loop`` with ``items``, each ``req`` and ``max``),
  ``segments`` (``elements`` of ``ref``, ``req``; ``syntax`` of conditions), ``composites``, ``elements`` (``type``,
  ``min``, ``max``, ``codes``).
- X12 with a name for everything: ``transactions`` (``functional_group``, ``structure`` of ``seg``, ``min``, ``max``,
  a loop with ``children``), ``segments`` (``elem``, ``name``, ``status``, ``type``, ``min``, ``max``, ``components``),
  ``segment_names``.
- EDIFACT: ``messages`` (``name``, ``structure`` of ``tag`` or ``group`` with ``items``, each ``status`` and ``max``),
  ``segments`` and ``composites`` (``elements`` of ``ref``, ``status``), ``elements`` (``repr``), ``codes``.

Only what the wanted messages use is written, or everything. Words that stand beside code values in files that exist
are kept; descriptions in the facts are not copied.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from gateway.core.errors import SchemaError
from gateway.grammar import convert_edifact, convert_service, convert_x12, convert_x12_named
from gateway.grammar.convert_text import Directory

Facts = Mapping[str, Any]


def convert(
    facts: Facts,
    messages: Collection[str] | None,
    *,
    names: Facts | None = None,
    codes: Iterable[str] | None = None,
    conditions: Mapping[str, Iterable[str]] | None = None,
    existing: Callable[[str], str | None] = lambda name: None,
) -> dict[str, str]:
    """The files of a version, by their names below ``schemas/`` (``x12/004010/segments.txt``).

    ``messages`` None: all of them, and every segment. ``names`` are X12 facts of the other layout: those that name
    segments and elements, or those of the version before, whose conditions hold for segments that are the same;
    ``conditions`` are of further segments, by tag. ``codes`` are the elements whose values are written; without it
    those that receipts and handlers interpret. ``existing`` gives the text that a file has now.

    Raises SchemaError where the layout is none of these, a wanted message is not in the facts, or they contradict
    themselves.
    """
    try:
        return _directory(facts, messages, names, codes, conditions).texts(existing)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise SchemaError(f"These are not tables of facts as expected: {error!r}.", file="facts") from error


def _directory(
    facts: Facts,
    messages: Collection[str] | None,
    names: Facts | None,
    codes: Iterable[str] | None,
    conditions: Mapping[str, Iterable[str]] | None,
) -> Directory:
    if "sets" in facts:
        return convert_x12.directory(facts, messages, names or {}, codes)
    if "transactions" in facts:
        return convert_x12_named.directory(facts, messages, names or {}, conditions or {})
    if "directory" in facts:
        return convert_edifact.directory(facts, messages, codes)
    if "CONTRL" in facts:
        return convert_service.directory(facts, codes)
    raise SchemaError("There are neither X12 sets nor EDIFACT messages.", file="facts")
