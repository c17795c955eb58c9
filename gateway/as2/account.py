"""An exchange told layer by layer: what it is, how far it opens, and which setting would make it succeed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from hmac import compare_digest
from typing import Any, BinaryIO, NamedTuple

from gateway.as2 import cms, headers
from gateway.as2.mdn import is_mdn, parse_mdn, request_of
from gateway.as2.mic import digest, forms
from gateway.as2.mime import Entity, entity, parts, structure
from gateway.as2.opening import Means, Opened, open_message
from gateway.as2.policy import check
from gateway.as2.problem import As2Error, MimeError
from gateway.core.exchanges import Pairs


class Line(NamedTuple):
    """One thing that is told. ``layer``: headers, encrypted, compressed, signed, content, mic, verdict, setting."""

    layer: str
    text: str
    good: bool = True


def account(
    fields: Pairs,
    body: BinaryIO,
    means: Means,
    *,
    least: Collection[str],
    allow: Collection[str],
    others: Mapping[str, Sequence[cms.Certificate]],
) -> Iterator[Line]:
    """``others``: certificates of all parties by their names, to say whose one is that was met. Never raises."""
    yield from _headers(fields)
    if is_mdn(fields, body):
        yield from _mdn(fields, body, means)
        return
    try:
        found = open_message(fields, body, means)
        yield from _opened(found.facts)
        yield from _content(found)
        check(found, least=least, allow=allow)
        yield Line("verdict", "It is taken: processed.")
    except As2Error as error:
        if error.at is not None:
            yield from _opened(error.facts)
            yield from _stuck(error, means, others)
        yield Line("verdict", f"It is refused: {error.modifier}. {error.detail}", good=False)
        if error.hint:
            yield Line("setting", error.hint)


def _headers(fields: Pairs) -> Iterator[Line]:
    names = (headers.value(fields, name) for name in ("as2-from", "as2-to", "message-id"))
    yield Line("headers", "from {} to {}, Message-ID {}".format(*(name or "(none)" for name in names)))
    yield Line("headers", f"Content-Type {headers.value(fields, 'content-type') or '(none)'}")
    wanted = request_of(fields)
    if wanted.wanted:
        how = "signed" if wanted.signed else "unsigned"
        where = f"to {wanted.url}" if wanted.url else "in the answer"
        yield Line("headers", f"asks for an MDN, {how}, {where}, MIC by {', '.join(wanted.micalgs) or 'any digest'}")


def _opened(facts: Mapping[str, Any]) -> Iterator[Line]:
    if cipher := facts.get("encrypted"):
        yield Line("encrypted", f"{cipher}, key by {facts['key_transport']}, for our key with serial {facts['key']}")
    if name := facts.get("compressed"):
        yield Line("compressed", name)
    if name := facts.get("signed"):
        form = facts.get("form", "the bytes as they came")
        yield Line("signed", f"{name} by the certificate with serial {facts['signer']}, over {form}")


def _content(found: Opened) -> Iterator[Line]:
    for part in found.parts:
        size = sum(len(piece) for piece in part.pieces())
        encoding = part.found.encoding()
        name = f', "{part.file_name}"' if part.file_name else ""
        yield Line("content", f"{part.content_type}{name}, {size} bytes, transfer encoding {encoding}")
    if found.mic is not None:
        yield Line("mic", str(found.mic))


def _stuck(error: As2Error, means: Means, others: Mapping[str, Sequence[cms.Certificate]]) -> Iterator[Line]:
    """The layer that does not come off."""
    assert error.at is not None
    try:
        if error.at.media().value == "multipart/signed":
            yield from _signature(error.at, means, others)
        elif error.modifier == "decryption-failed" and "encrypted" not in error.facts:
            yield from _recipients(error.at, means, others)
    except (MimeError, cms.CmsError) as failed:
        yield Line("signed", f"It cannot be read: {failed.detail}", good=False)


def _recipients(found: Entity, means: Means, others: Mapping[str, Sequence[cms.Certificate]]) -> Iterator[Line]:
    into = means.scratch()
    for piece in structure(found):
        into.write(piece)
    cipher, recipients = cms.recipients(into.finish())
    mine = {f"serial {key.certificate.serial:x}" for key in means.keys}
    for name in recipients:
        whose = _whose(name, others)
        ours = " (ours)" if name in mine else ""
        yield Line("encrypted", f"{cipher}, for {name}{ours}{whose}", good=bool(ours))
    if not mine & set(recipients):
        told = ", ".join(sorted(mine)) or "no key at all"
        yield Line("setting", f"The partner must encrypt for our certificate ({told}): crossdock as2 export shows it.")


def _signature(found: Entity, means: Means, others: Mapping[str, Sequence[cms.Certificate]]) -> Iterator[Line]:
    inside = parts(found.body, found.media().parameters.get("boundary", ""))
    content, signature = entity(inside[0]), entity(inside[-1])
    pinned = {f"serial {each.serial:x}" for each in means.certificates}
    for signer in cms.signers(b"".join(structure(signature))):
        known = str(signer) in pinned
        whose = "" if known else _whose(str(signer), others)
        told = "pinned" if known else "not pinned for this partner"
        yield Line("signed", f"{signer.digest.name} by {signer}, {told}{whose}", good=known)
        for form, pieces in forms(content):
            same = signer.message_digest is not None and compare_digest(
                digest(pieces, signer.digest.name), signer.message_digest
            )
            yield Line("signed", f"{'is' if same else 'is not'} over {form}", good=same)
        if not known:
            yield Line("setting", "certificates = […] of the partner needs the certificate that it signs with now.")


def _whose(name: str, others: Mapping[str, Sequence[cms.Certificate]]) -> str:
    found = [party for party, known in others.items() if any(name == f"serial {each.serial:x}" for each in known)]
    return f", which is known as that of {', '.join(found)}" if found else ""


def _mdn(fields: Pairs, body: BinaryIO, means: Means) -> Iterator[Line]:
    body.seek(0)
    report = parse_mdn(fields, body.read(), means.certificates, signed=False)
    yield Line("content", f"an MDN for {report.original_message_id or '(no Message-ID)'}: {report.said}")
    if report.text:
        yield Line("content", report.text[:500])
    yield Line("mic", report.mic_text or "(none)", good=report.mic is not None)
    if report.signer is not None:
        yield Line("signed", f"by the certificate with serial {report.signer.serial:x}")
    elif not report.doubt:
        yield Line("signed", "by whom cannot be said: no certificate is known" if report.signed else "not signed")
    good = not report.doubt and report.disposition.positive
    yield Line("verdict", report.doubt or ("It was received." if good else "It was not taken."), good=good)
