"""What signs customs messages: keys of agreements, looked up by their references. Part of the composition root."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from gateway.agreements import Agreement
from gateway.codecs.xml_signature import RSA_SHA1, RSA_SHA256, RsaSigner, Signer
from gateway.core.errors import ConfigurationError

_ALGORITHMS = {"rsa-sha1": RSA_SHA1, "rsa-sha256": RSA_SHA256}


class Signers:
    """By agreement; each key is read once. ``secret`` looks a reference up. Threads may share it."""

    def __init__(self, secret: Callable[[str], str]) -> None:
        self._secret = secret
        self._known: dict[tuple[str, ...], Signer] = {}
        self._lock = threading.Lock()

    def __call__(self, agreement: Agreement) -> Signer | None:
        """None where nothing is signed. Raises ConfigurationError for a key or certificate that cannot be used."""
        agreed = agreement.customs
        if not agreed.private_key:
            return None
        named = (agreed.private_key, agreed.certificate, agreed.algorithm, agreed.key_name)
        with self._lock:
            if named not in self._known:
                self._known[named] = self._open(*named)
            return self._known[named]

    def _open(self, private_key: str, certificate: str, algorithm: str, name: str) -> Signer:
        try:
            key = serialization.load_pem_private_key(self._secret(private_key).encode(), None)
            found = x509.load_pem_x509_certificate(self._secret(certificate).encode())
        except (ValueError, TypeError) as error:
            reason = f"the key or certificate of customs is no PEM: {error}."
            raise ConfigurationError(reason, file="partners") from None
        if not isinstance(key, rsa.RSAPrivateKey):
            raise ConfigurationError("the key of customs is none of RSA.", file="partners")
        if found.public_key() != key.public_key():
            raise ConfigurationError("the certificate of customs is not that of its key.", file="partners")
        return RsaSigner(key, found, _ALGORITHMS[algorithm], name)
