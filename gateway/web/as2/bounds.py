"""The door of AS2 as the web server sees it: the settings of ``[as2]`` in its words. Pure."""

from __future__ import annotations

from pathlib import Path

from gateway.pipeline.exchanges import Quota, Quotas
from gateway.settings import As2, Config, Web


def bounds_of(settings: As2) -> Web:
    """Address, certificate and bounds of connections. A request is in hand for as long as it is opened."""
    return Web(
        listen=settings.listen,
        certificate=settings.certificate,
        certificate_key=settings.certificate_key,
        proxies=settings.proxies,
        connections=settings.connections,
        connections_per_address=settings.connections_per_address,
        requests=settings.connections,
        requests_per_address=settings.connections_per_address,
        memory_bytes=settings.memory_bytes,
        header_seconds=settings.header_seconds,
        seconds=settings.seconds,
        grace_seconds=settings.seconds,
        bytes_per_second=settings.bytes_per_second,
    )


def quotas_of(settings: As2) -> Quotas:
    """What is kept of refused messages in a day."""
    return Quotas(
        Quota(settings.strangers_messages, settings.strangers_bytes),
        Quota(settings.refused_messages, settings.refused_bytes),
    )


def clients_of(config: Config) -> Path | None:
    """The certificates of those who issue certificates to callers."""
    return config.home / config.as2.client_ca if config.as2.client_ca else None
