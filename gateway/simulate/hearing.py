"""What a file says, as the partner that gets it finds: planned, checked and mapped as the gateway itself does. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gateway.acknowledgments import InterchangeVerdict
from gateway.agreements import Agreement
from gateway.codecs.model import RawDocument
from gateway.codecs.ubl import UBL
from gateway.core.errors import UnreadableError
from gateway.pipeline.conclude import verdict_of, verdict_on_envelope
from gateway.pipeline.context import World
from gateway.pipeline.interpret import Interpretation, interpret
from gateway.pipeline.plan import InterchangePlan, Plan, plan
from gateway.pipeline.ubl_in import plan_ubl
from gateway.pipeline.walk import documents_of
from gateway.pipeline.written import verdict_on


class Read(NamedTuple):
    """One document: as it stood there, what it was agreed as, and what it means."""

    raw: RawDocument
    agreement: Agreement
    meaning: Interpretation


class Heard(NamedTuple):
    """One interchange, the verdict that it earns, and its documents."""

    plan: InterchangePlan
    verdict: InterchangeVerdict
    documents: tuple[Read, ...]


def hear(body: bytes, world: World) -> Iterator[Heard]:
    """The interchanges of a file. Raises UnreadableError for one that the partner could make nothing of."""
    found = _plan(body, world)
    if found.hold is not None:
        raise UnreadableError(found.hold.text, hint=found.hold.hint or None)
    for interchange in found.interchanges:
        if interchange.refused:
            yield Heard(interchange, verdict_on_envelope(interchange), ())
            continue
        read = tuple(_read(raw, interchange, world) for raw in documents_of(body, interchange, world))
        verdicts = {each.raw.position: verdict_on(each.raw, each.meaning.issues) for each in read}
        yield Heard(interchange, verdict_of(interchange, verdicts), read)


def _plan(body: bytes, world: World) -> Plan:
    found = plan(body, "", world)
    return plan_ubl(body, "", world) if found.format == UBL else found


def _read(raw: RawDocument, interchange: InterchangePlan, world: World) -> Read:
    agreement = interchange.agreements[raw.type, raw.version, raw.association]
    return Read(raw, agreement, interpret(raw, agreement, world))
