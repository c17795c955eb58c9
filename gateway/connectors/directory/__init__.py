"""Folders: files that a party or a program puts into one, and files that we put into one for them.

In:

- A file is taken when it is complete, by the rule that the endpoint names; never half a file.
- It is claimed by a rename that one poller wins, so any number of processes may poll one folder, and no file is
  taken twice. Oldest first; no order is promised between two pollers of one folder.
- Claims of a process that ended without settling them, however it ended, are met again by the next poller and known
  by the same identity (folder, name, inode, time of change, size and content), so nothing is received twice.
- A received file moves to `.crossdock/done/YYYY-MM-DD/` after the database has it, and is purged after some days.
- Files above the limit move to `.crossdock/refused/`, with the reason in a text beside them.
- Sub folders, symbolic links and devices are passed over.

Out:

- A file appears under its name complete and durable: written under a temporary name that begins with `.crossdock.`
  and ends with `.tmp`, synced, renamed, and the folder synced too.
- The same name with the same bytes again is delivered already. The same name with other bytes is refused; nothing is
  ever replaced.
- Repeats are possible when the gateway stops between writing a file and recording it; then the same file comes again
  under the same name.

Limits:

- The folder and its `.crossdock` must be on one file system. Without locks (`flock`) a process that is silent for five
  minutes counts as gone. Without hard links (some network shares) two writers that use one name in the same instant are
  not told apart.
- One look reads the time and size of every file in the folder; of more than 50,000 the oldest are kept.
- The inbox needs permission to rename files in its folder.
- A body is held in memory while it is received: see `max_bytes`.
- Names that leave lose what file systems of partners refuse: separators, control characters, a leading dot, and
  whatever is beyond 200 bytes.
- `complete = "stable"` trusts a file that has not changed for a while. A sender that stalls longer in the middle of a
  file defeats it: prefer `rename` or `done-file` where the sender can do either.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from gateway.connectors.directory.inbox import DirectoryInbox, Times
from gateway.connectors.directory.options import InboxOptions, OutboxOptions
from gateway.connectors.directory.outbox import DirectoryOutbox
from gateway.connectors.directory.probe import probe
from gateway.connectors.oserrors import os_errors
from gateway.core.strict import convert

__all__ = [
    "DirectoryInbox",
    "DirectoryOutbox",
    "InboxOptions",
    "OutboxOptions",
    "Times",
    "open_inbox",
    "open_outbox",
    "probe",
]


def open_inbox(
    options: Mapping[str, object], base: Path, owner: str, *, name: str = "", party: str | None = None
) -> DirectoryInbox:
    """An inbox on ``options["path"]`` (relative to ``base``). ``owner`` names the process for people.

    ``name`` becomes the source of its arrivals, ``party`` whom they come from, where the folder says so. Raises
    :class:`ConfigurationError` for options that are wrong, :class:`ConnectorError` when the folder cannot be made. One
    that is missing and not ours to make is met when it is polled.
    """
    checked = convert(options, InboxOptions, name or "directory")
    return DirectoryInbox(checked, _folder(checked, base), owner, name=name, party=party)


def open_outbox(options: Mapping[str, object], base: Path, owner: str = "", *, name: str = "") -> DirectoryOutbox:
    """An outbox on ``options["path"]``; otherwise like :func:`open_inbox`."""
    checked = convert(options, OutboxOptions, name or "directory")
    return DirectoryOutbox(checked, _folder(checked, base), owner, name=name)


def _folder(options: InboxOptions | OutboxOptions, base: Path) -> str:
    path = Path(options.path).expanduser()
    folder = os.path.realpath(base / path)
    if options.create or (options.create is None and not path.is_absolute()):
        with os_errors(f"Making folder {folder}"):
            os.makedirs(folder, exist_ok=True)
    return folder
