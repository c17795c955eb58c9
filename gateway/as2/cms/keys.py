"""Private keys with their certificates: PEM with both in one file, or PKCS #12; made, read and written encrypted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs7,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gateway.as2.cms.certificates import Certificate, certificate
from gateway.as2.cms.errors import KeyFileError

_PEM = b"-----BEGIN "
_EXPONENT = 65537


class PrivateKey(NamedTuple):
    """One key of ours. ``chain``: the certificates above its own."""

    certificate: Certificate
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    chain: tuple[Certificate, ...] = ()


def private_keys(data: bytes, passphrase: bytes | None) -> list[PrivateKey]:
    """The key of a file. Raises KeyFileError, which never says what the passphrase is."""
    try:
        key, own, chain = _pem(data, passphrase) if _PEM in data else _pkcs12(data, passphrase)
    except KeyFileError:
        raise
    except Exception as error:
        text = "It cannot be opened: the passphrase is wrong or missing, or it is no file of keys."
        raise KeyFileError(text, hint="PEM with key and certificate, and PKCS #12, are read.") from error
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise KeyFileError("The key is neither RSA nor elliptic.")
    if own is None or own.public.public_numbers() != key.public_key().public_numbers():
        raise KeyFileError("There is no certificate of the key in it.")
    return [PrivateKey(own, key, chain)]


def make_key(
    name: str, *, bits: int = 3072, days: int = 730, organization: str = "", now: datetime | None = None
) -> PrivateKey:
    """A new RSA key with a certificate that it signs itself, valid from now on. ``name``: the common name."""
    key = rsa.generate_private_key(_EXPONENT, bits)
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, name[:64])]
    parts += [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[:64])] if organization else []
    subject, begin = x509.Name(parts), (now or datetime.now(UTC)).replace(microsecond=0)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=True,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(begin - timedelta(hours=1))  # the clocks of partners differ
        .not_valid_after(begin + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return PrivateKey(certificate(made), key)


def key_file(key: PrivateKey, passphrase: bytes | None) -> bytes:
    """PEM: the key, encrypted where there is a passphrase (PKCS #8), then its certificate and the chain."""
    how = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return key.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how) + certificate_file(key.certificate, *key.chain)


def certificate_file(*found: Certificate) -> bytes:
    """PEM, for partners."""
    return b"".join(x509.load_der_x509_certificate(each.der).public_bytes(Encoding.PEM) for each in found)


def pkcs7_file(*found: Certificate) -> bytes:
    """PKCS #7 (.p7b, DER), for programs that want the chain."""
    return pkcs7.serialize_certificates([x509.load_der_x509_certificate(each.der) for each in found], Encoding.DER)


def pkcs12_file(key: PrivateKey, passphrase: bytes, name: str) -> bytes:
    """For other programs."""
    own = x509.load_der_x509_certificate(key.certificate.der)
    chain = [x509.load_der_x509_certificate(each.der) for each in key.chain]
    how = BestAvailableEncryption(passphrase)
    return pkcs12.serialize_key_and_certificates(name.encode(), key.key, own, chain or None, how)


def _pem(data: bytes, passphrase: bytes | None) -> tuple[object, Certificate | None, tuple[Certificate, ...]]:
    start = min(place for kind in (b"ENCRYPTED ", b"", b"RSA ", b"EC ") if (place := _begin(data, kind)) >= 0)
    encrypted = b"ENCRYPTED" in data[start:]
    if encrypted and not passphrase:
        raise KeyFileError("The key is encrypted and there is no passphrase.", hint='passphrase = "env:NAME"')
    key = load_pem_private_key(data[start:], passphrase if encrypted else None)
    found = [certificate(each) for each in x509.load_pem_x509_certificates(data)]
    wanted = key.public_key()
    own = next((each for each in found if each.public == wanted), None)
    return key, own, tuple(each for each in found if each is not own)


def _begin(data: bytes, kind: bytes) -> int:
    return data.find(_PEM + kind + b"PRIVATE KEY-----")


def _pkcs12(data: bytes, passphrase: bytes | None) -> tuple[object, Certificate | None, tuple[Certificate, ...]]:
    found = pkcs12.load_pkcs12(data, passphrase)
    own = certificate(found.cert.certificate) if found.cert else None
    return found.key, own, tuple(certificate(each.certificate) for each in found.additional_certs)
