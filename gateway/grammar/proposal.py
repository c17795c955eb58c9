"""What was learned from documents, written as the text of a guide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gateway.grammar.learning import Learner, Place, Seen, Values, is_code
from gateway.grammar.model import UNBOUNDED, Component, Composite, ElementType, ElementUse, Node, SegmentTable

_CODES = 12  # of one element that are listed; more are no list
_OFTEN = 3  # times that each value is seen on average, where a list of them is believed


_At = tuple[int, int] | None


class Proposal(NamedTuple):
    """How much a guide may say. ``least``: documents that have to support a line; ``tight``: lengths and counts are
    limited to the greatest that was seen, too."""

    least: int = 10
    tight: bool = False

    def guide(self, title: str, learned: Iterable[Learner]) -> str:
        """The text of a guide over messages of one version."""
        lines = [f"guide {title}"]
        for learner in learned:
            lines += ["", f"# learned from {_many(learner.documents, 'document')}", f"message {learner.table.type}"]
            lines += (f"  {line}" for line in _Writer(self, learner).inside(learner.table.root, learner.root))
        return "\n".join(lines) + "\n"


class _Writer:
    def __init__(self, proposal: Proposal, learner: Learner) -> None:
        self._proposal = proposal
        self._learner = learner

    def inside(self, loop: Node, seen: Seen, told: _At = None) -> list[str]:
        """The lines on what stands in a loop; none where too few documents have it. ``told``: where the loop's line
        says the code."""
        if seen.tally.documents < self._proposal.least:
            return []
        lines: list[str] = []
        unused: list[str] = []
        for node in loop.children or ():
            if node.place is not node:
                elements = self._elements(self._table(node), seen, told)
                lines += [node.tag, *(f"  {line}" for line in elements)] if elements else []
            elif node not in seen.places:
                unused += [node.name] if not node.mandatory and self._is_only(node, loop) else []
            else:
                lines += self._place(node, seen.places[node], seen)
        if unused:
            names = list(dict.fromkeys(unused))
            lines += [f"# never seen, in {_many(seen.tally.documents, 'document')}", f"none {' '.join(names)}"]
        return lines

    def _is_only(self, node: Node, loop: Node) -> bool:
        """Whether its name alone tells it in its loop."""
        return sum(other.name == node.name for other in loop.children or ()) == 1 and bool(node.most)

    def _place(self, node: Node, place: Place, around: Seen) -> list[str]:
        if not self._is_only(node, node.parent or node):
            return []  # places of one name: which of them is meant takes a person
        counts = self._split(node, place)
        if counts is None:
            return self._line(node, place.all, around, None, "")
        lines: list[str] = []
        for code in sorted(place.codes):
            lines += self._line(node, place.codes[code], around, counts[code], f" where {self._at(node)} is {code}")
        name = f"loop {node.name}" if node.is_loop else node.name
        return [*lines, f"{name} others none"]

    def _at(self, node: Node) -> str:
        at = self._learner.qualifier(node)
        assert at is not None
        return f"{at[0]:02d}" + (f"-{at[1]:02d}" if at[1] else "")

    def _line(self, node: Node, seen: Seen, around: Seen, most: int | None, where: str) -> list[str]:
        """One place, or those of it with one code; ``most``: how often it may stand."""
        tally = seen.tally
        if tally.documents < self._proposal.least and not where:
            return []
        always = tally.inside == around.tally.times and tally.documents >= self._proposal.least
        words = ["loop", node.name] if node.is_loop else [node.name]
        if always and (where or not node.mandatory):
            words.append("M")
        count = most if most is not None else self._most(node, seen)
        if count is not None and (where or count < node.most):
            words.append("*" if count >= UNBOUNDED else str(count))
        told = self._learner.qualifier(node) if where else None
        below = self.inside(node, seen, told) if node.is_loop else self._elements(self._table(node), seen, told)
        if not (below or where) and len(words) == 1 + node.is_loop:
            return []
        said = (
            f"# in {tally.documents} of {_many(self._learner.documents, 'document')}, up to {tally.most} in one place"
        )
        return [said, " ".join(words) + where, *(f"  {line}" for line in below)]

    def _table(self, node: Node) -> SegmentTable:
        return self._learner.segment_of(node)

    def _most(self, node: Node, seen: Seen) -> int | None:
        """How often, where that is to be limited: once is believed, more only if asked."""
        return seen.tally.most if seen.tally.most == 1 or self._proposal.tight else None

    def _split(self, node: Node, place: Place) -> dict[str, int] | None:
        """How often those of each code may stand; None: the place is not split by its codes."""
        codes = place.codes
        if self._learner.qualifier(node) is None or len(codes) < 2 or not all(map(str.isalnum, codes)):
            return None
        if place.tally.documents < self._proposal.least or not _is_list(len(codes), place.tally.times):
            return None
        found = {code: seen.tally.most for code, seen in codes.items()}
        if node.mandatory and not any(self._is_always(seen, place) for seen in codes.values()):
            return None
        several = [code for code, most in found.items() if most > 1]
        if node.most >= UNBOUNDED:
            wide = dict.fromkeys(several, UNBOUNDED)
        else:
            room = node.most - (len(found) - len(several))
            share = room // len(several) if several else room
            if room < 0 or any(found[code] > share for code in several):
                return None
            wide = dict.fromkeys(several, share)
        return found if self._proposal.tight else found | wide

    def _is_always(self, seen: Seen, place: Place) -> bool:
        return seen.tally.inside == place.tally.inside and seen.tally.documents >= self._proposal.least

    def _elements(self, table: SegmentTable, seen: Seen, told: _At) -> list[str]:
        """The lines on the elements of a segment, below one that names it."""
        if seen.tally.documents < self._proposal.least:
            return []
        lines: list[str] = []
        unused: list[str] = []
        for use in table.elements:
            values = seen.elements.get((use.position, 0))
            if values is None:
                unused += [f"{use.position:02d}"] if not use.mandatory and use.repeats else []
            else:
                if (use.position, 0) != told:
                    lines += self._use(use, f"{use.position:02d}", values, seen.tally.times)
                if isinstance(use.item, Composite):
                    for part in use.item.components:
                        inner = seen.elements.get((use.position, part.position))
                        name = f"{use.position:02d}-{part.position:02d}"
                        if inner is not None and (use.position, part.position) != told:
                            lines += self._use(part, name, inner, values.filled)
                        elif inner is None and not part.mandatory and part.repeats:
                            unused.append(name)
        return [*lines, f"none {' '.join(unused)}"] if unused else lines

    def _use(self, use: ElementUse | Component, name: str, values: Values, times: int) -> list[str]:
        """One element or component, where there is something to say about it."""
        words = ["M"] if values.filled == times and use.repeats == 1 and not use.mandatory else []
        item = use.element if isinstance(use, Component) else use.item
        if isinstance(item, ElementType):
            words += self._length(item, values) + _codes(item, values)
        return [" ".join((name, *words))] if words else []

    def _length(self, item: ElementType, values: Values) -> list[str]:
        """The greatest length, if asked. Numbers count digits alone: their length is left as it is."""
        if not self._proposal.tight or item.type not in ("AN", "ID", "an", "a") or values.most >= item.most:
            return []
        return [f"{item.least}..{values.most}"]


def _codes(item: ElementType, values: Values) -> list[str]:
    """The values of a code that were seen, where they look like a list that is used again and again."""
    known = values.known
    if known is None or not is_code(item) or not _is_list(len(known), values.filled):
        return []
    if not all(map(str.isalnum, known)):
        return []  # blanks and service characters cannot be written down
    return ["codes", *sorted(known)] if item.codes is None or known.keys() < item.codes else []


def _is_list(values: int, times: int) -> bool:
    return values <= _CODES and times >= values * _OFTEN


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
