"""A simulated partner at its folders: it looks into what the gateway left there, and drops what it says."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from gateway.agreements import Agreements, Endpoint, Party
from gateway.connectors import registry
from gateway.connectors.directory.looks import TEMPORARY, name_filter, scan
from gateway.core.errors import ConnectorError, UsageError
from gateway.core.ports import Departure
from gateway.simulate import Partner, Turn
from gateway.simulate.voice import Spoken

DIRECTORY = "directory"


class Memory(msgspec.Struct, kw_only=True):
    """What a partner knows of what it did: its last control number, how often it ordered, and what it has answered."""

    control: int = 0
    orders: int = 0
    answered: dict[str, list[str]] = {}


class Folders:
    """The folders of one party, and what was done with them. Raises UsageError where a door is no folder."""

    def __init__(self, agreements: Agreements, party: Party, exchange: Path, memory: Path) -> None:
        self._exchange, self._file = exchange, memory
        self._out = _outs(agreements, party)
        self._in = _in(party)
        self.memory = _remembered(memory)

    def new(self) -> Iterator[tuple[str, bytes]]:
        """What was left for the partner and is not answered yet, the oldest first: ``globex-out/850-….x12``."""
        for endpoint in self._out:
            folder = self._exchange / str(endpoint.options["path"])
            if not folder.is_dir():
                continue
            looks = sorted(scan(str(folder), name_filter(("*",), TEMPORARY)), key=lambda look: look.age)
            known = self.memory.answered.get(endpoint.name, [])
            self.memory.answered[endpoint.name] = [name for name in known if name in {look.name for look in looks}]
            for look in looks:
                if look.name not in known:
                    yield f"{endpoint.name}/{look.name}", (folder / look.name).read_bytes()

    def done(self, file: str, partner: Partner, turn: Turn) -> None:
        """Drops what is said of a file (none: an order), and remembers it.

        The numbers are remembered first: what is dropped twice has two of them. Raises ConnectorError.
        """
        self.memory.control = partner.control
        self._save()
        for spoken in turn.files:
            self._drop(spoken)
        endpoint, _, name = file.partition("/")
        if name:
            self.memory.answered.setdefault(endpoint, []).append(name)
        self._save()

    def remember(self, file: str) -> None:
        """A file is answered."""
        endpoint, _, name = file.partition("/")
        self.memory.answered.setdefault(endpoint, []).append(name)
        self._save()

    def drop(self, name: str, body: bytes) -> None:
        """Puts a file where the party's documents come in. Raises ConnectorError."""
        self._drop(Spoken(name, body, ""))

    def _drop(self, spoken: Spoken) -> None:
        path = str(self._in.options["path"])
        suffix = str(self._in.options.get("suffix", ".done")) if self._in.options.get("complete") == "done-file" else ""
        door = registry.open_outbox(DIRECTORY, {"path": path, "create": True}, self._exchange)
        try:
            for name, body in ((spoken.name, spoken.body), *([(spoken.name + suffix, b"")] if suffix else [])):
                departure = Departure(transmission=0, endpoint=self._in.name, name=name, body=body)
                for outcome in door.deliver([departure]):
                    if outcome.error is not None:
                        raise ConnectorError(outcome.error)
        finally:
            door.close()

    def _save(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(".tmp")
        part.write_bytes(msgspec.json.format(msgspec.json.encode(self.memory)))
        os.replace(part, self._file)


def play(partner: Partner, folders: Folders) -> Iterator[dict[str, Any]]:
    """Answers everything that is new; what became of each file."""
    for file, body in folders.new():
        turn = partner.answer(body, _now())
        folders.done(file, partner, turn)
        yield told(file, turn)


def order(partner: Partner, folders: Folders, document: Any = None) -> dict[str, Any]:
    """A buyer orders: a document of its own, else the next one of its seed."""
    folders.memory.orders += 1
    turn = partner.send(document, _now()) if document is not None else partner.order(folders.memory.orders, _now())
    folders.done("", partner, turn)
    return told("", turn)


def told(file: str, turn: Turn) -> dict[str, Any]:
    """What a command says of it."""
    return {
        "file": file or None,
        "heard": list(turn.heard),
        "said": [
            {
                "file": each.name,
                "type": each.type,
                "document": each.document or None,
                "reference": each.reference or None,
            }
            for each in turn.files
        ],
        "remarks": list(turn.remarks),
    }


def _outs(agreements: Agreements, party: Party) -> list[Endpoint]:
    names = [a.endpoint if a.direction == "out" else a.acknowledge_through for a in party.agreements]
    return [_folder(agreements.endpoint(name)) for name in dict.fromkeys(names) if name]


def _in(party: Party) -> Endpoint:
    doors = [endpoint for endpoint in party.endpoints if endpoint.direction == "in"]
    near = [endpoint for endpoint in doors if endpoint.connector == DIRECTORY]
    if not near:
        hint = f'An [[endpoint]] with connector = "directory" and direction = "in" in {party.file}.'
        raise UsageError(f"{party.id} has no folder by which its documents come in.", hint=hint)
    return near[0]


def _folder(endpoint: Endpoint) -> Endpoint:
    if endpoint.connector != DIRECTORY:
        hint = 'For the trial let it be a folder: connector = "directory", path = "…".'
        raise UsageError(f"What leaves by {endpoint.name} goes by {endpoint.connector}, not to a folder.", hint=hint)
    return endpoint


def _remembered(file: Path) -> Memory:
    """Raises UsageError for a file that is none of ours."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Memory)
    except FileNotFoundError:
        return Memory()
    except (msgspec.DecodeError, json.JSONDecodeError) as error:
        raise UsageError(f"{file} is damaged: {error}.", hint="Remove it: everything is answered anew.") from None


def _now() -> int:
    return time.time_ns() // 1000
