"""``crossdock bench as2``: messages to the AS2 door over sockets of this machine, from partners that keep it busy."""

from __future__ import annotations

import re
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from email.parser import BytesParser
from email.policy import HTTP
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from gateway.as2.mdn import parse_mdn
from gateway.bench.as2_home import Dock, Keys, Message
from gateway.bench.as2_sending import sent
from gateway.bench.calibrator import Calibrator
from gateway.bench.corpus import interchange
from gateway.bench.figures import BenchmarkError, Figure, Tell, middle
from gateway.bench.gateway_process import peak
from gateway.store.statements import both, run

MB = 1_000_000
_ORDERS = 7  # in a message: 10 KB
_SECONDS = 600


class Options(NamedTuple):
    """``clients``, ``processes``: each measured with each. ``large_mb``: sizes of the large messages."""

    messages: int = 400
    warm_up: int = 100
    rounds: int = 3
    clients: tuple[int, ...] = (1, 8)
    processes: tuple[int, ...] = (1, 2)
    large_mb: tuple[int, ...] = (1, 50)
    folder: Path | None = None


class Answered(NamedTuple):
    """The answer to a message, as it came."""

    message: Message
    raw: bytes


def measure(options: Options, tell: Tell) -> Iterator[Figure]:
    """Each message is signed and encrypted before the clock is started, and its signed MDN verified after it was
    stopped. Raises BenchmarkError when one does not say what it should, or a message is not on record once."""
    keys = Keys.made()
    for processes in options.processes:
        for clients in options.clients:
            case = f"received: 10 KB, {_many(clients, 'client')}, {_many(processes, 'process')}"
            yield _rate(case, options, partial(_received, options, keys, processes, clients, tell))
    yield _rate("sent: 10 KB, one endpoint to another gateway", options, partial(_sent, options, keys, tell))
    for size in options.large_mb:
        yield from _large(options, keys, size, tell)


def _rate(case: str, options: Options, once: Callable[[], float]) -> Figure:
    calibrator, rates = Calibrator(), list[float | None]()
    for _ in range(options.rounds):
        calibrator.look()
        rates.append(once())
    calibrator.look()
    return calibrator.beside(Figure(bench="as2", case=case, value=middle(rates), unit="messages/s"))


def _content(number: int) -> bytes:
    return interchange("x12", number, range(number * _ORDERS, (number + 1) * _ORDERS))


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}{'es' if word.endswith('s') else 's'}"


def _received(options: Options, keys: Keys, processes: int, clients: int, tell: Tell) -> float:
    with tempfile.TemporaryDirectory(prefix="crossdock-bench-", dir=options.folder) as name:
        dock = Dock(Path(name), keys, processes, 100 * MB)
        tell(f"packing {options.messages} messages")
        count = options.warm_up + options.messages
        messages = [dock.message(number, BytesIO(_content(number))).built() for number in range(count)]
        with dock.served():
            tell(f"{_many(clients, 'client')}, {_many(processes, 'process')}")
            answers = _post(dock.port, messages[: options.warm_up], clients)
            begin = time.perf_counter()
            answers += _post(dock.port, messages[options.warm_up :], clients)
            seconds = time.perf_counter() - begin
        for answer in answers:
            _check(answer, keys)
        _recorded(dock, count)
    return options.messages / seconds


def _sent(options: Options, keys: Keys, tell: Tell) -> float:
    with tempfile.TemporaryDirectory(prefix="crossdock-bench-", dir=options.folder) as name:
        dock = Dock(Path(name), keys, 1, 100 * MB)
        tell(f"sending {options.messages} messages")
        with dock.served():
            found = sent(dock, keys, [_content(number) for number in range(options.messages)], options.folder)
        _recorded(dock, options.messages)
    return found


def _large(options: Options, keys: Keys, size: int, tell: Tell) -> Iterator[Figure]:
    """A file as large as this, encrypted while it is sent."""
    with tempfile.TemporaryDirectory(prefix="crossdock-bench-", dir=options.folder) as name:
        dock = Dock(Path(name) / "dock", keys, 1, 2 * size * MB)
        file = Path(name) / "order.x12"
        _write(file, size * MB)
        tell(f"{size} MB")
        with file.open("rb") as content, dock.served() as process:
            begin = time.perf_counter()
            message = dock.message(1, content)
            with _Connection(dock.port) as connection:
                answer = connection.post(message)
            seconds, most = time.perf_counter() - begin, peak(process)
        _check(answer, keys)
        _recorded(dock, 1)
    yield Figure(bench="as2", case=f"{size} MB: packed, sent, received", value=middle([seconds * 1000]), unit="ms")
    yield Figure(bench="as2", case=f"{size} MB: peak memory of the gateway", value=middle([most]), unit="MB")


def _write(path: Path, size: int) -> None:
    """What is in it does not matter to the door: the same interchange, again and again."""
    piece = interchange("x12", 1, range(1000))
    with path.open("wb") as file:
        while (left := size - file.tell()) > 0:
            file.write(piece[:left])


def _post(port: int, messages: Sequence[Message], clients: int) -> list[Answered]:
    """Each client on a connection that it keeps, one message after the other."""
    waiting, found, failed = list(reversed(messages)), list[Answered](), list[BaseException]()

    def work() -> None:
        try:
            with _Connection(port) as connection:
                while True:
                    try:
                        message = waiting.pop()
                    except IndexError:
                        return
                    found.append(connection.post(message))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise BenchmarkError(f"A partner could not send: {failed[0]}") from failed[0]
    return found


class _Connection:
    """HTTP/1.1 with as little as it takes: what the partner costs is not to be measured."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), _SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> _Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def post(self, message: Message) -> Answered:
        lines = [f"{name}: {value}" for name, value in (*message.headers, ("Content-Length", str(message.size)))]
        head = "\r\n".join(["POST /as2 HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()
        for piece in message.pieces():
            self._socket.sendall(head + piece)
            head = b""
        return Answered(message, self._answer())

    def _answer(self) -> bytes:
        found = b""
        size = None
        while size is None or len(found) < size:
            piece = self._socket.recv(65536)
            if not piece:
                raise BenchmarkError(f"The connection ended after {found[:200]!r}.")
            found += piece
            if size is None and (end := found.find(b"\r\n\r\n")) >= 0:
                length = re.search(rb"\r\ncontent-length: *(\d+)", found[:end], re.IGNORECASE)
                size = end + 4 + int(length[1] if length else 0)
        return found


def _check(answer: Answered, keys: Keys) -> None:
    status, _, rest = answer.raw.partition(b"\r\n")
    head, _, body = rest.partition(b"\r\n\r\n")
    fields = tuple(BytesParser(policy=HTTP).parsebytes(head, headersonly=True).items())
    if b" 200" not in status:
        raise BenchmarkError(f"{answer.message.message_id} was answered with {status.decode()}.")
    found = parse_mdn(fields, body, [keys.acme.certificate], signed=True)
    if not found.disposition.positive or found.doubt or found.mic != answer.message.mic:
        raise BenchmarkError(f"{answer.message.message_id} is not confirmed: {found.said or found.doubt}.")


def _recorded(dock: Dock, count: int) -> None:
    with dock.database() as database, database.read() as connection:
        sql = (
            "SELECT COUNT(*), COUNT(DISTINCT transport_id), COUNT(payload_id) FROM transmissions WHERE direction = 'in'"
        )
        (found,) = run(connection, both(sql)).all()
    if tuple(found) != (count, count, count):
        raise BenchmarkError(f"{count} messages were confirmed, and these are on record: {tuple(found)}.")
