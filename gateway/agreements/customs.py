"""What is agreed about customs messages (CEB): who declares, who signs, and what must be there before a list leaves."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from gateway.core.strict import key

Slot = Literal["order", "payment", "waybill"]
Evidence = Literal["own", "copy", "confirmed", "filed"]

#: By the message that is declared: what it is set against, unless the agreement says otherwise (domain: 9610, 9710).
USUAL_NEEDS: dict[str, tuple[Slot, ...]] = {
    "CEB621Message": ("order", "payment", "waybill"),
    "CEB603Message": ("order", "waybill"),
}


class Customs(msgspec.Struct, frozen=True, kw_only=True):
    """Direction out: how customs messages leave."""

    cop_code: Annotated[str, key("Our registration with customs, of BaseTransfer: 10 or 18 characters.")] = ""
    cop_name: Annotated[str, key("The name that goes with it. Left out: that of our party.")] = ""
    private_key: Annotated[
        str, key('The private key that signs (RSA, PEM): "file:keys/customs.key" or "env:NAME". Left out: unsigned.')
    ] = ""
    certificate: Annotated[str, key('Its certificate (PEM): "file:keys/customs.pem" or "env:NAME".')] = ""
    key_name: Annotated[str, key("KeyName of the signature. Left out: the serial number of the certificate.")] = ""
    algorithm: Annotated[Literal["rsa-sha1", "rsa-sha256"], key("What is signed with: as the port asks.")] = "rsa-sha1"
    form: Annotated[Literal["dxp", "bare"], key("dxp: in a terminal message (DxpMsg); bare: the message alone.")] = (
        "dxp"
    )
    needs: Annotated[
        tuple[Slot, ...] | None,
        key(
            "What must be there and agree before a list leaves. Left out: order, payment and waybill for 621, order "
            "and waybill for 603."
        ),
    ] = None
    evidence: Annotated[
        dict[Slot, tuple[Evidence, ...]],
        key(
            'What counts as being there: our own message ("own"), the other side\'s ("copy"), what the declaration '
            'says of it ("confirmed"), or that somebody else filed it under a number ("filed"): '
            '{ payment = ["copy"] }. Left out: each of them.'
        ),
    ] = {}

    def needed(self, type: str) -> tuple[Slot, ...]:
        """The slots that a message of this type waits for."""
        return USUAL_NEEDS.get(type, ()) if self.needs is None else self.needs

    def suffices(self, slot: str, evidence: str) -> bool:
        """Whether evidence of this kind fills a slot."""
        kinds = next((kinds for name, kinds in self.evidence.items() if name == slot), None)
        return kinds is None or evidence in kinds
