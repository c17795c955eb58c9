"""The one table of all issues, in families. Sentences are English; a translation is another table of the same keys."""

from __future__ import annotations

from gateway.core.catalogue import (
    as2,
    business,
    canonical,
    contents,
    customs,
    edifact,
    logistics,
    mapping,
    receipts,
    records,
    trading,
    x12,
    xml,
)
from gateway.core.issues import IssueKind

FAMILIES: dict[str, tuple[IssueKind, ...]] = {
    "X12": x12.KINDS,
    "EDIFACT": edifact.KINDS,
    "XML": xml.KINDS,
    "CSV and IDoc": records.KINDS,
    "Mapping": mapping.KINDS,
    "Canonical documents": canonical.KINDS,
    "Receipts of partners": receipts.KINDS,
    "AS2": as2.KINDS,
    "What one document says": contents.KINDS,
    "Trading": trading.KINDS,
    "Logistics": logistics.KINDS,
    "Customs": (*customs.KINDS, *customs.HANDLER_KINDS),
    "Gateway": business.KINDS,
}

KINDS: dict[str, IssueKind] = {kind.code: kind for family in FAMILIES.values() for kind in family}
