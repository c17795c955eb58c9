"""What a customs message that came in says, as facts. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gateway.handlers.customs.facts import DOCUMENT, RECEIPT, TAX, Fact, Name
from gateway.handlers.customs.message import CustomsMessage, CustomsNode, Said, key_of
from gateway.handlers.customs.naming import names_of
from gateway.handlers.customs.receipts import FOLLOWS, NUMBERS

_FORMAT_RECEIPT = "900"
_TAXES = frozenset({"816", "818"})


class Told(NamedTuple):
    """One fact, and the numbers that say of which case it is."""

    names: frozenset[Name]
    fact: Fact


def told_by(message: CustomsMessage, evidence: str) -> Iterator[Told]:
    """Of each node. ``evidence``: what a document in it is to us."""
    for node in message.nodes:
        yield _told(message, node, evidence)


def _told(message: CustomsMessage, node: CustomsNode, evidence: str) -> Told:
    number, head = message.number, node.head
    if number == _FORMAT_RECEIPT:
        return _format_receipt(head)
    if number in FOLLOWS:
        return _receipt(FOLLOWS[number], head, names_of(number, head))
    if number in _TAXES:
        key = (head["invtNo"], head["taxNo"])
        fact = Fact(
            kind=TAX, number=number, key=key, at=head["returnTime"], id=head["guid"], head=head, lines=node.lines
        )
        return Told(frozenset({Name("entry", head["invtNo"])}), fact)
    names = names_of(number, head)
    fact = Fact(
        kind=DOCUMENT,
        number=number,
        key=key_of(number, head) or (head["sumNo"] or head["guid"],),
        at=head["appTime"],
        evidence=evidence,
        head=head,
        lines=node.lines,
    )
    return Told(names or frozenset({Name("paper", f"{number}/{head['guid']}")}), fact)


def _receipt(answered: str, head: Said, names: frozenset[Name]) -> Told:
    fact = Fact(
        kind=RECEIPT,
        number=answered,
        key=key_of(answered, head),
        at=head["returnTime"],
        id=head["guid"],
        status=head["returnStatus"],
        text=head["returnInfo"],
        numbers={name: head[name] for name in NUMBERS if head[name]},
    )
    return Told(names, fact)


def _format_receipt(head: Said) -> Told:
    """CEB900 names the message as the exchange system knows it."""
    fact = Fact(
        kind=RECEIPT,
        number=_FORMAT_RECEIPT,
        at=head["returnTime"],
        id=head["guid"],
        of=head["oriCopMsgId"],
        status=head["returnStatus"],
        text=head["returnInfo"],
    )
    return Told(frozenset({Name("message", head["oriCopMsgId"])}), fact)
