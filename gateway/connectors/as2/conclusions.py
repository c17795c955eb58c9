"""What an MDN means for a message of ours: it arrived, or why that cannot be said. Pure."""

from __future__ import annotations

from gateway.connectors.as2.speech import Report, Speaker
from gateway.core.exchanges import Conclusion, Reply, Sent
from gateway.core.issues import Issue


def conclude(speaker: Speaker, sent: Sent, report: Report, reply: Reply) -> Conclusion:
    """With the issue that an operator sees where it is no good receipt."""
    return Conclusion(
        exchange=sent.exchange,
        transmission=sent.transmission,
        disposition=report.disposition,
        refused=_objection(speaker, sent, report),
        reply=reply,
        facts=sent.facts,
    )


def spellings(message_id: str) -> list[str]:
    """A Message-ID as it is, with its brackets and without: some partners leave them out."""
    plain = message_id.strip().removeprefix("<").removesuffix(">")
    return list(dict.fromkeys((message_id, f"<{plain}>", plain)))


def _objection(speaker: Speaker, sent: Sent, report: Report) -> Issue | None:
    id, partner = sent.message_id, sent.party
    if report.doubt is not None:
        return Issue("AS2-UNVERIFIED", value=id, params={"partner": partner, "reason": report.doubt.rstrip(".")})
    if report.original_message_id not in spellings(id) and report.original_message_id:
        reason = f"it answers {report.original_message_id}"
        return Issue("AS2-UNVERIFIED", value=id, params={"partner": partner, "reason": reason})
    if report.failure is not None:
        return Issue("AS2-NEGATIVE", value=id, params={"partner": partner, "reason": report.failure})
    if sent.mic is None:
        return None
    if report.mic is None and report.bare:
        return None
    if report.mic is None:
        return Issue("AS2-NO-MIC", value=id, params={"partner": partner})
    if not speaker.fits(sent, report):
        told = f"{report.mic}, {report.mic_algorithm}"
        params = {"partner": partner, "reported": told, "sent": f"{sent.mic}, {sent.mic_algorithm}"}
        return Issue("AS2-MIC", value=id, params=params)
    return None
