"""Control numbers, whoever asks at the same time: rising without a gap, none twice, each sent or void."""

from __future__ import annotations

import random
import threading
from collections import Counter as Count

from gateway.agreements import Envelope
from gateway.codecs import Body
from gateway.codecs.edifact_advice import DEFAULT
from gateway.codecs.model import Address
from gateway.codecs.x12_write import X12_DELIMITERS
from gateway.expectations import cancel
from gateway.pipeline.envelope import Sheet
from gateway.pipeline.send import Outgoing, Sent, number, send_sheet
from gateway.store import Changes, ConflictError, Database, commit
from gateway.store.given import given
from gateway.store.ids import Reference
from tests.store.making import AT, column

WORKERS, COMMITS = 4, 12


def sheet(partner: str) -> Sheet:
    """An interchange of one document to one of the partners, of which some speak EDIFACT."""
    x12 = partner.startswith("X")
    return Sheet(
        standard="x12" if x12 else "edifact",
        sender=Address("ACME", "ZZ"),
        receiver=Address(partner, "ZZ"),
        syntax="00401" if x12 else "UNOC:3",
        test=False,
        agreed=Envelope(),
        marks=X12_DELIMITERS if x12 else DEFAULT,
        bodies=[
            Body(type="855" if x12 else "ORDRSP", control_number="0001", segments=[["BAK", "00"]], version="D.96A")
        ],
        functional_id="PR",
        version="004010",
    )


def ask(changes: Changes, partner: str, sent: list[Sent]) -> None:
    page = sheet(partner)
    outgoing = Outgoing(endpoint=f"{partner}-out", own="acme", party=partner, lane="production", name="answer")
    number(changes, page, lambda control: sent.append(send_sheet(changes, page, outgoing, control)), lambda issue: None)


def work(database: Database, seed: int, errors: list[Exception]) -> None:
    """Commits of one worker: some with several numbers, some that are refused, some whose interchange never leaves."""
    chance = random.Random(seed)
    try:
        for _ in range(COMMITS):
            changes, sent = Changes(AT), list[Sent]()
            for _ in range(chance.randint(1, 4)):
                ask(changes, chance.choice(("X1", "X2", "E1")), sent)
            if chance.random() < 0.25:
                changes.update("documents", 10**9, expected={"status": "emitted"}, status="composed")
                try:
                    commit(database, changes)
                except ConflictError:
                    continue
                raise AssertionError("It was to be refused.")
            commit(database, changes)
            if chance.random() < 0.25:
                id = changes.real(sent[0].transmission)
                stop = Changes(AT)
                stop.update("transmissions", id, status="stopped")
                commit(database, stop)
                cancel(database, Reference("transmission", id), "ann", AT)
    except Exception as error:
        errors.append(error)


def test_every_number_is_given_once_in_its_order_and_is_sent_or_void(database: Database) -> None:
    errors: list[Exception] = []
    threads = [threading.Thread(target=work, args=(database, seed, errors)) for seed in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with database.read() as connection:
        counters = given(connection)
    assert [each.counter.partner for each in counters] == ["ZZ:E1", "ZZ:X1", "ZZ:X2"]
    for each in counters:
        of = {"r": each.counter.partner}
        numbers = column(database, "SELECT control_number FROM interchanges WHERE receiver = :r ORDER BY id", **of)
        assert sorted(map(int, numbers)) == list(range(1, each.last + 1))
        states = "SELECT {} FROM interchanges i JOIN transmissions t ON t.id = i.transmission_id WHERE receiver = :r {}"
        both = column(database, states.format("i.status || ' ' || t.status", ""), **of)
        assert set(both) <= {"composed composed", "void cancelled"}
        void = column(database, states.format("i.control_number", "AND i.status = 'void' ORDER BY i.id"), **of)
        assert [number for number, _ in each.void] == void
        assert Count(both)["void cancelled"] == len(void)
    assert sum(len(each.void) for each in counters) > 0


def test_numbers_of_one_commit_rise_in_the_order_of_asking(database: Database) -> None:
    changes, sent = Changes(AT), list[Sent]()
    for partner in ("X1", "E1", "X1", "X1", "E1"):
        ask(changes, partner, sent)
    commit(database, changes)
    ids = [changes.real(each.interchange) for each in sent]
    numbers = {i: column(database, "SELECT control_number FROM interchanges WHERE id = :i", i=i)[0] for i in ids}
    assert [int(numbers[i]) for i in ids] == [1, 1, 2, 3, 2]
