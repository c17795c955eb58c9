"""The validator of customs messages: their form by the tables, and what must fit together in them by rules."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.codecs.model import LIMITS, Limits
from gateway.codecs.xml_read import Element
from gateway.codecs.xml_text import XmlText
from gateway.core.issues import Issue, has_errors
from gateway.grammar import ceb_rules
from gateway.grammar.ceb_schema import CebTable
from gateway.grammar.ceb_tree import Part, nodes
from gateway.grammar.ceb_values import among, listed
from gateway.grammar.xml_validator import XmlValidator

_DECLARED = "2"

#: The port itself sends what says nothing.
_PASSED = frozenset({"XML-E10"})


class CebValidator:
    """Checks messages against one table. ``outgoing``: by the stricter of what the schema and the text of the
    specification ask, since the port may go by either. One object serves all threads."""

    def __init__(self, table: CebTable, *, outgoing: bool = False) -> None:
        self.table = table
        self._form = XmlValidator(table.write if outgoing else table.read)
        self._passed = frozenset[str]() if outgoing else _PASSED

    def validate(self, text: XmlText, limits: Limits = LIMITS) -> list[Issue]:
        """Every issue: of the form first; where that is right, of what is in it. Never raises, whatever the text."""
        seen: list[Element] = []
        issues = [each for each in self._form.validate(text, limits, seen.append) if each.code not in self._passed]
        if not seen or has_errors(issues):
            return issues
        for issue in self._content(seen[0], seen[1:], text):
            if len(issues) >= limits.issues_per_document:
                break
            issues.append(issue)
        return issues

    def _content(self, root: Element, children: list[Element], text: XmlText) -> Iterator[Issue]:
        signed = any(child.tag == "ds:Signature" for child in children)
        for node in nodes(root, children):
            for part in (node.head, *node.lines):
                yield from self._listed(part, text)
            yield from ceb_rules.check(self.table.type, node, text)
            if self.table.signature == "declared" and node.head["appStatus"] == _DECLARED and not signed:
                yield node.head.issue("CEB-SIGN", "appStatus", text, type=self.table.type)

    def _listed(self, part: Part, text: XmlText) -> Iterator[Issue]:
        """The schema takes any value; customs does not."""
        for child in part.element.children:
            values = self.table.listed.get((part.element.tag, child.tag))
            if values is not None and child.text.strip() and not among(values)(child.text.strip()):
                name = child.tag.partition(":")[2]
                yield part.issue("CEB-VALUE", name, text, value=child.text.strip(), expected=listed(values))
