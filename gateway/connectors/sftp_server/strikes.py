"""Addresses from which passwords are guessed: after so many wrong ones nobody is let in from there for a while.

Keys cannot be guessed, and clients offer many of them before the right one: they do not count.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from threading import Lock

#: Seconds that a wrong password is remembered.
SPAN = 600.0

#: Addresses that are remembered; beyond that the one is forgotten whose last was longest ago.
_ADDRESSES = 10_000

#: Bits of an IPv6 address that one customer of a provider shares with nobody.
_PREFIX = 64


class Strikes:
    """Wrong passwords by address; ``most`` are allowed in ten minutes. Threads may share it."""

    def __init__(self, most: int, now: Callable[[], float] = time.monotonic) -> None:
        self._most, self._now = most, now
        self._times: dict[str, deque[float]] = {}
        self._lock = Lock()

    def add(self, address: str) -> None:
        with self._lock:
            times = self._times.pop(address, None) or deque(maxlen=self._most)
            times.append(self._now())
            self._times[address] = times
            if len(self._times) > _ADDRESSES:
                del self._times[next(iter(self._times))]

    def clear(self, address: str) -> None:
        """Somebody who is known came from there."""
        with self._lock:
            self._times.pop(address, None)

    def out(self, address: str) -> bool:
        """Whether nobody is let in from there now."""
        with self._lock:
            times = self._times.get(address)
            return times is not None and len(times) == self._most and times[0] > self._now() - SPAN


def place(address: str) -> str:
    """What limits count by: an IPv4 address, however it is written, or the network of an IPv6 address."""
    found = ip_address(address.partition("%")[0])
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    bits = 128 - _PREFIX
    return f"{IPv6Address(int(found) >> bits << bits)}/{_PREFIX}"
