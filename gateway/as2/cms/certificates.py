"""Certificates as they are pinned for a party: PEM, DER or PKCS #7 (RFC 5280)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from hashlib import sha256
from io import BytesIO

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from gateway.as2.cms import der
from gateway.as2.cms.errors import KeyFileError

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

_MICROSECONDS = 1_000_000
_BITS = 2048


class Certificate:
    """One certificate. Times are in microseconds since 1970; ``sha256`` is the fingerprint in hexadecimal."""

    def __init__(self, found: x509.Certificate, der_bytes: bytes) -> None:
        self.der = der_bytes
        self.sha256 = sha256(der_bytes).hexdigest()
        self.subject = found.subject.rfc4514_string()
        self.issuer = found.issuer.rfc4514_string()
        self.serial = found.serial_number
        self.not_before = int(found.not_valid_before_utc.timestamp()) * _MICROSECONDS
        self.not_after = int(found.not_valid_after_utc.timestamp()) * _MICROSECONDS
        self._found = found

    @cached_property
    def public(self) -> PublicKey:
        """Raises KeyFileError for keys that are neither RSA nor elliptic."""
        key = self._found.public_key()
        if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
            raise KeyFileError(f"The key of {self.subject} is neither RSA nor elliptic.")
        return key

    @cached_property
    def issuer_der(self) -> bytes:
        """The issuer, byte for byte: recipients and signers are named by it."""
        parts = der.Ber(BytesIO(self._found.tbs_certificate_bytes)).element().children
        return parts[3 if parts[0].tag == 0xA0 else 2].encoded()

    @cached_property
    def ski(self) -> bytes | None:
        """The subject key identifier; where it says none, the one that others compute (RFC 5280, 4.2.1.2, (1))."""
        try:
            return self._found.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
        except x509.ExtensionNotFound:
            return x509.SubjectKeyIdentifier.from_public_key(self.public).digest
        except ValueError:
            return None

    def is_named(self, issuer: bytes | None, serial: int, ski: bytes | None) -> bool:
        """Whether recipients or signers that say so mean this one. ``issuer`` None: whichever it is."""
        if ski is not None:
            return ski == self.ski
        return serial == self.serial and issuer in {None, self.issuer_der}

    @property
    def weak(self) -> bool:
        """RSA of less than 2048 bits."""
        return isinstance(self.public, rsa.RSAPublicKey) and self.public.key_size < _BITS

    @property
    def kind(self) -> str:
        """``RSA, 2048 bits``"""
        public = self.public
        return f"{'RSA' if isinstance(public, rsa.RSAPublicKey) else public.curve.name}, {public.key_size} bits"

    @property
    def digest(self) -> str:
        """What its issuer hashed it with, empty where that is no hash that is known."""
        try:
            found = self._found.signature_hash_algorithm
        except ValueError:  # UnsupportedAlgorithm
            return ""
        return found.name if found else ""

    def valid_at(self, now: int) -> bool:
        """Whether it is valid at a time."""
        return self.not_before <= now <= self.not_after

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and self.der == other.der

    def __hash__(self) -> int:
        return hash(self.der)

    def __repr__(self) -> str:
        return f"Certificate({self.subject!r}, {self.serial:x})"


def shown(serial: int, ski: bytes | None) -> str:
    """What stands in a message in place of a certificate, for people; it may be made as long as its maker likes."""
    return f"key {ski[:64].hex()}" if ski is not None else f"serial {serial:x}"[:128]


def certificate(found: x509.Certificate) -> Certificate:
    """One that a library read."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return Certificate(found, found.public_bytes(Encoding.DER))


def certificates(data: bytes) -> list[Certificate]:
    """All that a file has: PEM, DER, or PKCS #7. Raises KeyFileError."""
    for read in (x509.load_pem_x509_certificates, _one, pkcs7.load_pem_pkcs7_certificates, _pkcs7):
        try:
            found = [certificate(each) for each in read(data)]
            if found and all(each.public and each.issuer_der for each in found):
                return found
        except KeyFileError:
            raise
        except Exception:  # noqa: S112 - libraries raise whatever they like for what is none of their form
            continue
    raise KeyFileError("There is no certificate in it.", hint="PEM, DER and PKCS #7 (.p7b) are read.")


def leaves(found: list[Certificate]) -> list[Certificate]:
    """Without those that issued others of them: partners mail whole chains."""
    issuers = {each.issuer for each in found if each.issuer != each.subject}
    return [each for each in found if each.subject not in issuers] or found


def newest_first(found: Iterable[Certificate], now: int) -> list[Certificate]:
    """Those that are valid now, the newest first; then the others, which may still have signed what comes late."""
    return sorted(found, key=lambda each: (each.valid_at(now), each.not_before), reverse=True)


def _one(data: bytes) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(data)]


def _pkcs7(data: bytes) -> list[x509.Certificate]:
    return list(pkcs7.load_der_pkcs7_certificates(data))
