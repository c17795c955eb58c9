"""Webhooks of shops: checked, stored, answered; what they say is read afterwards."""

from __future__ import annotations

import msgspec
import structlog
from starlette.responses import Response

from gateway.agreements import Endpoint
from gateway.config import resolve_secret
from gateway.connectors import shops
from gateway.connectors.shops.webhook import is_from
from gateway.core.errors import ConfigurationError, NotFoundError, RequestError
from gateway.core.spooled import in_memory
from gateway.store.ids import show
from gateway.web.bodies import Body
from gateway.web.route import Answer, Call, Route, reply
from gateway.web.route import Body as BodyOf

log = structlog.get_logger(__name__)


class Stored(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a webhook. ``repeated``: it came before."""

    transmission: str = ""
    repeated: bool = False


async def receive(call: Call) -> Response:
    """One webhook. It is answered after the commit."""
    web, request = call.web, call.request
    door = _door(call)
    options = msgspec.convert(door.options, shops.InboxOptions)
    async with Body(request, web.budget, options.max_bytes, web.settings.seconds) as body:
        shop = shops.SHOPS[door.connector]
        hook = shops.Call(shop, {name.lower(): value for name, value in request.headers.items()}, in_memory(body))
        if shops.is_ping(hook):
            log.info("shop.pinged", endpoint=door.name)
            return reply(Stored())
        if not shops.is_signed(hook, _secrets(call, options)):
            log.warning("shop.not_signed", endpoint=door.name, topic=hook.headers.get(shop.topic, "")[:80])
            text = "The body is not signed with the secret of this door."
            raise RequestError("unsigned", text, hint=f"{shop.signature}: base64 of HMAC-SHA256 over the body.")
        if options.shop and not is_from(hook, options.shop):
            log.warning("shop.another", endpoint=door.name, shop=hook.headers.get(shop.source, "")[:80])
            raise RequestError("forbidden", "This door is for another shop.")
        receipt = await web.accepting.accept(shops.arrival(hook, door.name, door.party))
    found = Stored(transmission=show("transmission", receipt.transmission), repeated=receipt.repeated)
    return reply(found)


def _door(call: Call) -> Endpoint:
    """Raises RequestError where no shop has this door."""
    name = str(call.request.path_params["endpoint"])
    try:
        door = call.web.gateway.current().agreements.endpoint(name)
    except NotFoundError:
        door = None
    if door is None or door.connector not in shops.SHOPS or door.direction != "in":
        raise RequestError("not-found", "There is no such door of a shop.")
    return door


def _secrets(call: Call, options: shops.InboxOptions) -> list[str]:
    home = call.web.gateway.config.home
    try:
        return [resolve_secret(each, home) for each in (options.secret, options.previous_secret) if each]
    except ConfigurationError as error:
        log.error("configuration.wrong", error=str(error))
        raise RequestError("unavailable", "The gateway cannot check signatures at the moment.") from None


ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/shops/{endpoint}",
        "shopWebhook",
        receive,
        None,
        "shops",
        "A webhook of a web shop",
        {200: Answer("It is stored.", Stored, example={"transmission": "tx_42"})},
        about=(
            "For shops of the forms of Shopify and WooCommerce. The body is signed: `X-Shopify-Hmac-Sha256` or "
            "`X-WC-Webhook-Signature`. It is stored as it came before it is answered, and read afterwards."
        ),
        body=BodyOf("What the topic of the webhook says.", {"application/json": {"id": 7230914560001}}),
        problems=("not-found", "forbidden", "unsigned", "too-large", "timeout", "unavailable"),
    ),
)
