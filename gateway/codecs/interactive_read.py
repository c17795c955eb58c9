"""Interactive EDIFACT (ISO 9735-3): UIB … UIZ with messages UIH … UIT, without groups.

Of its service segments nothing but the syntax and the type of a message is mandatory: what is left out is not missed.
"""

from __future__ import annotations

import re

from gateway.codecs.charset import SYNTAX_CHARSETS, undecodable
from gateway.codecs.dialect import Dialect, Heading, Opening, Tags, Trailer, unreadable
from gateway.codecs.edifact_advice import advice_of, header_length, header_line
from gateway.codecs.edifact_read import EDIFACT
from gateway.codecs.line import Line
from gateway.codecs.model import Address, GroupHeader, InterchangeHeader
from gateway.codecs.stream import Window
from gateway.core.issues import Issue

BEGINS = re.compile(rb"(?:UNA.{6}[\r\n\t ]{0,4})?UIB[^A-Za-z0-9]", re.DOTALL)
"""An interactive interchange, with UNA or without."""


def _open(window: Window, charset: str | None) -> Opening:
    """UNA, where there is one, and UIB. Its references are those of the dialogue or of the transaction."""
    window.hold(64)
    advice = advice_of(window)
    if isinstance(advice, Opening):
        return advice
    length = advice.length + 3
    if window.raw(64)[length : length + 1] != advice.delimiters.element.encode("latin-1"):
        names = "UNA names" if advice.text else "are the default"
        return unreadable("edifact", window, "EDF-I22B", length, expected=names)
    found = header_length(window, advice)
    if not found:
        return unreadable("edifact", window, "EDF-I05", length)
    line = header_line(window, advice, found, charset)
    if advice.text is None:
        line = line._replace(delimiters=line.delimiters._replace(repetition="*"))
    header = InterchangeHeader(
        standard="edifact",
        segment=line.segment,
        delimiters=line.delimiters,
        charset=line.charset,
        sender=Address(line.value(6), line.value(6, 2), line.value(6, 3)),
        receiver=Address(line.value(7), line.value(7, 2), line.value(7, 3)),
        control_number=line.value(2) or line.value(3),
        date=line.value(8),
        time=line.value(8, 2),
        version=f"{line.value(1)}:{line.value(1, 2)}",
        test=line.value(10) == "1",
        acknowledgment_requested=False,
        offset=window.offset,
        service_advice=advice.text,
    )
    return Opening(header, tuple(_uib_issues(line, declared=charset is None)), advice.length + found)


def _uib_issues(line: Line, declared: bool) -> list[Issue]:
    issues: list[Issue] = []
    if declared and line.value(1) not in SYNTAX_CHARSETS:
        issues.append(line.issue("EDF-I02", 1, 1, value=line.value(1)))
    if undecodable("".join(line.segment)):
        issues.append(line.issue("EDF-I21", charset=line.charset))
    return issues


def _document(line: Line, header: InterchangeHeader, group: GroupHeader | None) -> Heading:
    """UIH: S306 is type, version and release, subfunction, agency, association."""
    issues = [
        line.issue("EDF-M13", 1, part, name=name)
        for part, name in ((1, "0065 (message type)"), (2, "0052 (message version number)"))
        if not line.value(1, part)
    ]
    version = ".".join(part for part in (line.value(1, 2), line.value(1, 3)) if part)
    return Heading(line.value(1), version, line.value(1, 6), line.value(2), tuple(issues))


INTERACTIVE = Dialect(
    standard="edifact",
    tags=Tags("UIB", "", "UIH", "UIT", "", "UIZ"),
    codes=EDIFACT.codes,
    grouped=False,
    reference_at=2,
    replies={},
    open=_open,
    group=EDIFACT.group,
    document=_document,
    trailer=Trailer(number=2, reference=1, required=False),
)
