"""All keys and certificates that AS2 needs, each with its file and its times: for lists, checks, metrics and alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from gateway.agreements import Agreements, Party
from gateway.as2 import cms
from gateway.connectors.as2.keyring import Keyring
from gateway.connectors.as2.relations import NAME
from gateway.core.errors import ConfigurationError
from gateway.core.validity import Credential
from gateway.settings import Config

Ring = Keyring[cms.Certificate, cms.PrivateKey]


class Credentials:
    """What the home has. Files are read once, and again when they change; threads may share it."""

    def __init__(self, config: Config, agreements: Callable[[], Agreements], ring: Ring) -> None:
        self._config, self._agreements, self._ring = config, agreements, ring

    def all(self) -> list[Credential]:
        """A file that cannot be read is one that says why."""
        found = [each for party in self._agreements().parties.values() for each in self._of(party)]
        return [*found, *self._servers()]

    def _of(self, party: Party) -> Iterator[Credential]:
        if party.as2 is not None:
            for use, where in _PLACES:
                yield from self._named(party, use, where, getattr(party.as2, where))
        for endpoint in party.endpoints:
            if endpoint.connector == NAME and (file := str(endpoint.options.get("certificate", ""))):
                yield from self._listed(party, "client", file, f"endpoint {endpoint.name}.certificate")

    def _named(self, party: Party, use: str, where: str, files: tuple[str, ...]) -> Iterator[Credential]:
        for number, file in enumerate(files):
            if use != "key":
                yield from self._listed(party, use, file, f"as2.{where}[{number}]")
                continue
            try:
                yield _credential(party.id, use, file, self._ring.key(party, number).certificate)
            except ConfigurationError as error:
                yield Credential(party.id, use, file, error=str(error))

    def _listed(self, party: Party, use: str, file: str, where: str) -> Iterator[Credential]:
        try:
            found = self._ring.certificates_in(file, party, where)
        except ConfigurationError as error:
            yield Credential(party.id, use, file, error=str(error))
            return
        for each in found[:1] if use == "client" else found:  # above its own come those of its issuers
            yield _credential(party.id, use, file, each)

    def _servers(self) -> Iterator[Credential]:
        for name in dict.fromkeys((self._config.web.certificate, self._config.as2.certificate)):
            if not name:
                continue
            try:
                yield _credential(
                    "", "server", name, cms.certificates((Path(self._config.home) / name).read_bytes())[0]
                )
            except (OSError, cms.KeyFileError) as error:
                yield Credential("", "server", name, error=str(error))


_PLACES = (("key", "keys"), ("certificate", "certificates"), ("encryption", "encryption_certificates"))


def _credential(party: str, use: str, file: str, found: cms.Certificate) -> Credential:
    return Credential(party, use, file, found.not_before, found.not_after, found.sha256)
