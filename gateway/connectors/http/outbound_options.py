"""The options of an endpoint that sends by HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from gateway.core.strict import key

_URL = (
    "Where to send: `http://` or `https://`. `{name}` in it becomes the file name of what is sent, `{id}` the id of "
    "the delivery."
)


class OutboundOptions(msgspec.Struct, frozen=True, kw_only=True):
    """A URL that documents and events leave to."""

    url: Annotated[str, key(_URL, pattern=r"^https?://[^\s/?#@\\]+(/[^\s#\\]*)?(\?[^\s#\\]*)?$")]
    method: Annotated[Literal["POST", "PUT"], key("The method of the request.")] = "POST"
    secret: Annotated[str, key("A reference to the secret that signs (`whsec_…`). Left out: nothing is signed.")] = ""
    previous_secret: Annotated[
        str, key("While secrets are exchanged: a reference to the other one. Both sign; the receiver may know either.")
    ] = ""
    token: Annotated[str, key("A reference to a bearer token.")] = ""
    user: Annotated[str, key("The user of basic authentication.")] = ""
    password: Annotated[str, key("A reference to the password of basic authentication.")] = ""
    headers: Annotated[
        dict[str, str], key('Further headers. A value may be a reference: { "X-Api-Key" = "env:ERP_KEY" }.')
    ] = {}
    content_type: Annotated[
        str, key("The content type of all that leaves here. Left out: by what is sent, as the table below says.")
    ] = ""
    seconds: Annotated[float, key("How long a delivery may take in all.", gt=0, le=600)] = 30.0
    connect_seconds: Annotated[float, key("How long it may take until there is a connection.", gt=0, le=120)] = 10.0
    ca: Annotated[str, key("A file of certificates (PEM) that are trusted beside the usual ones: your own CA.")] = ""
    certificate: Annotated[str, key("A file with our certificate (PEM) for receivers that ask for one.")] = ""
    certificate_key: Annotated[str, key("The file with its key. Left out: it is in `certificate`.")] = ""
    certificate_password: Annotated[str, key("A reference to the password of the key.")] = ""
    plain_http: Annotated[
        bool, key("Allow `http://` to addresses that are neither this machine nor a private network: unprotected.")
    ] = False
    link_local: Annotated[
        bool, key("Allow link-local addresses (169.254.0.0/16, fe80::/10) and those of clouds' metadata services.")
    ] = False
