"""A home with the parties of :mod:`gateway.example_customs`, for the demo and the benchmark."""

from __future__ import annotations

import os
from pathlib import Path

from gateway import example_customs as samples
from gateway.config import load
from gateway.resources import Resources
from gateway.service import Knowledge, Service, payload_store, prepare
from gateway.store import Step, open_database
from gateway.work.bell import open_bell


def drop(home: Path, party: str, name: str, body: bytes) -> None:
    """A file in the folder of a party, as who renames what is complete."""
    folder = home / "exchange" / "in" / party
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{name}.tmp"
    part.write_bytes(body)
    part.rename(folder / name)


def work(service: Service) -> None:
    """Everything that is there to be taken and done."""
    receiver = service.receiver()
    try:
        while receiver.run_once():
            pass
    finally:
        receiver.close()
    service.worker().run_until_idle()


def open_home(home: Path) -> Service:
    """A gateway on the embedded default with the parties of the story, and a key that nobody else has."""
    for name, text in samples.files().items():
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
    (home / "keys" / "customs.key").chmod(0o600)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CROSSDOCK_")}
    settings = load(home, environ)
    database = open_database(settings.database, payload_store(settings))
    prepare(settings.database, database)
    bell = open_bell(settings.broker, [step.name.lower() for step in Step])
    return Service(settings, Knowledge(Resources(home)), database, bell)
