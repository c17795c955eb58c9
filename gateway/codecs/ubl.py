"""UBL documents as the gateway sees them before it reads them: kind, version, parties, number (OASIS UBL 2.1).

UBL has no envelope: a file is one document, and who it is from stands in it. Which of its parties sends and which
receives depends on the kind of document.
"""

from __future__ import annotations

from typing import NamedTuple

from gateway.codecs.bare import NO_DELIMITERS, bare_header
from gateway.codecs.model import LIMITS, Address, InterchangeHeader, Limits, RawDocument
from gateway.codecs.xml_read import Element, Enough, parse
from gateway.codecs.xml_text import XmlText, decoded
from gateway.core.issues import Issue

UBL = "ubl"

_SPACES = "urn:oasis:names:specification:ubl:schema:xsd:"

PREFIXES = {
    f"{_SPACES}CommonAggregateComponents-2": "cac",
    f"{_SPACES}CommonBasicComponents-2": "cbc",
    f"{_SPACES}CommonExtensionComponents-2": "ext",
}
"""Namespace → prefix, as tables and mappings write it."""

USUAL_VERSION = "2.1"
"""What a document is of that does not say it: the profiles that leave it out (Peppol BIS 3) build on this one."""

HEAD = 1024 * 1024
"""So many bytes of a document that is too long to be read are looked at for its parties."""


_BUYER, _SELLER = "cac:BuyerCustomerParty", "cac:SellerSupplierParty"
_OF_ACCOUNTS = ("cac:AccountingSupplierParty", "cac:AccountingCustomerParty")
#: By kind: who sends it, and who gets it, or each who may, of whom the first one that is not the sender does.
_SIDES: dict[str, tuple[str, ...]] = {
    "Order": (_BUYER, _SELLER),
    "OrderChange": (_BUYER, _SELLER),
    "OrderCancellation": (_BUYER, _SELLER),
    "OrderResponse": (_SELLER, _BUYER),
    "OrderResponseSimple": (_SELLER, _BUYER),
    "DespatchAdvice": ("cac:DespatchSupplierParty", "cac:DeliveryCustomerParty"),
    "ReceiptAdvice": ("cac:DeliveryCustomerParty", "cac:DespatchSupplierParty"),
    "Invoice": _OF_ACCOUNTS,
    "CreditNote": _OF_ACCOUNTS,
    "DebitNote": _OF_ACCOUNTS,
    "RemittanceAdvice": _OF_ACCOUNTS[::-1],
    "Catalogue": ("cac:ProviderParty", "cac:ReceiverParty"),
    "InventoryReport": ("cac:InventoryReportingParty", "cac:SellerSupplierParty", "cac:RetailerCustomerParty"),
    "Waybill": ("cac:CarrierParty", "cac:ConsignorParty", "cac:FreightForwarderParty"),
}
OF_TRADE = frozenset(_SIDES)
"""Kinds of document between a buyer and a seller."""

_USUAL_SIDES = ("cac:SenderParty", "cac:ReceiverParty")


class UblHead(NamedTuple):
    """What a document says of itself. Empty where it does not; ``issue``: what ended the reading before its lines."""

    type: str
    version: str
    customization: str
    reference: str
    date: str
    time: str
    sender: Address
    receiver: Address
    issue: Issue | None = None


def ubl_name(namespace: str) -> bool:
    """Whether a root of this namespace is a document of UBL 2."""
    return namespace.startswith(_SPACES) and namespace.endswith("-2")


def ubl_head(text: XmlText) -> UblHead:
    """The head of a document: it is read as far as its lines. Never raises."""
    found = _Head()
    issue = parse(text, found, PREFIXES, Limits(document_bytes=len(text.data)))
    sender, *others = [found.parties.get(side, Address("")) for side in _SIDES.get(found.type, _USUAL_SIDES)]
    receiver = next((other for other in others if other.identifier and other != sender), others[0])
    return UblHead(
        type=found.type,
        version=_version(found.values.get("cbc:UBLVersionID", "")),
        customization=found.values.get("cbc:CustomizationID", ""),
        reference=found.values.get("cbc:ID", ""),
        date=found.values.get("cbc:IssueDate", ""),
        time=found.values.get("cbc:IssueTime", ""),
        sender=sender,
        receiver=receiver,
        issue=issue,
    )


def _version(text: str) -> str:
    """The number of the version: Colombia's DIAN writes ``UBL 2.1`` where OASIS UBL has ``2.1``."""
    return text.removeprefix("UBL ").strip() or USUAL_VERSION


def ubl_header(
    head: UblHead, *, charset: str = "utf-8", control_number: str = "", test: bool = False
) -> InterchangeHeader:
    """The head in the words of an envelope. ``control_number``: left out, the document's own number."""
    return bare_header(
        UBL,
        head.sender,
        head.receiver,
        control_number or head.reference,
        version=head.version,
        test=test,
        charset=charset,
        date=head.date,
        time=head.time,
    )


def ubl_document(body: bytes, limits: Limits = LIMITS) -> tuple[RawDocument, UblHead]:
    """The one document of a file, raw, and its head. What cannot be read has no text, and an issue that says why."""
    large = len(body) > limits.document_bytes
    text = decoded(body[: body.rfind(b">", 0, HEAD) + 1] if large else body)
    head = ubl_head(text)
    issue = head.issue if not head.type else None
    if large:
        issue = Issue("XML-D04", value=str(len(body)), params={"unit": "bytes", "most": str(limits.document_bytes)})
    return RawDocument(
        standard=UBL,
        type=head.type,
        version=head.version,
        association=head.customization,
        control_number=head.reference,
        position=1,
        text="" if issue is not None else text.data.decode(),
        offset=text.marked,
        length=len(body) - text.marked,
        delimiters=NO_DELIMITERS,
        charset=text.charset,
        issues=() if issue is None else (issue,),
    ), head


def text_of(document: RawDocument) -> XmlText:
    """What its text was decoded from, in UTF-8."""
    return XmlText(document.text.encode(), document.charset, document.offset)


class _Head:
    """Takes what stands before the lines."""

    def __init__(self) -> None:
        self.type = ""
        self.values: dict[str, str] = {}
        self.parties: dict[str, Address] = {}

    def root(self, element: Element, namespace: str) -> None:
        if not ubl_name(namespace):
            raise Enough
        self.type = element.tag

    def child(self, element: Element) -> None:
        if element.tag.endswith("Line"):
            raise Enough
        if element.tag.startswith("cbc:"):
            self.values.setdefault(element.tag, element.text.strip())
        elif element.tag.endswith("Party"):
            self.parties.setdefault(element.tag, _address(element))


def _address(party: Element) -> Address:
    """How a party is called: its endpoint, else its first identification, else its name."""
    inner = next((child for child in party.children if child.tag == "cac:Party"), party)
    for path in (("cbc:EndpointID",), ("cac:PartyIdentification", "cbc:ID"), ("cac:PartyName", "cbc:Name")):
        found: Element | None = inner
        for tag in path:
            found = next((child for child in found.children if child.tag == tag), None) if found else None
        if found is not None and found.text.strip():
            return Address(found.text.strip(), found.attributes.get("schemeID", "").strip())
    return Address("")
