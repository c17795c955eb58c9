"""Files of parties for the tests."""

from __future__ import annotations

from gateway.agreements import Agreements, load

ACME = """
id = "acme"
name = "Acme Tools"
kind = "own"
[[identity]]
standard = "x12"
qualifier = "ZZ"
identifier = "ACME"
[[identity]]
standard = "edifact"
qualifier = "14"
identifier = "5412345000020"
"""

ERP = """
id = "acme-erp"
name = "Acme ERP"
kind = "own"
[[endpoint]]
name = "erp-out"
connector = "directory"
direction = "out"
path = "out/erp"
[[agreement]]
name = "erp-orders"
with = "acme"
direction = "out"
standard = "json"
document = "Order"
endpoint = "erp-out"
"""

GLOBEX = """
id = "globex"
name = "Globex Retail"
[[identity]]
standard = "x12"
qualifier = "ZZ"
identifier = "GLOBEX"
[[endpoint]]
name = "globex-in"
connector = "directory"
direction = "in"
path = "in/globex"
[[endpoint]]
name = "globex-out"
connector = "directory"
direction = "out"
path = "out/globex"
[[agreement]]
name = "globex-orders"
with = "acme"
direction = "in"
standard = "x12"
version = "004010"
type = "850"
mapping = "x12/850"
acknowledgments = ["997"]
acknowledge_through = "globex-out"
"""

INITECH = """
id = "initech"
name = "Initech"
[[identity]]
standard = "edifact"
qualifier = "14"
identifier = "5412345000013"
[[endpoint]]
name = "initech-in"
connector = "directory"
direction = "in"
path = "in/initech"
[[endpoint]]
name = "initech-out"
connector = "directory"
direction = "out"
path = "out/initech"
[[agreement]]
name = "initech-orders"
with = "acme"
direction = "in"
standard = "edifact"
version = "D.96A"
type = "ORDERS"
mapping = "edifact/orders-d96a"
acknowledgments = ["CONTRL"]
acknowledge_through = "initech-out"
"""


def texts(**changed: str) -> dict[str, str]:
    """The files of four parties. ``globex="…"`` replaces one; ``hooli="…"`` adds one."""
    files = {"acme": ACME, "acme-erp": ERP, "globex": GLOBEX, "initech": INITECH} | changed
    return {f"partners/{name}.toml": text for name, text in files.items()}


def agreements(**changed: str) -> Agreements:
    return load(texts(**changed))
