"""Trying the doors of parties: are the options right, does the door open, and may we do there what we must do?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gateway.agreements import Endpoint
from gateway.connectors import CONNECTORS, open_inbox, open_outbox
from gateway.core.errors import CrossdockError
from gateway.core.ports import ProbeStep
from gateway.doors import is_polled, mistakes_of
from gateway.settings import Config


def steps_of(endpoint: Endpoint, config: Config) -> Iterator[dict[str, Any]]:
    """Each step with what came of it, up to the first that does not work."""
    for step in _steps(endpoint, config):
        found = {"endpoint": endpoint.name, "party": endpoint.party, "step": step.name, "works": step.ok}
        yield found | {"detail": step.detail, "hint": step.hint}
        if not step.ok:
            return


def _steps(endpoint: Endpoint, config: Config) -> Iterator[ProbeStep]:
    base = Path(config.exchange)
    for mistake in mistakes_of(endpoint, "partners"):
        yield _failed("options", mistake)
        return
    yield ProbeStep("options", True, f"{endpoint.connector}, {endpoint.direction}")
    probe = CONNECTORS[endpoint.connector].probe
    try:
        if probe is not None:
            yield from probe(endpoint.options, endpoint.direction, base, name=endpoint.name)
        elif endpoint.direction == "out" or is_polled(endpoint):
            _open(endpoint, base)
            yield ProbeStep("open", True)
        section = CONNECTORS[endpoint.connector].called.get(endpoint.direction)
        if section is not None:
            yield _listens(section, config)
    except CrossdockError as error:
        yield _failed("open", error)


#: The ports that the how-to pages have.
_PORTS = {"sftp": 2222, "web": 8470, "as2": 4080}


def _listens(section: str, config: Config) -> ProbeStep:
    address = getattr(config, section).listen
    if address:
        return ProbeStep("listen", True, f"[{section}] listens at {address} while crossdock serve runs.")
    hint = f'listen = "0.0.0.0:{_PORTS[section]}" under [{section}] in crossdock.toml opens it.'
    return ProbeStep("listen", False, f"Nobody can call: [{section}] listens nowhere.", hint)


def _failed(step: str, error: CrossdockError) -> ProbeStep:
    return ProbeStep(step, False, error.detail, error.hint or "")


def _open(endpoint: Endpoint, base: Path) -> None:
    door: Any
    if endpoint.direction == "in":
        door = open_inbox(endpoint.connector, endpoint.options, base, "test", name=endpoint.name, party=endpoint.party)
    else:
        door = open_outbox(endpoint.connector, endpoint.options, base, "test", name=endpoint.name)
    door.close()
