"""The way of a document through its transition table: one pass over the segments, which yields findings.

The usual case costs a dictionary look-up, a counter and one match of a compiled pattern for each segment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gateway.codecs.model import Delimiters
from gateway.grammar.findings import Finding, Kind
from gateway.grammar.model import MessageTable, Node
from gateway.grammar.repair import Repair
from gateway.grammar.segment_patterns import Matchers
from gateway.grammar.transitions import Machine, State, Step


class Place(NamedTuple):
    """A segment by its number (from 1 at ST or UNH) and the place in the message that it took, if it took one.
    ``astray``: the element by which it fits no place; its content is what the version says, not what a place does."""

    number: int
    node: Node | None
    astray: int = 0


Walked = tuple[Place, Finding | None]
"""A finding at a place. None stands for a segment whose pattern does not match: somebody has to look into it."""


def walk(
    table: MessageTable,
    machine: Machine,
    matchers: Matchers,
    raws: list[str],
    delimiters: Delimiters,
    trail: list[State] | None = None,
) -> Iterator[Walked]:
    """All findings about the order and number of segments, and which segments need a look inside.

    ``raws`` are the segments as texts, from ST or UNH on; findings at the end are made only where the last of them
    is the trailer, because a document that was cut misses everything behind the cut. ``trail`` is filled with the
    states that the document went through.
    """
    separator = delimiters.element
    trail = [] if trail is None else trail
    repair = Repair(table, machine, raws, delimiters, trail)
    counts, state = repair.counts, machine.start
    ended = raws[-1].partition(separator)[0] == machine.end if raws else False
    for number, raw in enumerate(raws[1 : len(raws) - ended], 2):
        cut = raw.find(separator)
        tag = raw if cut < 0 else raw[:cut]
        step = state.steps.get(tag)
        astray = 0
        if step is None or not step.plain:
            resolved = repair.resolve(state, number, tag, raw, step)
            for finding in resolved.findings:
                yield Place(number, resolved.step.state.node if resolved.step else None), finding
            step, astray = resolved.step, resolved.astray
            if step is None:
                continue
            repair.enter(step)
        after, slot, most, again, _, other, _, _, _, _ = step
        found = counts[slot] + 1 if again else 1
        if found > most and other is not None and other.plain:
            step = next((one for one in other.chain if one.plain and repair.has_room(one)), other)
            after, slot, most, again, _, _, _, _, _, _ = step
            found = counts[slot] + 1 if again else 1
        if astray:  # it does not count, and its place is not missed either
            found -= 1
            repair.excused.add(slot)
        counts[slot] = found
        if found == most + 1 and not astray:
            yield Place(number, after.node), _too_often(step, found)
        state = after
        trail.append(state)
        if matchers[tag if astray else state.key](raw) is None:
            yield Place(number, state.node, astray), None
    if ended:
        for finding in repair.missing_at_end(state):
            yield Place(len(raws), None), finding


def _too_often(step: Step, found: int) -> Finding:
    """The segment, or its loop when it starts one."""
    node = step.state.node
    loop = node.parent
    counted = {"found": str(found), "most": str(step.most)}
    if loop is not None and loop.parent is not None and node.position == 0:
        kind = Kind.LOOP_TOO_OFTEN if step.most else Kind.LOOP_NOT_USED
        return Finding(kind, {"loop": loop.name, **counted})
    kind = Kind.SEGMENT_TOO_OFTEN if step.most else Kind.SEGMENT_NOT_USED
    return Finding(kind, {"tag": node.tag, **counted})
