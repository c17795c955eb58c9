"""Logging in: whose key or password it is. Nobody learns from the time it takes whether an account exists."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gateway.agreements import Agreements
from gateway.connectors.sftp_server import passwords
from gateway.connectors.sftp_server.accounts import Account, accounts_of
from gateway.connectors.sftp_server.keys import fingerprint
from gateway.core.errors import ConfigurationError

Secrets = Callable[[str], str]

#: What stands in the log instead of a password.
PASSWORD = "password"  # noqa: S105

_NOBODY = Account(username="", party="")


class Login(NamedTuple):
    """``by`` is the fingerprint of the key, or :data:`PASSWORD`; ``hashed`` is that of the password."""

    account: Account
    by: str
    hashed: str = ""


class Accounts:
    """The accounts that are agreed on now. Threads may share it."""

    def __init__(self, agreements: Callable[[], Agreements], secrets: Secrets) -> None:
        self._agreements = agreements
        self._secrets = secrets
        self._known: tuple[Agreements, dict[str, Account]] | None = None

    def get(self, username: str) -> Account | None:
        return self._all().get(username)

    def by_password(self, username: str, password: str) -> Login | None:
        """Who has this password. Whoever does not exist, or has none, takes as long.

        Raises :class:`ConfigurationError` for a secret that is not there or no hash, as late.
        """
        account = self.get(username)
        try:
            hashed = self._hash(account) if account is not None else ""
        except ConfigurationError:
            passwords.matches(None, password)
            raise
        if passwords.matches(hashed or None, password) and account is not None:
            return Login(account, PASSWORD, hashed)
        return None

    def by_key(self, username: str, key: bytes) -> Login | None:
        """Who may log in with this public key."""
        account = self.get(username) or _NOBODY
        return Login(account, fingerprint(key)) if account.has_key(key) and account is not _NOBODY else None

    def still(self, login: Login) -> bool:
        """Whether who came so could come so now: an account, a key or a password may have been taken away since.

        A secret that cannot be read now takes nobody away.
        """
        before, now = login.account, self.get(login.account.username)
        if now is None or (now.party, now.doors) != (before.party, before.doors):
            return False
        if login.by != PASSWORD:
            return login.by in map(fingerprint, now.keys)
        try:
            return self._hash(now) == login.hashed
        except ConfigurationError:
            return True

    def _hash(self, account: Account) -> str:
        return self._secrets(account.password).strip() if account.password else ""

    def _all(self) -> dict[str, Account]:
        agreements = self._agreements()
        if self._known is None or self._known[0] is not agreements:
            self._known = (agreements, {account.username: account for account in accounts_of(agreements)})
        return self._known[1]
