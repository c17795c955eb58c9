"""UBL ApplicationResponse, built and read back: what became of a document, or of several.

``cbc:ResponseCode`` is UN/EDIFACT 4343 as in APERAK, with what Peppol and OIOUBL have beside it. A document is named by
its own number and, in ``cbc:DocumentType``, by its kind. Tolerant in reading, as all reading of receipts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from gateway.acknowledgments.application import Finding, Subject
from gateway.acknowledgments.outcome import ApplicationOutcome, DocumentOutcome, Remark, Status
from gateway.acknowledgments.read_application import BGM
from gateway.codecs.model import Address
from gateway.codecs.ubl import PREFIXES, USUAL_VERSION
from gateway.codecs.xml_read import Element, parse
from gateway.codecs.xml_text import XmlText
from gateway.codecs.xml_write import UNWRITABLE, document

APPLICATION_RESPONSE = "ApplicationResponse"

_NAMESPACE = f"urn:oasis:names:specification:ubl:schema:xsd:{APPLICATION_RESPONSE}-2"
_MOST = 999

#: ResponseCode: UN/EDIFACT 4343, then Peppol's answers to invoices, then OIOUBL.
_CODES = BGM | {
    "IP": Status.RECEIVED,
    "UQ": Status.RECEIVED,
    "PD": Status.ACCEPTED,
    "BusinessAccept": Status.ACCEPTED,
    "BusinessReject": Status.REJECTED,
    "TechnicalAccept": Status.RECEIVED,
    "TechnicalReject": Status.REJECTED,
    "ProfileAccept": Status.RECEIVED,
    "ProfileReject": Status.REJECTED,
}

#: UN/EDIFACT 1001, where a partner says the kind of document by its code.
_KINDS = {"220": "Order", "231": "OrderResponse", "351": "DespatchAdvice", "380": "Invoice", "381": "CreditNote"}


class Sides(NamedTuple):
    """Who answers, and whom."""

    sender: Address
    receiver: Address


def application_response(
    subject: Subject, findings: list[Finding], number: str, now: dt.datetime, sides: Sides
) -> bytes:
    """The file: AP accepted, CA accepted with remarks, RE rejected. ``number`` names it among ours."""
    code = ("CA" if findings else "AP") if subject.accepted else "RE"
    root = Element(APPLICATION_RESPONSE, {}, 0, 0)
    root.children = [
        _leaf("cbc:UBLVersionID", USUAL_VERSION),
        _leaf("cbc:ID", number),
        _leaf("cbc:IssueDate", f"{now:%Y-%m-%d}"),
        _leaf("cbc:IssueTime", f"{now:%H:%M:%S}Z"),
        _side("cac:SenderParty", sides.sender),
        _side("cac:ReceiverParty", sides.receiver),
        _branch(
            "cac:DocumentResponse",
            _branch("cac:Response", _leaf("cbc:ResponseCode", code), *map(_status, findings[:_MOST])),
            _branch(
                "cac:DocumentReference",
                _leaf("cbc:ID", subject.reference or "NA"),
                _leaf("cbc:DocumentType", subject.type),
            ),
        ),
    ]
    return document(root, _NAMESPACE, PREFIXES)


def _status(finding: Finding) -> Element:
    return _branch("cac:Status", _leaf("cbc:StatusReasonCode", finding.code), _leaf("cbc:StatusReason", finding.text))


def _side(tag: str, address: Address) -> Element:
    scheme = {"schemeID": address.qualifier} if address.qualifier else {}
    return _branch(tag, _leaf("cbc:EndpointID", address.identifier, **scheme))


def _branch(tag: str, *children: Element) -> Element:
    made = Element(tag, {}, 0, 0)
    made.children = list(children)
    return made


def _leaf(tag: str, text: str, **attributes: str) -> Element:
    made = Element(tag, attributes, 0, 0)
    made.text = UNWRITABLE.sub("?", text)
    return made


def read_application_response(text: XmlText) -> list[ApplicationOutcome]:
    """One outcome for each document that is named."""
    found = _Responses()
    parse(text, found, PREFIXES)
    return found.outcomes


class _Responses:
    """Takes the answers out of a file."""

    def __init__(self) -> None:
        self.outcomes: list[ApplicationOutcome] = []

    def root(self, element: Element, namespace: str) -> None:
        return None

    def child(self, element: Element) -> None:
        if element.tag != "cac:DocumentResponse":
            return
        answers = list(_each(element, "cac:Response"))
        code = _text(answers[0], "cbc:ResponseCode") if answers else ""
        remarks = [remark for answer in answers for remark in _remarks(answer)]
        remarks += [
            remark._replace(reference=_line(line))
            for line in _each(element, "cac:LineResponse")
            for answer in _each(line, "cac:Response")
            for remark in _remarks(answer)
        ]
        for reference in _each(element, "cac:DocumentReference"):
            number = _text(reference, "cbc:ID")
            kind = _text(reference, "cbc:DocumentType") or _KINDS.get(_text(reference, "cbc:DocumentTypeCode"), "")
            outcome = DocumentOutcome(
                type=kind,
                control_number=number,
                status=_CODES.get(code, Status.UNKNOWN),
                codes=(code,) if code else (),
                remarks=tuple(remarks),
            )
            self.outcomes.append(ApplicationOutcome(references=(number,) if number else (), document=outcome))


def _remarks(answer: Element) -> Iterator[Remark]:
    """Its words, and the reasons that it gives."""
    words = " ".join(text for text in (each.text.strip() for each in _each(answer, "cbc:Description")) if text)
    if words:
        yield Remark(_text(answer, "cbc:ResponseCode"), text=words)
    for status in _each(answer, "cac:Status"):
        code = _text(status, "cbc:StatusReasonCode") or _text(status, "cbc:ConditionCode")
        text = _text(status, "cbc:StatusReason") or _text(status, "cbc:Description")
        if code or text:
            yield Remark(code, text=text)


def _line(line: Element) -> str:
    return next((_text(each, "cbc:LineID") for each in _each(line, "cac:LineReference")), "")


def _each(element: Element, tag: str) -> Iterator[Element]:
    return (child for child in element.children if child.tag == tag)


def _text(element: Element, tag: str) -> str:
    return next((child.text.strip() for child in _each(element, tag)), "")
