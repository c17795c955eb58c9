"""A merchant at the port, in memory: its ERP, who is paid, who carries, and customs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway import example_customs as samples
from gateway.codecs.ceb_file import opened_message
from gateway.handlers.customs.message import CustomsMessage, read_message
from gateway.handlers.customs.view import declarations
from gateway.store import Database
from tests.pipeline.yard import Yard

HOOLI = samples.OWN
ERP = (
    samples.ERP
    + """\
[[agreement]]
name = "erp-customs"
with = "hooli"
direction = "in"
standard = "ceb"
version = "202205"
type = "*"
"""
)

#: The port has two addresses.
CUSTOMS = (
    samples.CUSTOMS
    + """\
[[identity]]
standard = "ceb"
identifier = "DXPEDCCEB0000003"
"""
)


def party(name: str) -> str:
    """Somebody who sends copies of whatever it filed."""
    return samples.firm(name, name.title())


def submits(number: str, more: str = "") -> str:
    """The agreement on a message that leaves, unsigned if nothing more is said."""
    return samples.submits(number, more)


def port(database: Database, *, submitted: tuple[str, ...] = ("311", "621"), more: str = "") -> Yard:
    """A yard with these parties alone. What is not signed leaves all the same: the rule weighs less here."""
    yard = Yard(database)
    customs = CUSTOMS + "".join(submits(number, more) for number in submitted)
    texts = {"hooli": HOOLI, "hooli-erp": ERP, "initech": party("initech"), "globex": party("globex")}
    yard.partners = texts | {"customs": customs}
    return yard


def left(yard: Yard) -> Iterator[tuple[CustomsMessage, bytes]]:
    """What left to customs: the messages, and each file."""
    for body in yard.to("customs-out"):
        yield read_message(opened_message(body).text), opened_message(body).text.data


def shown(yard: Yard, number: str) -> dict[str, Any]:
    """The declaration of this number."""
    with yard.database.read() as connection:
        (found,) = declarations(connection, number, yard.agreements)
    return found


def states(yard: Yard, number: str) -> dict[str, str]:
    """By message, where each document stands."""
    return {each["message"]: each["state"] for each in shown(yard, number)["documents"]}
