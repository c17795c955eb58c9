"""A merchant at the port, in memory: its ERP, who is paid, who carries, and customs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.codecs.ceb_file import opened_message
from gateway.handlers.customs.message import CustomsMessage, read_message
from gateway.handlers.customs.view import declarations
from gateway.store import Database
from tests.pipeline.yard import Yard

HOOLI = """\
id = "hooli"
name = "Hooli Cross-border Ltd"
kind = "own"
[[identity]]
standard = "ceb"
identifier = "DXPENT0000099999"
"""

ERP = """\
id = "hooli-erp"
name = "Hooli ERP"
kind = "own"
[[endpoint]]
name = "hooli-in"
connector = "directory"
direction = "in"
path = "in/hooli"
[[endpoint]]
name = "hooli-out"
connector = "directory"
direction = "out"
path = "out/hooli"
[[agreement]]
name = "erp-customs"
with = "hooli"
direction = "in"
standard = "ceb"
version = "202205"
type = "*"
[[agreement]]
name = "erp-declarations"
with = "hooli"
direction = "in"
standard = "json"
document = "Declaration"
[[agreement]]
name = "erp-answers"
with = "hooli"
direction = "out"
standard = "json"
document = "DeclarationResponse"
endpoint = "hooli-out"
"""


def party(name: str) -> str:
    """Somebody who sends copies of what it filed."""
    return f"""\
id = "{name}"
name = "{name.title()}"
[[endpoint]]
name = "{name}-in"
connector = "directory"
direction = "in"
path = "in/{name}"
[[agreement]]
name = "{name}-copies"
with = "hooli"
direction = "in"
standard = "ceb"
version = "202205"
type = "*"
"""


CUSTOMS = """\
id = "customs"
name = "China E-Port"
[[identity]]
standard = "ceb"
identifier = "DXPEDCCEB0000002"
[[identity]]
standard = "ceb"
identifier = "DXPEDCCEB0000003"
[[endpoint]]
name = "customs-in"
connector = "directory"
direction = "in"
path = "in/customs"
[[endpoint]]
name = "customs-out"
connector = "directory"
direction = "out"
path = "out/customs"
[[agreement]]
name = "customs-receipts"
with = "hooli"
direction = "in"
standard = "ceb"
version = "202205"
type = "*"
"""


def submits(number: str, more: str = "") -> str:
    """The agreement on a message that leaves."""
    return f"""
[[agreement]]
name = "customs-{number}"
with = "hooli"
direction = "out"
standard = "ceb"
version = "202205"
type = "CEB{number}Message"
document = "Declaration"
endpoint = "customs-out"
[agreement.customs]
cop_code = "4401960X01"
{more}
"""


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
