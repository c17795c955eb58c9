"""Single mutations of a document that is right: one change each, drawn with a seed.

A document is a list of segments, each a list of its tag and elements; elements are texts with their components.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

Segments = list[list[str]]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BAD_DATES = ("20261301", "20260230", "20260100", "261301", "2026013", "2026AB01")
_BAD_TIMES = ("2460", "1299", "12", "AB00")


class Mutation(NamedTuple):
    """A mutated document. ``where``: the segment that was changed, from 1 at the header."""

    kind: str
    where: int
    segments: Segments
    what: str


class Vocabulary(NamedTuple):
    """Tags of the version, some that it does not have, and how components are separated."""

    tags: tuple[str, ...]
    unknown: tuple[str, ...]
    component: str


def mutate(segments: Segments, random: Random, words: Vocabulary) -> Mutation:
    """One mutation of a kind that is drawn; drawn again where it would change nothing."""
    while True:
        kind = random.choice(list(KINDS))
        made = [list(segment) for segment in segments]
        changed = KINDS[kind](made, random, words)
        if changed is not None and made != segments:
            where, what = changed
            return Mutation(kind, where, made, what)


Change = Callable[[Segments, Random, Vocabulary], tuple[int, str] | None]


def _inside(segments: Segments, random: Random) -> int:
    """A segment between header and trailer."""
    return random.randrange(1, len(segments) - 1)


def _delete(segments: Segments, random: Random, words: Vocabulary) -> tuple[int, str]:
    at = _inside(segments, random)
    gone = segments.pop(at)
    return _counted(segments, at, f"{gone[0]} deleted")


def _duplicate(segments: Segments, random: Random, words: Vocabulary) -> tuple[int, str]:
    at = _inside(segments, random)
    segments.insert(at, list(segments[at]))
    return _counted(segments, at + 1, f"{segments[at][0]} duplicated")


def _swap(segments: Segments, random: Random, words: Vocabulary) -> tuple[int, str] | None:
    at = _inside(segments, random)
    if at + 1 >= len(segments) - 1:
        return None
    segments[at], segments[at + 1] = segments[at + 1], segments[at]
    return at + 1, f"{segments[at + 1][0]} behind {segments[at][0]}"


def _move(segments: Segments, random: Random, words: Vocabulary) -> tuple[int, str]:
    taken = segments.pop(_inside(segments, random))
    to = _inside([*segments, taken], random)
    segments.insert(to, taken)
    return to + 1, f"{taken[0]} moved"


def _insert(segments: Segments, random: Random, words: Vocabulary) -> tuple[int, str]:
    at = _inside(segments, random)
    tag = random.choice(words.tags)
    segments.insert(at, [tag, "1"])
    return _counted(segments, at + 1, f"{tag} inserted")


def _tag(segments: Segments, random: Random, words: Vocabulary) -> tuple[int, str]:
    at = _inside(segments, random)
    before, after = segments[at][0], random.choice((*words.tags, *words.unknown))
    segments[at][0] = after
    return at + 1, f"{before} becomes {after}"


def _count(segments: Segments, random: Random, words: Vocabulary) -> tuple[int, str]:
    segments[-1][1] = random.choice(("0", str(len(segments) + 1), str(len(segments) - 1), "99", "X"))
    return len(segments), f"{segments[-1][0]} says {segments[-1][1]}"


def _control(segments: Segments, random: Random, words: Vocabulary) -> tuple[int, str]:
    segments[-1][2] += "9"
    return len(segments), f"{segments[-1][0]} has another number"


def _counted(segments: Segments, at: int, what: str) -> tuple[int, str]:
    """A change of how many segments there are is not a wrong count too."""
    segments[-1][1] = str(len(segments))
    return min(at + 1, len(segments)), what


def _of_element(change: Callable[[str, Random], str | None]) -> Change:
    """A change of one element, or of one of its components."""

    def changed(segments: Segments, random: Random, words: Vocabulary) -> tuple[int, str] | None:
        at = _inside(segments, random)
        filled = [place for place, element in enumerate(segments[at]) if place and element]
        if not filled:
            return None
        place = random.choice(filled)
        parts = segments[at][place].split(words.component)
        part = random.choice([number for number, value in enumerate(parts) if value])
        before = parts[part]
        after = change(before, random)
        if after is None:
            return None
        parts[part] = after
        segments[at][place] = words.component.join(parts)
        return at + 1, f"{segments[at][0]}{place:02d}-{part + 1}: {before[:20]} becomes {after[:20]}"

    return changed


def _lengthened(value: str, random: Random) -> str:
    return value + value[-1] * random.choice((1, 2, 10, 90))


def _shortened(value: str, random: Random) -> str | None:
    return value[:-1] if len(value) > 1 else None


def _wrong_code(value: str, random: Random) -> str | None:
    if not ((value.isalnum() and value.isupper()) or value.isdigit()) or len(value) > 3:
        return None
    return "".join(random.choice(_LETTERS + "0123456789") for _ in value)


def _wrong_type(value: str, random: Random) -> str | None:
    if not any(character.isdigit() for character in value):
        return None
    at = random.randrange(len(value))
    return value[:at] + random.choice("AZ x.-_") + value[at + 1 :]


def _date(value: str, random: Random) -> str | None:
    return random.choice(_BAD_DATES) if len(value) == 8 and value.isdigit() and value[:2] in ("19", "20") else None


def _time(value: str, random: Random) -> str | None:
    return random.choice(_BAD_TIMES) if len(value) == 4 and value.isdigit() and value < "2400" else None


def _altered(value: str, random: Random) -> str:
    at = random.randrange(len(value))
    return value[:at] + random.choice(_LETTERS + "0123456789 .,-\x07é") + value[at + 1 :]


def _truncate(segments: Segments, random: Random, words: Vocabulary) -> tuple[int, str] | None:
    at = _inside(segments, random)
    if len(segments[at]) < 2:
        return None
    kept = random.randrange(1, len(segments[at]))
    del segments[at][kept:]
    return at + 1, f"{segments[at][0]} cut behind {kept - 1}"


def _surplus(segments: Segments, random: Random, words: Vocabulary) -> tuple[int, str]:
    at = _inside(segments, random)
    segments[at] += ["X"] * random.choice((1, 2, 30))
    return at + 1, f"{segments[at][0]} with {len(segments[at]) - 1} elements"


def _component(segments: Segments, random: Random, words: Vocabulary) -> tuple[int, str] | None:
    at = _inside(segments, random)
    if len(segments[at]) < 2:
        return None
    place = random.randrange(1, len(segments[at]))
    segments[at][place] += (words.component + "X") * random.choice((1, 5))
    return at + 1, f"{segments[at][0]}{place:02d} with more components"


def _trailing(segments: Segments, random: Random, words: Vocabulary) -> tuple[int, str]:
    at = _inside(segments, random)
    segments[at].append("")
    return at + 1, f"{segments[at][0]} ends with a separator"


KINDS: dict[str, Change] = {
    "delete a segment": _delete,
    "duplicate a segment": _duplicate,
    "swap two segments": _swap,
    "move a segment": _move,
    "insert a segment": _insert,
    "change a tag": _tag,
    "break the count": _count,
    "break the control number": _control,
    "drop an element": _of_element(lambda value, random: ""),
    "lengthen an element": _of_element(_lengthened),
    "shorten an element": _of_element(_shortened),
    "write a wrong code": _of_element(_wrong_code),
    "write a wrong type": _of_element(_wrong_type),
    "write a bad date": _of_element(_date),
    "write a bad time": _of_element(_time),
    "alter a character": _of_element(_altered),
    "cut a segment": _truncate,
    "add elements": _surplus,
    "add components": _component,
    "end with a separator": _trailing,
}
