"""SignedData beside its content: made, and verified with pinned certificates only (RFC 5652, 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hmac import compare_digest
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from gateway.as2.cms import der
from gateway.as2.cms.algorithms import (
    CONTENT_TYPE,
    DATA,
    DIGEST_BY_OID,
    DIGEST_OF,
    MESSAGE_DIGEST,
    NULL,
    SIGNED_DATA,
    SIGNING_TIME,
    Digest,
    algorithm,
    named_digest,
    signature_algorithm,
    signature_padding,
)
from gateway.as2.cms.certificates import Certificate, shown
from gateway.as2.cms.der import Ber, Element, Sink, tlv
from gateway.as2.cms.errors import CmsError, SignatureError
from gateway.as2.cms.keys import PrivateKey

#: More signers than this are nobody's habit.
_SIGNERS = 20
_UTC_UNTIL = 2050  # RFC 5652, 11.3


class Signer(NamedTuple):
    """One SignerInfo. ``attributes``: what is signed (None: the content itself); ``message_digest`` is in them."""

    issuer: bytes
    serial: int
    ski: bytes | None
    digest: Digest
    attributes: bytes | None
    message_digest: bytes | None
    identifier: Element
    signature: bytes

    def __str__(self) -> str:
        return shown(self.serial, self.ski)


class Verified(NamedTuple):
    """``form`` names the content whose digest was right, ``digest`` is the algorithm of it; ``scheme`` is that of the
    signature, which may be another one."""

    certificate: Certificate
    digest: Digest
    form: str
    scheme: Digest


def sign(digest: bytes, name: str, key: PrivateKey, *, at: int, pss: bool = False) -> bytes:
    """SignedData (DER) over content with this digest. ``name``: of the digest, ``at``: microseconds since 1970."""
    with_ = DIGEST_OF[name]
    own = key.certificate
    hash_id = algorithm(with_.oid, NULL)
    attributes = sorted(
        (
            _attribute(CONTENT_TYPE, der.oid(DATA)),
            _attribute(SIGNING_TIME, _time(at)),
            _attribute(MESSAGE_DIGEST, tlv(der.OCTETS, digest)),
        )
    )
    signed = tlv(der.SET, *attributes)
    if isinstance(key.key, ec.EllipticCurvePrivateKey):
        signature = key.key.sign(signed, ec.ECDSA(with_.hash()))
    else:
        hash_ = with_.hash()
        scheme = padding.PSS(padding.MGF1(hash_), hash_.digest_size) if pss else padding.PKCS1v15()
        signature = key.key.sign(signed, scheme, hash_)
    elliptic = isinstance(key.key, ec.EllipticCurvePrivateKey)
    info = tlv(
        der.SEQUENCE,
        der.integer(1),
        tlv(der.SEQUENCE, own.issuer_der, der.integer(own.serial)),
        hash_id,
        tlv(0xA0, *attributes),
        signature_algorithm(with_, pss=pss, elliptic=elliptic),
        tlv(der.OCTETS, signature),
    )
    enclosed = tlv(0xA0, own.der, *(each.der for each in key.chain))
    content = tlv(der.SEQUENCE, der.oid(DATA))
    inner = tlv(der.SEQUENCE, der.integer(1), tlv(der.SET, hash_id), content, enclosed, tlv(der.SET, info))
    return tlv(der.SEQUENCE, der.oid(SIGNED_DATA), tlv(0xA0, inner))


def _attribute(name: str, value: bytes) -> bytes:
    return tlv(der.SEQUENCE, der.oid(name), tlv(der.SET, value))


def _time(at: int) -> bytes:
    moment = datetime.fromtimestamp(at // 1_000_000, UTC)
    if moment.year < _UTC_UNTIL:
        return tlv(der.UTC_TIME, moment.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(der.GENERALIZED_TIME, moment.strftime("%Y%m%d%H%M%SZ").encode())


def signers(data: bytes) -> list[Signer]:
    """Who signed, as it says. Raises CmsError for what is no SignedData, or uses what is not known."""
    found = Ber(BytesIO(data)).element(len(data))
    if found.child(0).oid != SIGNED_DATA:
        raise CmsError("This is no signature.")
    return _infos(found.child(1, 0xA0).child(0, der.SEQUENCE).children[-1])


def enclosed(source: BinaryIO, sink: Sink) -> tuple[list[Signer], bool]:
    """The content of SignedData that has it within, into ``sink``, and who signed; and whether nothing stands behind.

    Raises CmsError for what is no such structure.
    """
    reader = Ber(source)
    reader.enter(der.SEQUENCE)
    if reader.element().oid != SIGNED_DATA:
        raise CmsError("This is no signed content.")
    reader.enter(0xA0)
    reader.enter(der.SEQUENCE)
    reader.element()
    reader.element()
    reader.enter(der.SEQUENCE)
    if reader.element().oid != DATA:
        raise CmsError("What is signed is no data.")
    reader.enter(0xA0)
    for piece in reader.pieces(reader.enter(der.OCTETS, der.OCTETS | 0x20)):
        sink.write(piece)
    while (found := reader.element()).tag != der.SET:
        pass  # the ends of indefinite lengths; certificates
    return _infos(found), reader.is_at_end()


def _infos(infos: Element) -> list[Signer]:
    if infos.tag != der.SET or not 1 <= len(infos.children) <= _SIGNERS:
        raise CmsError("There is no signer in it.")
    return [_signer(each) for each in infos.children]


def _signer(info: Element) -> Signer:
    who = info.child(1, der.SEQUENCE, 0x80)
    serial, issuer, ski = 0, b"", None
    if who.tag == der.SEQUENCE:
        issuer, serial = who.child(0).encoded(), who.child(1, der.INTEGER).number
    else:
        ski = who.content
    digest = named_digest(info.child(2).child(0).oid)
    following = list(info.children[3:])
    attributes = following.pop(0) if following and following[0].tag == 0xA0 else None
    if len(following) < 2:
        raise CmsError("The signature is missing.")
    found = None
    if attributes is not None:
        found = next((each.child(1).child(0).octets for each in attributes.children if _is_digest(each)), None)
        if found is None:
            raise CmsError("The digest of the content is not among what is signed.")
    signed = None if attributes is None else attributes.encoded(der.SET)
    return Signer(issuer, serial, ski, digest, signed, found, following[0], following[1].octets)


def _is_digest(attribute: Element) -> bool:
    return attribute.child(0).oid == MESSAGE_DIGEST


def verify(
    found: Sequence[Signer], digests: Mapping[tuple[str, str], bytes], certificates: Sequence[Certificate]
) -> Verified:
    """The first signature that one of these certificates made over one of the digests, by (algorithm, form).

    Certificates that the message brings along are not looked at; the serial number alone is enough where no issuer
    fits, since some products write its name in another encoding. Raises SignatureError.
    """
    known = [
        (signer, each)
        for exact in (True, False)
        for signer in found
        for each in certificates
        if each.is_named(signer.issuer if exact else None, signer.serial, signer.ski)
    ]
    if not known:
        said = ", ".join(map(str, found))
        mine = ", ".join(f"{each.serial:x}" for each in certificates) or "none"
        text = f"It is signed by {said}; the certificates of the partner are others (serial {mine})."
        raise SignatureError("unknown-signer", text)
    error: SignatureError | None = None
    for signer, each in known:
        try:
            return Verified(each, signer.digest, _checked(signer, each, digests), _scheme(signer, each)[1])
        except SignatureError as failed:
            error = failed
    assert error is not None
    raise error


def _checked(signer: Signer, found: Certificate, digests: Mapping[tuple[str, str], bytes]) -> str:
    """The form whose digest was signed."""
    forms = {form: digest for (name, form), digest in digests.items() if name == signer.digest.name}
    if signer.attributes is None:
        for form, digest in forms.items():
            if _is_signature(signer, found, digest, prehashed=True):
                return form
        raise SignatureError("bad-signature", "The signature is not that of the content.")
    if not _is_signature(signer, found, signer.attributes, prehashed=False):
        raise SignatureError("bad-signature", f"The signature was not made with the key of {found.subject}.")
    for form, digest in forms.items():
        if signer.message_digest is not None and compare_digest(digest, signer.message_digest):
            return form
    raise SignatureError("digest-mismatch", "The content was changed after it was signed.")


def _scheme(signer: Signer, found: Certificate) -> tuple[Any, Digest]:
    """The padding (of RSA), and the digest that the signature is over."""
    if isinstance(found.public, rsa.RSAPublicKey):
        return signature_padding(signer.identifier, signer.digest)
    return None, DIGEST_BY_OID.get(signer.identifier.child(0).oid, signer.digest)


def _is_signature(signer: Signer, found: Certificate, data: bytes, *, prehashed: bool) -> bool:
    public = found.public
    try:
        scheme, digest = _scheme(signer, found)
        hash_ = digest.hash()
        how = Prehashed(hash_) if prehashed else hash_
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signer.signature, data, scheme, how)
        else:
            public.verify(signer.signature, data, ec.ECDSA(how))
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True
