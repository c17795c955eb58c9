"""The way of a document through its transition table: one pass over the segments, which yields findings.

The usual case costs a dictionary look-up, a counter and one match of a compiled pattern for each segment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gateway.grammar.findings import Finding, Kind
from gateway.grammar.model import MessageTable, Node
from gateway.grammar.repair import Repair
from gateway.grammar.segment_patterns import Matchers
from gateway.grammar.transitions import Machine, Step


class Place(NamedTuple):
    """A segment by its number (from 1 at ST or UNH) and the place in the message that it took, if it took one."""

    number: int
    node: Node | None


Walked = tuple[Place, Finding | None]
"""A finding at a place. None stands for a segment whose pattern does not match: somebody has to look into it."""


def walk(
    table: MessageTable, machine: Machine, matchers: Matchers, raws: list[str], separator: str
) -> Iterator[Walked]:
    """All findings about the order and number of segments, and which segments need a look inside.

    ``raws`` are the segments as texts, from ST or UNH on; findings at the end are made only where the last of them
    is the trailer, because a document that was cut misses everything behind the cut.
    """
    repair = Repair(table, machine, raws, separator)
    counts = [0] * len(machine.slots)
    state, trail = machine.start, repair.trail
    ended = raws[-1].partition(separator)[0] == machine.end if raws else False
    for number, raw in enumerate(raws[1 : len(raws) - ended], 2):
        cut = raw.find(separator)
        tag = raw if cut < 0 else raw[:cut]
        step = state.steps.get(tag)
        if step is None or step.missing:
            findings, step = repair.resolve(state, number, tag, step)
            for finding in findings:
                yield Place(number, step.state.node if step else None), finding
            if step is None:
                continue
        after, slot, most, again, _, other = step
        found = counts[slot] + 1 if again else 1
        if found > most and other is not None and not other.missing:
            after, slot, most, again, _, _ = step = other
            found = counts[slot] + 1 if again else 1
        counts[slot] = found
        if found == most + 1:
            yield Place(number, after.node), _too_often(step, found)
        state = after
        trail.append(state)
        if matchers[tag](raw) is None:
            yield Place(number, state.node), None
    if ended:
        for finding in repair.missing_at_end(state):
            yield Place(len(raws), None), finding


def _too_often(step: Step, found: int) -> Finding:
    """The segment, or its loop when it starts one."""
    node = step.state.node
    loop = node.parent
    counted = {"found": str(found), "most": str(step.most)}
    if loop is not None and loop.parent is not None and node.position == 0:
        return Finding(Kind.LOOP_TOO_OFTEN, {"loop": loop.name, **counted})
    return Finding(Kind.SEGMENT_TOO_OFTEN, {"tag": node.tag, **counted})
