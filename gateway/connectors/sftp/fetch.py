"""Files as they were fetched: many small ones at a time, large ones piece by piece, each as steady as it was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import structlog

from gateway.connectors.directory.looks import Look
from gateway.connectors.directory.names import shown_name
from gateway.connectors.sftp.failures import LinkError, StatusError
from gateway.connectors.sftp.protocol import READ_PIECE, Answer, Protocol, handle_of, to_open
from gateway.connectors.sftp.remote import Remote
from gateway.connectors.sftp_server.wire import Attributes, Code, Flag, Kind
from gateway.core.spooled import Body, Spool, SpoolWriter, discard, sha256_of, size_of

log = structlog.get_logger(__name__)


class Wanted(NamedTuple):
    """A file to fetch: how it was seen, and where it lies now."""

    look: Look
    path: str


class Fetched(NamedTuple):
    """Its bytes, or why there are none."""

    wanted: Wanted
    body: Body = b""
    problem: str = ""

    @property
    def sha256(self) -> str:
        return sha256_of(self.body)


class Begun:
    """The download that a connection broke off, so that the next one goes on with it: at most one for each door."""

    def __init__(self) -> None:
        self._look: Look | None = None
        self._writer: SpoolWriter | None = None

    def take(self, look: Look, spool: Spool) -> SpoolWriter:
        """What came of the file as it was seen then: name, size and time are the same; otherwise nothing."""
        found, before = self._writer, self._look
        self._writer = self._look = None
        if found is not None and before == look:
            return found
        if found is not None:
            found.discard()
        return spool.write()

    def keep(self, look: Look, writer: SpoolWriter) -> None:
        self._look, self._writer = look, writer

    def close(self) -> None:
        """Nobody goes on with it."""
        if self._writer is not None:
            self._writer.discard()
        self._writer = self._look = None


def fetch(
    remote: Remote, wanted: Sequence[Wanted], on_cut: Callable[[LinkError], None], spool: Spool, begun: Begun
) -> Iterator[Fetched]:
    """In their order. When the connection breaks ``on_cut`` hears of it, and what was not fetched is left out.

    Raises StoreError when our own disk does not take it.
    """
    try:
        small: list[Wanted] = []
        for each in wanted:
            if each.look.size < READ_PIECE:
                small.append(each)
                continue
            yield from _together(remote, small)
            small = []
            yield _alone(remote, each, spool, begun)
        yield from _together(remote, small)
    except LinkError as error:
        on_cut(error)


def _alone(remote: Remote, wanted: Wanted, spool: Spool, begun: Begun) -> Fetched:
    writer = begun.take(wanted.look, spool)
    try:
        if writer.size:
            log.info("file.resumed", endpoint=remote.where, file_name=shown_name(wanted.look.name), bytes=writer.size)
        after = remote.read(wanted.path, wanted.look.size, writer)
        found = _judged(wanted, writer.finish(), after)
    except LinkError:
        begun.keep(wanted.look, writer)
        raise
    except StatusError as error:
        found = Fetched(wanted, problem=_reason(error))
    except BaseException:
        writer.discard()
        raise
    writer.discard()
    return found


def _together(remote: Remote, wanted: Sequence[Wanted]) -> Iterator[Fetched]:
    """Each step for all before the next: a round trip for many files instead of four for each."""
    step = remote.account.in_flight
    for at in range(0, len(wanted), step):
        with remote.link() as line:
            found = list(_batch(line, wanted[at : at + step]))
        yield from found


def _batch(line: Protocol, wanted: Sequence[Wanted]) -> Iterator[Fetched]:
    opened = list(line.calls(to_open(each.path, Flag.READ) for each in wanted))
    handles = [None if isinstance(each, StatusError) else each.fields.string() for each in opened]
    live = [handle_of(handle) for handle in handles if handle is not None]
    sizes = [each.look.size for each, handle in zip(wanted, handles, strict=True) if handle is not None]
    reads = ((Kind.READ, handle + bytes(8) + (size + 1).to_bytes(4)) for handle, size in zip(live, sizes, strict=True))
    bodies = iter(list(line.calls(reads)))
    stats = iter(list(line.calls((Kind.FSTAT, handle) for handle in live)))
    for _ in line.calls((Kind.CLOSE, handle) for handle in live):
        pass
    for each, answer in zip(wanted, opened, strict=True):
        yield (
            Fetched(each, problem=_reason(answer))
            if isinstance(answer, StatusError)
            else _read(each, next(bodies), next(stats))
        )


def _read(wanted: Wanted, body: Answer | StatusError, after: Answer | StatusError) -> Fetched:
    if isinstance(after, StatusError):
        return Fetched(wanted, problem=_reason(after))
    if isinstance(body, StatusError):
        if body.code != Code.EOF:
            return Fetched(wanted, problem=_reason(body))
        return _judged(wanted, b"", after.fields.attributes())
    return _judged(wanted, body.fields.string(), after.fields.attributes())


def _judged(wanted: Wanted, body: Body, after: Attributes) -> Fetched:
    look = wanted.look
    seen = (
        look.size if after.size is None else after.size,
        look.modified if after.modified is None else after.modified,
    )
    if size_of(body) != look.size or seen != (look.size, look.modified):
        discard(body)
        return Fetched(wanted, problem="it changed while it was read")
    return Fetched(wanted, body)


def _reason(error: StatusError) -> str:
    return "it is gone" if error.code == Code.NO_SUCH_FILE else error.detail
