"""One transaction for one batch: what it made is written, what it finished is deleted, what comes next is claimed.

The order is deliberate. The fence comes first: a worker that lost its lease must not even learn of a conflict. Control
numbers come as late as they can, because their row lock serialises the commits of one agreement. Waking and claiming
come last: they may wait for rows that another worker's claim holds, and that worker then only commits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection

from gateway.core.errors import LeaseLostError, UsageError
from gateway.store import claims, numbers
from gateway.store.arrivals import note_arrivals
from gateway.store.batches import Claim, Retry, Step, WorkItem, turn
from gateway.store.bulk import insert, shape
from gateway.store.changes import Changes, Row, resolved
from gateway.store.database import Database, payloads_of
from gateway.store.metadata import metadata
from gateway.store.payloads import Payloads
from gateway.store.statements import both, run
from gateway.store.updates import write_updates

_DELETE = both("DELETE FROM work WHERE id {ids} AND owner = :owner")
_HOLD = both("UPDATE work SET state = 4, owner = NULL, until = NULL WHERE id {ids} AND owner = :owner")
_RETRY = both(
    "UPDATE work SET state = 3, owner = NULL, until = NULL, error = :error, due = {now} + :delay, "
    "attempts = attempts - :uncounted "
    "WHERE id = :id AND owner = :owner"
)
_CONTINUE = both(
    "UPDATE work SET state = 0, owner = NULL, until = NULL, attempts = 0, error = NULL, turn = :turn "
    "WHERE id = :id AND owner = :owner"
)
_KNOWN_PAYLOADS = both("SELECT sha256, id, file FROM payloads WHERE sha256 {names} AND sha256 <> ''")
_INTERCHANGE_OF = both("SELECT id, interchange_id FROM documents WHERE id {ids} AND interchange_id IS NOT NULL")
_LOCK_PENDING = both("SELECT id FROM interchanges WHERE id {ids} ORDER BY id {locked}")
_COUNT_PENDING = both("UPDATE interchanges SET pending = pending + :delta WHERE id {ids} RETURNING id, pending")
_TO_COMPOSE = both(
    "SELECT i.id, t.endpoint FROM interchanges i JOIN transmissions t ON t.id = i.transmission_id WHERE i.id {ids} "
    "AND EXISTS (SELECT 1 FROM documents d WHERE d.source_interchange_id = i.id AND d.status = 'emitted') ORDER BY i.id"
)
_ARCHIVE = both(
    "INSERT INTO texts (kind, digest, name, body) VALUES (:kind, :digest, :name, :body) "
    "ON CONFLICT (kind, digest) DO NOTHING"
)


def commit(
    database: Database,
    changes: Changes,
    *,
    owner: str = "",
    finished: Sequence[WorkItem] = (),
    retry: Sequence[Retry] = (),
    held: Sequence[WorkItem] = (),
    continued: Sequence[tuple[WorkItem, int]] = (),
    claim: Claim | None = None,
) -> list[WorkItem]:
    """Writes ``changes`` and what became of the claimed items, claims the next ones and returns them.

    ``continued`` are (item, its new turn). Raises :class:`~gateway.core.errors.LeaseLostError` when one of the items is
    no longer ``owner``'s, :class:`~gateway.store.ConflictError` when somebody else wrote what this would write, and
    :class:`~gateway.core.errors.StoreError`; then nothing was written.
    """
    keep(database.payloads, changes)
    with database.write() as connection:
        _fence(connection, owner, finished, retry, held, continued)
        write(connection, changes)
        archived = _archive(connection, changes, database.archived)
        lanes = changes.lanes | {item.lane for item in (*finished, *held) if item.lane is not None}
        claims.wake(connection, sorted(lanes))
        claimed = claims.claim_within(connection, owner, claim) if claim else []
    database.archived |= archived
    return claimed


def keep(payloads: Payloads, changes: Changes) -> None:
    """Makes the files durable that ``changes`` will name. Raises as :meth:`Payloads.keep` does."""
    for digest, spooled in changes.spooled.items():
        if spooled is not None:
            payloads.keep(spooled)
            changes.spooled[digest] = None


def write(connection: Connection, changes: Changes) -> None:
    """Writes ``changes`` within a transaction that somebody else commits; wakes no lane and archives nothing."""
    if changes.spent:
        raise UsageError("These changes were committed or tried before: they are made anew for each try.")
    changes.spent = True
    _allot(connection, changes)
    if changes.spooled:  # what was built since
        keep(payloads_of(connection), changes)
    _reuse_payloads(connection, changes)
    changes.ids = numbers.take_ids(connection, changes.count)
    _number_pairs(connection, changes)
    _insert(connection, changes)
    write_updates(connection, changes)
    for statement, ids, values in changes.statements:
        run(connection, statement, **values, **{name: changes.real(id) for name, id in ids.items()})
    _count_pending(connection, changes)
    note_arrivals(connection, changes.arrivals, changes.real, changes.at)
    for listener in connection.get_execution_options().get("crossdock_listeners", ()):
        listener(connection, changes)


def append(connection: Connection, changes: Changes, more: Changes) -> None:
    """Writes the new rows of ``more`` in the transaction that wrote ``changes``, for which ``more`` was made."""
    more.ids = numbers.take_ids(connection, more.count)
    _insert(connection, more)
    changes.further |= more.steps


def _fence(
    connection: Connection,
    owner: str,
    finished: Sequence[WorkItem],
    retry: Sequence[Retry],
    held: Sequence[WorkItem],
    continued: Sequence[tuple[WorkItem, int]],
) -> None:
    """Takes the items out of the owner's hands; fewer than it holds means that its lease was lost."""
    found = 0
    for statement, items in ((_DELETE, finished), (_HOLD, held)):
        if items:
            found += run(connection, statement, ids=[item.id for item in items], owner=owner).rowcount
    for each in retry:
        delay = round(each.delay * 1_000_000)
        values = {"error": each.error, "delay": delay, "uncounted": int(not each.counts)}
        found += run(connection, _RETRY, id=each.item.id, owner=owner, **values).rowcount
    for item, place in continued:
        found += run(connection, _CONTINUE, id=item.id, owner=owner, turn=place).rowcount
    count = len(finished) + len(held) + len(retry) + len(continued)
    if found != count:
        raise LeaseLostError(f"{owner} holds {found} of the {count} rows of work that it would finish.")


def _allot(connection: Connection, changes: Changes) -> None:
    """Control numbers, and what is built with them; a builder may ask for more."""
    while changes.numbers:
        wishes, changes.numbers = changes.numbers, []
        counts = Counter(wish.counter for wish in wishes)
        starts: dict[numbers.Counter, int] = defaultdict(int)
        for wish in wishes:
            starts[wish.counter] = max(starts[wish.counter], wish.start)
        # Sorted, so that two commits never wait for each other.
        given = {
            counter: iter(numbers.take_control_numbers(connection, counter, counts[counter], starts[counter]))
            for counter in sorted(counts)
        }
        for wish in wishes:
            wish.build(next(given[wish.counter]))


def _reuse_payloads(connection: Connection, changes: Changes) -> None:
    """Bytes that the database has already are not written again."""
    rows = changes.rows.get("payloads", [])
    digests = [row["sha256"] for row in rows if row["sha256"]]
    if not digests:
        return
    known = {}
    for found in run(connection, _KNOWN_PAYLOADS, names=digests).all():
        known[found.sha256] = found.id
        if found.file is not None and found.sha256 not in changes.spooled:
            _put_into_row(rows, found.sha256)
    changes.aliases.update((row["id"], known[row["sha256"]]) for row in rows if row["sha256"] in known)
    missing = [row for row in rows if row["sha256"] not in known]
    # Sorted, so that two commits with the same bytes never wait for each other.
    changes.rows["payloads"] = sorted(missing, key=lambda row: row["sha256"])


def _put_into_row(rows: Sequence[Row], digest: str) -> None:
    """What came as a file is made here too: whoever reads that wants it in its row, so it is not looked for."""
    for row in rows:
        if row["sha256"] == digest:
            row["sha256"] = ""


def _number_pairs(connection: Connection, changes: Changes) -> None:
    counts = Counter(pair for pair, _ in changes.pairs)
    given = {pair: iter(numbers.take_pair_numbers(connection, pair, counts[pair])) for pair in sorted(counts)}
    created = {row["id"]: row for row in changes.rows["transmissions"]} if counts else {}
    for pair, transmission in changes.pairs:
        if transmission in created:
            created[transmission]["pair_sequence"] = next(given[pair])
        else:
            changes.update("transmissions", transmission, pair_sequence=next(given[pair]))


def _insert(connection: Connection, changes: Changes) -> None:
    """All new rows, table by table in the order of the metadata: equal for everybody, so nobody waits in a circle."""
    for name in metadata.tables:
        rows = changes.rows.get(name)
        if rows:
            insert(connection, name, shape(name).columns, resolved(name, rows, changes.real))


def _count_pending(connection: Connection, changes: Changes) -> None:
    """Counts down; whoever brings an interchange to zero makes the work of composing what it led to."""
    counters: dict[int, int] = defaultdict(int)
    for interchange, delta in changes.counters.items():
        counters[changes.real(interchange)] += delta
    if changes.document_counters:
        documents = {changes.real(document): delta for document, delta in changes.document_counters.items()}
        for row in run(connection, _INTERCHANGE_OF, ids=list(documents)).all():
            counters[row.interchange_id] += documents[row.id]
    by_delta: dict[int, list[int]] = defaultdict(list)
    for interchange, delta in counters.items():
        if delta:
            by_delta[delta].append(interchange)
    every = [id for ids in by_delta.values() for id in ids]
    if len(every) > 1 and connection.dialect.name == "postgresql":
        run(connection, _LOCK_PENDING, ids=every)
    done: list[int] = []
    for delta, ids in by_delta.items():
        done += [row.id for row in run(connection, _COUNT_PENDING, delta=delta, ids=ids).all() if row.pending <= 0]
    if done:
        _compose(connection, changes, done)


def _compose(connection: Connection, changes: Changes, ids: list[int]) -> None:
    more = Changes(changes.at)
    for row in run(connection, _TO_COMPOSE, ids=ids).all():
        more.work(Step.COMPOSE, row.id, row.endpoint, turn=turn(row.id))
    append(connection, changes, more)


def _archive(connection: Connection, changes: Changes, known: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Texts that are not in the database yet, and their keys."""
    new = changes.texts.keys() - known
    for kind, digest in sorted(new):
        name, body = changes.texts[kind, digest]
        run(connection, _ARCHIVE, kind=kind, digest=digest, name=name, body=body)
    return set(new)
