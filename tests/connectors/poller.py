"""A poller as a process of its own: ``python -m tests.connectors.poller FOLDER MODE``.

Prints a line per arrival, ``transport id, name, length``. MODE ``drain``: settles what it takes until nothing has come
for a while. MODE ``hang``: takes five and waits to be killed.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from gateway.connectors.directory import DirectoryInbox, open_inbox


def drain(box: DirectoryInbox) -> None:
    idle = 0
    while idle < 20:
        arrivals = box.take(7)
        for arrival in arrivals:
            print(arrival.transport_id, arrival.file_name, len(arrival.body))
        box.settle(arrivals)
        idle = 0 if arrivals else idle + 1
        if not arrivals:
            time.sleep(0.01)
    box.close()


def hang(box: DirectoryInbox) -> None:
    for arrival in box.take(5):
        print(arrival.transport_id, arrival.file_name, len(arrival.body))
    print("ready", flush=True)
    time.sleep(600)


if __name__ == "__main__":
    inbox = open_inbox({"path": sys.argv[1], "complete": "rename"}, Path("."), "poller", name="acme-in")
    {"drain": drain, "hang": hang}[sys.argv[2]](inbox)
