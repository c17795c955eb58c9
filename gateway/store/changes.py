"""What one batch wants to write, collected by pure code without a database.

New rows get local, negative ids at once; they may stand in any column that holds an id (``id``, ``*_id``, ``subject``,
``resolved_by``) and in turns, and become real ones when :func:`gateway.store.commit` writes everything in one
transaction.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from gateway.core.errors import UsageError
from gateway.core.issues import Issue
from gateway.core.spooled import Body, Spooled, sha256_of
from gateway.store.arrivals import Arrival
from gateway.store.batches import TURN_BITS, State, Step
from gateway.store.bulk import shape
from gateway.store.numbers import Counter
from gateway.store.payloads import name_of
from gateway.store.statements import Both, storable

#: A turn, or the (transmission, position) that it is made of: the transmission may be a local id.
Turn = int | tuple[int, int]
Row = dict[str, Any]
Values = tuple[tuple[str, Any], ...]


class Update(NamedTuple):
    """The same values for several rows of one table; ``expected`` must hold before."""

    table: str
    expected: Values
    values: Values


class Number(NamedTuple):
    """A wish for a control number, ``start`` or a higher one."""

    counter: Counter
    build: Callable[[int], None]
    start: int


class Statement(NamedTuple):
    """A statement that is executed after the rows are written. ``ids`` may be local."""

    statement: Both
    ids: Mapping[str, int]
    values: Mapping[str, Any]


class Told(NamedTuple):
    """An event for the log; ids may be local."""

    name: str
    fields: Mapping[str, Any]
    about: Mapping[str, int | None]


class Changes:
    """Everything that one commit writes. ``at`` is the time of what happened, in microseconds.

    Not for use twice: a commit that failed is repeated with changes made anew.
    """

    def __init__(self, at: int) -> None:
        self.at = at
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.updates: dict[Update, list[int]] = defaultdict(list)
        self.counters: dict[int, int] = defaultdict(int)
        self.document_counters: dict[int, int] = defaultdict(int)
        self.numbers: list[Number] = []
        self.pairs: list[tuple[str, int]] = []
        self.arrivals: list[Arrival] = []
        self.statements: list[Statement] = []
        self.told: list[Told] = []
        self.lanes: set[str] = set()
        self.texts: dict[tuple[str, str], tuple[str, str]] = {}
        self.aliases: dict[int, int] = {}
        self.ids: list[int] | range = []
        self.count = 0
        self.spent = False
        self.further: set[Step] = set()  # steps for which the commit itself made work
        self.spooled: dict[str, Spooled | None] = {}  # files that rows name, by their hash; None: durable
        self._bodies: dict[str, int] = {}
        self._blanks: dict[str, Row] = {}  # by table: a row with its defaults and the time

    # Rows

    def new(self, table: str, /, **values: Any) -> int:
        """A row of a table that has an id, which is returned. ``created_at`` and ``updated_at`` default to ``at``.

        Raises :class:`~gateway.core.errors.UsageError` for a column that the table does not have.
        """
        self.count += 1
        values["id"] = -self.count
        self._add(table, values)
        return -self.count

    def add(self, table: str, /, **values: Any) -> None:
        """A row of a table whose key is not an id."""
        if shape(table).has_id:
            raise UsageError(f"A row of {table} has an id.")
        self._add(table, values)

    def _add(self, table: str, values: Row) -> None:
        blank = self._blanks.get(table)
        if blank is None:
            form = shape(table)
            blank = self._blanks[table] = form.blank | dict.fromkeys(form.stamps, self.at)
        row = blank | values
        if len(row) != len(blank):
            wrong = ", ".join(sorted(values.keys() - blank.keys()))
            raise UsageError(f"A row of {table} cannot be made with {wrong}.")
        self.rows[table].append(row)

    def update(self, table: str, id: int, /, *, expected: Mapping[str, Any] | None = None, **values: Any) -> None:
        """Sets columns of the row ``id``. ``updated_at`` is kept.

        ``expected`` names what must still stand in the row, a status say: otherwise the commit raises
        :class:`~gateway.store.ConflictError` and writes nothing.
        """
        columns = shape(table).blank
        if not values.keys() <= columns.keys():
            raise UsageError(f"{table} has no {', '.join(sorted(values.keys() - columns.keys()))}.")
        if "updated_at" in columns:
            values.setdefault("updated_at", self.at)
        clean = tuple([(name, storable(v) if type(v) is str else v) for name, v in values.items()])
        before = tuple(sorted(expected.items())) if expected else ()
        self.updates[Update(table, before, clean)].append(id)

    def execute(self, statement: Both, ids: Mapping[str, int] | None = None, /, **values: Any) -> None:
        """A named statement, executed within the transaction after the rows; ``ids`` are values that may be local."""
        self.statements.append(Statement(statement, ids or {}, values))

    def payload(self, body: Body, digest: str | None = None) -> int:
        """The id of a payload with these bytes that may come again: equal ones are stored once.

        ``digest`` where it is known. A body that is a file is made durable before the transaction begins that names it.
        """
        digest = digest or sha256_of(body)
        local = self._bodies.get(digest)
        if local is None:
            local = self._bodies[digest] = self._payload(body, digest)
        elif isinstance(body, bytes) and digest in self.spooled:
            return self.made(body)  # what reads a document wants it in its row
        return local

    def _payload(self, body: Body, digest: str) -> int:
        if isinstance(body, bytes):
            return self.new("payloads", sha256=digest, size=len(body), body=body)
        self.spooled[digest] = body
        return self.new("payloads", sha256=digest, size=body.size, file=name_of(digest))

    def made(self, body: bytes) -> int:
        """The id of a payload that was made here, of which no other is expected to be equal: it is not looked for."""
        return self.new("payloads", size=len(body), body=body)

    # What is told

    def event(
        self,
        name: str,
        /,
        *,
        data: Mapping[str, Any] | None = None,
        log: Mapping[str, Any] | None = None,
        **about: int | None,
    ) -> None:
        """A line of history: ``transmission.received``. ``about``: transmission_id, interchange_id, document_id.

        With ``log`` it is a line of the log too, after the commit, with these fields beside the ids.
        """
        self.new("events", name=name, at=self.at, data=as_json(data) if data else "{}", **about)
        if log is not None:
            self.told.append(Told(name, log, about))

    def issue(self, issue: Issue, /, **about: int | None) -> None:
        """A finding. ``about`` as for :meth:`event`."""
        self.new("issues", code=issue.code, severity=str(issue.severity), data=as_json(issue.as_json()), **about)

    def archive(self, kind: str, digest: str, name: str, body: str) -> None:
        """Keeps the text of an agreement, mapping or schema that processed something; once per digest."""
        self.texts[kind, digest] = (name, storable(body))

    # What is to be done

    def work(
        self,
        step: Step,
        subject: int,
        source: str,
        /,
        *,
        turn: Turn,
        lane: str | None = None,
        handler: str | None = None,
        size: int = 0,
        state: State = State.READY,
        due: int = 0,
    ) -> int:
        """Something to do. ``size``: bytes of its payload; ``due`` (microseconds) makes it wait until then."""
        actual = State.WAITING if due and state is State.READY else state
        values = {"turn": turn, "lane": lane, "handler": handler, "size": size, "state": int(actual), "due": due}
        return self.new("work", step=int(step), subject=subject, source=source, **values)

    def wake(self, lane: str) -> None:
        """The head of this lane may be claimable now. Lanes of finished work are woken anyway."""
        self.lanes.add(lane)

    def pending(self, interchange: int, delta: int) -> None:
        """Counts rows of handling work of an interchange; at zero its emitted documents are composed."""
        self.counters[interchange] += delta

    def pending_of(self, document: int, delta: int) -> None:
        """The same for the interchange that a document came in, when that is not at hand."""
        self.document_counters[document] += delta

    # What is numbered

    def numbered(self, counter: Counter, build: Callable[[int], None], start: int = 1) -> None:
        """Asks for the next control number, at least ``start``; ``build`` gets it within the transaction and may add
        to the changes.

        Numbers rise in the order of asking and are never given twice; a rolled back commit gives its numbers back.
        """
        self.numbers.append(Number(counter, build, start))

    def pair_sequence(self, pair: str, transmission: int) -> None:
        """Gives the transmission the next number of its pair of parties."""
        self.pairs.append((pair, transmission))

    def arrived(self, arrival: Arrival) -> None:
        """Takes note of a partner's control number; its ``interchange`` may be local."""
        self.arrivals.append(arrival)

    # After the commit

    def real(self, local: int) -> int:
        """The id that a local one became."""
        if local >= 0:
            return local
        return self.aliases.get(local) or self.ids[-local - 1]

    @property
    def steps(self) -> set[Step]:
        """The steps that have something to do because of this: the bells to ring."""
        ready = {Step(row["step"]) for row in self.rows["work"] if row["state"] == State.READY}
        return ready | self.further


def as_json(data: object) -> str:
    """JSON; characters that could not be decoded are kept as escapes."""
    try:
        return msgspec.json.encode(data).decode()
    except UnicodeEncodeError:
        return json.dumps(data)


def turn_of(value: Turn | None, real: Callable[[int], int]) -> int | None:
    """A turn with its transmission resolved."""
    return real(value[0]) << TURN_BITS | value[1] if isinstance(value, tuple) else value


def resolved(table: str, rows: Iterable[Row], real: Callable[[int], int]) -> list[tuple[Any, ...]]:
    """The rows as tuples in the order of the table's columns: local ids made real, texts made storable.

    Column by column: that is several times as quick as row by row.
    """
    form = shape(table)
    columns: list[Sequence[Any]] = list(zip(*[row.values() for row in rows], strict=True))
    if not columns:
        return []
    for place in form.references:
        columns[place] = [value if value is None or value >= 0 else real(value) for value in columns[place]]
    for place in form.turns:
        columns[place] = [turn_of(value, real) for value in columns[place]]
    for place in form.texts:
        columns[place] = _storable(columns[place])
    return list(zip(*columns, strict=True))


def _storable(values: Sequence[Any]) -> Sequence[Any]:
    together = "".join([value for value in values if type(value) is str])
    if together.isascii() and "\0" not in together:
        return values
    return [storable(value) if type(value) is str else value for value in values]
