"""Who calls: addresses as one caller each, proxies that are believed, and how much room callers take."""

from __future__ import annotations

import ipaddress
from collections import Counter
from typing import Literal

from gateway.core.errors import ConfigurationError

_MAPPED = "::ffff:"


def plain(address: str) -> str:
    """The address as it is written; one of IPv4 that came to a socket of IPv6 (RFC 4291, 2.5.5.2) as one of IPv4."""
    if not address.lower().startswith(_MAPPED):
        return address
    mapped = ipaddress.IPv6Address(address).ipv4_mapped
    return str(mapped) if mapped is not None else address


def caller(address: str) -> str:
    """What belongs to one caller: an address of IPv4, the network (/64) of one of IPv6."""
    try:
        parsed = ipaddress.ip_address(plain(address))
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{parsed}/64", strict=False)) if parsed.version == 6 else str(parsed)


class Proxies:
    """Addresses and networks, with commas between them. Empty: no proxy is believed."""

    def __init__(self, text: str) -> None:
        """Raises ConfigurationError for what is neither."""
        parts = [part.strip() for part in text.split(",") if part.strip()]
        try:
            self._networks = [ipaddress.ip_network(part) for part in parts]
        except ValueError as error:
            hint = 'Write addresses and networks: "127.0.0.1, 10.0.0.0/8".'
            raise ConfigurationError(f"{error}.", file="crossdock.toml", key="web.proxies", hint=hint) from None

    def __contains__(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(plain(address))
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)

    @property
    def names(self) -> list[str]:
        return [str(network) for network in self._networks]


class Room:
    """How many are in at a time, of one caller and of all. For one thread: that of the event loop."""

    def __init__(self, most: int, most_each: int) -> None:
        self._most, self._most_each = most, most_each
        self._all = 0
        self._each: Counter[str] = Counter()

    def full(self, caller: str | None, spare: int = 0) -> Literal["all", "caller"] | None:
        """Whether there is no room left, of all or of this caller. ``caller`` None: one that has no bound of its own.

        ``spare``: so many more than usual.
        """
        if self._all >= self._most + spare:
            return "all"
        return "caller" if caller is not None and self._each[caller] >= self._most_each + spare else None

    def enter(self, caller: str | None) -> None:
        self._all += 1
        if caller is not None:
            self._each[caller] += 1

    def leave(self, caller: str | None) -> None:
        self._all -= 1
        if caller is not None:
            self._each[caller] -= 1
            if not self._each[caller]:
                del self._each[caller]
