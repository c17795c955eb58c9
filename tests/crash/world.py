"""A home with folders and a database, what is put into it, and what must be true of it in the end."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from gateway.store import Database
from tests.pipeline.orders import CANCELLATION, REPLACE, broken, edifact, group, interchange, message, order, x12
from tests.pipeline.orders import document as wrapped
from tests.pipeline.yard import control_number, segments
from tests.store.making import column

MORNING = x12(1, order("A"), broken("B"), order("C"), order("D"), order("A", function=REPLACE, quantity=9))


ACCEPTED = [{"status_code": "accepted", "quantity": {"value": "5", "unit_code": "EA"}}]

#: What the ERP answers, before the orders are even known: it says itself whom each answer is for.
ANSWERS = "".join(
    json.dumps(
        {
            "to": partner,
            "content": {
                "document": "OrderResponse",
                "issue_date": "2026-11-20",
                "order_response_code": "accepted",
                "order_reference": {"id": number, "issue_date": "2026-11-20"},
                "order_lines": [{"id": "1", "quantity": {"value": "5", "unit_code": "EA"}, "statuses": ACCEPTED}],
            },
        }
    )
    + "\n"
    for number, partner in (("A", "globex"), ("F", "initech"), ("E", "globex"))
)


def fill(world: World) -> None:
    """One interchange in chunks, one that repeats it, one that is refused, one of another partner, and answers."""
    world.put("globex", "1.x12", MORNING)
    world.put("globex", "2.x12", MORNING)
    world.put("globex", "3.x12", interchange([group([wrapped(order("Z"), 1)], 3)], 3, count=2))
    world.put("globex", "4.x12", x12(4, order("C", function=CANCELLATION)) + x12(5, order("E")))
    world.put("initech", "5.edi", edifact("6", message("F", 1), message("G", 2, quantity="X")))
    world.put("acme-erp", "6.jsonl", ANSWERS.encode())


class World:
    """``database`` is open for looking; processes get its URL."""

    def __init__(self, home: Path, url: str, database: Database) -> None:
        self.home, self.url, self.database = home, url, database
        self.sent: dict[str, bytes] = {}

    @property
    def options(self) -> dict[str, Any]:
        return {"home": str(self.home), "url": self.url}

    def put(self, partner: str, name: str, body: bytes) -> None:
        """A partner's file, complete at once."""
        folder = self.home / "exchange" / "in" / partner
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{name}.tmp"
        part.write_bytes(body)
        part.rename(folder / name)
        self.sent[name] = body

    def files(self, place: str) -> dict[str, bytes]:
        folder = self.home / "exchange" / place
        return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.is_file()} if folder.is_dir() else {}

    def column(self, sql: str) -> list[Any]:
        return column(self.database, sql)

    def is_done(self) -> bool:
        """Everything that was put in is received, and there is no work."""
        received = self.column("SELECT count(*) FROM transmissions WHERE direction = 'in'")
        return received == [len(self.sent)] and self.column("SELECT count(*) FROM work") == [0]

    # What must be true whatever was killed

    def check(self) -> None:
        self.nothing_is_left()
        self.everything_is_once()
        self.every_interchange_is_answered_once()
        self.the_erp_has_what_the_records_say()
        self.every_answer_left_once()
        self.every_control_number_is_accounted_for()

    def nothing_is_left(self) -> None:
        assert self.is_done()
        assert self.column("SELECT DISTINCT status FROM transmissions WHERE direction = 'out'") in ([], ["delivered"])
        assert self.column("SELECT count(*) FROM interchanges WHERE status = 'pending' OR pending <> 0") == [0]
        assert list(self.home.rglob("*.tmp")) == []
        for partner in ("globex", "initech", "acme-erp"):
            assert self.files(f"in/{partner}") == {}
            claimed = self.home / "exchange" / "in" / partner / ".crossdock"
            stray = [p for p in claimed.rglob("*") if p.is_file() and "done" not in p.parts]
            assert stray == [], stray

    def everything_is_once(self) -> None:
        places = self.column("SELECT interchange_id || '/' || position FROM documents WHERE direction = 'in'")
        assert _twice(places) == []
        assert _twice(self.column("SELECT partner || '/' || number FROM orders")) == []
        assert _twice(self.column("SELECT document_id FROM order_history")) == []
        assert _twice(self.column("SELECT parent_id FROM documents WHERE direction = 'out' AND parent_id > 0")) == []
        kept = {p.name: p.read_bytes() for p in self.home.glob("exchange/in/*/.crossdock/done/*/*")}
        assert sorted(kept.values()) == sorted(self.sent.values())

    def every_interchange_is_answered_once(self) -> None:
        answered = self.column(
            "SELECT source_interchange_id FROM documents WHERE type IN ('997', 'TA1', 'CONTRL') AND direction = 'out'"
        )
        assert sorted(answered) == sorted(
            self.column("SELECT id FROM interchanges WHERE direction = 'in' AND standard <> 'json'")
        )
        answers = self.column("SELECT count(*) FROM documents WHERE direction = 'out' AND canonical = 'OrderResponse'")
        assert len(self.left()) == len(answered) + answers[0]

    def every_answer_left_once(self) -> None:
        if ANSWERS.encode() not in self.sent.values():
            return
        found = sorted(segment for body in self.left() for segment in segments(body, "BAK", "RFF"))
        assert found == [
            "BAK*00*AD*A*20261120*****20261120", "BAK*00*AD*E*20261120*****20261120", "RFF+ON:F"
        ]  # fmt: skip
        assert self.column("SELECT DISTINCT status FROM documents WHERE type IN ('855', 'ORDRSP')") == ["sent"]

    def every_control_number_is_accounted_for(self) -> None:
        """Numbers without a gap, each on one interchange, that left in one file."""
        for place, partner in (("out/globex", "ZZ:GLOBEX"), ("out/initech", "14:5412345000013")):
            numbers = sorted(int(control_number(body)) for body in self.files(place).values())
            assert numbers == list(range(1, len(numbers) + 1))
            if not numbers:
                continue
            where = f"WHERE direction = 'out' AND receiver = '{partner}'"
            assert numbers == sorted(int(n) for n in self.column(f"SELECT control_number FROM interchanges {where}"))
            assert self.column(f"SELECT value FROM control_numbers WHERE partner = '{partner}'") == [len(numbers)]

    def left(self) -> list[bytes]:
        """What the partners got."""
        return [*self.files("out/globex").values(), *self.files("out/initech").values()]

    def the_erp_has_what_the_records_say(self) -> None:
        lines = [line for body in self.files("out/acme-erp").values() for line in body.splitlines()]
        told = Counter(json.loads(line)["id"] for line in lines)
        known = Counter(self.column("SELECT o.number FROM order_history h JOIN orders o ON o.id = h.order_id"))
        assert told == known

    def verdicts(self) -> Counter[str]:
        """How documents and interchanges were answered."""
        return Counter(s for body in self.left() for s in segments(body, "AK9", "TA1", "UCI"))

    def versions(self, number: str) -> list[str]:
        """The quantities of an order, version by version."""
        return self.column(
            "SELECT l.quantity FROM order_lines l JOIN orders o ON o.id = l.order_id "
            f"WHERE o.number = '{number}' ORDER BY l.version"
        )


def _twice(values: list[Any]) -> list[Any]:
    return [value for value, count in Counter(values).items() if count > 1]
