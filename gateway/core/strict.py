"""Tables of configuration read strictly into structs, and described from the same declaration.

A word that is not known is an error and never ignored; the message names the file and the key, and what was probably
meant. Fields are declared ``Annotated[int, key("what it means", ge=0)]``. No I/O: text is parsed elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec import inspect

from gateway.core.errors import ConfigurationError

T = TypeVar("T", bound=msgspec.Struct)


def key(text: str, *, internal: bool = False, **bounds: Any) -> msgspec.Meta:
    """The meaning of a key for the reference pages, and bounds of its value as :class:`msgspec.Meta` takes them.

    ``internal``: set by the program, not a key that a file may have.
    """
    return msgspec.Meta(description=text, extra={"internal": internal}, **bounds)


def problems(data: Mapping[str, Any], kind: type[msgspec.Struct], file: str, at: str = "") -> list[ConfigurationError]:
    """Everything that is wrong with a table: each unknown key, or else the first value of a wrong type.

    ``at`` is the key of the table in its file, where it is not the whole file.
    """
    found = [
        _unknown(file, path, word, known) for path, word, known in _unknown_keys(data, inspect.type_info(kind), at)
    ]
    if not found:
        try:
            msgspec.convert(data, kind)
        except msgspec.ValidationError as error:
            found = [_invalid(error, inspect.type_info(kind), file, at)]
    return found


def convert(data: Mapping[str, Any], kind: type[T], file: str, at: str = "") -> T:
    """A table as a value of ``kind``. Raises :class:`ConfigurationError` with file and key."""
    wrong = problems(data, kind, file, at)
    if wrong:
        raise wrong[0]
    return msgspec.convert(data, kind)


class Described(NamedTuple):
    """One key as the reference pages show it. ``default`` is written as in the file, empty where there is none."""

    name: str
    type: str
    required: bool
    default: str
    text: str


def described(kind: type[msgspec.Struct]) -> list[Described]:
    """The keys that a file may have, in the order of their declaration."""
    return [_described(field) for field in _fields(kind) if not _is_internal(field)]


def _unknown_keys(value: Any, kind: inspect.Type, at: str) -> Iterator[tuple[str, str, list[str]]]:
    """(path, word, known words) of each key that does not exist, at any depth."""
    if isinstance(kind, inspect.Metadata):
        yield from _unknown_keys(value, kind.type, at)
    elif isinstance(kind, inspect.UnionType):
        for one in kind.types:
            yield from _unknown_keys(value, one, at)
    elif isinstance(kind, inspect.StructType) and isinstance(value, Mapping):
        fields = {field.encode_name: field.type for field in kind.fields if not _is_internal(field)}
        for word, part in value.items():
            path = f"{at}.{word}" if at else word
            if word in fields:
                yield from _unknown_keys(part, fields[word], path)
            else:
                yield path, word, list(fields)
    elif isinstance(kind, inspect.VarTupleType | inspect.ListType) and isinstance(value, list):
        for number, part in enumerate(value):
            yield from _unknown_keys(part, kind.item_type, f"{at}[{number}]")


def _unknown(file: str, path: str, word: str, known: list[str]) -> ConfigurationError:
    near = get_close_matches(word, known, 1)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
    return ConfigurationError("no such key.", file=file, key=path, hint=hint)


def _invalid(error: msgspec.ValidationError, kind: inspect.Type, file: str, at: str) -> ConfigurationError:
    text, _, path = str(error).partition(" - at `$")
    where = f"{at}{path.rstrip('`')}".lstrip(".")
    hint = _allowed(kind, path) if text.startswith("Invalid enum") else None
    return ConfigurationError(f"{text[:1].lower()}{text[1:]}.", file=file, key=where or None, hint=hint)


def _allowed(kind: inspect.Type, path: str) -> str | None:
    """What may stand at a place: ``.agreement[0].reject`` of a table of this kind."""
    found: inspect.Type | None = kind
    for step in re.findall(r"[A-Za-z_]\w*|\[", path):
        while isinstance(found, inspect.Metadata):
            found = found.type
        if isinstance(found, inspect.StructType):
            found = next((field.type for field in found.fields if field.encode_name == step), None)
        elif step == "[":
            found = getattr(found, "item_type", None) or getattr(found, "value_type", None)
    return f"Write {_type(found)}." if found is not None else None


def _fields(kind: type[msgspec.Struct]) -> tuple[inspect.Field, ...]:
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    return info.fields


def _is_internal(field: inspect.Field) -> bool:
    return bool(isinstance(field.type, inspect.Metadata) and (field.type.extra or {}).get("internal"))


def _described(field: inspect.Field) -> Described:
    schema = (field.type.extra_json_schema or {}) if isinstance(field.type, inspect.Metadata) else {}
    text = str(schema.get("description", ""))
    return Described(field.encode_name, _type(field.type), field.required, _default(field), text)


def _default(field: inspect.Field) -> str:
    if field.default is not msgspec.NODEFAULT:
        value = field.default
    elif field.default_factory is not msgspec.NODEFAULT:
        value = field.default_factory()
    else:
        return ""
    if value is None or isinstance(value, msgspec.Struct):
        return ""
    return msgspec.json.encode(value).decode()


def _type(kind: inspect.Type) -> str:
    """The type in words: ``text``, ``"in" or "out"``, ``list of text``."""
    if isinstance(kind, inspect.Metadata):
        return _type(kind.type)
    if isinstance(kind, inspect.UnionType):
        return " or ".join(_type(one) for one in kind.types if not isinstance(one, inspect.NoneType))
    if isinstance(kind, inspect.LiteralType | inspect.EnumType):
        values = [one.value for one in kind.cls] if isinstance(kind, inspect.EnumType) else kind.values
        return " or ".join(f'"{value}"' for value in values)
    if isinstance(kind, inspect.VarTupleType | inspect.ListType):
        return f"list of {_type(kind.item_type)}"
    if isinstance(kind, inspect.DictType):
        return f"table: text = {_type(kind.value_type)}"
    return _WORDS.get(type(kind), "table")


_WORDS: dict[type[inspect.Type], str] = {
    inspect.BoolType: "true or false",
    inspect.IntType: "whole number",
    inspect.FloatType: "number",
    inspect.StrType: "text",
    inspect.AnyType: "any",
}
