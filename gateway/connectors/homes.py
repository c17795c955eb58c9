"""The home of a gateway, where a door only knows its folder of exchange: secrets and certificates lie there."""

from __future__ import annotations

from pathlib import Path

from gateway.resources import find_home


def home_of(base: Path) -> Path:
    """The folder above ``base`` where that is a home, else the one that the environment names."""
    if (base.parent / "crossdock.toml").is_file():
        return base.parent
    return find_home(None) or base.parent
