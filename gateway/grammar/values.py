"""One simple value as a regular expression: type, length and code list.

All patterns are possessive or exclude their own continuation, so that a match takes linear time on any text.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from gateway.codecs.charset import UNDECODED
from gateway.codecs.model import Delimiters
from gateway.grammar import dates
from gateway.grammar.model import Composite, ElementType, ElementUse

CONTROLS = r"\x00-\x1f\x7f-\x9f"
_UNCOUNTED = 1_000_000_000  # bytes of binary data: above that a pattern cannot count


def data_class(marks: str) -> str:
    """One character of data: no delimiter, control character or undecoded byte."""
    return f"[^{escape(marks)}{CONTROLS}{UNDECODED}]"


def escape(characters: Iterable[str]) -> str:
    """Characters for use inside and outside of a character class."""
    return "".join(map(_escaped, characters))


def _escaped(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character
    return rf"\x{ord(character):02x}" if ord(character) < 256 else rf"\U{ord(character):08x}"


def separators(use: ElementUse, delimiters: Delimiters) -> str:
    """The separators inside of an element: one that has nothing else is empty."""
    mark = delimiters.component if isinstance(use.item, Composite) else ""
    return mark + (delimiters.repetition or "" if use.repeats > 1 else "")


def value(element: ElementType, marks: str) -> str:
    """The pattern of a value that is not empty. ``marks`` are the delimiters that cannot stand in it."""
    least, most = element.least, element.most
    match element.type:
        case "AN" | "ID" | "an":
            return codes(element.codes) if element.codes else f"{data_class(marks)}{{{least},{most}}}+"
        case "a":
            return codes(element.codes) if element.codes else f"{data_class(marks + '0123456789')}{{{least},{most}}}+"
        case "R":
            return number(least, most, "-?+(?:{whole}|{sized}(?:[0-9]++[.][0-9]*+|[.][0-9]++))")
        case "n":
            numeric = number(least, most, "-?+(?:{whole}|{sized}[0-9]++[.,][0-9]++)")
            return f"(?={numeric}(?!{data_class(marks)})){codes(element.codes)}" if element.codes else numeric
        case "DT":
            return dates.date(least, most)
        case "TM":
            return dates.time(least, most)
        case "B":
            least, size = min(least, _UNCOUNTED), "" if most > _UNCOUNTED else most
            return (f"[^{escape(marks)}]" if marks else "(?s:.)") + f"{{{least},{size}}}+"
        case _:  # N0 … N9
            return f"-?+[0-9]{{{least},{most}}}+"


def number(least: int, most: int, form: str) -> str:
    """Digits with a decimal mark or without: neither it nor the sign counts (X12.6 R; ISO 9735:1988 §10)."""
    whole = f"[0-9]{{{least},{most}}}+(?![0-9.,])"
    sized = f"(?=[0-9.,]{{{least + 1},{most + 1}}}+(?![0-9.,]))"
    return form.format(whole=whole, sized=sized)


@lru_cache(maxsize=256)
def codes(values: frozenset[str]) -> str:
    """One of the values: a tree of prefixes, so that a list of a thousand is as fast as one of ten."""
    return _branch(values)


def _branch(values: frozenset[str]) -> str:
    tails: dict[str, set[str]] = {}
    for text in values:
        if text:
            tails.setdefault(text[0], set()).add(text[1:])
    heads: dict[frozenset[str], list[str]] = {}
    for head in sorted(tails):
        heads.setdefault(frozenset(tails[head]), []).append(head)
    if not heads:
        return ""
    branches = [_one_of(letters) + _branch(rest) for rest, letters in heads.items()]
    either = branches[0] if len(branches) == 1 and "" not in values else f"(?>{'|'.join(branches)})"
    return either + ("?+" if "" in values else "")


def _one_of(letters: list[str]) -> str:
    return escape(letters) if len(letters) == 1 else f"[{escape(letters)}]"
