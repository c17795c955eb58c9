"""What the API shows of rows: structs from which the OpenAPI description is written, too.

Empty fields are left out. A partner gets those that speak of its own documents; agreements, mappings, operators and
what went wrong inside are ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from gateway.core.issues import NOWHERE, Location
from gateway.store.ids import show
from gateway.store.rows import public

Id = Annotated[str, Meta(pattern=r"^(tx|ic|doc)_[1-9][0-9]{0,18}$")]
Time = Annotated[str, Meta(description="UTC.", extra_json_schema={"format": "date-time"})]
Direction = Literal["in", "out"]

#: A reason that is the code of an issue; others are errors in words.
_CODE = re.compile(r"[A-Z0-9]{2,}(-[A-Z0-9]+)+")


class _Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Fields are those of :func:`gateway.store.rows.public`; others of a row are not shown."""


class Transmission(_Row, frozen=True, kw_only=True, omit_defaults=True):
    """One unit of transport in or out: a body by HTTP, a file."""

    id: Id
    direction: Direction
    status: Annotated[str, Meta(description="See docs/concepts/lifecycles.md.")]
    endpoint: str = ""
    transport_id: Annotated[str, Meta(description="Its identity at the endpoint.")] = ""
    party: str = ""
    reason: Annotated[str, Meta(description="Why it is held, refused or stopped: the code of an issue.")] = ""
    parent: Annotated[str, Meta(description="The transmission that this one came of.")] = ""
    lane: str = ""
    format: str = ""
    file_name: str = ""
    size: Annotated[int, Meta(description="Bytes.")] = 0
    sha256: str = ""
    headers: dict[str, str] = {}
    pair_sequence: int | None = None
    created_at: Time = ""
    updated_at: Time = ""
    links: dict[str, str] = {}


class Interchange(_Row, frozen=True, kw_only=True, omit_defaults=True):
    """ISA…IEA, UNB…UNZ, or the whole of a file."""

    id: Id
    direction: Direction
    status: str
    transmission: str = ""
    standard: str = ""
    version: str = ""
    sender: str = ""
    receiver: str = ""
    from_party: str = ""
    to_party: str = ""
    control_number: str = ""
    lane: str = ""
    documents: int = 0
    earlier: Annotated[str, Meta(description="The interchange that this one repeats.")] = ""
    created_at: Time = ""


class Document(_Row, frozen=True, kw_only=True, omit_defaults=True):
    """One transaction set, message or record of a file."""

    id: Id
    direction: Direction
    status: Annotated[str, Meta(description="See docs/concepts/lifecycles.md.")]
    type: str = ""
    standard: str = ""
    version: str = ""
    canonical: Annotated[str, Meta(description="The canonical document that it is: Order.")] = ""
    control_number: str = ""
    business_key: str = ""
    from_party: str = ""
    to_party: str = ""
    reason: Annotated[str, Meta(description="Why it is held or refused: the code of an issue.")] = ""
    transmission: str = ""
    interchange: str = ""
    source_interchange: str = ""
    parent: Annotated[str, Meta(description="The document that this one came of.")] = ""
    position: int = 0
    lane: str = ""
    agreement: str = ""
    mapping: str = ""
    created_at: Time = ""
    updated_at: Time = ""
    links: dict[str, str] = {}


class Issue(_Row, frozen=True, kw_only=True, omit_defaults=True):
    """Something that was found wrong. ``location``: where, in the words of its standard."""

    code: str
    severity: str = ""
    text: str = ""
    hint: str = ""
    value: str = ""
    level: str = ""
    location: Location = NOWHERE
    x12_code: Annotated[str, Meta(description="How TA1, 997 and 999 report it.")] = ""
    edifact_code: Annotated[str, Meta(description="How CONTRL reports it (0085).")] = ""
    transmission: str = ""
    interchange: str = ""
    document: str = ""


class Event(_Row, frozen=True, kw_only=True, omit_defaults=True):
    """A line of history."""

    name: str
    at: Time = ""
    transmission: str = ""
    interchange: str = ""
    document: str = ""
    data: dict[str, Any] = {}


class Expectation(_Row, frozen=True, kw_only=True, omit_defaults=True):
    """An answer that must come, by when, and whether it did."""

    kind: str
    party: str = ""
    due: Time = ""
    state: str = ""
    what: str = ""
    transmission: str = ""
    interchange: str = ""
    document: str = ""
    resolved_by: str = ""
    resolved_at: Time = ""
    type: str = ""
    control_number: str = ""
    business_key: str = ""


class Hold(_Row, frozen=True, kw_only=True, omit_defaults=True):
    """Why something waits; ``configuration``: the lines that would admit it."""

    code: str
    text: str = ""
    condition: str = ""
    configuration: str = ""
    transmission: str = ""
    interchange: str = ""
    document: str = ""
    created_at: Time = ""
    released_at: Time = ""
    released_by: str = ""


class Wait(_Row, frozen=True, kw_only=True, omit_defaults=True):
    """A document that is handled after another one of the same business key."""

    document: Id
    behind: Id


T = TypeVar("T", bound=_Row)

#: What a partner does not get, per struct.
_OURS: dict[type[_Row], frozenset[str]] = {
    Transmission: frozenset({"pair_sequence"}),
    Document: frozenset({"agreement", "mapping", "parent"}),
    Event: frozenset({"data"}),
    Hold: frozenset({"text", "condition", "configuration", "released_by"}),
    Issue: frozenset({"hint"}),
}

#: Issues whose sentence speaks of how we are set up, or of what went wrong here.
_INSIDE = re.compile(
    r"MAP-.*|TRD-.*|GTW-(ENDPOINT|FAILED|HANDLER|MAPPING|NOBODY|ROUTE|SCHEMA|TABLE|UNMAPPED|UNWRITTEN)"
)


def transmission(row: Mapping[str, Any], *, ours: bool) -> Transmission:
    """A row of transmissions. ``ours``: for our own people, and not for a partner."""
    id = show("transmission", row["id"])
    here = f"/api/transmissions/{id}"
    more = {"body": f"{here}/body", "documents": f"/api/documents?transmission={id}"}
    return _view(row, Transmission, "transmission", ours, links={"self": here, **more})


def document(row: Mapping[str, Any], *, ours: bool) -> Document:
    """A row of documents."""
    here = f"/api/documents/{show('document', row['id'])}"
    links = {"self": here, "body": f"{here}/body", "canonical": f"{here}/canonical"}
    return _view(row, Document, "document", ours, links=links)


def interchange(row: Mapping[str, Any], *, ours: bool) -> Interchange:
    """A row of interchanges."""
    return _view(row, Interchange, "interchange", ours)


def event(row: Mapping[str, Any], *, ours: bool) -> Event:
    """A row of events."""
    return _view(row, Event, None, ours)


def expectation(row: Mapping[str, Any], *, ours: bool) -> Expectation:
    """A row of expectations, with columns of its document."""
    return _view(row, Expectation, None, ours)


def hold(row: Mapping[str, Any], *, ours: bool) -> Hold:
    """A row of holds."""
    return _view(row, Hold, None, ours)


def issue(row: Mapping[str, Any], *, ours: bool) -> Issue:
    """A row of issues."""
    known = public(row)
    about = {name: known[name] for name in ("transmission", "interchange", "document") if name in known}
    values = known["data"] | about
    if not ours:
        inside = _INSIDE.fullmatch(values["code"]) is not None
        hidden = {"text", "hint"} if inside else {"hint"}
        values = {name: value for name, value in values.items() if name not in hidden}
    return msgspec.convert(values, Issue, strict=False)


def _view(row: Mapping[str, Any], kind: type[T], of: str | None, ours: bool, **more: Any) -> T:
    # SQLAlchemy calls some columns by a str of its own.
    values = {str(name): value for name, value in (public(row, of) | more).items()}
    if not ours:
        values = {name: value for name, value in values.items() if name not in _OURS.get(kind, ())}
        if not _CODE.fullmatch(str(values.get("reason", ""))):
            values.pop("reason", None)
    return msgspec.convert(values, kind, strict=False)
