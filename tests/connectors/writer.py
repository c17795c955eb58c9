"""An outbox as a process of its own that stops between writing three files and publishing them, until it is killed."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from gateway.connectors.directory import open_outbox
from gateway.connectors.directory.drafts import Draft
from gateway.core.ports import Departure


def hang(draft: Draft) -> None:
    print("ready", flush=True)
    time.sleep(600)


if __name__ == "__main__":
    Draft.sync = hang  # type: ignore[method-assign]
    names = ["a.edi", "b.edi", "c.edi"]
    departures = [Departure(transmission=n, endpoint="out", name=name, body=b"x") for n, name in enumerate(names)]
    open_outbox({"path": sys.argv[1]}, Path(".")).deliver(departures)
