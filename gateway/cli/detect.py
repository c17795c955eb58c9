"""``crossdock detect``: what is this file?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from gateway.cli.inputs import FILE, opened, shown, watched
from gateway.cli.output import Column, Output, Record, facts, results, table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from gateway.codecs import InterchangeHeader, RawDocument

#: Control numbers that are listed for one type of document.
_MOST = 1000

_COLUMNS = (
    Column("document", "type"),
    Column("version", "version"),
    Column("convention", "association"),
    Column("count", "count", right=True),
    Column("control numbers", "numbers"),
)


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE…", help="- is standard input.")
@results
@click.pass_context
def detect(context: click.Context, files: tuple[str, ...], out: Output) -> None:
    """Say what files are: standard, version, documents, sender, receiver, control numbers.

    One answer for each interchange in a file, or for its UBL document or customs message (CEB); other XML, JSON and CSV
    are told by name. Exit code 1 when a file is none of these.

    Example:

    \b
        crossdock detect order.edi
        crossdock detect --json in/*.edi
    """
    unknown = False
    for path in files:
        with opened(path) as stream:
            for found in _found(shown(path), stream):
                unknown |= found["standard"] == "unknown"
                out.record(found, _human)
    context.exit(int(unknown))


def _found(name: str, stream: BinaryIO) -> Iterator[dict[str, Any]]:
    """A record for each interchange, or one for the file where it has none."""
    from gateway.codecs import detect as look

    head = look(stream.read(8192))
    stream.seek(0)
    about = {"file": name, "standard": head.format, "detail": head.detail}
    any_found = head.format in _WHOLE
    if any_found:
        yield about | _WHOLE[head.format](stream.read())
    if head.format in ("x12", "edifact"):
        with watched(stream, f"Reading {name}", quiet=True) as source:
            for found in _interchanges(source):
                any_found = True
                # What the file begins with tells nothing of an interchange of the other standard behind it.
                yield (about if found["standard"] == head.format else {"file": name}) | found
    if not any_found:
        yield about


def _interchanges(stream: BinaryIO) -> Iterator[dict[str, Any]]:
    from gateway.codecs import InterchangeEnd, InterchangeStart, RawDocument, read

    found: dict[str, Any] = {}
    kinds: dict[tuple[str, str, str], dict[str, Any]] = {}
    for event in read(stream):
        if isinstance(event, InterchangeStart):
            found, kinds = _header(event.header), {}
        elif isinstance(event, RawDocument):
            _count(kinds, event)
        elif isinstance(event, InterchangeEnd):
            yield found | {"documents": list(kinds.values())}


def _of_ubl(body: bytes) -> dict[str, Any]:
    from gateway.codecs.ubl import ubl_document, ubl_header

    document, head = ubl_document(body)
    kinds: dict[tuple[str, str, str], dict[str, Any]] = {}
    _count(kinds, document)
    return _header(ubl_header(head)) | {"documents": list(kinds.values())}


def _of_ceb(body: bytes) -> dict[str, Any]:
    from gateway.codecs.ceb import EDITION, ceb_head
    from gateway.codecs.ceb_file import opened_message

    file = opened_message(body)
    if file.issue is not None:
        return {"detail": file.issue.text}
    head = ceb_head(file.text)
    about: dict[str, Any] = {"standard": "ceb", "version": EDITION}
    if file.envelope is not None:
        about |= {"sender": file.envelope.sender, "receiver": ", ".join(file.envelope.receivers)}
        about["control_number"] = file.envelope.message_id
    else:
        about |= {"sender": head.dxp_id or head.cop_code, "control_number": head.guid}
    kind = {
        "type": head.type,
        "version": EDITION,
        "association": "",
        "count": head.nodes,
        "control_numbers": [head.guid],
    }
    return about | {"documents": [kind]}


def _of_idoc(body: bytes) -> dict[str, Any]:
    from gateway.codecs.idoc_read import idoc_documents

    found = list(idoc_documents(body, lambda tag: None))
    kinds: dict[tuple[str, str, str], dict[str, Any]] = {}
    for document, _ in found:
        _count(kinds, document)
    control = found[0][1]
    about = {"version": control.get("IDOCTYP", ""), "sender": control.get("SNDPRN", "")}
    about |= {"receiver": control.get("RCVPRN", ""), "control_number": control.get("DOCNUM", "")}
    return about | {"test": bool(control.get("TEST")), "documents": list(kinds.values())}


_WHOLE: dict[str, Callable[[bytes], dict[str, Any]]] = {"ubl": _of_ubl, "ceb": _of_ceb, "idoc": _of_idoc}


def _header(header: InterchangeHeader) -> dict[str, Any]:
    return {
        "standard": header.standard,
        "version": header.version,
        "sender": str(header.sender),
        "receiver": str(header.receiver),
        "control_number": header.control_number,
        "date": header.date,
        "time": header.time,
        "test": header.test,
    }


def _count(kinds: dict[tuple[str, str, str], dict[str, Any]], document: RawDocument) -> None:
    key = (document.type, document.version, document.association)
    empty = {"type": key[0], "version": key[1], "association": key[2], "count": 0, "control_numbers": []}
    kind = kinds.setdefault(key, empty)
    kind["count"] += 1
    if kind["count"] <= _MOST:
        kind["control_numbers"].append(document.control_number)


def _human(found: Record) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding

    words = {name: value for name, value in found.items() if name not in ("file", "documents", "date", "time")}
    words = {name.replace("_", " "): value for name, value in words.items()}
    words["written"] = " ".join(filter(None, (found.get("date"), found.get("time"))))
    parts: list[RenderableType] = [facts({"file": found["file"], **words})]
    documents = found.get("documents")
    if documents:
        rows = [kind | {"numbers": _some(kind["control_numbers"], kind["count"])} for kind in documents]
        parts.append(Padding(table(rows, _COLUMNS), (1, 0, 0, 2), expand=False))
    return Group(*parts)


def _some(numbers: list[str], count: int, most: int = 8) -> str:
    return ", ".join(numbers[:most]) + (", …" if count > most else "")
