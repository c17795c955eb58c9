"""Where an asynchronous MDN may be sent: only where the partner was said to be, never where its wish alone leads.

The URL comes from a message (Receipt-Delivery-Option). It is held against what was agreed, its addresses are judged,
and one of these is called: what a name means may change from one look to the next. Redirections are not followed.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Sequence
from urllib.parse import unquote, urlsplit

from gateway.connectors.http import address
from gateway.core.errors import DeliveryRefusedError

_SCHEMES = ("http", "https")


def check_url(url: str, allowed: Sequence[str], hosts: Collection[str], endpoint: str) -> None:
    """``allowed``: beginnings of URLs; where there are none, ``hosts`` are those that we send to.

    Raises :class:`DeliveryRefusedError` with the line of configuration that would allow it.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        _port(parts)
    except ValueError:
        raise DeliveryRefusedError("The partner asks for its MDN at what is no URL.") from None
    if parts.scheme not in _SCHEMES or not host or parts.username is not None or not url.isprintable():
        raise DeliveryRefusedError(f"The partner asks for its MDN at {_shown(url)}, which is no URL of http or https.")
    if allowed:
        if any(_begins(url, each) for each in allowed):
            return
    elif host in hosts:
        return
    place = f"{parts.scheme}://{parts.netloc}/"
    hint = f'mdn_urls = ["{place}"] at {endpoint} would allow it.'
    raise DeliveryRefusedError(f"The partner asks for its MDN at {_shown(url)}, which is not agreed on.", hint=hint)


def check_addresses(host: str, found: Sequence[address.IPAddress], *, private: bool, endpoint: str) -> None:
    """Raises :class:`DeliveryRefusedError` where it leads into a private network that nobody named."""
    if not private and any(map(address.is_near, found)):
        named = ", ".join(map(str, found))
        hint = f"mdn_private = true at {endpoint} would allow it."
        raise DeliveryRefusedError(f"{host} is {named}: this machine or a private network.", hint=hint)


def names_private(url: str, allowed: Sequence[str]) -> bool:
    """Whether an address or localhost is allowed by name, and this URL begins so."""
    return any(_begins(url, each) and _is_plain(urlsplit(each).hostname or "") for each in allowed)


def _begins(url: str, allowed: str) -> bool:
    """Scheme, host and port are equal, and the path begins alike: ``https://a.example`` is no ``a.example.evil``."""
    one, other = urlsplit(url), urlsplit(allowed)
    same = (one.scheme, (one.hostname or ""), _port(one)) == (other.scheme, (other.hostname or ""), _port(other))
    path = one.path or "/"
    steps = unquote(path).replace("\\", "/").split("/")
    return same and ".." not in steps and path.startswith(other.path or "/")


def _port(parts: object) -> int:
    port: int | None = getattr(parts, "port", None)
    return port or {"http": 80, "https": 443}.get(getattr(parts, "scheme", ""), 0)


def _is_plain(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _shown(url: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in url.partition("?")[0][:200])
