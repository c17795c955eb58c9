"""Formats without an envelope: what a reader of envelopes is told of their files all the same."""

from __future__ import annotations

from gateway.codecs.model import Address, Delimiters, InterchangeHeader

NO_DELIMITERS = Delimiters("", "", "")


def bare_header(
    standard: str,
    sender: Address,
    receiver: Address,
    control_number: str,
    *,
    version: str = "",
    test: bool = False,
    charset: str = "utf-8",
    date: str = "",
    time: str = "",
    delimiters: Delimiters = NO_DELIMITERS,
) -> InterchangeHeader:
    """The words of an envelope for a file that has none."""
    return InterchangeHeader(
        standard=standard,
        segment=[],
        delimiters=delimiters,
        charset=charset,
        sender=sender,
        receiver=receiver,
        control_number=control_number,
        date=date,
        time=time,
        version=version,
        test=test,
        acknowledgment_requested=False,
    )
