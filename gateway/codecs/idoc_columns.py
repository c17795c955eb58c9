"""The control record of an IDoc, and what a codec must know of the segments (SAP: EDI_DC40, EDI_DD40)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

REST = "REST"
"""The field of a segment that has what follows the fields that are known."""

OWN = "sap"
"""What stands beside a number of the system's own."""

CONTROL = "EDI_DC40"
CONTROL_LENGTH = 524
DATA_LENGTH = 1063
DATA_AT = 63
"""Where the data of a flat record begin: behind its name, client, number, counters and level."""

_CONTROL = [
    "TABNAM",
    "10",
    "MANDT",
    "3",
    "DOCNUM",
    "16",
    "DOCREL",
    "4",
    "STATUS",
    "2",
    "DIRECT",
    "1",
    "OUTMOD",
    "1",
    "EXPRSS",
    "1",
    "TEST",
    "1",
    "IDOCTYP",
    "30",
    "CIMTYP",
    "30",
    "MESTYP",
    "30",
    "MESCOD",
    "3",
    "MESFCT",
    "3",
    "STD",
    "1",
    "STDVRS",
    "6",
    "STDMES",
    "6",
    "SNDPOR",
    "10",
    "SNDPRT",
    "2",
    "SNDPFC",
    "2",
    "SNDPRN",
    "10",
    "SNDSAD",
    "21",
    "SNDLAD",
    "70",
    "RCVPOR",
    "10",
    "RCVPRT",
    "2",
    "RCVPFC",
    "2",
    "RCVPRN",
    "10",
    "RCVSAD",
    "21",
    "RCVLAD",
    "70",
    "CREDAT",
    "8",
    "CRETIM",
    "6",
    "REFINT",
    "14",
    "REFGRP",
    "14",
    "REFMES",
    "14",
    "ARCKEY",
    "70",
    "SERIAL",
    "20",
]


class FlatField(NamedTuple):
    """One field: its length, and whether it is text (``an``), a number (``n``) or a date (``DT``).

    ``beside``: it is no field of SAP, and says whose number that other one is."""

    name: str
    length: int
    kind: str = "an"
    beside: str = ""


class FlatSegment(NamedTuple):
    """A segment: its name in flat files (``E2EDK01005``), and its fields."""

    definition: str
    fields: tuple[FlatField, ...]


CONTROL_FIELDS = tuple(FlatField(name, int(length)) for name, length in zip(_CONTROL[::2], _CONTROL[1::2]))

Segments = Callable[[str], FlatSegment | None]
"""Gives a segment by name, ``E1EDK01``; None where there is no table of it."""
