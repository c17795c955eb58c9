"""Bytes that were received, as they were received: what a step begins with."""

from __future__ import annotations

from gateway.core.errors import PayloadError
from gateway.core.spooled import Body
from gateway.store.spool import SpooledFile


def whole(body: Body | None, transmission: int) -> Body:
    """The body of a transmission; a file is read once and compared with what was received.

    Raises PayloadError where it is missing or damaged, StoreError where the payload store is out of reach.
    """
    if body is None:
        raise PayloadError(f"There are no bytes of tx_{transmission}.")
    if isinstance(body, SpooledFile):
        body.verify()
    return body
