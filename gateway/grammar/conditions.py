"""The relational conditions of X12 (X12.6): which elements need or exclude each other, judged and put into words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gateway.grammar.model import Condition

Broken = tuple[int, str]
"""The position at fault and a sentence."""


def broken(condition: Condition, there: Sequence[bool]) -> Broken | None:
    """Judges one condition over elements or components, of which ``there`` says which are present."""
    present = [place for place in condition.positions if place <= len(there) and there[place - 1]]
    absent = [place for place in condition.positions if place not in present]
    return _RULES[condition.kind](condition.positions, present, absent)


def _paired(places: Sequence[int], present: Sequence[int], absent: Sequence[int]) -> Broken | None:
    if not present or not absent:
        return None
    return absent[0], f"Positions {_listed(places, 'and')} stand together or not at all."


def _required(places: Sequence[int], present: Sequence[int], absent: Sequence[int]) -> Broken | None:
    return None if present else (places[0], f"At least one of the positions {_listed(places, 'or')} is needed.")


def _exclusive(places: Sequence[int], present: Sequence[int], absent: Sequence[int]) -> Broken | None:
    return (
        None
        if len(present) < 2
        else (max(present), f"Only one of the positions {_listed(places, 'and')} may be filled.")
    )


def _conditional(places: Sequence[int], present: Sequence[int], absent: Sequence[int]) -> Broken | None:
    if places[0] not in present or not absent:
        return None
    return absent[0], f"Position {places[0]} needs {_listed(places[1:], 'and')} beside it."


def _list(places: Sequence[int], present: Sequence[int], absent: Sequence[int]) -> Broken | None:
    if places[0] not in present or len(present) > 1:
        return None
    return places[1], f"Position {places[0]} needs at least one of {_listed(places[1:], 'or')} beside it."


def _listed(places: Sequence[int], word: str) -> str:
    """``3, 5 and 6``."""
    texts = [str(place) for place in places]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {word} {texts[-1]}"


_RULES: dict[str, Callable[[Sequence[int], Sequence[int], Sequence[int]], Broken | None]] = {
    "P": _paired,
    "R": _required,
    "E": _exclusive,
    "C": _conditional,
    "L": _list,
}
