"""An SFTP server that partners call: they upload into `inbox/`, and fetch from `outbox/` (documents) and `ack/`
(receipts).

In:

- An upload is received when its client closes it, or renames it where its name matches the partner's temporary
  pattern. The answer to that request comes after the commit: a client that is told "done" may forget the file, and one
  that is told of a failure, or nothing, may upload it again.
- A connection that is cut in the middle receives nothing, however much was written; the client may go on where it was
  (`reput`), on the same machine, for a day. A file with a hole is never received.
- The same name with the same bytes again is the same upload, as long as it is shown; with other bytes it is a new one.
- A received file is shown with its size for `visible`, by every process that listens, on every machine.

Out:

- What is composed for the endpoint is deposited at once: it is shown until the partner deletes it, or until `visible`
  has passed since it was fetched. It lies in the database, nowhere else.
- It counts as delivered when all of it was read and the file closed, or when the partner deletes it.
- A name that is taken already gets the id of its transmission (`order~tx_42.x12`).

Limits:

- There is no shell and no command, nothing is forwarded, and no folder can be made: `scp -O`, which needs a command on
  the other side, is refused (`scp` of OpenSSH 9 and later speaks SFTP by itself).
- Times and permissions that clients set (`put -P`, `scp -p`) are accepted and forgotten.
- Old algorithms are not spoken: no SHA-1, MD5, DSA, 3DES or CBC. RSA keys sign with SHA-2.
- Names have 250 bytes of UTF-8 at most.
- A body is held in memory while it is received: see `max_bytes`.
- Unfinished uploads lie in the home of the process that took them, so a client resumes on the same machine only.
- A client that is interrupted by its user (Ctrl-C) may close what it wrote so far. Where the format has no end of its
  own, a file that ends where its client's piece ends is refused the first time (`interrupted`); `rename_only` makes
  sure.
"""

from __future__ import annotations

from gateway.connectors.sftp_server.accounts import NAME, mistakes
from gateway.connectors.sftp_server.options import InboxOptions, OutboxOptions
from gateway.connectors.sftp_server.outbox import DepositOutbox, open_outbox
from gateway.connectors.sftp_server.probe import probe

__all__ = ["NAME", "DepositOutbox", "InboxOptions", "OutboxOptions", "mistakes", "open_outbox", "probe"]
