"""What is installed is what is in the checkout: setup.cfg names every package and every folder of data."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).parent.parent


def _packages() -> set[str]:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return set(config["options"]["packages"].split())


def test_every_package_is_installed() -> None:
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / "gateway").rglob("__init__.py")}
    assert {".".join(folder.parts) for folder in folders} == {p for p in _packages() if "._data" not in p}


def test_the_folders_of_data_are_installed_beside_the_program() -> None:
    assert {p for p in _packages() if "._data" in p} == {
        f"gateway._data.{folder}" for folder in ("mappings", "partners", "schemas")
    }
