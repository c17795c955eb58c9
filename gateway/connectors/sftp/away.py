"""Moving files at a server: into a claim and out of it, into the archive, or away for good. Nothing is replaced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from gateway.connectors.directory.looks import Look
from gateway.connectors.sftp.claims import Claim, claim_in
from gateway.connectors.sftp.failures import StatusError
from gateway.connectors.sftp.options import InboxOptions
from gateway.connectors.sftp.remote import Remote


class Away:
    """The folders ``claim`` and ``archive`` of an inbox. Methods raise :class:`ConnectorError`."""

    def __init__(self, options: InboxOptions, remote: Remote) -> None:
        self._options = options
        self._remote = remote
        self._made: set[str] = set()

    # Claims

    def claims(self) -> Iterator[tuple[Look, Claim]]:
        """All claims that lie there, whose ever they are."""
        self._make(self._options.claim)
        for look in self._remote.scan(self._options.claim):
            claim = claim_in(look.name)
            if claim is not None:
                yield look, claim

    def claim(self, path: str, claim: Claim, marker: str) -> str | None:
        """Moves a file into a claim; None when somebody was first. With companions, who gets the companion has it."""
        self._make(self._options.claim)
        target = self._place(claim)
        if marker and not self._moved(path + marker, target + marker):
            return None
        if self._moved(path, target):
            return target
        if marker:
            self._moved(target + marker, path + marker)
        return None

    def taken_over(self, claim: Claim, mine: Claim, marker: str) -> str | None:
        """The place of a claim that is ours now; None when somebody was first."""
        source, target = self._place(claim), self._place(mine)
        if source != target and not self._moved(source, target):
            return None
        if marker and source != target:
            self._moved(source + marker, target + marker)
        return target

    def release(self, claim: Claim, path: str, marker: str) -> bool:
        """Puts a claimed file back; False when another file of its name lies there."""
        source = self._place(claim)
        try:
            self._moved(source, path)
        except StatusError:
            return False
        if marker:
            with suppress(StatusError):
                self._moved(source + marker, path + marker)
        return True

    def _place(self, claim: Claim) -> str:
        return self._remote.path(claim.claimed_name, self._options.claim)

    # After the commit

    def put(self, look: Look, sha256: str, path: str, claim: Claim | None, marker: str) -> None:
        """Archives or deletes a received file. One that changed since it was fetched stays: it is another one."""
        if claim is None:
            found = self._remote.look(path)
            if found is None or (found.size, found.modified or 0) != (look.size, look.modified):
                return
        if marker:
            self._remote.remove(path + marker)
        if self._options.after == "delete":
            self._remote.remove(path)
        else:
            self._archive(path, look, sha256)

    def _archive(self, path: str, look: Look, sha256: str) -> None:
        """Under its name or, where that is taken, with its time and the beginning of its digest before it."""
        self._make(self._options.archive)
        plain = self._remote.path(look.name, self._options.archive)
        if self._remote.look(plain) is None:
            with suppress(StatusError):
                if self._moved(path, plain):
                    return
        if self._remote.look(path) is not None:
            marked = self._remote.path(f"{look.modified}-{sha256[:12]}-{look.name}", self._options.archive)
            if self._remote.look(marked) is not None:
                self._remote.remove(path)  # the same file was archived before
            else:
                self._remote.rename(path, marked)

    def _moved(self, source: str, target: str) -> bool:
        """False when the source is gone. Raises :class:`StatusError` for everything else."""
        try:
            self._remote.rename(source, target)
        except StatusError:
            if self._remote.look(source) is None:
                return False
            raise
        return True

    def _make(self, folder: str) -> None:
        """Made once; a folder that went away is met as an error, and made at the next start."""
        if folder not in self._made and folder != ".":
            self._remote.make_folders([self._remote.path("", folder)])
            self._made.add(folder)
