"""Cryptographic Message Syntax (RFC 5652): taken off and put on, in constant memory."""

from __future__ import annotations

from gateway.as2.cms.algorithms import (
    AUTH_ENVELOPED_DATA,
    CIPHER_OF,
    COMPRESSED_DATA,
    DIGEST_OF,
    ENVELOPED_DATA,
    SIGNED_DATA,
    Digest,
)
from gateway.as2.cms.certificates import Certificate, certificates, leaves, newest_first
from gateway.as2.cms.compressed import compress, decompress, wrapping
from gateway.as2.cms.enveloped import Encryption, decrypt, encrypt, encrypted, encrypted_size, kind_of, recipients
from gateway.as2.cms.errors import CmsError, DecompressionError, DecryptionError, KeyFileError, SignatureError
from gateway.as2.cms.keys import (
    PrivateKey,
    certificate_file,
    key_file,
    make_key,
    pkcs7_file,
    pkcs12_file,
    private_keys,
)
from gateway.as2.cms.signed import Signer, Verified, enclosed, sign, signers, verify

__all__ = [
    "AUTH_ENVELOPED_DATA",
    "CIPHER_OF",
    "COMPRESSED_DATA",
    "DIGEST_OF",
    "ENVELOPED_DATA",
    "SIGNED_DATA",
    "Certificate",
    "CmsError",
    "DecompressionError",
    "DecryptionError",
    "Digest",
    "Encryption",
    "KeyFileError",
    "PrivateKey",
    "SignatureError",
    "Signer",
    "Verified",
    "certificate_file",
    "certificates",
    "compress",
    "decompress",
    "decrypt",
    "enclosed",
    "encrypt",
    "encrypted",
    "encrypted_size",
    "key_file",
    "kind_of",
    "leaves",
    "make_key",
    "newest_first",
    "pkcs7_file",
    "pkcs12_file",
    "private_keys",
    "recipients",
    "sign",
    "signers",
    "verify",
    "wrapping",
]
