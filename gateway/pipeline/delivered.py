"""What is written when something left: it was delivered, or it was deposited at a door where its receiver fetches it.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from gateway.acknowledgments import APPLICATION, RECEIPTS
from gateway.core.lifecycle import DOCUMENT, TRANSMISSION, decide
from gateway.core.ports import Deposit
from gateway.store import Changes
from gateway.store.ids import show
from gateway.store.statements import both

_ANSWERS = RECEIPTS | APPLICATION

TAKE_DOWN = both("DELETE FROM shelf WHERE transmission_id = :id")

#: Where another file has the name already, it goes under its other name.
_PUT_UP = both(
    "INSERT INTO shelf (endpoint, folder, name, transmission_id, at) VALUES (:endpoint, :folder, "
    "CASE WHEN EXISTS (SELECT 1 FROM shelf WHERE endpoint = :endpoint AND folder = :folder AND name = :name) "
    "THEN CAST(:other AS text) ELSE CAST(:name AS text) END, :id, :at)"
)


def holds_receipts(documents: Sequence[Any]) -> bool:
    """Whether there is nothing in it but acknowledgments of what came in."""
    return bool(documents) and all(document.type in _ANSWERS for document in documents)


def deposited(changes: Changes, row: Any, documents: Sequence[Any], place: Deposit) -> None:
    """It may be fetched from now on. ``row`` is the transmission, ``documents`` are those in it."""
    status = _judged(decide(TRANSMISSION, "composed", "deposit"), documents)
    changes.update("transmissions", row.id, status=status)
    changes.execute(TAKE_DOWN, {"id": row.id})  # sent again: it is shown once
    other = {"other": _other_name(place.name, row.id)}
    where = {"endpoint": row.endpoint, "folder": place.folder, "name": place.name}
    changes.execute(_PUT_UP, {"id": row.id}, **where, **other, at=changes.at)
    log = _log(row) | {"folder": place.folder}
    data = {"folder": place.folder, "name": place.name}
    changes.event("transmission.deposited", data=data, log=log, transmission_id=row.id)


def delivered(
    changes: Changes, row: Any, documents: Sequence[Any], *, before: str = "composed", how: str | None = None
) -> None:
    """The receiver has it. ``how`` says what it did, where it came for it."""
    id = row.id
    status = _judged(decide(TRANSMISSION, before, "deliver"), documents)
    changes.update("transmissions", id, expected={"status": before}, status=status)
    data = {"name": row.file_name} | ({"how": how} if how else {})
    log = _log(row) | ({"how": how} if how else {})
    changes.event("transmission.delivered", data=data, log=log, transmission_id=id)
    for document in documents:
        if document.status == "composed":
            # Its receipt may come before this commit: then the commit is refused, and the next try sees that.
            after = decide(DOCUMENT, "composed", "send")
            changes.update("documents", document.id, expected={"status": "composed"}, status=after)
            changes.event("document.sent", transmission_id=id, document_id=document.id)


def _judged(status: str, documents: Sequence[Any]) -> str:
    """The receipts of all documents in it may have been quicker."""
    said = {document.status for document in documents}
    if not said or not said <= {"accepted", "rejected"}:
        return status
    return decide(TRANSMISSION, status, "accept" if "accepted" in said else "reject")


def _log(row: Any) -> dict[str, Any]:
    log = {"party": row.party, "type": row.format, "endpoint": row.endpoint, "file_name": row.file_name}
    log |= {"size": row.size}
    return log if row.parent_id is None else log | {"correlation": f"tx_{row.parent_id}"}


def _other_name(name: str, transmission: int) -> str:
    """``order.x12`` as ``order~tx_42.x12``: no other transmission has it."""
    path = PurePosixPath(name)
    return f"{path.stem}~{show('transmission', transmission)}{path.suffix}"
