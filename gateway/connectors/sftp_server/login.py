"""Logging in: whose key or password it is. Nobody learns from the time it takes whether an account exists."""

from __future__ import annotations

from collections.abc import Callable

from gateway.agreements import Agreements
from gateway.connectors.sftp_server import passwords
from gateway.connectors.sftp_server.accounts import Account, accounts_of

Secrets = Callable[[str], str]

_NOBODY = Account(username="", party="")


class Accounts:
    """The accounts that are agreed on now. Threads may share it."""

    def __init__(self, agreements: Callable[[], Agreements], secrets: Secrets) -> None:
        self._agreements = agreements
        self._secrets = secrets
        self._known: tuple[Agreements, dict[str, Account]] | None = None

    def get(self, username: str) -> Account | None:
        return self._all().get(username)

    def by_password(self, username: str, password: str) -> Account | None:
        """The account when this is its password. Whoever does not exist, or has none, takes as long.

        Raises :class:`ConfigurationError` for a secret that is not there or no hash.
        """
        account = self.get(username)
        hashed = self._secrets(account.password).strip() if account is not None and account.password else None
        return account if passwords.matches(hashed, password) else None

    def by_key(self, username: str, key: bytes) -> Account | None:
        """The account when this public key may log in."""
        account = self.get(username) or _NOBODY
        return account if account.has_key(key) and account is not _NOBODY else None

    def _all(self) -> dict[str, Account]:
        agreements = self._agreements()
        if self._known is None or self._known[0] is not agreements:
            self._known = (agreements, {account.username: account for account in accounts_of(agreements)})
        return self._known[1]
