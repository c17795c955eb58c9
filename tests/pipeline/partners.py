"""Agreements by which documents leave in X12 and EDIFACT, for tests that add them to a party of the yard."""

from __future__ import annotations

from tests.pipeline.yard import GLOBEX, INITECH, Yard

TO_GLOBEX = """\
[[agreement]]
name = "globex-purchases"
with = "acme"
direction = "out"
standard = "x12"
version = "004010"
type = "850"
document = "Order"
mapping = "x12/850"
endpoint = "globex-out"
unmapped = "report"
"""

TO_INITECH = """\
[[agreement]]
name = "initech-purchases"
with = "acme"
direction = "out"
standard = "edifact"
version = "D.96A"
type = "ORDERS"
document = "Order"
mapping = "edifact/orders-d96a"
endpoint = "initech-out"
unmapped = "report"
"""


def to_globex(more: str = "", **changed: str) -> str:
    """Globex, which gets orders in X12 too. ``changed``: values of keys, ``more``: lines at the end."""
    return GLOBEX + _with(TO_GLOBEX, changed) + more


def to_initech(more: str = "", **changed: str) -> str:
    """Initech, which gets orders in EDIFACT too."""
    return INITECH + _with(TO_INITECH, changed) + more


def _with(text: str, changed: dict[str, str]) -> str:
    lines = [line for line in text.splitlines() if line.split(" = ")[0] not in changed]
    return "\n".join([*lines, *(f"{name} = {value}" for name, value in changed.items())]) + "\n"


def pass_on(yard: Yard, **parties: str) -> None:
    """Sets the files of parties; the orders of the other partner are passed on to the one that gets some."""
    yard.agree(**parties)
    if "globex" in parties and "initech" not in parties:
        yard.agree(initech=INITECH + 'route = "globex-purchases"\n')
    if "initech" in parties and "globex" not in parties:
        yard.agree(globex=GLOBEX + 'route = "initech-purchases"\n')
