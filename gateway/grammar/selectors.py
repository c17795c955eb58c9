"""Which of several places a segment fits: judged on its text, and as a pattern."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.codecs.model import Delimiters
from gateway.grammar.model import Node, Selector
from gateway.grammar.transitions import Step
from gateway.grammar.values import codes, escape


def fits(selects: Iterable[Selector], raw: str, delimiters: Delimiters) -> bool:
    """Whether a segment (released characters masked) holds what a place selects."""
    return all(held(raw, one, delimiters) in one.codes for one in selects)


def held(raw: str, selector: Selector, delimiters: Delimiters) -> str:
    """What a segment holds where a selector looks: the component of the first repetition."""
    elements = raw.split(delimiters.element, selector.position + 1)
    text = elements[selector.position] if selector.position < len(elements) else ""
    if delimiters.repetition:
        text = text.partition(delimiters.repetition)[0]
    components = text.split(delimiters.component)
    place = max(selector.component, 1)
    return components[place - 1] if place <= len(components) else ""


def fitting(step: Step | None, raw: str, delimiters: Delimiters) -> list[Step]:
    """The steps of a chain that a segment fits, the nearest first."""
    return [one for one in step.chain if fits(one.selects, raw, delimiters)] if step is not None else []


def start(node: Node, delimiters: Delimiters) -> str:
    """The pattern of how a segment begins that takes a place: tag, and what it selects, which is only looked at."""
    stops = escape((delimiters.element, delimiters.terminator))
    looks = "".join(f"(?={_look(one, delimiters)})" for one in node.selectors)
    return f"{escape(node.tag)}(?=[{stops}]){looks}"


def _look(selector: Selector, delimiters: Delimiters) -> str:
    element, component = escape(delimiters.element), escape(delimiters.component)
    stops = element + escape(delimiters.terminator)
    marks = delimiters.element + delimiters.component + delimiters.terminator + (delimiters.repetition or "")
    inner = f"(?:[^{escape(marks)}]*+{component}){{{max(selector.component, 1) - 1}}}+"
    before = f"(?:{element}[^{stops}]*+){{{selector.position - 1}}}+{element}{inner}"
    return f"{before}{codes(selector.codes)}(?![^{escape(marks)}])"
