"""Values of a coded element from a CSV or TSV file, into the home."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path

from gateway.cli.session import Session
from gateway.core.errors import NotFoundError, UnreadableError, UsageError
from gateway.grammar.versions import base_version

_LARGEST = 8 * 1024 * 1024  # bytes: the longest lists (places of the world) have five
_HEADINGS = frozenset({"value", "code"})


def import_codes(session: Session, standard: str, version: str, element: str, file: Path) -> dict[str, object]:
    """Writes the values beside those that the home has, and names the file that it wrote.

    Raises UsageError without a home, NotFoundError for a version or element that there is not, UnreadableError for a
    file that is no list of values.
    """
    resources = session.knowledge.resources
    if resources.home is None:
        raise UsageError("Values are added to a home.", hint="crossdock --home DIR schemas codes …")
    schemas = session.knowledge.schemas
    plain = base_version(standard, version)
    if plain not in schemas.versions(standard):
        raise NotFoundError(f"There is no version {plain} of {standard}.", hint=", ".join(schemas.versions(standard)))
    if not schemas.has_element(standard, plain, element):
        raise NotFoundError(f"{standard} {plain} has no element {element}.")
    name = f"{standard}/{plain}/codes/{element}.txt"
    place = resources.home / "schemas" / name
    lines = _text(place).splitlines() if place.is_file() else []
    new = dict(_rows(file))
    kept = [line for line in lines if line.partition(" ")[0] not in new]
    text = "".join(f"{line}\n" for line in [*kept, *(f"{value} {said}".rstrip() for value, said in new.items())])
    _write(place, text)
    return {"file": str(place), "values": len(new)}


def _write(place: Path, text: str) -> None:
    """The whole file or nothing: a gateway that runs may read it meanwhile. Raises UnreadableError."""
    whole = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        whole.write_text(text, encoding="utf-8")
        whole.replace(place)
    except OSError as error:
        whole.unlink(missing_ok=True)
        raise UnreadableError(f"{place} cannot be written: {error.strerror}.") from None


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > _LARGEST:
            raise UnreadableError(f"{file} is longer than any list of values.")
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{file} is not UTF-8: byte {error.start}.") from None
    except OSError as error:
        raise UnreadableError(f"{file} cannot be read: {error.strerror}.") from None


def _rows(file: Path) -> Iterator[tuple[str, str]]:
    """Value and meaning of each row. A first row of headings is passed over."""
    text = _text(file)
    first = text.partition("\n")[0]
    mark = max("\t;,", key=first.count)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark), 1):
            value = row[0].strip() if row else ""
            if not value or (number == 1 and value.lower() in _HEADINGS):
                continue
            if len(value.split()) > 1 or value.startswith("#") or value == "without":
                raise UnreadableError(f'{file}, row {number}: "{value}" cannot be a value here: it is one word.')
            yield value, " ".join(" ".join(row[1:2]).split())
    except csv.Error as error:
        raise UnreadableError(f"{file} is no CSV: {error}.") from None
