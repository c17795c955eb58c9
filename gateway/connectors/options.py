"""Options of an endpoint, checked strictly: a word that is not known is an error, never ignored.

A connector declares its options as a frozen :class:`msgspec.Struct` whose fields carry bounds and a description
(``Annotated[int, Meta(ge=0, description="…")]``). The same declaration checks the configuration and writes the docs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import inspect

from gateway.core.errors import ConfigurationError

T = TypeVar("T", bound=msgspec.Struct)


def read_options(options: Mapping[str, object], kind: type[T], where: str) -> T:
    """``options`` as a value of ``kind``.

    ``where`` names the file or the endpoint in the message. Raises :class:`ConfigurationError` for an unknown key, a
    missing one, or a value of the wrong type or out of its bounds.
    """
    known = kind.__struct_encode_fields__
    for key in options:
        if key not in known:
            raise ConfigurationError(
                "This option does not exist.", file=where, key=key, hint=f"There are: {', '.join(known)}."
            )
    try:
        return msgspec.convert(dict(options), kind, strict=True)
    except msgspec.ValidationError as error:
        text, _, path = str(error).partition(" - at `$.")
        raise ConfigurationError(f"{text}.", file=where, key=path.rstrip("`") or None) from None


class Described(NamedTuple):
    """One option as the documentation shows it."""

    name: str
    type: str
    default: str
    text: str


def described(kind: type[msgspec.Struct]) -> list[Described]:
    """The options of ``kind`` in their order, for the reference pages."""
    info = inspect.type_info(kind)
    if not isinstance(info, inspect.StructType):
        raise ConfigurationError(f"{kind.__name__} is no table of options.", file=kind.__module__)
    return [_described(field) for field in info.fields]


def _described(field: inspect.Field) -> Described:
    schema: dict[str, object] = {}
    kind = field.type
    while isinstance(kind, inspect.Metadata):
        schema |= kind.extra_json_schema or {}
        kind = kind.type
    default = "required" if field.required else msgspec.json.encode(field.default).decode()
    return Described(field.encode_name, _type_name(kind), default, str(schema.get("description", "")))


def _type_name(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.LiteralType):
        return " or ".join(f'"{value}"' for value in kind.values)
    return _TYPE_NAMES.get(type(kind), "text")


_TYPE_NAMES: dict[type[inspect.Type], str] = {
    inspect.BoolType: "true or false",
    inspect.IntType: "whole number",
    inspect.FloatType: "number",
    inspect.StrType: "text",
    inspect.ListType: "list of texts",
    inspect.VarTupleType: "list of texts",
}
