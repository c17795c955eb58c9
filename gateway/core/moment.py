"""Points in time as people write them: a date, a date with time, or a span that ends now. Pure."""

from __future__ import annotations

import datetime as dt
import re

_AGO = re.compile(r"([0-9]{1,6})([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}

#: What may be written, for messages.
FORMS = "2026-11-20, 2026-11-20T08:15 or 24h (s, m, h, d, w)"


def moment(text: str, now: int) -> int:
    """Microseconds since 1970, UTC where the text names no zone. Raises ValueError.

    ``now`` in microseconds: "24h" is a day before it.
    """
    ago = _AGO.fullmatch(text)
    if ago:
        return now - int(ago[1]) * _SECONDS[ago[2]] * 1_000_000
    found = dt.datetime.fromisoformat(text)
    aware = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    return int(aware.timestamp() * 1_000_000)
