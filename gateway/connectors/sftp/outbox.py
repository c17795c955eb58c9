"""Departures as files at a partner's server: whole or not at all, never replacing, continued after a cut."""

from __future__ import annotations

import threading
from collections import Counter
from hashlib import sha256
from typing import NamedTuple

import structlog

from gateway.connectors.directory.names import safe_name
from gateway.connectors.sftp.failures import LinkError, StatusError
from gateway.connectors.sftp.options import OutboxOptions
from gateway.connectors.sftp.protocol import Protocol, handle_of, path_of, to_open
from gateway.connectors.sftp.remote import Remote
from gateway.connectors.sftp.session import Secrets
from gateway.connectors.sftp_server.wire import Attributes, Code, Flag, Kind
from gateway.core.errors import ConnectorError, DeliveryRefusedError
from gateway.core.ports import Departure, Outcome
from gateway.core.spooled import Body, in_memory, part_of, sha256_of, size_of

TAKEN = "a file of this name with other content is there"
TAKEN_HINT = "It is never replaced: the partner has to take it away, then send again (crossdock resend)."
BACK = 4 * 1024 * 1024  # what was under way when a connection broke is sent again, and a part of it compared
COMPARED = 256 * 1024
BLOCK = 4 * 1024 * 1024  # bytes of a file that are on their way together

log = structlog.get_logger(__name__)


class Upload(NamedTuple):
    """One departure on its way: its name at the server, and the temporary one, which tells the content."""

    departure: Departure
    final: str
    temporary: str

    @property
    def body(self) -> Body:
        return self.departure.body

    @property
    def size(self) -> int:
        return size_of(self.departure.body)

    @property
    def doing(self) -> str:
        return f"Putting {self.final}"


class SftpOutbox:
    """Puts files into one folder. Threads take turns; any number of processes may put into the same folder."""

    def __init__(self, options: OutboxOptions, secrets: Secrets, *, name: str = "") -> None:
        self.name = name or options.door
        self._options = options
        self._remote = Remote(options, secrets)
        self._made = False
        self._turn = threading.Lock()

    def deliver(self, departures: list[Departure]) -> list[Outcome]:
        """One outcome per departure, in their order.

        Raises :class:`ConnectorError` when there is no connection: then nothing was sent. One that breaks later is the
        outcome of all that were not delivered yet.
        """
        with self._turn:
            return self._deliver_all(departures)

    def _deliver_all(self, departures: list[Departure]) -> list[Outcome]:
        self._remote.protocol()
        outcomes: list[Outcome] = []
        step = self._options.in_flight
        for at in range(0, len(departures), step):
            part = departures[at : at + step]
            try:
                outcomes += self._deliver(part)
            except ConnectorError as error:
                outcomes += [Outcome(each.transmission, str(error), error.retryable) for each in part]
        return outcomes

    def close(self) -> None:
        """Ends the connection."""
        self._remote.close()

    # A part of a batch

    def _deliver(self, departures: list[Departure]) -> list[Outcome]:
        """Many new, small files go together, a round trip for each step; all others one after the other."""
        self._make_folder()
        uploads = [self._upload(each) for each in departures]
        found = self._looks([each.final for each in uploads])
        outcomes: dict[int, Outcome] = {}
        together = [
            each
            for each, there in zip(uploads, found, strict=True)
            if there is None and self._options.upload == "rename" and each.size <= self._remote.protocol().write_piece
        ]
        names = [each.final for each in uploads]
        together = [each for each in together if names.count(each.final) == 1]
        cut: LinkError | None = None
        try:
            outcomes |= self._put_together(together)
        except LinkError as error:
            cut = error
        for each in uploads:
            if each.departure.transmission not in outcomes:
                outcomes[each.departure.transmission] = self._outcome(each, cut)
        return [outcomes[each.transmission] for each in departures]

    def _small(self, uploads: list[Upload]) -> list[Upload]:
        """Those of one piece that have a name of their own."""
        if self._options.upload == "direct":
            return []
        names = Counter(each.final for each in uploads)
        most = self._remote.protocol().write_piece
        return [each for each in uploads if each.size <= most and names[each.final] == 1]

    def _outcome(self, upload: Upload, cut: LinkError | None) -> Outcome:
        transmission = upload.departure.transmission
        try:
            if cut is not None:
                raise cut
            self._put(upload)
        except ConnectorError as error:
            return Outcome(transmission, str(error), error.retryable)
        return Outcome(transmission)

    def _upload(self, departure: Departure) -> Upload:
        name = safe_name(departure.name)
        mark = sha256(name.encode() + b"\0" + bytes.fromhex(sha256_of(departure.body))).hexdigest()[:24]
        return Upload(departure, self._remote.path(name), self._remote.path(f"{self._options.prefix}{mark}.tmp"))

    def _make_folder(self) -> None:
        if self._options.create and not self._made:
            self._remote.make_folders([self._remote.path("")])
            self._made = True

    def _looks(self, paths: list[str]) -> list[Attributes | None]:
        with self._remote.link() as line:
            answers = list(line.calls((Kind.LSTAT, path_of(path)) for path in paths))
        found: list[Attributes | None] = []
        for path, answer in zip(paths, answers, strict=True):
            if not isinstance(answer, StatusError):
                found.append(answer.fields.attributes())
            elif answer.code == Code.NO_SUCH_FILE:
                found.append(None)
            else:
                raise answer.about(f"{self._remote.where}: looking at {path}")
        return found

    def _put_together(self, uploads: list[Upload]) -> dict[int, Outcome]:
        """New files of one piece each. Those for which a step fails are left to be put alone, which tells why."""
        left = uploads
        with self._remote.link() as line:
            for step in (_write_all, _rename_all):
                left = step(line, left)
        return {each.departure.transmission: Outcome(each.departure.transmission) for each in left}

    # One file

    def _put(self, upload: Upload) -> None:
        """Raises :class:`ConnectorError`."""
        if self._is_there(upload):
            return
        if self._options.upload == "direct":
            self._write(upload, upload.final)
            self._check_size(upload, upload.final)
            return
        self._write(upload, upload.temporary)
        self._check_size(upload, upload.temporary)
        self._publish(upload)

    def _is_there(self, upload: Upload) -> bool:
        """The same bytes under the name are delivered already. Raises :class:`DeliveryRefusedError` for others."""
        found = self._remote.look(upload.final)
        if found is None:
            return False
        size = upload.size if found.size is None else found.size
        if size == upload.size and self._remote.has(upload.final, upload.body):
            return True
        if self._options.upload == "direct" and size < upload.size:
            return self._begun(upload, size)
        raise DeliveryRefusedError(f"{upload.doing}: {TAKEN}.", hint=TAKEN_HINT)

    def _begun(self, upload: Upload, size: int) -> bool:
        """A file that we began under its own name, and did not end. Raises like :meth:`_is_there`."""
        if not self._remote.has(upload.final, upload.body, size):
            raise DeliveryRefusedError(f"{upload.doing}: {TAKEN}.", hint=TAKEN_HINT)
        return False

    def _write(self, upload: Upload, path: str) -> None:
        """All bytes, or those that are missing. Never truncates: who else writes there writes the same."""
        begin = self._begin(upload, path)
        if begin:
            log.info("file.resumed", endpoint=self.name, file_name=upload.departure.name, bytes=begin)
        with self._remote.link() as line:
            doing = f"{self._remote.where}: writing {path}"
            opened = line.call(*to_open(path, Flag.WRITE | Flag.CREATE), doing)
            handle = opened.fields.string()
            try:
                self._send(line, handle, upload.body, begin)
            except StatusError as error:
                line.call(Kind.CLOSE, handle_of(handle))
                raise error.about(doing) from error
            line.call(Kind.CLOSE, handle_of(handle), doing)

    @staticmethod
    def _send(line: Protocol, handle: bytes, body: Body, begin: int) -> None:
        if isinstance(body, bytes):
            line.write_from(handle, memoryview(body)[begin:], begin)
            return
        with body.open() as reader:
            reader.seek(begin)
            while piece := reader.read(BLOCK):
                line.write_from(handle, memoryview(piece), begin)
                begin += len(piece)

    def _begin(self, upload: Upload, path: str) -> int:
        """Where to go on: a good deal before the end of what is there, since pieces may have arrived out of order."""
        found = self._remote.look(path)
        if found is None:
            return 0
        if found.size is None or found.size > upload.size:
            self._remote.remove(path)
            return 0
        begin = max(0, found.size - BACK)
        if begin and not self._same_before(upload, path, begin):
            self._remote.remove(path)
            return 0
        return begin

    def _same_before(self, upload: Upload, path: str, end: int) -> bool:
        at = max(0, end - COMPARED)
        with self._remote.link() as line:
            handle = line.call(*to_open(path, Flag.READ), upload.doing).fields.string()
            found = bytearray(end - at)
            got = line.read_into(handle, memoryview(found), at)
            line.call(Kind.CLOSE, handle_of(handle))
        return got == len(found) and bytes(found) == part_of(upload.body, at, end - at)

    def _check_size(self, upload: Upload, path: str) -> None:
        """A server that does not show the file, or its size, may have taken it away already: renaming will tell."""
        found = self._remote.look(path)
        if found is not None and found.size is not None and found.size != upload.size:
            self._remote.remove(path)
            text = f"{upload.doing}: {upload.size} bytes were sent, and {found.size} are there."
            raise ConnectorError(text, hint="Is there a quota? It is tried again.")

    def _publish(self, upload: Upload) -> None:
        try:
            self._remote.rename(upload.temporary, upload.final)
        except StatusError:
            if self._is_there(upload):
                self._remote.remove(upload.temporary)
            elif not self._remote.replace_with(upload.temporary, upload.final):
                raise


def _write_all(line: Protocol, uploads: list[Upload]) -> list[Upload]:
    """Opens, writes, closes and measures; returns those that are complete."""
    opened = list(line.calls(to_open(each.temporary, Flag.WRITE | Flag.CREATE) for each in uploads))
    live = [
        (each, handle_of(answer.fields.string()))
        for each, answer in zip(uploads, opened, strict=True)
        if not isinstance(answer, StatusError)
    ]
    writes = [(Kind.WRITE, handle + bytes(8) + each.size.to_bytes(4) + in_memory(each.body)) for each, handle in live]
    steps = [list(line.calls(writes)), list(line.calls((Kind.FSTAT, handle) for _, handle in live))]
    steps.append(list(line.calls((Kind.CLOSE, handle) for _, handle in live)))
    complete = []
    for (each, _), wrote, found, closed in zip(live, *steps, strict=True):
        if isinstance(wrote, StatusError) or isinstance(closed, StatusError) or isinstance(found, StatusError):
            continue
        if found.fields.attributes().size in (None, each.size):
            complete.append(each)
    return complete


def _rename_all(line: Protocol, uploads: list[Upload]) -> list[Upload]:
    renames = ((Kind.RENAME, path_of(each.temporary) + path_of(each.final)) for each in uploads)
    return [
        each for each, answer in zip(uploads, line.calls(renames), strict=True) if not isinstance(answer, StatusError)
    ]
