"""Interchanges that the tests of the codecs take apart, and a stream that hands them out in drops."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator

from gateway.codecs import Event, GroupEnd, InterchangeEnd, InterchangeStart, RawDocument, read

ISA = "ISA*00*          *00*          *ZZ*ACME           *14*GLOBEX         *260115*1253*U*00401*000000905*0*P*>~"
ISA5 = "ISA*00*          *00*          *ZZ*ACME           *14*GLOBEX         *260115*1253*^*00501*000000905*1*T*>~"
GS = "GS*PO*ACMEPO*GLOBEXPO*20260115*1253*7*X*004010~"
ORDER = "ST*850*0001~BEG*00*SA*PO-1**20260115~PO1*1*5*EA*9.5~SE*4*0001~"
X12 = ISA + GS + ORDER + "GE*1*7~IEA*1*000000905~"

UNB = "UNB+UNOC:3+5412345000013:14+4012345000094:14+260115:1253+REF905++ORDERS'"
MESSAGE = "UNH+1+ORDERS:D:96A:UN:EAN008'BGM+220+PO-1+9'DTM+137:20260115:102'UNT+4+1'"
EDIFACT = UNB + MESSAGE + "UNZ+1+REF905'"


def events(text: str | bytes, **options: object) -> list[Event]:
    return list(read(text.encode() if isinstance(text, str) else text, **options))  # type: ignore[arg-type]


def codes(found: list[Event]) -> list[str]:
    """The codes of all issues, in order."""
    return [issue.code for event in found for issue in getattr(event, "issues", ())]


def documents(found: list[Event]) -> list[RawDocument]:
    return [event for event in found if isinstance(event, RawDocument)]


def start(found: list[Event]) -> InterchangeStart:
    return next(event for event in found if isinstance(event, InterchangeStart))


def end(found: list[Event]) -> InterchangeEnd:
    return next(event for event in found if isinstance(event, InterchangeEnd))


def group_end(found: list[Event]) -> GroupEnd:
    return next(event for event in found if isinstance(event, GroupEnd))


class Drops(io.RawIOBase):
    """A stream that returns at most as many bytes a time as the next of ``sizes`` says, over and over."""

    def __init__(self, data: bytes, sizes: list[int]) -> None:
        super().__init__()
        self._data = io.BytesIO(data)
        self._sizes = itertools.cycle(sizes)

    def read(self, size: int = -1, /) -> bytes:
        return self._data.read(min(size, next(self._sizes)))


class Generated(io.RawIOBase):
    """A stream whose bytes are made when they are read."""

    def __init__(self, pieces: Callable[[], Iterator[bytes]]) -> None:
        super().__init__()
        self._pieces = pieces()
        self._rest = b""

    def read(self, size: int = -1, /) -> bytes:
        while len(self._rest) < size:
            piece = next(self._pieces, b"")
            if not piece:
                break
            self._rest += piece
        out, self._rest = self._rest[:size], self._rest[size:]
        return out
