"""Message disposition notifications: built and read (RFC 4130, 7; RFC 8098; RFC 6362 and 6017 for their headers)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from email.utils import formatdate
from functools import lru_cache
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple

from gateway.as2 import cms, headers
from gateway.as2 import mic as mics
from gateway.as2.mic import Mic
from gateway.as2.mime import Entity, Region, decoded, entity, first_part, parts, posted, structure
from gateway.as2.packing import signed_parts
from gateway.as2.problem import MimeError
from gateway.core.exchanges import Pairs

_REPORT, _SIGNED = "multipart/report", "multipart/signed"
_NOTIFICATION = "message/disposition-notification"
_NESTED = 4
_TEXT_BYTES = 64 * 1024


class Disposition(NamedTuple):
    """``kind``: processed or failed. ``level``: error, failure, warning, or empty; ``reason`` stands behind it."""

    kind: str
    level: str = ""
    reason: str = ""

    @property
    def positive(self) -> bool:
        """A duplicate that is only warned of was received."""
        return self.kind == "processed" and self.level in {"", "warning"}

    def __str__(self) -> str:
        said = f"/{self.level}: {self.reason}" if self.level else ""
        return f"automatic-action/MDN-sent-automatically; {self.kind}{said}"


PROCESSED = Disposition("processed")

#: What a person reads in the MDN; nothing of our configuration is among it.
_WORDS = {
    "": "The message was received and is being processed. This says nothing of its content.",
    "authentication-failed": "The signature could not be verified with the certificate that was agreed on.",
    "decompression-failed": "The message could not be decompressed.",
    "decryption-failed": "The message could not be decrypted.",
    "duplicate-document": "The message was received before. It was not processed again.",
    "duplicate-filename": "Two parts of the message have one file name.",
    "insufficient-message-security": "The message is signed or encrypted less than was agreed on.",
    "integrity-check-failed": "The content is not what was signed.",
    "unexpected-processing-error": "The message could not be processed.",
    "unsupported MIC-algorithms": "None of the digests that are required of this receipt is known here.",
    "unsupported format": "A receipt of the format that is required cannot be made here.",
    "unknown-trading-relationship": "Nobody is known here by these names in AS2-From and AS2-To.",
}


class Request(NamedTuple):
    """The MDN that a message asks for. ``micalgs``: digests by our names, the first is wanted most. ``lacks``: what
    it requires and we cannot do, as the MDN then says it."""

    wanted: bool
    signed: bool
    micalgs: tuple[str, ...]
    url: str | None
    lacks: str = ""


class Report(NamedTuple):
    """An MDN as it was read. ``doubt``: why it cannot be believed; empty where it can."""

    original_message_id: str
    disposition: Disposition
    said: str
    mic: Mic | None
    mic_text: str
    signed: bool
    signer: cms.Certificate | None
    text: str
    doubt: str = ""


@lru_cache(maxsize=64)  # a message is asked several times, by threads that have others in hand
def request_of(fields: Pairs) -> Request:
    """What a message asks for (RFC 4130, 7.3). The value of Disposition-Notification-To does not matter."""
    wanted = any(name.lower() == "disposition-notification-to" for name, _ in fields)
    options = headers.value(fields, "disposition-notification-options")
    found = {name.strip().lower(): rest for name, _, rest in (each.partition("=") for each in options.split(";"))}
    listed = [word.strip() for word in found.get("signed-receipt-micalg", "").split(",")]
    algorithms = [known for word in listed if (known := mics.algorithm_named(word))]
    url = headers.value(fields, "receipt-delivery-option")
    lacks = _lacks(found.get("signed-receipt-protocol", ""), listed, known=bool(algorithms))
    return Request(wanted, "signed-receipt-protocol" in found, tuple(algorithms), url or None, lacks if wanted else "")


def _lacks(protocol: str, micalgs: Sequence[str], *, known: bool) -> str:
    """What is required of the MDN and cannot be done (RFC 4130, 7.5.4)."""
    importance, _, kind = (word.strip().lower() for word in protocol.partition(","))
    if importance == "required" and not kind.replace("x-", "").startswith("pkcs7-signature"):
        return "unsupported format"
    if micalgs[0].lower() == "required" and len(micalgs) > 1 and not known:
        return "unsupported MIC-algorithms"
    return ""


def is_mdn(fields: Pairs, body: BinaryIO) -> bool:
    """Whether this is an MDN and no message: what is in it counts, not where it arrived."""
    try:
        return any(_is_report(each.media()) for each in _levels(posted(fields, body)))
    except MimeError:
        return False


def _is_report(media: headers.Media) -> bool:
    kind = media.parameters.get("report-type", "notification")
    return media.value == _NOTIFICATION or (media.value == _REPORT and "notification" in kind.lower())


def _levels(found: Entity) -> Iterator[Entity]:
    """The entity, and what is signed in it."""
    for _ in range(_NESTED):
        yield found
        if found.media().value != _SIGNED:
            return
        found = entity(first_part(found.body, _boundary(found)))


def _parts(found: Entity) -> list[Region]:
    return parts(found.body, _boundary(found))


def _boundary(found: Entity) -> str:
    """Where the header lost it, the first line that looks like one says it."""
    boundary = found.media().parameters.get("boundary", "")
    if not boundary:
        first = re.search(rb"(?:^|\n)--([^\r\n]{1,200})\r?\n", found.body.head(_TEXT_BYTES))
        boundary = first[1].decode("latin-1").rstrip() if first else ""
    return boundary


# Built


def build_mdn(
    fields: Pairs,
    disposition: Disposition,
    *,
    mic: Mic | None,
    mic_spelled: str,
    key: cms.PrivateKey | None,
    digest: str,
    host: str,
    at: int,
) -> tuple[Pairs, bytes]:
    """Headers and body of the MDN for a message with these headers; signed where there is a ``key``.

    ``mic_spelled``: the algorithm as the partner spells it. ``at``: microseconds since 1970.
    """
    sender, receiver = headers.value(fields, "as2-from"), headers.value(fields, "as2-to")
    boundary = f"=_{secrets.token_hex(12)}"
    words = _WORDS.get(disposition.reason if disposition.level else "", _WORDS["unexpected-processing-error"])
    name = _one_line(receiver)
    lines = [
        "Reporting-UA: Crossdock",
        f"Original-Recipient: rfc822; {name}",
        f"Final-Recipient: rfc822; {name}",
        *(f"Original-Message-ID: {_one_line(id)}" for id in (headers.value(fields, "message-id"),) if id),
        f"Disposition: {disposition}",
    ]
    if mic is not None:
        lines.append(f"Received-Content-MIC: {mic.value}, {mic_spelled}")
    report = (
        f"--{boundary}\r\nContent-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
        f"{words}\r\n\r\n--{boundary}\r\nContent-Type: {_NOTIFICATION}\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
        + "\r\n".join(lines)
        + f"\r\n\r\n--{boundary}--\r\n"
    ).encode("latin-1", "replace")
    content_type = f'{_REPORT}; report-type=disposition-notification; boundary="{boundary}"'
    body = report
    if key is not None:
        content = f"Content-Type: {content_type}\r\n\r\n".encode() + report
        signature = cms.sign(mics.digest((content,), digest), digest, key, at=at)
        made = signed_parts((content,), signature, digest)
        body = b"".join(piece for piece in made.body if isinstance(piece, bytes))
        content_type = made.headers[0][1]
    found = (
        ("AS2-Version", "1.2"),
        ("AS2-From", _one_line(receiver)),
        ("AS2-To", _one_line(sender)),
        ("Message-ID", f"<mdn.{secrets.token_hex(16)}@{host}>"),
        ("Date", formatdate(at / 1_000_000)),
        ("EDIINT-Features", "multiple-attachments"),
        ("MIME-Version", "1.0"),
        ("Content-Type", content_type),
    )
    return found, body


def _one_line(text: str) -> str:
    """What came from a header goes into one: it may end none."""
    return re.sub(r"[\x00-\x1f\x7f]", " ", text)


# Read


def parse_mdn(fields: Pairs, body: bytes, certificates: Sequence[cms.Certificate], *, signed: bool) -> Report:
    """What an MDN says. ``signed``: it must be, with one of these certificates. Never raises: what is wrong with it is
    its ``doubt``."""
    doubt, signer, was_signed = "", None, False
    try:
        found = posted(fields, BytesIO(body))
        for _ in range(_NESTED):
            if found.media().value != _SIGNED:
                break
            was_signed = True
            inside = _parts(found)
            if signed or certificates:  # where a signature is neither wanted nor can be judged, it proves nothing
                signer, doubt = _signer(inside, certificates)
            found = entity(inside[0])
        told, text = _told(found)
    except MimeError as error:
        return Report("", Disposition("failed"), "", None, "", was_signed, signer, "", f"It cannot be read: {error}")
    said = headers.value(told, "disposition")
    disposition = parse_disposition(said)
    if signed and not was_signed:
        says = "" if disposition is None or disposition.positive else f'; it says "{str(disposition)[:200]}"'
        doubt = f"It is not signed, and that was asked for{says}."
    if disposition is None:
        doubt = doubt or f'Its disposition cannot be read: "{said[:100]}".'
        disposition = Disposition("failed")
    mic_text = headers.value(told, "received-content-mic")
    id = headers.value(told, "original-message-id")
    return Report(id, disposition, said, mics.parse(mic_text), mic_text, was_signed, signer, text, doubt)


def _signer(inside: Sequence[Region], certificates: Sequence[cms.Certificate]) -> tuple[cms.Certificate | None, str]:
    """Who signed, or why that cannot be said."""
    if len(inside) < 2:
        return None, "Its signature is missing."
    content, signature = entity(inside[0]), entity(inside[1])
    try:
        found = cms.signers(b"".join(structure(signature)))
        digests: dict[tuple[str, str], bytes] = {}
        for form, pieces in mics.forms(content):
            data = list(pieces)
            digests |= {(each.digest.name, form): mics.digest(data, each.digest.name) for each in found}
        return cms.verify(found, digests, certificates).certificate, ""
    except (cms.CmsError, MimeError) as error:
        return None, f"Its signature cannot be verified: {error.detail}"


def _told(found: Entity) -> tuple[Pairs, str]:
    """The fields of the notification, and what stands there for people."""
    if found.media().value == _NOTIFICATION:
        return _fields(found), ""
    inside = [entity(each) for each in _parts(found)]
    text = next((_text(each) for each in inside if each.media().value.startswith("text/")), "")
    for each in inside:
        if each.media().value == _NOTIFICATION:
            return _fields(each), text
    raise MimeError("There is no disposition notification in it.")


def _fields(found: Entity) -> Pairs:
    """A notification may be in several groups of fields with empty lines between them."""
    return headers.parse(re.sub(rb"(?:\r?\n){2,}", b"\r\n", b"".join(decoded(found))[: headers.BLOCK_BYTES]))


def _text(found: Entity) -> str:
    try:
        return b"".join(decoded(found))[:_TEXT_BYTES].decode("utf-8", "replace").strip()
    except MimeError:
        return ""


_DISPOSITION = re.compile(
    r"^[^;]*;\s*(processed|failed|displayed|denied|deleted|dispatched)[\s;]*(?:/\s*(.*))?$", re.I | re.S
)


def parse_disposition(text: str) -> Disposition | None:
    """``automatic-action/MDN-sent-automatically; processed/error: decryption-failed``, with blanks and capitals where
    they were met. None: it says nothing that is known."""
    match = _DISPOSITION.match(text)
    if match is None:
        return None
    kind, rest = match[1].lower(), (match[2] or "").strip()
    level, _, reason = rest.partition(":")
    level = level.strip().lower()
    if level and level not in {"error", "failure", "warning"}:
        level, reason = "error", rest  # a modifier that is none: it was not simply processed
    reason = reason.strip()
    return Disposition(kind, level, reason.lower() if level != "failure" else reason)


def fits(sent: Mic, others: Sequence[Mic], reported: Mic) -> bool:
    """Whether a MIC is that of what was sent, in one of the ways to take it."""
    return any(_value(each) == _value(reported) for each in (sent, *others))


def _value(found: Mic) -> tuple[str, Any]:
    return found.value.rstrip("="), found.algorithm
