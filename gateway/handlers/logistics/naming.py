"""The numbers that goods go by, as documents write them and as they are compared. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.canonical import DocumentReference
from gateway.canonical.transport import TransportEquipment, TransportHandlingUnit
from gateway.handlers.logistics.facts import Name

SSCC_DIGITS = 18
_SHORTEST = 4


def named(kind: str, value: str | None) -> set[Name]:
    """A name, where there is one."""
    text = (value or "").strip()
    return {Name(kind, text)} if text else set()


def scoped(kind: str, issuer: str, value: str | None) -> set[Name]:
    """A number that means something beside its issuer only."""
    text = (value or "").strip()
    return {Name(kind, f"{issuer}/{text}")} if text else set()


def referenced(references: Iterable[DocumentReference], carrier: str) -> set[Name]:
    """The names that a document refers to; the carrier's are its own."""
    found: set[Name] = set()
    for reference in references:
        kind = reference.document_type_code or ""
        if kind == "carrier-reference":
            found |= scoped(kind, carrier, reference.id)
        elif kind == "equipment":
            found |= equipment(reference.id)
        elif kind:
            found |= named(kind, reference.id)
    return found


def marks(units: Iterable[TransportHandlingUnit], carrier: str) -> set[Name]:
    """What is on labels: an SSCC, else the carrier's number of a parcel; and what they stand in."""
    found: set[Name] = set()
    for unit in units:
        for value in (unit.id.value if unit.id else None, unit.shipping_marks):
            label = sscc(value)
            found |= named("sscc", label) if label else scoped("parcel", carrier, value)
        if unit.transport_equipment:
            found |= equipment(whole_number(unit.transport_equipment))
    return found


def equipment(number: str | None) -> set[Name]:
    """A container or trailer. What has few characters or no digit is a kind of equipment, not one of them."""
    text = container(number or "")
    return named("equipment", text) if len(text) >= _SHORTEST and any(map(str.isdigit, text)) else set()


def container(number: str) -> str:
    """As it is written without blanks and hyphens."""
    return "".join(number.split()).replace("-", "").upper()


def whole_number(one: TransportEquipment) -> str | None:
    """The whole number of a container, from its parts where it was sent so: ISO 6346 has the check digit at its end."""
    if one.id:
        return one.id
    if not one.serial_number:
        return None
    whole = (one.owner_code or "") + one.serial_number
    return f"{whole}{one.check_digit}" if one.check_digit is not None and len(one.serial_number) == 6 else whole


def sscc(value: str | None) -> str | None:
    """Its 18 digits, without application identifier 00; None where it is none."""
    text = value or ""
    digits = text.removeprefix("00") if len(text) == SSCC_DIGITS + 2 else text
    return digits if len(digits) == SSCC_DIGITS and digits.isascii() and digits.isdigit() else None
