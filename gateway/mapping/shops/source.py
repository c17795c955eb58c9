"""An order of a web shop as JSON: read exactly, and with a note of every place that was taken. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NoReturn

#: Nothing is said by these: they are neither carried along nor reported.
_BLANK: tuple[object, ...] = (None, "", [], {})

Pointer = tuple[str, ...]


class JsonError(ValueError):
    """The body is no JSON object."""


def decode(body: bytes) -> dict[str, Any]:
    """The object that the body is; numbers are Decimal or int, exactly as their digits say.

    Raises :class:`JsonError`, whose text shows nothing of the body.
    """
    try:
        found = json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise JsonError(f"byte {error.start} is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise JsonError(f"{error.msg[:1].lower()}{error.msg[1:]}, at character {error.pos + 1}") from None
    except RecursionError:
        raise JsonError("it is nested too deeply") from None
    except ValueError:
        raise JsonError("it has something that is no number") from None
    if not isinstance(found, dict):
        raise JsonError("it is no object")
    if b"\\u" in body and not _is_text(found):
        raise JsonError("it has half of a character")
    return found


class Source:
    """The order while it is read."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self.tree = tree
        self._taken: set[Pointer] = set()

    def get(self, pointer: Pointer) -> Any:
        """What stands there, None where nothing does. It counts as taken."""
        here: Any = self.tree
        for step in pointer:
            if isinstance(here, dict):
                here = here.get(step)
            elif isinstance(here, list) and step.isdecimal() and int(step) < len(here):
                here = here[int(step)]
            else:
                return None
        if not isinstance(here, dict | list):
            self._taken.add(pointer)
        return here

    def peek(self, pointer: Pointer) -> Any:
        """What stands there; it does not count as taken."""
        known = pointer in self._taken
        value = self.get(pointer)
        if not known:
            self._taken.discard(pointer)
        return value

    def items(self, pointer: Pointer) -> list[Pointer]:
        """The pointers of the objects of a list."""
        found = self.get(pointer)
        if not isinstance(found, list):
            return []
        return [(*pointer, str(number)) for number, item in enumerate(found) if isinstance(item, dict)]

    def rest(self) -> Iterator[tuple[str, str]]:
        """(JSON pointer, JSON) of what was not taken: the largest parts of which nothing was, in their order."""
        begun = {pointer[:length] for pointer in self._taken for length in range(len(pointer))}
        yield from self._rest((), self.tree, begun)

    def _rest(self, pointer: Pointer, value: Any, begun: set[Pointer]) -> Iterator[tuple[str, str]]:
        if value in _BLANK or pointer in self._taken:
            return
        if pointer in begun or not pointer:
            inner = value.items() if isinstance(value, dict) else enumerate(value)
            for step, part in inner:
                yield from self._rest((*pointer, str(step)), part, begun)
            return
        yield shown(pointer), _text(value)


def shown(pointer: Pointer) -> str:
    """A JSON pointer (RFC 6901): ``/line_items/0/price``."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in pointer)


def _text(value: Any) -> str:
    """JSON as it stood there, but for white space. Numbers keep their digits."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_text, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def _is_text(value: Any) -> bool:
    try:
        _text(value).encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)
