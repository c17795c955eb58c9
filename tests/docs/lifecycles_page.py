"""docs/concepts/lifecycles.md: the three lifecycles as pictures and tables."""

from __future__ import annotations

from gateway.core.lifecycle import BEGINNINGS, TABLES, Table, states
from tests.docs.markdown import head, table

_INTRODUCTION = """
What a transmission, a document and an expectation can be, and what leads from one state to the next. Nothing else is
possible: an event that a state does not have is refused with the events that it has. Every step is written to the
events table as `<lifecycle>.<state>` (`document.held`), and under the same name to the log.
"""

_ABOUT = {
    "transmission": "One unit of transport: a file, an HTTP body, an AS2 message. Inbound ones begin at `received`, "
    "outbound ones at `composed`.",
    "document": "One transaction set, message or file record. Inbound ones begin at `ready`, or at `held` or `refused` "
    "where translation finds that at once; outbound ones begin at `emitted`. *Held* means that we owe the work and "
    "wait for something that is named; *refused* means that a negative receipt was given and the sender sends again.",
    "expectation": "What must arrive by when, such as a 997 for what was sent.",
}


def page() -> str:
    sections = [_section(name, lifecycle) for name, lifecycle in TABLES.items()]
    return "\n".join([head("Lifecycles", "gateway/core/lifecycle.py"), _INTRODUCTION.strip() + "\n", *sections])


def _section(name: str, lifecycle: Table) -> str:
    rows = [(f"`{before}`", f"`{event}`", f"`{after}`") for (before, event), after in lifecycle.items()]
    ends = ", ".join(f"`{state}`" for state in ends_of(lifecycle))
    return "\n".join(
        [
            f"## {name.capitalize()}\n",
            _ABOUT[name] + "\n",
            f"```mermaid\n{diagram(name, lifecycle)}\n```\n",
            table(("state", "event", "next state"), rows),
            f"Ends: {ends}.\n",
        ]
    )


def diagram(name: str, lifecycle: Table) -> str:
    """A state diagram in Mermaid's notation."""
    lines = [f'    state "{state}" as {_id(state)}' for state in states(lifecycle) if " " in state]
    lines += [f"    [*] --> {_id(state)}" for state in BEGINNINGS[name]]
    lines += [f"    {_id(before)} --> {_id(after)}: {event}" for (before, event), after in lifecycle.items()]
    lines += [f"    {_id(state)} --> [*]" for state in ends_of(lifecycle)]
    return "\n".join(["stateDiagram-v2", *lines])


def ends_of(lifecycle: Table) -> list[str]:
    """States that nothing leads out of."""
    left = {before for before, _ in lifecycle}
    return [state for state in states(lifecycle) if state not in left]


def _id(state: str) -> str:
    return state.replace(" ", "_")
