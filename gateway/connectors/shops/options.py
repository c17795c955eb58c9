"""The options of the door of a web shop."""

from __future__ import annotations

from typing import Annotated

import msgspec

from gateway.core.strict import key


class InboxOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The webhooks of one shop."""

    secret: Annotated[str, key("A reference to the secret of the webhook, as the shop shows it.", min_length=1)]
    previous_secret: Annotated[str, key("While secrets are exchanged: a reference to the one that held before.")] = ""
    shop: Annotated[
        str, key("The shop that may call, as its webhooks name it: `acme-tools.myshopify.com`. Left out: any.")
    ] = ""
    ignore: Annotated[
        tuple[str, ...], key('Topics that are recorded and nothing more: ["products/*", "orders/updated"].')
    ] = ()
    max_bytes: Annotated[int, key("Larger bodies are refused.", ge=1)] = 8 * 1024 * 1024


class OutboxOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing leaves to a shop."""
