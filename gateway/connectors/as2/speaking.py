"""The :class:`~gateway.connectors.as2.speech.Speaker` of real messages: keys and files on one side, the protocol on
the other."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable
from email.utils import formatdate
from typing import Any

from gateway.agreements import Party
from gateway.as2 import cms, headers
from gateway.as2.mdn import Disposition, build_mdn, fits, is_mdn, parse_mdn, request_of
from gateway.as2.mic import Mic, algorithm_named
from gateway.as2.opening import Means, open_message
from gateway.as2.packing import Enclosed, Security, pack_message
from gateway.as2.policy import check
from gateway.as2.problem import As2Error
from gateway.connectors.as2.keyring import Keyring
from gateway.connectors.as2.options import InboxOptions, OutboxOptions
from gateway.connectors.as2.relations import Relation
from gateway.connectors.as2.speech import Failure, Opened, Packed, Part, Report, Verdict, Wish
from gateway.connectors.http.content import content_type
from gateway.core.errors import ConfigurationError
from gateway.core.exchanges import Pairs, Reply, Sent
from gateway.core.ports import Departure
from gateway.core.spooled import Body, Spool, in_memory, open_body

#: Of unsigned messages that ask for none (RFC 4130, 7.3.1).
_USUAL = "sha1"
_AS2_13 = "1.3"


class CmsSpeaker:
    """Threads may share it. ``now``: microseconds since 1970; ``url``: where asynchronous MDNs are to be sent."""

    def __init__(
        self,
        keyring: Keyring[cms.Certificate, cms.PrivateKey],
        spool: Spool,
        url: str = "",
        now: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        self._keyring, self._spool, self._url, self._now = keyring, spool, url, now
        self._host = socket.gethostname()

    def open(self, relation: Relation[InboxOptions], fields: Pairs, body: Body) -> Opened:
        o = relation.options
        if lacks := request_of(fields).lacks:
            return Opened(failure=Failure(lacks, "The partner requires a receipt that cannot be made."))
        means = Means(
            self._keyring.keys(relation.own),
            self._keyring.certificates(relation.partner),
            lambda: self._spool.scratch(o.max_bytes),
            o.max_bytes,
            self._micalg(fields),
            signed="signed" in o.least,
        )
        with open_body(body) as source:
            try:
                found = open_message(fields, source, means)
                check(found, least=o.least, allow=o.allow)
                parts = tuple(
                    Part(each.content_type, each.file_name, self._kept(each.pieces(), o.max_bytes))
                    for each in found.parts
                )
            except As2Error as error:
                return Opened(failure=Failure(error.modifier, str(error)), facts=error.facts)
        mic = found.mic
        spelled = _spelled(fields, mic.algorithm) if mic else None
        return Opened(parts=parts, mic=mic.value if mic else None, mic_algorithm=spelled, facts=found.facts)

    def _kept(self, pieces: Iterable[bytes], most: int) -> Body:
        with self._spool.write(most) as writer:
            for piece in pieces:
                writer.write(piece)
            return writer.finish()

    def _micalg(self, fields: Pairs) -> str:
        wanted = request_of(fields).micalgs
        usual = "sha256" if headers.value(fields, "as2-version") >= _AS2_13 else _USUAL
        return wanted[0] if wanted else usual

    def wish(self, fields: Pairs) -> Wish:
        found = request_of(fields)
        if not found.wanted:
            return Wish("no")
        return Wish("async", found.url) if found.url else Wish("sync")

    def mdn(self, fields: Pairs, own: Party | None, verdict: Verdict) -> Reply:
        wanted = request_of(fields)
        keys = self._keyring.keys(own) if wanted.signed and own is not None else []
        at = self._now()
        newest = cms.newest_first([key.certificate for key in keys], at)[:1]
        key = next((each for each in keys if each.certificate in newest), None)
        disposition = Disposition("processed")
        if verdict.failure and verdict.failure == wanted.lacks:
            disposition = Disposition("failed", "Failure", verdict.failure)
        elif verdict.failure:
            disposition = Disposition("processed", "error", verdict.failure)
        elif verdict.warning:
            disposition = Disposition("processed", "warning", verdict.warning)
        algorithm = algorithm_named(verdict.mic_algorithm or "") or _USUAL
        found = Mic(verdict.mic, algorithm) if verdict.mic else None
        digest = (wanted.micalgs or (algorithm if verdict.mic else "sha256",))[0]
        pairs, body = build_mdn(
            fields,
            disposition,
            mic=found,
            mic_spelled=verdict.mic_algorithm or "",
            key=key,
            digest="sha256" if digest == "md5" else digest,
            host=self._host,
            at=at,
        )
        return Reply(pairs, body, str(disposition))

    def is_mdn(self, fields: Pairs, body: Body) -> bool:
        with open_body(body) as source:
            return is_mdn(fields, source)

    def report(self, fields: Pairs, body: Body, partner: Party, own: Party, *, signed: bool) -> Report:
        found = parse_mdn(fields, in_memory(body), self._keyring.certificates(partner), signed=signed)
        said = found.disposition
        failure = None if said.positive else said.reason or said.level or said.kind
        mic = found.mic
        return Report(
            original_message_id=found.original_message_id,
            disposition=found.said,
            failure=None if found.doubt and not found.said else failure,
            mic=mic.value if mic else None,
            mic_algorithm=cms.DIGEST_OF[mic.algorithm].micalg if mic else None,
            doubt=found.doubt or None,
            bare=not signed and not found.signed,
        )

    def fits(self, sent: Sent, report: Report) -> bool:
        mine, theirs = _mic(sent.mic, sent.mic_algorithm), _mic(report.mic, report.mic_algorithm)
        others = [found for each in sent.facts.get("mics", ()) if (found := _mic(each[0], each[1]))]
        return mine is not None and theirs is not None and fits(mine, others, theirs)

    def pack(self, relation: Relation[OutboxOptions], departure: Departure, message_id: str) -> Packed:
        o, at = relation.options, self._now()
        try:
            packed = self._packed(relation, departure, at)
        except cms.CmsError as error:
            raise ConfigurationError(error.detail, file=relation.partner.file, key="as2.certificates") from None
        pairs = [
            ("AS2-Version", o.version),
            ("AS2-From", headers.quoted(relation.own_id)),
            ("AS2-To", headers.quoted(relation.partner_id)),
            ("Message-ID", message_id),
            ("Date", formatdate(at / 1_000_000)),
            ("Subject", _printable(o.subject or departure.name)),
            ("MIME-Version", "1.0"),
            ("EDIINT-Features", "multiple-attachments"),
            *self._asking(relation),
            *packed.content_headers,
        ]
        body = self._kept(packed.pieces(), packed.size)
        algorithm = cms.DIGEST_OF[packed.mic.algorithm].micalg
        facts: dict[str, Any] = {"signed": o.sign, "encrypted": o.encrypt, "compressed": o.compress}
        facts = {name: value for name, value in facts.items() if value != "no"}
        if packed.others:
            facts["mics"] = [[each.value, each.algorithm] for each in packed.others]
        return Packed(
            headers=tuple(pairs),
            body=body,
            size=packed.size,
            mic=None if o.mdn == "no" else packed.mic.value,
            mic_algorithm=algorithm,
            facts=facts,
        )

    def _packed(self, relation: Relation[OutboxOptions], departure: Departure, at: int) -> Any:
        o = relation.options
        keys = self._keyring.keys(relation.own) if o.sign != "no" else []
        key = _newest(keys, at)
        if o.sign != "no" and key is None:
            raise ConfigurationError("there is no key to sign with.", file=relation.own.file, key="as2.keys")
        certificates = self._keyring.encryption_certificates(relation.partner) if o.encrypt != "no" else []
        newest = cms.newest_first(certificates, at)[:1]
        if newest and not newest[0].valid_at(at):
            text = f"the certificate of {newest[0].subject} is not valid at this time."
            raise ConfigurationError(text, file=relation.partner.file, key="as2.certificates")
        security = Security(o.sign, o.encrypt, o.compress, o.key_transport, o.signature == "pss")
        return pack_message(
            open_body(departure.body),
            o.content_type or content_type(departure.name, departure.body),
            departure.name if o.keep_name else "",
            security,
            key=key,
            certificates=newest,
            at=at,
            micalg=o.sign if o.sign != "no" else "sha256",
            scratch=self._spool.scratch,
            enclosures=[
                Enclosed(open_body(each.body), each.content_type or content_type(each.name, each.body), each.name)
                for each in departure.enclosures
            ],
        )

    def _asking(self, relation: Relation[OutboxOptions]) -> Iterable[tuple[str, str]]:
        """The headers that ask for an MDN."""
        o = relation.options
        if o.mdn == "no":
            return
        yield "Disposition-Notification-To", headers.quoted(relation.own_id)
        if o.mdn_signed:
            micalg = cms.DIGEST_OF[o.sign if o.sign != "no" else "sha256"].micalg
            yield (
                "Disposition-Notification-Options",
                f"signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, {micalg}",
            )
        if o.mdn == "async":
            if not self._url:
                text = 'mdn = "async" needs the address that partners answer to.'
                raise ConfigurationError(text, file="crossdock.toml", key="as2.url", hint='url = "https://…"')
            yield "Receipt-Delivery-Option", self._url


def _newest(keys: list[cms.PrivateKey], at: int) -> cms.PrivateKey | None:
    order = cms.newest_first([key.certificate for key in keys], at)
    return next((key for key in keys if order and key.certificate == order[0]), None)


def _mic(value: str | None, algorithm: str | None) -> Mic | None:
    known = algorithm_named(algorithm or "")
    return Mic(value, known) if value and known else None


def _spelled(fields: Pairs, algorithm: str) -> str:
    """As the partner spells it, where it does."""
    media = headers.media(headers.value(fields, "content-type")).parameters.get("micalg", "")
    options = headers.value(fields, "disposition-notification-options").replace(";", ",").split(",")
    for word in (media, *options):
        if algorithm_named(word) == algorithm and "=" not in word:
            return word.strip()
    return cms.DIGEST_OF[algorithm].micalg


def _printable(text: str) -> str:
    return "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in text)
