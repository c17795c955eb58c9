"""The algorithms by their names and object identifiers: one row each (RFC 5754, 3565, 5084, 8017, 4056, 5753)."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from gateway.as2.cms import der
from gateway.as2.cms.der import Element, tlv
from gateway.as2.cms.errors import CmsError

DATA = "1.2.840.113549.1.7.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"
ENVELOPED_DATA = "1.2.840.113549.1.7.3"
COMPRESSED_DATA = "1.2.840.113549.1.9.16.1.9"
AUTH_ENVELOPED_DATA = "1.2.840.113549.1.9.16.1.23"
ZLIB = "1.2.840.113549.1.9.16.3.8"
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = (f"1.2.840.113549.1.9.{arc}" for arc in (3, 4, 5))

RSA, RSA_OAEP, MGF1, RSA_PSS = (f"1.2.840.113549.1.1.{arc}" for arc in (1, 7, 8, 10))

NULL = tlv(der.NULL)


class Digest(NamedTuple):
    """``name``: of hashlib and of options. ``micalg``: as it is written (RFC 5751; sha1 as AS2 products write it).
    ``rsa``, ``ecdsa``: of signatures that name their digest. ``weak``: taken where it is agreed on."""

    name: str
    micalg: str
    oid: str
    hash: type[hashes.HashAlgorithm]
    rsa: str
    ecdsa: str
    weak: bool = False


_NIST, _PKCS1, _ANSI = "2.16.840.1.101.3.4.2", "1.2.840.113549.1.1", "1.2.840.10045.4"
DIGESTS: tuple[Digest, ...] = (
    Digest("md5", "md5", "1.2.840.113549.2.5", hashes.MD5, f"{_PKCS1}.4", "", weak=True),
    Digest("sha1", "sha1", "1.3.14.3.2.26", hashes.SHA1, f"{_PKCS1}.5", f"{_ANSI}.1", weak=True),
    Digest("sha224", "sha-224", f"{_NIST}.4", hashes.SHA224, f"{_PKCS1}.14", f"{_ANSI}.3.1"),
    Digest("sha256", "sha-256", f"{_NIST}.1", hashes.SHA256, f"{_PKCS1}.11", f"{_ANSI}.3.2"),
    Digest("sha384", "sha-384", f"{_NIST}.2", hashes.SHA384, f"{_PKCS1}.12", f"{_ANSI}.3.3"),
    Digest("sha512", "sha-512", f"{_NIST}.3", hashes.SHA512, f"{_PKCS1}.13", f"{_ANSI}.3.4"),
)
DIGEST_OF = {each.name: each for each in DIGESTS}
DIGEST_BY_OID = {oid: each for each in DIGESTS for oid in (each.oid, each.rsa, each.ecdsa) if oid}


class CipherOf(NamedTuple):
    """``key`` in bytes."""

    name: str
    oid: str
    key: int
    mode: Literal["cbc", "gcm"]
    block: type[AES] | type[TripleDES] = AES
    weak: bool = False


_AES = "2.16.840.1.101.3.4.1"
CIPHERS: tuple[CipherOf, ...] = (
    CipherOf("3des", "1.2.840.113549.3.7", 24, "cbc", TripleDES, weak=True),
    CipherOf("aes128-cbc", f"{_AES}.2", 16, "cbc"),
    CipherOf("aes192-cbc", f"{_AES}.22", 24, "cbc"),
    CipherOf("aes256-cbc", f"{_AES}.42", 32, "cbc"),
    CipherOf("aes128-gcm", f"{_AES}.6", 16, "gcm"),
    CipherOf("aes192-gcm", f"{_AES}.26", 24, "gcm"),
    CipherOf("aes256-gcm", f"{_AES}.46", 32, "gcm"),
)
CIPHER_OF = {each.name: each for each in CIPHERS}
CIPHER_BY_OID = {each.oid: each for each in CIPHERS}

#: Those that are declined, by name: an operator should read more than a row of numbers.
DECLINED = {"1.2.840.113549.3.2": "RC2", "1.3.14.3.2.7": "DES", "1.2.840.113533.7.66.10": "CAST5"}


def named_digest(oid: str) -> Digest:
    """Raises CmsError for one that is not known."""
    found = DIGEST_BY_OID.get(oid)
    if found is None:
        raise CmsError(f"The digest {oid} is not known.")
    return found


def algorithm(oid: str, *parameters: bytes) -> bytes:
    """An AlgorithmIdentifier."""
    return tlv(der.SEQUENCE, der.oid(oid), *parameters)


# Key transport: the name in options, the AlgorithmIdentifier and the padding


def transport(name: str) -> tuple[bytes, padding.AsymmetricPadding]:
    """``rsa`` (PKCS #1 v1.5) or ``oaep-sha256`` and the like."""
    if name == "rsa":
        return algorithm(RSA, NULL), padding.PKCS1v15()
    digest = DIGEST_OF[name.removeprefix("oaep-")]
    hash_id = algorithm(digest.oid, NULL)
    parameters = tlv(der.SEQUENCE, tlv(0xA0, hash_id), tlv(0xA1, algorithm(MGF1, hash_id)))
    return algorithm(RSA_OAEP, parameters), _oaep(digest, digest)


def transport_named(identifier: Element) -> tuple[str, padding.AsymmetricPadding]:
    """The name and the padding that an AlgorithmIdentifier says. Raises CmsError for one that is not known."""
    name = identifier.child(0).oid
    if name == RSA:
        return "rsa", padding.PKCS1v15()
    if name != RSA_OAEP:
        raise CmsError(f"The key transport {name} is not known.")
    given = _tagged(identifier)
    digest = _hash_in(given.get(0xA0))
    masked = given.get(0xA1)
    mask = _hash_in(None) if masked is None else _hash_in(tlv_of(masked.child(0).child(1)))
    label = given[0xA2].child(0).child(1).octets if 0xA2 in given else b""
    return f"oaep-{digest.name}", _oaep(digest, mask, label or None)


def tlv_of(element: Element) -> Element:
    """The element as the only child of a wrapper."""
    return Element(0xA0, element.encoded())


def _oaep(digest: Digest, mask: Digest, label: bytes | None = None) -> padding.OAEP:
    return padding.OAEP(padding.MGF1(mask.hash()), digest.hash(), label)


# Signatures: PKCS #1 v1.5 or PSS of RSA, or ECDSA


def signature_algorithm(digest: Digest, *, pss: bool, elliptic: bool) -> bytes:
    """What stands in a SignerInfo."""
    if elliptic:
        return algorithm(digest.ecdsa)
    if not pss:
        return algorithm(RSA, NULL)
    hash_id = algorithm(digest.oid, NULL)
    salt = der.integer(digest.hash().digest_size)
    parameters = (tlv(0xA0, hash_id), tlv(0xA1, algorithm(MGF1, hash_id)), tlv(0xA2, salt))
    return algorithm(RSA_PSS, tlv(der.SEQUENCE, *parameters))


def signature_padding(identifier: Element, digest: Digest) -> tuple[Any, Digest]:
    """The padding of an RSA signature, and the digest that it is over. Raises CmsError for what is not known."""
    name = identifier.child(0).oid
    if name != RSA_PSS:
        return padding.PKCS1v15(), DIGEST_BY_OID.get(name, digest)
    given = _tagged(identifier)
    own = _hash_in(given.get(0xA0))
    masked = given.get(0xA1)
    mask = _hash_in(None) if masked is None else _hash_in(tlv_of(masked.child(0).child(1)))
    salt = given[0xA2].child(0).number if 0xA2 in given else 20
    if not 0 <= salt <= 512:
        raise CmsError("The salt of a PSS signature is longer than any.")
    return padding.PSS(padding.MGF1(mask.hash()), salt), own


def _tagged(identifier: Element) -> dict[int, Element]:
    if len(identifier.children) < 2:
        return {}
    return {each.tag: each for each in identifier.child(1).children}


def _hash_in(wrapper: Element | None) -> Digest:
    """SHA-1 is what is meant where nothing is said (RFC 8017, A.2)."""
    return DIGEST_OF["sha1"] if wrapper is None else named_digest(wrapper.child(0).child(0).oid)
