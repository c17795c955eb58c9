"""Receipts of the port: what each answers, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gateway.codecs.model import LIMITS, Limits
from gateway.codecs.xml_text import XmlText
from gateway.handlers.customs.message import KEYS, Kept, messages_of
from gateway.handlers.customs.states import Answer

#: The message that a receipt answers.
FOLLOWS: dict[str, str] = {
    "312": "311",
    "412": "411",
    "512": "511",
    "514": "513",
    "622": "621",
    "624": "623",
    "626": "625",
    "712": "711",
    "304": "303",
    "404": "403",
    "506": "505",
    "508": "507",
    "510": "509",
    "604": "603",
    "606": "605",
    "608": "607",
    "702": "701",
    "214": "213",
    "216": "215",
}

#: Numbers that customs gives; the first receipt that has one tells it.
NUMBERS = ("preNo", "invtNo", "rkdNo", "sumNo")


class Receipt(NamedTuple):
    """``answers``: the number of the message and what the document in it is known by. ``numbers``: those that customs
    gave it. The receipt's own guid names the receipt, and nothing that was sent."""

    answers: str
    key: tuple[str, ...]
    answer: Answer
    numbers: dict[str, str]


def receipts_of(text: XmlText, limits: Limits = LIMITS) -> Iterator[Receipt]:
    """The receipts in a message; nothing where it is none. Never raises."""
    return (found for kept in messages_of(text, limits) if (found := receipt(kept)) is not None)


def receipt(kept: Kept) -> Receipt | None:
    """A node as a receipt; None where it is none."""
    answered = FOLLOWS.get(kept.number)
    if answered is None:
        return None
    head = kept.head
    key = tuple(head[name] for name in KEYS[answered])
    answer = Answer(head["guid"], head["returnTime"], head["returnStatus"], head["returnInfo"])
    return Receipt(answered, key, answer, {name: head[name] for name in NUMBERS if head[name]})
