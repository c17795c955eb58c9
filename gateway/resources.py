"""Finds the texts of ``schemas/``, ``mappings/`` and ``partners/``: the one place that opens those files.

Two places are looked at. The *home* is the folder that ``--home`` or ``CROSSDOCK_HOME`` names. Below it is the *base*:
the checkout that this package runs from, or else the copy that was installed with it (``gateway._data``). A file in
the home's ``schemas/`` and ``mappings/`` stands in front of the base's file of that name. ``partners/`` is never mixed:
with a home there are the parties of the home; the bundled ones serve the demo.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable
from pathlib import Path

from gateway.core.errors import ConfigurationError, UsageError

HOME_VARIABLE = "CROSSDOCK_HOME"
_LONGEST = 250  # bytes of a name: file systems take 255 bytes a part
_FOLDERS = ("schemas", "mappings", "partners")


class Section:
    """The files of one folder, the home's in front of the base's. Names are relative and use ``/``."""

    def __init__(self, name: str, roots: tuple[Traversable, ...], ending: str = "") -> None:
        self.name = name
        self._roots = roots
        self._ending = ending

    def files(self, name: str) -> str | None:
        """The text of a file, None where there is none. A name that leads out of the folder is no file here.

        Raises :class:`ConfigurationError` for a file that cannot be read or is not UTF-8.
        """
        texts = (_read(root, name, self.name) for root in self._roots)
        return next((text for text in texts if text is not None), None)

    def beneath(self, name: str) -> str | None:
        """The text that the file of the home stands in front of, None where there is none. Raises as :meth:`files`."""
        texts = [text for root in self._roots if (text := _read(root, name, self.name)) is not None]
        return texts[1] if len(texts) > 1 else None

    def own(self) -> list[str]:
        """The files that stand in front of bundled ones or beside them: those of the home. Sorted."""
        return sorted(name for root in self._roots[:-1] for name in _walk(root))

    def names(self, prefix: str = "") -> list[str]:
        """All files whose name begins with ``prefix``, sorted, each once. Hidden files and folders are passed over.

        Only the folder that the prefix names is looked at.
        """
        folder = prefix[: prefix.rfind("/") + 1]
        if folder and not _parts(folder[:-1]):
            return []
        roots = [root.joinpath(*_parts(folder[:-1])) if folder else root for root in self._roots]
        return sorted({name for root in roots for name in _walk(root, folder) if self._wanted(name, prefix)})

    def texts(self) -> dict[str, str]:
        """Every file with its text, named as messages show it: ``partners/globex.toml``."""
        texts = {f"{self.name}/{name}": self.files(name) for name in self.names()}
        return {name: text for name, text in texts.items() if text is not None}

    def digest(self) -> str:
        """A hash of all names and texts: it changes when any of them does."""
        found = sha256()
        for name, text in self.texts().items():
            found.update(f"{name}\0{len(text)}\0{text}".encode())
        return found.hexdigest()

    def _wanted(self, name: str, prefix: str) -> bool:
        return name.startswith(prefix) and name.endswith(self._ending)


class Resources:
    """The three folders. ``home`` None: only what is bundled."""

    def __init__(self, home: Path | None = None, base: Traversable | None = None) -> None:
        below = _base() if base is None else base
        self.home = home
        roots: tuple[Traversable, ...] = (below,) if home is None else (home, below)
        self.schemas = Section("schemas", tuple(root.joinpath("schemas") for root in roots))
        self.mappings = Section("mappings", tuple(root.joinpath("mappings") for root in roots), ".toml")
        self.partners = Section("partners", (roots[0].joinpath("partners"),), ".toml")

    def stamp(self) -> tuple[tuple[str, int, int], ...]:
        """Name, time of change and size of every file of the home: it changes when one of them does."""
        return tuple(sorted(each for name in _FOLDERS if self.home for each in _stamps(os.path.join(self.home, name))))


def map_file(name: str) -> bytes | None:
    """A file of the maps that come with pyx12, None where there is none. Nothing of pyx12's program is loaded."""
    found = package_files("pyx12").joinpath("map", name)
    return found.read_bytes() if found.is_file() else None


def map_source() -> str:
    """``pyx12 4.0.0``"""
    from importlib.metadata import version  # slow to load, and seldom asked for

    return f"pyx12 {version('pyx12')}"


def find(home: str | os.PathLike[str] | None = None, environ: Mapping[str, str] = os.environ) -> Resources:
    """The resources of a home: the one that is named, else ``CROSSDOCK_HOME``, else none.

    Raises :class:`UsageError` when the home is not a folder.
    """
    return Resources(find_home(home, environ))


def find_home(home: str | os.PathLike[str] | None = None, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The folder of the home, None where none is named. Raises :class:`UsageError` when it is not a folder."""
    named = home or environ.get(HOME_VARIABLE)
    if not named:
        return None
    folder = Path(named).expanduser().resolve()
    if not folder.is_dir():
        raise UsageError(f"The home {folder} is not a folder.", hint=f"crossdock init {named} makes one.")
    return folder


def _base() -> Traversable:
    """The checkout, recognised by its setup.cfg beside the folders; else the installed copy."""
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "setup.cfg").is_file() and all((checkout / folder).is_dir() for folder in _FOLDERS):
        return checkout
    return package_files("gateway").joinpath("_data")


def _stamps(folder: str) -> Iterator[tuple[str, int, int]]:
    """Of what is below it; without what is gone in the moment it is looked at."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        with suppress(OSError):
            stat = entry.stat()
            yield entry.path, stat.st_mtime_ns, stat.st_size
        if entry.is_dir(follow_symlinks=False):
            yield from _stamps(entry.path)


def _parts(name: str) -> list[str]:
    """The parts of a name, none where it is not a plain relative one. Names may come from what a stranger sent."""
    parts = name.split("/")
    plain = len(name.encode(errors="replace")) <= _LONGEST and name.isprintable() and not set(name) & set("\\:")
    return parts if plain and all(part not in ("", ".", "..") for part in parts) else []


def _walk(folder: Traversable, before: str = "") -> Iterator[str]:
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        if entry.name.startswith((".", "__")):
            continue
        if entry.is_dir():
            yield from _walk(entry, f"{before}{entry.name}/")
        elif entry.is_file():
            yield before + entry.name


def _read(root: Traversable, name: str, section: str) -> str | None:
    parts = _parts(name)
    found = root.joinpath(*parts) if parts else None
    return _text(found, f"{section}/{name}") if found is not None and found.is_file() else None


def _text(file: Traversable, name: str) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"this is not UTF-8: byte {error.start}.", file=name) from None
    except OSError as error:
        raise ConfigurationError(f"this cannot be read: {error.strerror}.", file=name) from None
