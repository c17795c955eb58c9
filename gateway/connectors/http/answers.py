"""What an answer to a delivery means: delivered, later, or no. Pure."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Mapping
from datetime import UTC

from gateway.core.ports import Outcome

#: No for now (RFC 9110 15.5.9, RFC 8470 5.2, RFC 6585 4); and everything from 500 on, which is the receiver's trouble.
LATER = frozenset({408, 425, 429})

#: Our credentials are not what the receiver knows (RFC 9110 15.5.2): all else would be answered so, too.
SHUT = frozenset({401})

#: The longest pause that an answer may ask for, in seconds.
LONGEST_PAUSE = 24 * 3600

_HINTS: dict[int, str] = {
    401: "Are the token or the user and the password right?",
    403: "Are the token or the user and the password right, and may they do this?",
    404: "Is the url right?",
    405: "Does it take the method (POST or PUT)?",
    409: "The receiver has something else under this id.",
    410: "The receiver has given this url up.",
    413: "It is too large for the receiver.",
    415: "The receiver does not take this content type: content_type sets another one.",
}
_MOST_TEXT = 300
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def outcome(transmission: int, url: str, status: int, headers: Mapping[str, str], body: bytes, now: float) -> Outcome:
    """``headers`` by names in small letters; ``now`` in seconds since 1970."""
    if 200 <= status < 300:
        return Outcome(transmission, receipt=str(status))
    said = excerpt(body)
    text = f"{url} answered {status}" + (f": {said}" if said else ".")
    if status in LATER or status >= 500:
        pause = pause_asked_for(headers.get("retry-after", ""), now)
        return Outcome(transmission, text, retryable=True, retry_after=pause)
    if 300 <= status < 400:
        place = excerpt(headers.get("location", "").encode()) or "nowhere"
        text = f"{url} answered {status}, a redirection to {place}. It is not followed: is that the url to configure?"
        return Outcome(transmission, text, retryable=False)
    hint = _HINTS.get(status)
    shut = status in SHUT
    return Outcome(transmission, f"{text} {hint}" if hint else text, retryable=shut, mend=shut)


def pause_asked_for(text: str, now: float) -> float | None:
    """``Retry-After`` (RFC 9110 10.2.3) in seconds from now, bounded; None where it says nothing."""
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return float(min(int(text[:10]), LONGEST_PAUSE))
    try:
        when = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    return min(max(when.timestamp() - now, 0.0), float(LONGEST_PAUSE))


def excerpt(body: bytes) -> str:
    """The beginning of an answer as one line for the operator."""
    text = _CONTROL.sub(" ", body[: 4 * _MOST_TEXT].decode("utf-8", "replace")).strip()
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}…"
