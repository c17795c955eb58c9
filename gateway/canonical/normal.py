"""Canonical JSON with every decimal in its shortest notation: what says the same has the same bytes."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, get_args, get_origin

import msgspec

from gateway.canonical.values import Part


def normal(json: bytes, kind: type[Part]) -> bytes:
    """``json`` of a document of that kind, its decimals in plain notation: without their trailing zeros; no zero has a
    sign. Texts that look like decimals stay as they are."""
    trailing, sign = _patterns(kind)
    return sign.sub(rb'\1"0"', trailing.sub(rb'\1"\2\3"', json))


@functools.cache
def numeric(kind: type[Part]) -> tuple[tuple[str, type[Part] | None], ...]:
    """The fields that hold a decimal, or (a tuple of) a kind of part that does."""
    fields = ((info.name, list(_numeric_kinds(info.type))) for info in msgspec.structs.fields(kind))
    return tuple((name, *found) for name, found in fields if found)  # type: ignore[misc] # a second one would be told


def _numeric_kinds(annotation: Any) -> Iterator[type[Part] | None]:
    """The kinds of part in it that hold decimals; None for a decimal itself."""
    if annotation is Decimal:
        yield None
    elif isinstance(annotation, type) and issubclass(annotation, Part):
        if numeric(annotation):
            yield annotation
    else:
        for argument in get_args(annotation):
            yield from _numeric_kinds(argument)


@functools.cache
def _patterns(kind: type[Part]) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Decimals with trailing zeros behind the point, and zeros with a sign.

    A decimal is known by the keys before it. The quotation marks of what stands in a text have a backslash before them,
    so none of it looks like a key.
    """
    keys = "|".join(sorted(set(_keys(kind))))
    return (
        re.compile(rf'({keys})"(-?[0-9]+)(?:\.0+|(\.[0-9]*[1-9])0+)"'.encode()),
        re.compile(rf'({keys})"-0"'.encode()),
    )


def _keys(kind: type[Part], before: str = "") -> Iterator[str]:
    """What stands before each decimal: its key, and that of the part it is in where it comes first there, or the sign
    that begins an item where that is one of a list.

    ``value`` of a quantity is a decimal, ``value`` of an identifier a text: the key alone would not tell.
    """
    fields = {info.name: info for info in msgspec.structs.fields(kind)}
    first = next(iter(fields))
    for name, inside in numeric(kind):
        key = f'"{name}":'
        if inside is not None:
            yield from _keys(inside, r"[\[,]" if get_origin(fields[name].type) is tuple else key)
        else:
            yield before + r"\{" + key if name == first else key
