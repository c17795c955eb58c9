"""X12 facts of the layout that names everything and has neither conditions nor codes → the tables of one version."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from gateway.grammar import convert_x12
from gateway.grammar.convert_text import Directory, Element, Group, Item, Message, Place, used_tags, wanted
from gateway.grammar.model import UNBOUNDED

_CUT = 99_999  # how these facts write "any number"
_LONGEST = 999_999_999  # of binary data, where these facts have more digits than a document can have bytes

Facts = Mapping[str, Any]
Conditions = Mapping[str, Iterable[str]]


def directory(facts: Facts, messages: Collection[str] | None, older: Facts, conditions: Conditions) -> Directory:
    """The wanted sets and all that they use.

    ``older``: facts of an earlier version in the other layout, for what these leave open: names of sets, decimals of
    numbers, conditions of segments that are the same. ``conditions``: those of further segments, by tag.
    """
    before = convert_x12.directory(older, None, {}, ()) if older else Directory("")
    maker = _Maker(facts, before)
    for kind in wanted(messages, facts["transactions"]):
        entry = facts["transactions"][kind]
        name = entry.get("name") or (before.messages[kind].name if kind in before.messages else "")
        top = entry["structure"][0]["children"]
        maker.made.messages[kind] = Message(name, entry["functional_group"], _items(top))
    everything = set(facts["segments"]) - convert_x12.ENVELOPE
    for tag in everything if messages is None else used_tags(maker.made.messages.values()):
        maker.add_segment(tag, conditions.get(tag, ()))
    return maker.made


def _items(structure: Iterable[Facts]) -> list[Item]:
    """The tree without ST and SE. What has children is a loop, and starts it itself."""
    found = []
    for entry in structure:
        if entry["seg"] in convert_x12.ENVELOPE:
            continue
        most = UNBOUNDED if int(entry["max"]) == _CUT else int(entry["max"])
        inner = [Item(entry["seg"], True, 1), *_items(entry["children"])] if "children" in entry else None
        found.append(Item(entry["seg"], int(entry["min"]) > 0, most, inner))
    return found


class _Maker:
    """Gathers segments with what they refer to."""

    def __init__(self, facts: Facts, before: Directory) -> None:
        self.made = Directory(f"x12/{facts['version']}", tags=[*facts["segments"], *before.segments])
        self._facts = facts
        self._before = before

    def add_segment(self, tag: str, conditions: Iterable[str]) -> None:
        places = [self._place(use) for use in self._facts["segments"][tag]]
        old = self._before.segments.get(tag)
        same = old.conditions if old is not None and old.places == places else []
        known = {_meaning(condition) for condition in same}
        more = [condition for condition in conditions if _meaning(condition) not in known]
        fit = [condition for condition in more if max(_meaning(condition)[1]) <= len(places)]
        self.made.segments[tag] = Group(self._facts["segment_names"].get(tag, ""), places, [*same, *fit])

    def _place(self, use: Facts) -> Place:
        """One place; what it refers to is added."""
        reference = use["elem"]
        if "components" in use:
            parts = [self._place(part) for part in use["components"]]
            old = self._before.composites.get(reference)
            same = old.conditions if old is not None and old.places == parts else []
            self.made.composites[reference] = Group(use["name"], parts, same)
        else:
            self._add_element(reference, use)
        return Place(reference, use["status"] == "M")

    def _add_element(self, reference: str, use: Facts) -> None:
        """The better of what its uses say: ID before AN, digits before R; the version before knows the decimals."""
        kinds = {use["type"]}
        least, most = int(use["min"]), min(int(use["max"]), _LONGEST)
        if reference in self.made.elements:
            other = self.made.elements[reference]
            kinds.add(other.type)
            least, most = min(least, other.least), max(most, other.most)
        if reference in self._before.elements:
            kinds.add(self._before.elements[reference].type)
        self.made.elements[reference] = Element(use["name"], _kind(kinds), least, most)


def _kind(kinds: set[str]) -> str:
    numbers = sorted(kind for kind in kinds if kind[0] == "N" and kind != "N")
    if numbers or "N" in kinds:
        return numbers[0] if numbers else "N0"
    return "ID" if "ID" in kinds else kinds.pop()


def _meaning(condition: str) -> tuple[str, tuple[int, ...]]:
    """Two ways to write one condition have the same meaning: the order counts for the first position of C and L."""
    numbers = [int(condition[at : at + 2]) for at in range(1, len(condition), 2)]
    fixed = 1 if condition[0] in "CL" else 0
    return condition[0], (*numbers[:fixed], *sorted(numbers[fixed:]))
