"""AS2 (RFC 4130): signed and encrypted messages over HTTP, each answered by a receipt (MDN).

In:

- Partners post to the port of `[as2] listen`, at any path; `crossdock serve` opens it, `crossdock as2` does by itself.
  Whose message it is, and for whom, AS2-From and AS2-To say: the names of `[as2]` in the parties' files.
- The message is opened and verified, put on record with its documents, its MDN and the work in one commit, and only
  then answered. A message that cannot be taken is kept as it came (refused), and the MDN says why.
- The same Message-ID again: with the same content it gets the MDN that it got before, and nothing is done twice; with
  other content it is refused (AS2-CONFLICT). What was refused may be sent again under its Message-ID.
- Of several parts (RFC 6362) documents are translated, and what is none (PDF, TIFF) is kept with them:
  `crossdock trace` shows it.
- An asynchronous MDN is delivered until it is there, to where the partner wishes it, as far as `mdn_urls` allows.
- Security below `least` is refused. Who is not agreed on is answered so, and kept for some days, within bounds.

Out:

- What is sent is on record before it leaves, with its MIC; a try that failed is repeated under the same Message-ID, so
  that the partner knows it again. Connection errors, 408, 425, 429 and everything from 500 on are tried again; any
  other answer stops it.
- Delivered means: the partner's MDN says so, it is signed where that is asked for, and its MIC is ours. An MDN that
  says no, that cannot be verified or tells of another MIC stops the transmission, with an issue and an alert;
  `crossdock resend` then sends it as a new message.
- Asynchronous MDNs may arrive at any machine that shares the database. One that does not come within `mdn_timeout`
  makes us send again, `mdn_resends` times; after that it is overdue, and an alert tells.
- Redirections are not followed. TLS 1.2 at least; certificates are verified, or compared with `pin`.

Limits:

- Each message has a connection of its own.
- AS2 Restart and Certificate Exchange Messaging are not spoken.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gateway.connectors.as2.options import InboxOptions, OutboxOptions
from gateway.connectors.as2.probe import probe
from gateway.connectors.as2.relations import NAME, mistakes
from gateway.core.errors import ConfigurationError
from gateway.core.ports import OutboundConnector

__all__ = ["NAME", "InboxOptions", "OutboxOptions", "mistakes", "open_outbox", "probe"]


def open_outbox(options: Mapping[str, object], base: Path, owner: str = "", *, name: str = "") -> OutboundConnector:
    """Raises :class:`ConfigurationError`: messages need the keys and the record of a gateway, which opens this door."""
    raise ConfigurationError("AS2 is sent by a gateway alone.", file=name or "endpoint", key="connector")
