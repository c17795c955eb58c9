"""docs/reference/connectors.md: what each connector guarantees, from its docstring, and its options."""

from __future__ import annotations

import inspect

import msgspec

from gateway.connectors import CONNECTORS, Connector
from gateway.core.strict import Described, described
from tests.docs.markdown import head, table

_INTRODUCTION = """
An `[[endpoint]]` of a party names its connector and the connector's options:

```toml
[[endpoint]]
name = "globex-in"
connector = "directory"
direction = "in"
path = "in/globex"
```

An option that does not exist is an error.
"""


def page() -> str:
    sections = [_section(name, connector) for name, connector in CONNECTORS.items()]
    return "\n".join([head("Connectors", "gateway/connectors/"), _INTRODUCTION.strip() + "\n", *sections])


def _section(name: str, connector: Connector) -> str:
    about = inspect.cleandoc(connector.about)
    inward, outward = _options(connector.inbox_options), _options(connector.outbox_options)
    if connector.outbox is None:
        outward = "Nothing leaves by it.\n"
    return "\n".join(
        [
            f"## {name}\n",
            about + "\n",
            f'### Options with `direction = "in"`\n\n{inward}',
            f'### Options with `direction = "out"`\n\n{outward}',
        ]
    )


def _options(kind: type[msgspec.Struct]) -> str:
    return table(("option", "value", "default", "meaning"), [_row(option) for option in described(kind)])


def _row(option: Described) -> tuple[str, str, str, str]:
    default = "required" if option.required else f"`{option.default}`" if option.default else ""
    return f"`{option.name}`", option.type, default, option.text
