"""Places told apart by what a segment holds, over tables made by chance: a document made by its table is fine, and the
two ways of checking never disagree on what is fine."""

from __future__ import annotations

import re
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gateway.codecs.model import Delimiters, RawDocument
from gateway.grammar.model import UNBOUNDED, ElementType, ElementUse, MessageTable, Node, SegmentTable, Selector
from gateway.grammar.validator import Validator
from gateway.grammar.whole import pattern

MARKS = Delimiters("*", ">", "~")
CODES = "PQRS"
SEEDS = st.integers(0, 2**32)
WIDE = SegmentTable(
    "", "", tuple(ElementUse(n, ElementType(str(n), "", "AN", 1, 3), False, 1) for n in range(1, 4)), ()
)


def of_tag(tag: str) -> SegmentTable:
    return SegmentTable(tag, "", WIDE.elements, ())


def narrowed(random: Random, tag: str, kept: set[int]) -> SegmentTable:
    """Some elements are shorter, not used or mandatory; those that select are left as they are."""
    uses = []
    for use in WIDE.elements:
        mandatory, most = random.choice([(False, 3), (False, 0), (True, 2), (False, 1)])
        if use.position in kept:
            uses.append(use)
        elif not most:
            uses.append(ElementUse(use.position, use.item, False, 0))
        else:
            uses.append(ElementUse(use.position, ElementType(str(use.position), "", "AN", 1, most), mandatory, 1))
    return SegmentTable(tag, "", tuple(uses), ())


class Table:
    """A message by chance. ``tags`` gives the tag of each position: distinct ones make a table without ambiguity."""

    def __init__(self, random: Random, distinct: bool) -> None:
        self.random, self.distinct, self.count = random, distinct, 0
        root = Node("ST", True, 1, 0, "850")
        self._grow(root, 0)
        tags = sorted({node.tag for node in root.walk() if node is not root})
        self.message = MessageTable(
            "x12", "004010", "850", "", root, {tag: of_tag(tag) for tag in tags}, "", "", frozenset(tags)
        )

    def _tag(self) -> str:
        self.count += 1
        return f"A{self.count:02d}" if self.distinct else self.random.choice(["AA", "BB", "CC", "DD"])

    def _grow(self, loop: Node, depth: int) -> None:
        children = list(loop.children or ())
        for _ in range(self.random.randint(1, 3)):
            self._position(loop, children, depth)
        loop.children = tuple(children)

    def _position(self, loop: Node, children: list[Node], depth: int) -> None:
        """One position: a segment or a loop, or several that select."""
        tag, mates = self._tag(), self.random.choice([1, 1, 1, 2, 3])
        place = (self.random.randint(1, 2), 0) if self.random.random() < 0.8 else (1, 2)
        for number in range(mates):
            last = number == mates - 1
            codes = frozenset(self.random.sample(CODES, self.random.randint(1, 2)))
            selects = (
                (Selector(*place, codes),) if not last or self.random.random() < (0.6 if mates > 1 else 0.1) else ()
            )
            segment = narrowed(self.random, tag, {place[0]}) if self.random.random() < 0.5 else None
            mandatory = self.random.random() < 0.3
            most = self.random.choice([1, 1, 2, UNBOUNDED, 1 if mandatory else 0])
            node = Node(tag, mandatory, most, len(children), tag, None, loop, segment, selects)
            if depth < 2 and self.random.random() < 0.4:
                node.segment = None
                node.children = (Node(tag, True, 1, 0, tag, None, node, segment, selects),)
                self._grow(node, depth + 1)
            children.append(node)

    def document(self) -> list[str]:
        return ["ST*850*1", *self._inside(self.message.root), "SE*2*1"]

    def _inside(self, loop: Node) -> list[str]:
        found, children, at = [], loop.children or (), 0
        while at < len(children):
            mates = children[at].mates
            taken = [mate for mate in mates for _ in range(self._times(mate))]
            self.random.shuffle(taken)
            for mate in taken:
                found.append(self._segment(mate, mates))
                found += self._inside(mate)[1:] if mate.is_loop else []
            at += len(mates)
        return found

    def _times(self, mate: Node) -> int:
        least = 1 if mate.mandatory else 0
        return self.random.randint(least, max(least, min(mate.most, 3)))

    def _segment(self, place: Node, mates: tuple[Node, ...]) -> str:
        """One that fits this place, and none of its mates before it."""
        table = place.first.segment or WIDE
        before = mates[: mates.index(place)]
        for _ in range(1000):
            elements = [self._value(use) for use in table.elements]
            for selector in place.selectors:
                code = self.random.choice(sorted(selector.codes))
                elements[selector.position - 1] = (
                    code if selector.component < 2 else f"{self.random.choice('Px')}>{code}"
                )
            if not any(all(_holds(elements, one) for one in mate.selectors) for mate in before):
                return "*".join([place.tag, *elements]).rstrip("*")
        return ""

    def _value(self, use: ElementUse) -> str:
        assert isinstance(use.item, ElementType)
        if not use.repeats or (not use.mandatory and self.random.random() < 0.3):
            return ""
        return self.random.choice(CODES) + "z" * self.random.randint(0, use.item.most - 1)


def _holds(elements: list[str], selector: Selector) -> bool:
    parts = elements[selector.position - 1].split(">")
    place = max(selector.component, 1)
    return place <= len(parts) and parts[place - 1] in selector.codes


def impossible(table: Table) -> bool:
    """A mandatory place whose codes all belong to its mates, or an element of one component that selects by two."""
    return any("" in table.document() for _ in range(5)) or any(
        selector.component == 2 for node in table.message.root.walk() for selector in node.selectors
    )


def document(lines: list[str]) -> RawDocument:
    text = "".join(f"{line}~" for line in lines)
    return RawDocument(
        standard="x12", type="850", version="004010", association="", control_number="1", position=1, text=text,
        offset=0, length=len(text), delimiters=MARKS, charset="utf-8",
    )  # fmt: skip


def everything(table: MessageTable) -> set[Node]:
    return {node for node in table.root.walk() if node.parent is not None and node.place is node}


def edited(random: Random, lines: list[str]) -> list[str]:
    head, *body, tail = lines
    for _ in range(random.choice([0, 1, 2])):
        if not body:
            break
        at, to = random.randrange(len(body)), random.randrange(len(body))
        edit = random.choice(["drop", "double", "move", "code", "fill", "many"])
        if edit == "drop":
            del body[at]
        elif edit == "double":
            body.insert(to, body[at])
        elif edit == "move":
            body.insert(to, body.pop(at))
        elif edit == "many":
            body[at:at] = [body[at]] * 3
        elif edit == "code":
            body[at] = re.sub(f"[{CODES}]", lambda _: random.choice(CODES + "x>"), body[at], count=1)
        else:
            body[at] += random.choice(["*P", "**Q", "z", "zz", "*Pz"])
    return [head, *body, tail]


@settings(max_examples=80, deadline=None)
@given(seed=SEEDS)
def test_a_document_made_by_a_table_is_fine_in_both_ways_of_checking(seed: int) -> None:
    random = Random(seed)
    table = Table(random, distinct=True)
    if impossible(table):
        return
    lines = table.document()
    assume(all(lines))  # a table without a place to begin with makes an empty segment, which is none
    checked = document(lines)
    assert [str(issue.text) for issue in Validator(table.message).validate(checked)] == [], lines
    assert re.fullmatch(pattern(table.message, MARKS, everything(table.message)), checked.text), lines


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS, distinct=st.booleans(), part=st.booleans())
def test_what_the_pattern_lets_pass_the_walk_lets_pass(seed: int, distinct: bool, part: bool) -> None:
    random = Random(seed)
    table = Table(random, distinct)
    checked = document(edited(random, table.document()))
    used = everything(table.message)
    if part:  # what documents have not shown yet is not let pass as something else
        used = {place for place in table.message.root.walk() if place in used and random.random() < 0.8}
    if re.fullmatch(pattern(table.message, MARKS, used), checked.text):
        assert [issue.text for issue in Validator(table.message).validate(checked)] == [], checked.text


@settings(max_examples=80, deadline=None)
@given(seed=SEEDS)
def test_every_change_that_the_walk_lets_pass_the_pattern_lets_pass(seed: int) -> None:
    random = Random(seed)
    table = Table(random, distinct=True)
    checked = document(edited(random, table.document()))
    if not Validator(table.message).validate(checked):
        assert re.fullmatch(pattern(table.message, MARKS, everything(table.message)), checked.text), checked.text
