"""The options of endpoints that speak AS2: what a partner may send us, and how we send to it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from gateway.agreements.model import NAME
from gateway.core.strict import key

Profile = Literal["legacy", "modern"]
Digest = Literal["no", "sha1", "sha224", "sha256", "sha384", "sha512"]
Cipher = Literal["no", "3des", "aes128-cbc", "aes192-cbc", "aes256-cbc", "aes128-gcm", "aes192-gcm", "aes256-gcm"]
KeyTransport = Literal["rsa", "oaep-sha1", "oaep-sha256", "oaep-sha384", "oaep-sha512"]

_OWN = "Our own party on this side: its names in AS2, its keys."
_NAME = Annotated[str, key("Of the partner's names in AS2 this one alone. Left out: in, each; out, its `id`.")]
_OUR_NAME = Annotated[str, key("Of our own names this one alone. Left out: in, each; out, our `id`.")]
_SPAN = r"^[1-9][0-9]{0,6}[smhd]$"
_URL = r"^https?://[^\s/?#@\\]+(/[^\s#\\]*)?(\?[^\s#\\]*)?$"


class InboxOptions(msgspec.Struct, frozen=True, kw_only=True):
    """A door that the partner calls, found by AS2-From and AS2-To."""

    own: Annotated[str, key(_OWN, pattern=NAME)]
    partner_id: _NAME = ""
    own_id: _OUR_NAME = ""
    least: Annotated[
        tuple[Literal["signed", "encrypted"], ...],
        key("What a message must be at least. What is less is refused (insufficient-message-security)."),
    ] = ("signed", "encrypted")
    allow: Annotated[
        tuple[Literal["md5", "sha1", "3des"], ...],
        key("What is weak and taken all the same, because the partner cannot do better."),
    ] = ()
    mdn_urls: Annotated[
        tuple[str, ...],
        key(
            "Where asynchronous MDNs may be sent when the partner asks for it (Receipt-Delivery-Option): beginnings of "
            'URLs, ["https://as2.globex.example/"]. Left out: the hosts of its endpoints of direction "out".'
        ),
    ] = ()
    mdn_private: Annotated[
        bool,
        key("MDNs may go to private networks too. Left out: only where `mdn_urls` names an address or localhost."),
    ] = False
    profile: Annotated[
        Profile, key("What a request for an asynchronous MDN is answered with: legacy 200, modern 204.")
    ] = "legacy"
    max_bytes: Annotated[int, key("The largest body of a request, and the largest content in it.", ge=1)] = 2**31
    ca: Annotated[
        str, key("For MDNs to https: a file of certificates (PEM) that are trusted instead of the usual ones.")
    ] = ""
    seconds: Annotated[float, key("For asynchronous MDNs: how long a delivery may take in all.", gt=0, le=3600)] = 60.0
    connect_seconds: Annotated[
        float, key("For asynchronous MDNs: how long it may take until there is a connection.", gt=0, le=120)
    ] = 10.0


class OutboxOptions(msgspec.Struct, frozen=True, kw_only=True):
    """A URL of the partner that messages are sent to."""

    own: Annotated[str, key(_OWN, pattern=NAME)]
    url: Annotated[str, key("Where to send: `https://` or `http://`.", pattern=_URL)]
    partner_id: _NAME = ""
    own_id: _OUR_NAME = ""
    sign: Annotated[Digest, key('The digest of the signature; "no": not signed. sha1 is for old partners.')] = "sha256"
    signature: Annotated[Literal["pkcs1v15", "pss"], key("The scheme of an RSA signature.")] = "pkcs1v15"
    encrypt: Annotated[Cipher, key('The cipher; "no": not encrypted. 3des is for old partners; not all know gcm.')] = (
        "aes256-cbc"
    )
    key_transport: Annotated[KeyTransport, key("How the key of the cipher is encrypted.")] = "rsa"
    compress: Annotated[
        Literal["no", "before", "after"], key("Compress: before it is signed (usual), or after it.")
    ] = "no"
    mdn: Annotated[
        Literal["sync", "async", "no"],
        key(
            "The receipt: in the answer, in a request of the partner's to `[as2] url` of crossdock.toml, or none (then "
            "any 2xx is delivered)."
        ),
    ] = "sync"
    mdn_signed: Annotated[bool, key("Ask for a signed MDN. One that is asked for and not signed is no receipt.")] = True
    mdn_timeout: Annotated[
        str, key("Asynchronous: an MDN that did not come by then makes us send again.", pattern=_SPAN)
    ] = "1h"
    mdn_resends: Annotated[
        int, key("Asynchronous: so often; after that it is overdue, and an alert tells.", ge=0, le=20)
    ] = 2
    content_type: Annotated[
        str, key("The content type of the document. Left out: by its file name, as the table of connector http says.")
    ] = ""
    subject: Annotated[str, key("The header Subject. Left out: the file name.", max_length=200)] = ""
    attachments: Annotated[
        bool,
        key("What came with a document, or `crossdock send --attach` gave it, goes as further parts (RFC 6362)."),
    ] = False
    keep_name: Annotated[bool, key("Tell the partner the file name (Content-Disposition).")] = True
    content_length: Annotated[bool, key("Tell the length. false: chunked (Transfer-Encoding).")] = True
    version: Annotated[Literal["1.0", "1.1", "1.2", "1.3"], key("The header AS2-Version.")] = "1.2"
    headers: Annotated[
        dict[str, str], key('Further headers. A value may be a reference: { "X-Api-Key" = "env:GLOBEX_KEY" }.')
    ] = {}
    user: Annotated[str, key("The user of basic authentication.")] = ""
    password: Annotated[str, key("A reference to the password of basic authentication.")] = ""
    seconds: Annotated[float, key("How long a delivery may take in all, its MDN included.", gt=0, le=3600)] = 300.0
    connect_seconds: Annotated[float, key("How long it may take until there is a connection.", gt=0, le=120)] = 10.0
    ca: Annotated[str, key("A file of certificates (PEM) that are trusted instead of the usual ones.")] = ""
    pin: Annotated[
        tuple[str, ...],
        key("SHA-256 fingerprints of the server's certificate: one of these, whoever issued it.", max_length=10),
    ] = ()
    check_host: Annotated[bool, key("The certificate must be of the host of the URL.")] = True
    certificate: Annotated[str, key("A file with our certificate (PEM) for partners that ask for one.")] = ""
    certificate_key: Annotated[str, key("The file with its key. Left out: it is in `certificate`.")] = ""
    certificate_password: Annotated[str, key("A reference to the password of the key.")] = ""
    plain_http: Annotated[
        bool, key("Allow `http://` to addresses that are not private: what is signed and encrypted protects itself.")
    ] = True
    link_local: Annotated[bool, key("Allow link-local addresses and those of clouds' metadata services.")] = False
