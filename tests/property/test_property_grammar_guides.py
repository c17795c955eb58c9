"""Whatever stands in a guide: it narrows the message, or the line that is wrong is named."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.core.errors import SchemaError
from gateway.grammar.guided import narrowed
from gateway.grammar.guides import guide
from gateway.grammar.model import UNBOUNDED, Composite, MessageTable, Node
from tests.property.test_property_grammar_whole import table

WORDS = (
    "message segment element extends loop none others where is and codes repeats M O 850 ORDERS BEG REF N1 PO1 PID SG1 "
    "SG2 DTM NAD BGM RFF 01 02 03 04 04-01 01-1 99 00 2005 C507 3035 355 128 DP IA BY 137 1 2 3 * ..5 1..3 0 x ä * #"
)
LINES = [
    "message 850", "message ORDERS", "  REF M where 01 is DP", "  REF others none", "  loop N1 M where 01 is BY",
    "    N1", "      03 M codes 92", "    N3 M", "  loop PO1", "    PO1", "  BEG", "    02 codes SA", "  none CUR",
    "element 355 codes EA", "segment N4", "  04 codes US", "  DTM M where 2005 is 137", "  loop SG2 M where 3035 is BY",
    "    NAD", "      C082 M", "      none 04", "  BGM", "    1225 M",
]  # fmt: skip


def a_guide(random: Random) -> str:
    lines = ["guide G"]
    for _ in range(random.randint(0, 9)):
        line = random.choice(LINES)
        if random.random() < 0.3:
            words = line.split(" ")
            words[random.randrange(len(words))] = random.choice(WORDS.split())
            line = " ".join(words)
        if random.random() < 0.2:
            line += f" {random.choice(WORDS.split())}"
        lines.append(line)
    return "\n".join(lines)


def narrowed_or_refused(base: MessageTable, text: str) -> MessageTable | None:
    try:
        return narrowed(base, guide("G.txt", text), "G", text)
    except SchemaError as caught:
        error = caught
    assert "G.txt: line " in str(error), text
    return None


@settings(max_examples=400, deadline=None)
@given(seed=st.integers(0, 2**32), standard=st.sampled_from(["x12", "edifact"]))
def test_a_guide_narrows_or_says_which_line_is_wrong(seed: int, standard: str) -> None:
    text, base = a_guide(Random(seed)), table(standard)
    made = narrowed_or_refused(base, text)
    if made is None:
        return
    together: Counter[tuple[Node, Node]] = Counter()
    for node in made.root.walk():
        for child in node.children or ():
            assert child.base is not None
            together[child.base, node] += child.most
    assert all(most <= below.most for (below, _), most in together.items() if below.most < UNBOUNDED), text
    for node in made.root.walk():
        below = node.base
        assert below is not None
        assert node.most <= below.most, text
        assert node.mandatory or not below.mandatory or len(node.mates) > 1, text
        if node.parent is not None and not node.is_loop:
            narrow, wide = node.segment or made.segments[node.tag], base.segments[node.tag]
            for use, old in zip(narrow.elements, wide.elements, strict=True):
                assert use.repeats <= old.repeats, text
                assert use.mandatory or not old.mandatory, text
                if isinstance(use.item, Composite) or isinstance(old.item, Composite):
                    continue
                assert old.item.least <= use.item.least <= use.item.most <= old.item.most, text
                assert old.item.codes is None or (use.item.codes or set()) <= old.item.codes, text


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*LINES, "  ", "\t", "guide", "guide x"]), max_size=8).map("\n".join)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    for lines in (text, f"guide G\n{text}"):
        made = narrowed_or_refused(table("x12"), lines)
        assert made is None or made.root.base is table("x12").root, lines
