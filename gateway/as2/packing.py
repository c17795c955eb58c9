"""Messages packed: compressed, signed, encrypted, in the order that is agreed on (RFC 4130, 5; RFC 5402).

Every entity says ``Content-Transfer-Encoding: binary``: products that read none as 7bit would digest another form.
Nothing is folded, and nothing is base64 but the signature.
"""

from __future__ import annotations

import secrets
from base64 import encodebytes
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import RawIOBase
from typing import Any, BinaryIO, Literal, NamedTuple, cast

from gateway.as2 import cms
from gateway.as2.mic import Mic, digest, mic
from gateway.as2.mime import Region, whole
from gateway.as2.opening import Scratch
from gateway.core.exchanges import Pairs

Piece = bytes | Region


class Security(NamedTuple):
    """How a message is packed; ``no`` for what is not done."""

    sign: str = "sha256"
    encrypt: str = "aes256-cbc"
    compress: Literal["no", "before", "after"] = "no"
    key_transport: str = "rsa"
    pss: bool = False


class Enclosed(NamedTuple):
    """What goes with the document (RFC 6362)."""

    content: BinaryIO
    content_type: str
    file_name: str


class Outgoing(NamedTuple):
    """``pieces`` gives the body anew each time; ``others``: MICs that a partner may report as well."""

    content_headers: Pairs
    pieces: Callable[[], Iterator[bytes]]
    size: int
    mic: Mic
    others: tuple[Mic, ...]


class _Made(NamedTuple):
    """An entity that is built: its headers, and its body in pieces."""

    headers: Pairs
    body: tuple[Piece, ...]

    def whole(self) -> tuple[Piece, ...]:
        return ("".join(f"{name}: {value}\r\n" for name, value in self.headers).encode() + b"\r\n", *self.body)


def pack_message(
    content: BinaryIO,
    content_type: str,
    file_name: str,
    security: Security,
    *,
    key: cms.PrivateKey | None,
    certificates: Sequence[cms.Certificate],
    at: int,
    micalg: str,
    scratch: Callable[[], Scratch],
    enclosures: Sequence[Enclosed] = (),
) -> Outgoing:
    """A document as a message. ``at``: microseconds since 1970; ``micalg``: of unsigned messages.

    Raises CmsError where a certificate cannot be encrypted for.
    """
    plain = made = _part(Enclosed(content, content_type, file_name))
    if enclosures:
        plain = made = _related(made, [_part(each) for each in enclosures], content_type)
    found: Mic | None = None
    others: tuple[Mic, ...] = ()
    if security.compress == "before":
        made = _compressed(made, scratch)
    if security.sign != "no" and key is not None:
        made, found = _signed(made, security, key, at)
    if security.compress == "after":
        made = _compressed(made, scratch)
    if found is None:
        found, others = _unsigned(plain, security, micalg)
    if security.encrypt != "no":
        return _encrypted(made, security, certificates, found, others)
    body = made.body
    return Outgoing(made.headers, lambda: _flow(body), _size(body), found, others)


def _part(each: Enclosed) -> _Made:
    fields = [("Content-Type", each.content_type), ("Content-Transfer-Encoding", "binary")]
    if each.file_name:
        fields.append(("Content-Disposition", f"attachment; {_file_name(each.file_name)}"))
    return _Made(tuple(fields), (whole(each.content),))


def _related(root: _Made, others: Sequence[_Made], content_type: str) -> _Made:
    """The document first: RFC 2387, 3.2 and RFC 6362, 2 make the first part the one that the message is about."""
    boundary = f"=_{secrets.token_hex(12)}"
    fields = (("Content-Type", f'multipart/related; type="{content_type}"; boundary="{boundary}"'),)
    pieces: list[Piece] = []
    for made in (root, *others):
        pieces += [f"--{boundary}\r\n".encode(), *made.whole(), b"\r\n"]
    return _Made(fields, (*pieces, f"--{boundary}--\r\n".encode()))


def _unsigned(plain: _Made, security: Security, micalg: str) -> tuple[Mic, tuple[Mic, ...]]:
    """RFC 4130, 7.3.1 and RFC 5402, 4.2, 4.3; some products leave headers out where these keep them (OpenAS2)."""
    bare, headed = mic(_flow(plain.body), micalg), mic(_flow(plain.whole()), micalg)
    return (headed, (bare,)) if security.encrypt != "no" or security.compress != "no" else (bare, (headed,))


def _compressed(made: _Made, scratch: Callable[[], Scratch]) -> _Made:
    into = scratch()
    cms.compress(cast(BinaryIO, _Reader(made.whole())), into)
    found = whole(into.finish())
    fields = (
        ("Content-Type", 'application/pkcs7-mime; smime-type=compressed-data; name="smime.p7z"'),
        ("Content-Transfer-Encoding", "binary"),
        ("Content-Disposition", 'attachment; filename="smime.p7z"'),
    )
    return _Made(fields, (cms.wrapping(found.size), found))


def _signed(made: _Made, security: Security, key: cms.PrivateKey, at: int) -> tuple[_Made, Mic]:
    content = made.whole()
    found = digest(_flow(content), security.sign)
    signature = cms.sign(found, security.sign, key, at=at, pss=security.pss)
    value = Mic(encodebytes(found).replace(b"\n", b"").decode(), security.sign)
    return signed_parts(content, signature, security.sign), value


def signed_parts(content: Sequence[Piece], signature: bytes, name: str) -> _Made:
    """A multipart/signed of content and signature."""
    boundary = f"=_{secrets.token_hex(12)}"
    micalg = cms.DIGEST_OF[name].micalg
    fields = (
        (
            "Content-Type",
            f'multipart/signed; protocol="application/pkcs7-signature"; micalg={micalg}; boundary="{boundary}"',
        ),
    )
    between = (
        f"\r\n--{boundary}\r\n"
        'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\n'
        "Content-Transfer-Encoding: base64\r\n"
        'Content-Disposition: attachment; filename="smime.p7s"\r\n\r\n'
    ).encode()
    tail = encodebytes(signature).replace(b"\n", b"\r\n") + f"--{boundary}--\r\n".encode()
    return _Made(fields, (f"--{boundary}\r\n".encode(), *content, between, tail))


def _encrypted(
    made: _Made, security: Security, certificates: Sequence[cms.Certificate], found: Mic, others: tuple[Mic, ...]
) -> Outgoing:
    content = made.whole()
    size = _size(content)
    kind = "authEnveloped-data" if security.encrypt.endswith("gcm") else "enveloped-data"
    fields = (
        ("Content-Type", f'application/pkcs7-mime; smime-type={kind}; name="smime.p7m"'),
        ("Content-Transfer-Encoding", "binary"),
        ("Content-Disposition", 'attachment; filename="smime.p7m"'),
    )

    def pieces() -> Iterator[bytes]:
        source = cast(BinaryIO, _Reader(content))
        how: dict[str, Any] = {"cipher": security.encrypt, "key_transport": security.key_transport}
        return cms.encrypted(source, size, certificates, **how)

    total = cms.encrypted_size(size, certificates, cipher=security.encrypt, key_transport=security.key_transport)
    return Outgoing(fields, pieces, total, found, others)


def _file_name(name: str) -> str:
    """RFC 2183; names beyond ASCII by RFC 2231, which all but the oldest products read."""
    if name.isascii() and name.isprintable():
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'filename="{escaped}"'
    from urllib.parse import quote

    return f"filename*=UTF-8''{quote(name, safe='')}"


def _flow(pieces: Iterable[Piece]) -> Iterator[bytes]:
    for piece in pieces:
        if isinstance(piece, bytes):
            yield piece
        else:
            yield from piece.pieces()


def _size(pieces: Iterable[Piece]) -> int:
    return sum(len(piece) if isinstance(piece, bytes) else piece.size for piece in pieces)


class _Reader(RawIOBase):
    """Pieces as a source that is read once."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._flow, self._kept = _flow(pieces), b""

    def read(self, size: int = -1, /) -> bytes:
        if not self._kept:
            self._kept = next((piece for piece in self._flow if piece), b"")
        taken, self._kept = (self._kept, b"") if size < 0 else (self._kept[:size], self._kept[size:])
        return taken
