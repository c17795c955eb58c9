"""Homes of the demos and benchmarks: a gateway on the embedded default with parties of a story."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gateway.config import without_settings
from gateway.service import Service


def open_home(home: Path, files: Mapping[str, bytes]) -> Service:
    """A gateway with these files in its home, whatever the environment says."""
    for name, body in files.items():
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        if file.suffix == ".key":
            file.chmod(0o600)
    return Service.open(home, without_settings())


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
