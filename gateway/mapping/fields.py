"""The fields of canonical documents, as paths name them."""

from __future__ import annotations

import functools
import types
import typing
from typing import Any, NamedTuple

import msgspec

from gateway.canonical import Part
from gateway.mapping.lines import ONLY, Path, dotted, mistake


class Field(NamedTuple):
    """One field. ``type`` is a leaf type or a Part, without None; ``many``: a tuple of it; ``default``: when absent."""

    name: str
    type: type[Any]
    many: bool
    required: bool
    default: Any

    @property
    def is_part(self) -> bool:
        return issubclass(self.type, Part)


@functools.cache
def fields_of(part: type[Part]) -> dict[str, Field]:
    """All fields of a part by name, in their order."""
    return {info.name: _field(info) for info in msgspec.structs.fields(part)}


def field_at(part: type[Part], path: Path, where: str) -> Field:
    """The field that a path leads to. Raises MappingDefinitionError with the names there are."""
    for index, name in enumerate(path):
        if name == ONLY:
            continue
        fields = fields_of(part)
        if name not in fields:
            inside = f" (in {dotted(path[:index])})" if index else ""
            raise mistake(where, f"{part.__name__} has no field {name}{inside}.", f"It has: {', '.join(fields)}.")
        field = fields[name]
        if path[index + 1 : index + 2] == (ONLY,):
            if not field.many or not field.is_part:
                raise mistake(where, f"{dotted(path[: index + 1])} is no list of parts: it has no [{ONLY}].")
            field = field._replace(many=False)
        if path[index + 1 :] in ((), (ONLY,)):
            return field
        if field.many:
            raise mistake(where, f"{dotted(path[: index + 1])} is a list.", f"Fill it by a block: each {name}:")
        if not field.is_part:
            raise mistake(where, f"{dotted(path[: index + 1])} has no fields of its own.")
        part = field.type
    raise mistake(where, "A path has at least one name.")


def _field(info: msgspec.structs.FieldInfo) -> Field:
    kind: Any = info.type
    many = typing.get_origin(kind) is tuple
    if many:
        kind = typing.get_args(kind)[0]
    elif isinstance(kind, types.UnionType):
        kind = next(argument for argument in typing.get_args(kind) if argument is not type(None))
    default = None if info.required else info.default
    return Field(info.name, kind, many, info.required, default)
