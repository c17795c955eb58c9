"""Message integrity checks: digests of what was signed or sent, as they stand in MDNs (RFC 4130, 7.3.1; RFC 5402, 4).

Three forms of one content are looked at, because all three were seen: the bytes as they came; every line end as CR LF
(who signed that form and sent bare line feeds); and only those of the headers as CR LF.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import new
from typing import NamedTuple

from gateway.as2.cms import DIGEST_OF
from gateway.as2.mime import Entity

RAW, LINES, HEADERS = "raw", "canonical lines", "canonical headers"


class Mic(NamedTuple):
    """``value`` in base64; ``algorithm`` by our name for it, ``sha256``."""

    value: str
    algorithm: str

    def __str__(self) -> str:
        return f"{self.value}, {DIGEST_OF[self.algorithm].micalg}"


def mic(pieces: Iterable[bytes], algorithm: str) -> Mic:
    """Of what has these bytes."""
    return Mic(b64encode(digest(pieces, algorithm)).decode(), algorithm)


def digest(pieces: Iterable[bytes], algorithm: str) -> bytes:
    """The bare digest."""
    found = new(algorithm, usedforsecurity=False)
    for piece in pieces:
        found.update(piece)
    return found.digest()


def forms(found: Entity) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The forms of an entity that its sender may have signed, the likeliest first."""
    yield RAW, found.whole.pieces()
    yield LINES, _canonical(found.whole.pieces())
    yield HEADERS, _headers(found)


def _canonical(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Every line end as CR LF."""
    kept = b""
    for piece in pieces:
        window = kept + piece
        kept = b"\r" if window.endswith(b"\r") else b""
        window = window[: len(window) - len(kept)]
        yield window.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    yield kept


def _headers(found: Entity) -> Iterator[bytes]:
    block = found.whole._replace(stop=found.body.start)
    yield from _canonical(block.pieces())
    yield from found.body.pieces()


_SPELLINGS = {re.sub(r"[^a-z0-9]", "", each.micalg): each.name for each in DIGEST_OF.values()}


def algorithm_named(text: str) -> str | None:
    """Our name of a digest, however it is spelled: ``SHA-256``, ``sha256``, ``rsa-sha1``. None: not known."""
    plain = re.sub(r"[^a-z0-9]", "", text.lower()).removeprefix("rsa").removeprefix("ecdsa")
    return _SPELLINGS.get(plain)


def parse(text: str) -> Mic | None:
    """``Received-Content-MIC`` of an MDN, with blanks where they may be; None where nothing can be made of it."""
    value, _, named = text.partition(",")
    value = re.sub(r"\s+", "", value)
    algorithm = algorithm_named(named) or _BY_SIZE.get(len(value.rstrip("=")))
    return Mic(value, algorithm) if value and algorithm else None


#: Where the algorithm was left out or is spelled as nobody does: no two digests are equally long in base64.
_BY_SIZE = {(new(name, usedforsecurity=False).digest_size * 8 + 5) // 6: name for name in DIGEST_OF}
