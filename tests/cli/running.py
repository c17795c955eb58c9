"""Running the command, and files for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from gateway.cli.main import root

ISA = "ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*ACME           *261120*0815*U*00401*{number:09d}*{ask}*P*>~\n"

ORDER = """\
BEG*00*SA*{key}**20261120~
DTM*002*20261204~
N1*BY*Globex Retail*92*0042~
PO1*1*{quantity}*EA*18.5**VP*AT-1001~
CTT*1~
"""

#: A partner that orders in X12, as its file describes it.
HOOLI = """\
id = "hooli"
name = "Hooli"

[[identity]]
standard = "x12"
qualifier = "ZZ"
identifier = "HOOLI"

[[agreement]]
name = "hooli-850"
with = "acme"
direction = "in"
standard = "x12"
version = "004010"
type = "850"
mapping = "x12/850"
"""

ORDERS = """\
UNA:+.? '
UNB+UNOC:3+5412345000013:14+5412345000020:14+261120:0822+{number}'
UNH+1+ORDERS:D:96A:UN:EAN008'
BGM+220+{key}+9'
DTM+137:20261120:102'
NAD+BY+5412345000013::9++Initech Manufacturing'
NAD+SU+5412345000020::9++Acme Tools Inc.'
LIN+1++5412345111115:EN'
QTY+21:40:PCE'
PRI+AAA:212.50'
UNS+S'
CNT+2:1'
UNT+11+1'
UNZ+1+{number}'
"""


def x12(
    number: int = 1, *keys: str, quantity: str = "24", sender: str = "GLOBEX", groups: int = 1, ask: int = 0
) -> bytes:
    """An interchange with an 850 for each key."""
    head = ISA.format(sender=sender, number=number, ask=ask)
    lines = [head, f"GS*PO*{sender}*ACME*20261120*0815*{number}*X*004010~\n"]
    for place, key in enumerate(keys or ("4711",), 1):
        lines += [f"ST*850*{place:04d}~\n", ORDER.format(key=key, quantity=quantity), f"SE*7*{place:04d}~\n"]
    lines += [f"GE*{len(keys) or 1}*{number}~\n", f"IEA*{groups}*{number:09d}~\n"]
    return "".join(lines).encode()


def edifact(number: int = 1, key: str = "PO-1") -> bytes:
    """An interchange with one ORDERS."""
    return ORDERS.format(number=number, key=key).encode("latin-1")


@dataclass(frozen=True)
class Ran:
    """What a run of the command did."""

    code: int
    out: str
    err: str
    raw: bytes

    @property
    def records(self) -> list[dict[str, Any]]:
        """The lines of ``--json``."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Command:
    """The command, run in this process. An exception that is no exit fails the test."""

    home: Path | None = None

    def __call__(self, *arguments: object, input: bytes | None = None) -> Ran:
        options = ["--home", str(self.home)] if self.home else []
        result = CliRunner().invoke(root, [*options, *map(str, arguments)], input=input, catch_exceptions=False)
        return Ran(result.exit_code, result.stdout, result.stderr, result.stdout_bytes)

    def json(self, *arguments: object) -> list[dict[str, Any]]:
        return self(*arguments, "--json").records
