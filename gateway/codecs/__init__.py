"""Bytes to segments and elements, and back. No I/O beyond the stream that is handed in.

:func:`detect` says what a transmission is. :func:`read` yields the events of its X12 or EDIFACT interchanges in
constant memory, :func:`scan` the same without the documents. :func:`segments`, :func:`repetitions`,
:func:`components`, :func:`unescape` take the text of a document apart; :func:`composite`, :func:`repeated`,
:func:`escape` and :func:`join` put it together. :func:`write_x12` and :func:`write_edifact` build whole interchanges.
"""

from __future__ import annotations

from gateway.codecs.charset import undecodable
from gateway.codecs.detect import Detected, detect
from gateway.codecs.edifact_write import EdifactEnvelope, EdifactGroup, write_edifact
from gateway.codecs.model import (
    Address,
    Delimiters,
    Event,
    Events,
    GroupEnd,
    GroupHeader,
    GroupStart,
    InterchangeEnd,
    InterchangeHeader,
    InterchangeStart,
    Limits,
    RawDocument,
    Reply,
    Segment,
    Stray,
)
from gateway.codecs.read import read
from gateway.codecs.split import (
    Layout,
    components,
    escape,
    join,
    layout,
    offset_of,
    repetitions,
    segments,
    unescape,
    values,
)
from gateway.codecs.summary import DocumentHead, GroupSummary, InterchangeSummary, scan
from gateway.codecs.write import Body, composite, repeated
from gateway.codecs.x12_write import X12Envelope, X12Group, write_x12

__all__ = [
    "Address",
    "Body",
    "Delimiters",
    "Detected",
    "DocumentHead",
    "EdifactEnvelope",
    "EdifactGroup",
    "Event",
    "Events",
    "GroupEnd",
    "GroupHeader",
    "GroupStart",
    "GroupSummary",
    "InterchangeEnd",
    "InterchangeHeader",
    "InterchangeStart",
    "InterchangeSummary",
    "Layout",
    "Limits",
    "RawDocument",
    "Reply",
    "Segment",
    "Stray",
    "X12Envelope",
    "X12Group",
    "components",
    "composite",
    "detect",
    "escape",
    "join",
    "layout",
    "offset_of",
    "read",
    "repeated",
    "repetitions",
    "scan",
    "segments",
    "undecodable",
    "unescape",
    "values",
    "write_edifact",
    "write_x12",
]
