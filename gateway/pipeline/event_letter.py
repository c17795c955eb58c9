"""An event as JSON: a CloudEvent (CloudEvents 1.0.2, JSON event format), and its published schema. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec

from gateway.store.ids import show

#: The format of transmissions that hold an event.
FORMAT = "event"

#: Raised when a key is removed, renamed or changes its meaning.
VERSION = "1"

_MILLION = 1_000_000


def _says(text: str) -> msgspec.Meta:
    return msgspec.Meta(description=text)


Text = str | None


class Matter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the event is about; what is not known is left out."""

    transmission: Annotated[Text, _says("tx_…: the unit of transport.")] = None
    interchange: Annotated[Text, _says("ic_…")] = None
    document: Annotated[Text, _says("doc_…")] = None
    parent: Annotated[Text, _says("doc_… that led to this document.")] = None
    direction: Annotated[Literal["in", "out"] | None, _says("in: it came to us; out: it leaves us.")] = None
    sender: Annotated[Text, _says("The party that it is from.")] = None
    receiver: Annotated[Text, _says("The party that it is for.")] = None
    party: Annotated[Text, _says("Of a transmission: the party on the other side.")] = None
    lane: Annotated[Text, _says("production or test.")] = None
    endpoint: Annotated[Text, _says("The door that it came or goes by.")] = None
    file: Annotated[Text, _says("Its file name.")] = None
    standard: Annotated[Text, _says("x12, edifact or json.")] = None
    version: Annotated[Text, _says("Of the standard: 004010, D.96A.")] = None
    type: Annotated[Text, _says("What it is on the wire: 850, ORDERS.")] = None
    canonical: Annotated[Text, _says("What it is in meaning: Order.")] = None
    business_key: Annotated[Text, _says("What documents of one business matter share: order:4711.")] = None
    control_number: Annotated[Text, _says("Its number in its envelope.")] = None
    details: Annotated[dict[str, Any], _says("What else the event says; its keys depend on the type.")] = {}


class Letter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened in the gateway, as a CloudEvent."""

    specversion: Annotated[Literal["1.0"], _says("The version of CloudEvents.")]
    id: Annotated[str, _says("Unique within the source; the same in every delivery of the event.")]
    source: Annotated[str, _says("crossdock/ and the endpoint that it is told to.")]
    type: Annotated[str, _says("crossdock. and the name of the event.")]
    time: Annotated[str, _says("When it happened (RFC 3339, UTC).")]
    subject: Annotated[Text, _says("The smallest thing that it is about: doc_…, ic_… or tx_…")] = None
    partitionkey: Annotated[Text, _says("Events with equal keys come in the order in which they happened.")] = None
    datacontenttype: Annotated[Literal["application/json"], _says("The form of data.")]
    dataschema: Annotated[str, _says("Names this schema and its version.")]
    data: Annotated[Matter, _says("What it is about.")]


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What the database knows of what an event is about."""

    subject: str | None = None
    transmission_id: int | None = None
    interchange_id: int | None = None
    document_id: int | None = None
    parent_id: int | None = None
    direction: Literal["in", "out"] | None = None
    from_party: str | None = None
    to_party: str | None = None
    party: str | None = None
    lane: str | None = None
    endpoint: str | None = None
    file_name: str | None = None
    format: str | None = None
    standard: str | None = None
    version: str | None = None
    type: str | None = None
    canonical: str | None = None
    business_key: str | None = None
    control_number: str | None = None

    @classmethod
    def of(cls, column: str, row: Any) -> About:
        """``row`` of the table that ``column`` refers to."""
        values = {name: value for name in cls.__struct_fields__ if (value := getattr(row, name, None)) is not None}
        return cls(**values | {column: row.id, "subject": show(column.removesuffix("_id"), row.id)})


def letter(endpoint: str, name: str, at: int, event: int, about: About, data: str) -> bytes:
    """The event as one line of JSON. ``at`` in microseconds, ``event`` its id, ``data`` what history keeps as JSON."""
    when = dt.datetime.fromtimestamp(at // _MILLION, dt.UTC).replace(microsecond=at % _MILLION)
    told = Letter(
        specversion="1.0",
        id=f"evt_{event}",
        source=f"crossdock/{endpoint}",
        type=f"crossdock.{name}",
        subject=about.subject,
        time=when.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        partitionkey=about.business_key,
        datacontenttype="application/json",
        dataschema=f"urn:crossdock:event:{VERSION}",
        data=_matter(about, data),
    )
    return msgspec.json.encode(told) + b"\n"


def _matter(about: About, data: str) -> Matter:
    ids = (("transmission", about.transmission_id), ("interchange", about.interchange_id))
    shown = {kind: show(kind, id) for kind, id in (*ids, ("document", about.document_id)) if id is not None}
    details = msgspec.json.decode(data)
    details.pop("work", None)  # how the gateway itself would go on
    return Matter(
        **shown,
        parent=show("document", about.parent_id) if about.parent_id is not None else None,
        direction=about.direction,
        sender=about.from_party,
        receiver=about.to_party,
        party=about.party,
        lane=about.lane,
        endpoint=about.endpoint,
        file=about.file_name or None,
        standard=about.standard,
        version=about.version or None,
        type=about.type,
        canonical=about.canonical,
        business_key=about.business_key,
        control_number=about.control_number or None,
        details=details,
    )


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of an event."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:crossdock:event:{VERSION}"}
    return head | msgspec.json.schema(Letter)
