"""The names of all that history records and endpoints can be told of, and what each means."""

from __future__ import annotations

from fnmatch import fnmatchcase

EVENTS: dict[str, str] = {
    "transmission.received": "It came in, and is stored.",
    "transmission.translated": "All of it is read.",
    "transmission.refused": "All of it is refused; the sender was told.",
    "transmission.duplicate": "It came before; nothing was done.",
    "transmission.held": "It waits for an operator, a line of configuration, a document or a date.",
    "transmission.released": "It waits no more.",
    "transmission.cancelled": "An operator ended it.",
    "transmission.reprocessed": "It is tried again after a failure.",
    "transmission.failed": "It was given up: it could not be read, or not be delivered.",
    "transmission.composed": "It is ready to leave.",
    "transmission.sent_by_hand": "An operator handed it in to be sent.",
    "transmission.deposited": "It waits to be fetched by its receiver.",
    "transmission.fetched_cancelled": "Its receiver fetched it while it was cancelled.",
    "transmission.delivered": "Its receiver has it.",
    "transmission.resent": "It leaves once more.",
    "transmission.accepted": "A receipt accepts all or some of what is in it.",
    "transmission.rejected": "A receipt rejects all that is in it.",
    "transmission.attached": "It came with a document, as its attachment, and is kept with it.",
    "transmission.stopped": "Its receiver could not take it, as its MDN says.",
    "mdn.sent": "An MDN says to the sender what became of it.",
    "mdn.repeated": "The sender sent it again, and gets the same MDN again.",
    "mdn.received": "An MDN says that its receiver has it.",
    "mdn.refused": "An MDN says no, or cannot be believed.",
    "mdn.unknown": "An MDN about nothing that was sent, or about what is answered already.",
    "interchange.accepted": "All documents in it are in order.",
    "interchange.partial": "Some documents in it are refused.",
    "interchange.refused": "It is refused as a whole.",
    "interchange.duplicate": "It came before; nothing was done.",
    "interchange.waits": "What it led to leaves at the times of an agreement.",
    "interchange.failed": "What it led to could not be written.",
    "interchange.answered": "A receipt says something of it.",
    "interchange.void": "It never left; its control number is not given again.",
    "document.ready": "It came in and is in order.",
    "document.refused": "It came in and is refused; the sender is told.",
    "document.held": "It waits for an operator, a line of configuration, a document or a date.",
    "document.released": "It waits no more.",
    "document.cancelled": "An operator ended it.",
    "document.failed": "It could not be handled.",
    "document.reprocessed": "It is tried again after a failure.",
    "document.handled": "A handler took it.",
    "document.routed": "It is passed on to another party.",
    "document.emitted": "It is to leave to a party.",
    "document.sent": "Its receiver has it.",
    "document.accepted": "Its receiver accepts it.",
    "document.rejected": "Its receiver rejects it.",
    "documents.rejected": "A receipt rejects documents: one event for all of them.",
    "order.received": "An order is on record.",
    "order.replaced": "A later order took the place of one on record.",
    "order.cancelled": "An order on record is cancelled by its buyer.",
    "order.repeated": "An order came that is on record already.",
    "receipt.applied": "A receipt was read and applied.",
    "receipt.composed": "A receipt of ours is on its way.",
    "verdict.failed": "A receipt of ours on one document could not be written.",
    "expectation.overdue": "Something that must arrive did not arrive in time: one event for all of a party and kind.",
}


def matching(pattern: str) -> frozenset[str]:
    """The events that a pattern names: a name, or one with ``*``."""
    return frozenset(name for name in EVENTS if fnmatchcase(name, pattern))
