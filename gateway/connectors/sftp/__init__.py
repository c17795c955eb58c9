"""SFTP client: files that we fetch from a partner's server, and files that we put there.

In:

- A file is fetched when it is complete, by the rule that the endpoint names; never half a file. Its size and time must
  be the same before and after.
- What was received is archived or deleted only after the database has it, and only when it has not changed since.
  Where it stays (`after = "leave"`, as it is unless told), it is kept in mind with its size, time and digest: an
  unchanged file is neither fetched nor received again, a changed one is.
- It is known by the same identity whenever it is met (folder, name, size, time of change and content), so nothing is
  received twice, whenever the connection breaks or the gateway stops.
- With `claim` a file is moved aside before it is fetched, which one poller wins; so several gateways may share a
  folder. Claims of a gateway that ended are taken over after `claim_seconds`.
- What a server refuses to move or delete is kept in mind, too, and told in the log.
- Oldest first. Sub folders, symbolic links and devices are passed over. Small files are fetched many at a time.

Out:

- A file appears under its name when all of it is there: it is written under a temporary name, measured, and renamed.
  The temporary name tells the content: after a cut the next try goes on where it ended.
- The same name with the same bytes again is delivered already. The same name with other bytes is refused; nothing is
  ever replaced.
- Servers that take files away at once do not disturb this.
- With `upload = "direct"` the file has its own name from the start, for servers that allow no renaming.

Both:

- A server is trusted by its pinned host key alone. Another key, or none pinned, is an error that shows the one that
  was met.
- Our keys and passwords are those that are configured; no agent and no key of the system's account is used.
- Algorithms are those of today. Where an old server has none of them the error names what it offers; `allow` admits
  what is named there for this endpoint alone.
- Every wait has a limit. Connections are kept open, made anew when they break, and always closed.
- Requests wait for an answer `in_flight` at most.

Limits:

- Repeats at the partner are possible when a connection breaks between a renaming and its answer and the server takes
  the file away at once; then it comes again under the same name.
- The protocol tells times to the second: a file that is replaced within one by another of the same size is taken for
  the same, where files stay. Prefer `archive` or `delete`.
- A file that changes between the last look and its deletion is deleted: with `claim` that cannot happen.
- Without `claim` two gateways with different databases both receive a file.
- A server whose renaming replaces what is there, against the protocol, could replace a file that appears at the same
  moment.
- A body is held in memory: see `max_bytes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from gateway.config import resolve_secret
from gateway.connectors.sftp.inbox import SftpInbox
from gateway.connectors.sftp.options import InboxOptions, OutboxOptions
from gateway.connectors.sftp.outbox import SftpOutbox
from gateway.connectors.sftp.probe import Walk
from gateway.connectors.sftp.session import Secrets
from gateway.core.ports import ProbeStep
from gateway.core.strict import convert
from gateway.resources import find_home

__all__ = ["InboxOptions", "OutboxOptions", "SftpInbox", "SftpOutbox", "open_inbox", "open_outbox", "probe"]


def open_inbox(
    options: Mapping[str, object], base: Path, owner: str, *, name: str = "", party: str | None = None
) -> SftpInbox:
    """An inbox on ``options["path"]`` of a server; it connects when it is polled.

    ``name`` becomes the source of its arrivals, ``party`` whom they come from. Raises :class:`ConfigurationError` for
    options that are wrong; secrets that are missing are met when it connects.
    """
    return SftpInbox(convert(options, InboxOptions, name or "sftp"), _secrets(base), name=name, party=party)


def open_outbox(options: Mapping[str, object], base: Path, owner: str = "", *, name: str = "") -> SftpOutbox:
    """An outbox on ``options["path"]`` of a server; otherwise like :func:`open_inbox`."""
    return SftpOutbox(convert(options, OutboxOptions, name or "sftp"), _secrets(base), name=name)


def probe(options: Mapping[str, object], direction: str, base: Path, *, name: str = "") -> Iterator[ProbeStep]:
    """Name, socket, keys, login, list, and a file that is made and removed where we have to write."""
    kind: type[InboxOptions | OutboxOptions] = InboxOptions if direction == "in" else OutboxOptions
    return Walk(convert(options, kind, name or "sftp"), _secrets(base)).steps()


def _secrets(base: Path) -> Secrets:
    return partial(resolve_secret, home=find_home(None) or base.parent)
