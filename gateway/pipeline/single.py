"""Documents that leave each in a file of its own, since their format has no envelope for several."""

from __future__ import annotations

from typing import NamedTuple

from gateway.core.issues import Issue


class SingleFile(NamedTuple):
    """A file that can leave, or in ``hold`` why it cannot. ``remarks`` were found on the way; ``reference`` is the
    document's own number, ``control_number`` how the file is known to its receiver."""

    body: bytes = b""
    hold: Issue | None = None
    remarks: tuple[Issue, ...] = ()
    reference: str = ""
    control_number: str = ""
    sender: str = ""
    receiver: str = ""
    mapping_digest: str | None = None
    schema_digest: str | None = None
