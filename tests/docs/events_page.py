"""docs/reference/events.md: what can be told to endpoints; and the JSON Schema of it."""

from __future__ import annotations

import json

import msgspec

from gateway.core.events import EVENTS
from gateway.pipeline.event_letter import Letter, Matter, schema
from tests.docs.markdown import head, table

_INTRODUCTION = """
What an outgoing endpoint with `events` is told of ([how to](../how-to/webhooks.md)): one JSON object each, a CloudEvent
(version 1.0). [JSON Schema](event.schema.json). Keys that do not apply are left out; further keys may come with later
versions. The version stands in `dataschema`: it is raised when a key is removed, renamed or changes its meaning.
"""


def page() -> str:
    """The names of all events, and the keys of one."""
    names = table(("event", "meaning"), [(f"`{name}`", text) for name, text in EVENTS.items()])
    keys = table(("key", "meaning"), [*_keys(Letter, ""), *_keys(Matter, "data.")])
    parts = [_INTRODUCTION.strip() + "\n", "## Keys\n", keys, "## Events\n", names]
    return "\n".join([head("Events", "gateway/core/events.py and gateway/pipeline/event_letter.py"), *parts])


def schema_text() -> str:
    """docs/reference/event.schema.json."""
    return json.dumps(schema(), indent=2, ensure_ascii=False)


def _keys(kind: type[msgspec.Struct], before: str) -> list[tuple[str, str]]:
    info = msgspec.inspect.type_info(kind)
    assert isinstance(info, msgspec.inspect.StructType)
    return [(f"`{before}{field.encode_name}`", _text(field.type)) for field in info.fields]


def _text(kind: msgspec.inspect.Type) -> str:
    assert isinstance(kind, msgspec.inspect.Metadata)
    return str((kind.extra_json_schema or {})["description"])
