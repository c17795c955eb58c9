"""Mappings by name or path, and the documents of files that they read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.cli.inputs import opened, shown
from gateway.cli.session import Session

if TYPE_CHECKING:
    from gateway.codecs import RawDocument
    from gateway.mapping import Mapping


def mapping_of(session: Session, name: str) -> Mapping:
    """The mapping of that name, or of that file: what it extends is found by its name.

    Raises MappingDefinitionError, and UnreadableError for a file that is no text."""
    from gateway.core.errors import UnreadableError
    from gateway.mapping import Mappings

    file = Path(name)
    if file.suffix != ".toml" or not file.is_file():
        return session.knowledge.mappings.get(name)
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{name} is no text in UTF-8: {error}.") from error
    texts, own = session.knowledge.resources.mappings, file.as_posix()
    files = lambda wanted: text if wanted == own else texts.files(wanted)  # noqa: E731
    return Mappings(files, texts.names, session.knowledge.schemas).get(own.removesuffix(".toml"))


def documents_of(files: Sequence[str], session: Session, mapping: Mapping) -> Iterator[tuple[str, RawDocument]]:
    """Each document of the mapping's message in these files, with the file's name; others are passed over.

    Raises UnreadableError for a file that is no interchange."""
    from gateway.codecs import RawDocument, detect, read
    from gateway.core.errors import UnreadableError

    for file in files:
        with opened(file) as stream:
            found = detect(stream.read(8192))
            stream.seek(0)
            if found.format not in ("x12", "edifact"):
                raise UnreadableError(f"{shown(file)} is no X12 or EDIFACT interchange.")
            for event in read(stream, limits=session.knowledge.limits):
                if not isinstance(event, RawDocument) or not event.text:
                    continue
                if (event.standard, event.type) == (mapping.format.standard, mapping.format.message):
                    yield shown(file), event
