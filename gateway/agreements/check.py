"""What looks wrong in agreements that can be loaded: for ``crossdock partners check``."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

import msgspec

from gateway.agreements.model import NAMELESS, RECEIPTS_OF, USUAL_RECEIPTS, Agreement, Party
from gateway.agreements.resolve import Agreements
from gateway.codecs.ceb import CEB
from gateway.core.issues import Severity


class Finding(NamedTuple):
    """One remark on one file. An ``ERROR`` will stop documents; a ``WARNING`` is likely not what was meant."""

    file: str
    key: str
    severity: Severity
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.text}"


def check(
    agreements: Agreements, *, mappings: Collection[str] | None = None, handlers: Collection[str] | None = None
) -> list[Finding]:
    """``mappings`` and ``handlers``: the names that exist; left out, names are not judged."""
    found: list[Finding] = []
    for party in agreements.parties.values():
        for number, agreement in enumerate(party.agreements):
            at = f"agreement[{number}]"
            remarks = [*_identities(agreements, agreement), *_names(agreement, mappings, handlers)]
            remarks += [*_answers(agreement), *_lanes(agreements, agreement)]
            found += [Finding(party.file, f"{at}.{key}", severity, text) for key, severity, text in remarks]
        found += [Finding(party.file, key, Severity.WARNING, text) for key, text in _doors(party, agreements)]
    return [*found, *_shared_doors(agreements)]


_Remark = tuple[str, Severity, str]


def _identities(agreements: Agreements, agreement: Agreement) -> Iterator[_Remark]:
    """Both sides need a name in the envelopes of the standard."""
    bare = agreement.standard == CEB and (agreement.direction == "in" or agreement.customs.form == "bare")
    if agreement.standard not in NAMELESS and not bare:
        for key, id in (("standard", agreement.party), ("with", agreement.with_)):
            if agreements.party(id).identity(agreement.standard) is None:
                yield key, Severity.ERROR, f"{id} has no [[identity]] for {agreement.standard}."


def _names(
    agreement: Agreement, mappings: Collection[str] | None, handlers: Collection[str] | None
) -> Iterator[_Remark]:
    name = agreement.mapping
    if mappings is not None and name and name not in mappings:
        yield "mapping", Severity.ERROR, f"There is no mapping {name}. It would stand in mappings/{name}.toml."
    for handler in agreement.handlers:
        if handlers is not None and handler not in handlers:
            yield "handlers", Severity.ERROR, f"There is no handler {handler}."


def _answers(agreement: Agreement) -> Iterator[_Remark]:
    wanted = agreement.direction == "in" and agreement.type not in RECEIPTS_OF[agreement.standard]
    wanted = wanted and bool(USUAL_RECEIPTS[agreement.standard])  # some standards have none, or none that is usual
    if wanted and not agreement.acknowledgments:
        yield "acknowledgments", Severity.WARNING, "No receipt is sent: the partner never learns of a refusal."


def _lanes(agreements: Agreements, agreement: Agreement) -> Iterator[_Remark]:
    """A test document must not reach a production system through a door that both lanes use."""
    if agreement.direction == "out" and agreement.lane == "test":
        others = (a.name for a in agreements.agreements() if _production_through(a, agreement.endpoint))
        for other in others:
            yield "endpoint", Severity.WARNING, f"{other} leaves in production through the same endpoint."


def _production_through(agreement: Agreement, endpoint: str) -> bool:
    return (agreement.direction, agreement.lane, agreement.endpoint) == ("out", "production", endpoint)


def _doors(party: Party, agreements: Agreements) -> Iterator[tuple[str, str]]:
    """Endpoints that nothing uses, and endpoints for parties that send nothing."""
    used = {name for a in agreements.agreements() for name in (a.endpoint, a.acknowledge_through)}
    receives = any(agreement.direction == "in" for agreement in party.agreements)
    for number, endpoint in enumerate(party.endpoints):
        if endpoint.direction == "out" and endpoint.name not in used and not endpoint.events:
            yield f"endpoint[{number}]", f"No agreement uses {endpoint.name}."
        if endpoint.direction == "in" and not receives and not endpoint.carries:
            yield f"endpoint[{number}]", f'{party.id} has no agreement with direction = "in".'


#: Connectors that take from nowhere: they are called, under the name of the endpoint, with a token for it, or by names.
_CALLED = frozenset({"as2", "http", "shopify", "woocommerce"})


def _shared_doors(agreements: Agreements) -> Iterator[Finding]:
    """Two inbound endpoints that take from the same place: each unit would go to either of them."""
    seen: dict[bytes, str] = {}
    for party in agreements.parties.values():
        for number, endpoint in enumerate(party.endpoints):
            if endpoint.connector in _CALLED:
                continue
            place = msgspec.json.encode((endpoint.connector, endpoint.options), order="deterministic")
            if endpoint.direction == "in" and place in seen:
                text = f"{endpoint.name} and {seen[place]} take from the same place."
                yield Finding(party.file, f"endpoint[{number}]", Severity.ERROR, text)
            if endpoint.direction == "in":
                seen.setdefault(place, endpoint.name)
