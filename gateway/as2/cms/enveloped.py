"""EnvelopedData and AuthEnvelopedData: encrypted for recipients, streamed (RFC 5652, 6; RFC 5083, 5084)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from hmac import compare_digest
from typing import Any, BinaryIO, NamedTuple

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from gateway.as2.cms import der
from gateway.as2.cms.algorithms import (
    AUTH_ENVELOPED_DATA,
    CIPHER_BY_OID,
    CIPHER_OF,
    DATA,
    DECLINED,
    ENVELOPED_DATA,
    CipherOf,
    algorithm,
    transport,
    transport_named,
)
from gateway.as2.cms.certificates import Certificate, shown
from gateway.as2.cms.der import Ber, Element, Header, Sink, tlv
from gateway.as2.cms.errors import CmsError, DecryptionError
from gateway.as2.cms.keys import PrivateKey

_TAG, _NONCE = 16, 12
_KEY_TRANSPORT, _ORIGINATOR, _ATTRIBUTES = der.SEQUENCE, 0xA0, 0xA1

#: More recipients than this are nobody's habit.
_RECIPIENTS = 100


class Encryption(NamedTuple):
    """How it was encrypted. ``recipients``: issuer or key identifier in hexadecimal, and serial number, of each.

    ``flaw``: what is not right about padding or key, empty where nothing was seen. The content was written all the
    same. Whoever sent it must not learn that from this alone: with it he could decrypt what he recorded, byte by byte.
    """

    cipher: str
    transport: str
    recipients: tuple[str, ...]
    key: PrivateKey
    flaw: str = ""

    @property
    def authenticated(self) -> bool:
        """Whether the content is known to be what was encrypted (GCM); CBC cannot tell."""
        return CIPHER_OF[self.cipher].mode == "gcm"


class _Recipient(NamedTuple):
    issuer: bytes
    serial: int
    ski: bytes | None
    transport: Element
    encrypted: bytes

    def __str__(self) -> str:
        return shown(self.serial, self.ski)


class _Opening(NamedTuple):
    """What stands before the content."""

    authenticated: bool
    recipients: list[_Recipient]
    cipher: CipherOf
    parameters: Element
    content: Header


def decrypt(source: BinaryIO, keys: Sequence[PrivateKey], sink: Sink) -> Encryption:
    """The content into ``sink``, in constant memory. ``source`` is seekable and at the beginning.

    What was written may only be used after this returned: before, nothing has been verified (RFC 5084, 1.5).
    Raises CmsError for what is no such structure, and DecryptionError where it is for others, or authenticated and
    changed. What else depends on keys and cipher text is the ``flaw``.
    """
    start = source.tell()
    reader = Ber(source)
    opening = _opening(reader)
    recipient, key = _ours(opening.recipients, keys)
    name, secret, flaw = _secret(recipient, key, opening.cipher)
    try:
        if opening.cipher.mode == "gcm" and opening.authenticated:
            _open_gcm(source, start, reader, opening, secret, sink)
        elif opening.cipher.mode == "gcm":
            _open_gcm_within(reader, opening, secret, sink)
        else:
            padded = _open_cbc(reader, opening, secret, sink)
            flaw = flaw or ("" if padded else "The content cannot be decrypted with this key: its padding is wrong.")
    except (ValueError, InvalidTag):
        raise DecryptionError("The content cannot be decrypted with the key that it was encrypted for.") from None
    return Encryption(opening.cipher.name, name, tuple(map(str, opening.recipients)), key, flaw)


def recipients(source: BinaryIO) -> tuple[str, tuple[str, ...]]:
    """The cipher and the recipients of what cannot be decrypted, for people. Raises CmsError."""
    opening = _opening(Ber(source))
    return opening.cipher.name, tuple(map(str, opening.recipients))


def kind_of(source: BinaryIO) -> str:
    """The content type of a structure, as an object identifier. Raises CmsError for what is none."""
    reader = Ber(source)
    reader.enter(der.SEQUENCE)
    return reader.element().oid


def _opening(reader: Ber) -> _Opening:
    reader.enter(der.SEQUENCE)
    kind = reader.element().oid
    if kind not in {ENVELOPED_DATA, AUTH_ENVELOPED_DATA}:
        raise CmsError(f"This is no encrypted content: {kind}.")
    reader.enter(0xA0)
    reader.enter(der.SEQUENCE)
    reader.element()  # the version says nothing that is not seen
    found = reader.element()
    if found.tag == _ORIGINATOR:
        found = reader.element()
    if found.tag != der.SET or len(found.children) > _RECIPIENTS:
        raise CmsError("The recipients cannot be read.")
    known = [_recipient(each) for each in found.children if each.tag == _KEY_TRANSPORT]
    reader.enter(der.SEQUENCE)
    reader.element()
    identifier = reader.element()
    oid = identifier.child(0).oid
    cipher = CIPHER_BY_OID.get(oid)
    if cipher is None:
        raise CmsError(f"The cipher {DECLINED.get(oid, oid)} is not read.")
    return _Opening(kind == AUTH_ENVELOPED_DATA, known, cipher, identifier.child(1), reader.enter(0x80, 0xA0))


def _recipient(found: Element) -> _Recipient:
    who = found.child(1, der.SEQUENCE, 0x80)
    serial, issuer, ski = 0, b"", None
    if who.tag == der.SEQUENCE:
        issuer, serial = who.child(0).encoded(), who.child(1, der.INTEGER).number
    else:
        ski = who.content
    return _Recipient(issuer, serial, ski, found.child(2), found.child(3).octets)


def _ours(found: Sequence[_Recipient], keys: Sequence[PrivateKey]) -> tuple[_Recipient, PrivateKey]:
    """By the serial number alone where no issuer fits: some products write its name in another encoding."""
    for exact in (True, False):
        for key in keys:
            for recipient in found:
                if key.certificate.is_named(recipient.issuer if exact else None, recipient.serial, recipient.ski):
                    return recipient, key
    told = ", ".join(map(str, found)) or "nobody"
    mine = ", ".join(f"{each.certificate.serial:x}" for each in keys) or "no key"
    raise DecryptionError(f"It is encrypted for {told}, and none of these is ours (serial {mine}).")


def _secret(recipient: _Recipient, key: PrivateKey, cipher: CipherOf) -> tuple[str, bytes, str]:
    """The key of the cipher, and what is wrong with it. In place of none there is a random one, as the library has it
    already for wrong private keys (implicit rejection): nobody can tell from outside."""
    if not isinstance(key.key, rsa.RSAPrivateKey):
        raise DecryptionError("Our key is not of RSA.")
    name, padding = transport_named(recipient.transport)
    try:
        secret = key.key.decrypt(recipient.encrypted, padding)
    except (ValueError, UnsupportedAlgorithm):
        secret = b""
    instead = os.urandom(cipher.key)
    if len(secret) != cipher.key:
        return name, instead, "The key of the cipher cannot be decrypted: it was encrypted for another key of ours."
    return name, secret, ""


def _open_cbc(reader: Ber, opening: _Opening, secret: bytes, sink: Sink) -> bool:
    """Whether the padding is right; where it is not, it is left there."""
    size = opening.cipher.block.block_size // 8
    vector = opening.parameters.octets
    opened = Cipher(opening.cipher.block(secret), modes.CBC(vector)).decryptor()
    last = b""
    for piece in reader.pieces(opening.content):
        plain = last + opened.update(piece)
        last = plain[-size:]
        sink.write(plain[:-size])
    last += opened.finalize()
    count = last[-1] if last else 0
    if len(last) != size:
        raise ValueError("there is no content")
    padded = 1 <= count <= size and compare_digest(last[-count:], bytes((count,)) * count)
    sink.write(last[: -count if padded else size])
    return padded


def _open_gcm(source: BinaryIO, start: int, reader: Ber, opening: _Opening, secret: bytes, sink: Sink) -> None:
    """Twice through: what is authenticated beside the content, and the tag, stand behind it."""
    for _ in reader.pieces(opening.content):
        pass
    found = reader.element()
    while found.tag == 0:  # the ends of indefinite lengths
        found = reader.element()
    attributes = b""
    if found.tag == _ATTRIBUTES:
        attributes = found.encoded(der.SET)
        found = reader.element()
    tag = found.octets
    nonce = _nonce(opening.parameters)
    if len(tag) < _NONCE:
        raise CmsError("The tag of the content is missing.")
    source.seek(start)
    again = Ber(source)
    header = _opening(again).content
    opened = Cipher(opening.cipher.block(secret), modes.GCM(nonce, tag, min_tag_length=_NONCE)).decryptor()
    opened.authenticate_additional_data(attributes)
    for piece in again.pieces(header):
        sink.write(opened.update(piece))
    sink.write(opened.finalize())


def _open_gcm_within(reader: Ber, opening: _Opening, secret: bytes, sink: Sink) -> None:
    """GCM in EnvelopedData, with its tag as the last bytes of the content: no standard has it so, WebCrypto and
    BouncyCastle make it."""
    opened = Cipher(opening.cipher.block(secret), modes.GCM(_nonce(opening.parameters))).decryptor()
    tag = b""
    for piece in reader.pieces(opening.content):
        held = tag + piece
        sink.write(opened.update(held[:-_TAG]))
        tag = held[-_TAG:]
    sink.write(opened.finalize_with_tag(tag))


def _nonce(parameters: Element) -> bytes:
    """Within GCMParameters (RFC 5084, 3.2), or bare."""
    return parameters.child(0, der.OCTETS).content if parameters.tag == der.SEQUENCE else parameters.octets


# Encrypting


def encrypt(
    source: BinaryIO, size: int, certificates: Sequence[Certificate], sink: Sink, *, cipher: str, key_transport: str
) -> None:
    """``size`` bytes of ``source`` for all these recipients, as DER. Raises CmsError where a key is not of RSA."""
    for piece in encrypted(source, size, certificates, cipher=cipher, key_transport=key_transport):
        sink.write(piece)


def encrypted(
    source: BinaryIO, size: int, certificates: Sequence[Certificate], *, cipher: str, key_transport: str
) -> Iterator[bytes]:
    """The same in pieces."""
    with_ = CIPHER_OF[cipher]
    secret = os.urandom(with_.key)
    block = with_.block.block_size // 8
    for_all = tlv(der.SET, *(_for_one(each, secret, key_transport) for each in certificates))
    if with_.mode == "gcm":
        nonce = os.urandom(_NONCE)
        parameters = tlv(der.SEQUENCE, tlv(der.OCTETS, nonce), der.integer(_TAG))
        closing: Any = Cipher(with_.block(secret), modes.GCM(nonce)).encryptor()
        length, kind, version = size, AUTH_ENVELOPED_DATA, 0
    else:
        vector = os.urandom(block)
        parameters = tlv(der.OCTETS, vector)
        closing = Cipher(with_.block(secret), modes.CBC(vector)).encryptor()
        length, kind, version = size + block - size % block, ENVELOPED_DATA, 0
    yield _heads(kind, version, for_all, algorithm(with_.oid, parameters), length)
    left = size
    while left:
        piece = source.read(min(left, der.PIECE))
        if not piece:
            raise CmsError("The content is shorter than it was said to be.")
        left -= len(piece)
        yield closing.update(piece)
    if with_.mode == "gcm":
        yield closing.finalize() + tlv(der.OCTETS, closing.tag)
        return
    count = block - size % block
    yield closing.update(bytes((count,)) * count) + closing.finalize()


def _heads(kind: str, version: int, for_all: bytes, identifier: bytes, length: int) -> bytes:
    """All that stands before the cipher text, with every length in it."""
    content = der.head(0x80, length)
    fixed = der.oid(DATA) + identifier
    inner_length = len(fixed) + len(content) + length
    before = der.integer(version) + for_all + der.head(der.SEQUENCE, inner_length) + fixed + content
    tag = 0 if kind == ENVELOPED_DATA else _TAG + 2
    enveloped = der.head(der.SEQUENCE, len(before) + length + tag)
    explicit = der.head(0xA0, len(enveloped) + len(before) + length + tag)
    name = der.oid(kind)
    whole = len(name) + len(explicit) + len(enveloped) + len(before) + length + tag
    return der.head(der.SEQUENCE, whole) + name + explicit + enveloped + before


def _for_one(found: Certificate, secret: bytes, key_transport: str) -> bytes:
    public = found.public
    if not isinstance(public, rsa.RSAPublicKey):
        raise CmsError(f"Nothing can be encrypted for {found.subject}: its key is not of RSA.")
    identifier, padding = transport(key_transport)
    who = tlv(der.SEQUENCE, found.issuer_der, der.integer(found.serial))
    return tlv(der.SEQUENCE, der.integer(0), who, identifier, tlv(der.OCTETS, public.encrypt(secret, padding)))


def encrypted_size(size: int, certificates: Sequence[Certificate], *, cipher: str, key_transport: str) -> int:
    """The bytes that :func:`encrypted` gives for ``size`` bytes: its random values have the same lengths each time.

    Raises CmsError as it does.
    """
    with_ = CIPHER_OF[cipher]
    block = with_.block.block_size // 8
    gcm = with_.mode == "gcm"
    length = size if gcm else size + block - size % block
    for_all = tlv(der.SET, *(_for_one(each, bytes(with_.key), key_transport) for each in certificates))
    nonce = tlv(der.SEQUENCE, tlv(der.OCTETS, bytes(_NONCE)), der.integer(_TAG))
    identifier = algorithm(with_.oid, nonce if gcm else tlv(der.OCTETS, bytes(block)))
    heads = _heads(AUTH_ENVELOPED_DATA if gcm else ENVELOPED_DATA, 0, for_all, identifier, length)
    return len(heads) + length + (_TAG + 2 if gcm else 0)
