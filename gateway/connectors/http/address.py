"""Where a URL leads: to which addresses, and whether we may call them.

The addresses are looked up and judged here, and the connection is made to one of those that were judged: what a name
means may change from one look to the next.
"""

from __future__ import annotations

import ipaddress
import socket

from gateway.core.errors import ConnectorError, DeliveryRefusedError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

#: Where clouds keep credentials of a machine that has no link-local address for them.
_METADATA = frozenset(map(ipaddress.ip_address, ("fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "168.63.129.16")))

#: IPv4 addresses as a network of IPv6 alone writes them (RFC 6052).
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

#: At most so many addresses of one name are tried.
MOST = 4


def addresses(host: str, port: int, *, link_local: bool = False) -> list[IPAddress]:
    """The addresses of a host that we may call, in the order of preference.

    Raises :class:`ConnectorError` for a name that is not known now, :class:`DeliveryRefusedError` where all addresses
    are forbidden.
    """
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConnectorError(f"The name {host} has no address: {reason}.", hint="Is the name right?") from error
    found = list(dict.fromkeys(_address(str(row[4][0])) for row in rows))
    allowed = [address for address in found if link_local or not forbidden(address)]
    if not allowed:
        named = ", ".join(map(str, found))
        raise DeliveryRefusedError(
            f"{host} is {named}, which is link-local, a cloud's metadata service or no address of one machine.",
            hint="link_local = true at the endpoint would allow it.",
        )
    return allowed[:MOST]


def forbidden(address: IPAddress) -> bool:
    """Whether it is link-local, a metadata service, unspecified or a group of machines."""
    plain = _unmapped(address)
    return plain.is_link_local or plain.is_multicast or plain.is_unspecified or plain in _METADATA


def is_near(address: IPAddress) -> bool:
    """Whether it is this machine or a private network."""
    plain = _unmapped(address)
    return plain.is_loopback or plain.is_private or plain.is_link_local


def _address(text: str) -> IPAddress:
    return ipaddress.ip_address(text.partition("%")[0])


def _unmapped(address: IPAddress) -> IPAddress:
    """An IPv4 address that is written as IPv6 is judged as what it is."""
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if mapped is None and address in _NAT64:
        mapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return mapped or address
