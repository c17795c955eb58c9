"""Files of parties for the tests."""

from __future__ import annotations

from gateway.agreements import Agreements, load
from tests.pipeline import yard
from tests.pipeline.yard import ACME, INITECH

ERP = yard.ERP.replace('batch = "interchange"\n', "")
GLOBEX = yard.GLOBEX.replace('["TA1", "997"]', '["997"]')


def texts(**changed: str) -> dict[str, str]:
    """The files of four parties. ``globex="…"`` replaces one; ``hooli="…"`` adds one."""
    files = {"acme": ACME, "acme-erp": ERP, "globex": GLOBEX, "initech": INITECH} | changed
    return {f"partners/{name}.toml": text for name, text in files.items()}


def agreements(**changed: str) -> Agreements:
    return load(texts(**changed))
