"""The parent of processes that will be killed: warm, single-threaded, and asked over a pipe to fork one.

``python -m tests.crash.nursery`` reads one JSON object a line: ``{"start": role, …}`` answers the process id,
``{"wait": id}`` how it ended (0, or minus the signal). A process started this way has everything loaded, so that a
hundred deaths take seconds.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]


class Nursery:
    """The test's end of the pipe."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.nursery"],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._alive: set[int] = set()

    def start(self, role: str, **options: Any) -> int:
        """A new process; its id."""
        pid = int(self._ask({"start": role, **options}))
        self._alive.add(pid)
        return pid

    def wait(self, pid: int) -> int:
        """How it ended: 0, an exit code, or minus the signal that killed it."""
        status = int(self._ask({"wait": pid}))
        self._alive.discard(pid)
        return status

    def run(self, role: str, **options: Any) -> int:
        return self.wait(self.start(role, **options))

    def end(self, pid: int, number: int = signal.SIGKILL) -> int:
        os.kill(pid, number)
        return self.wait(pid)

    def close(self) -> None:
        for pid in list(self._alive):
            self.end(pid)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def _ask(self, question: dict[str, Any]) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "The nursery is gone."
        return answer


def serve() -> None:
    """The other end."""
    from tests.crash.roles import ROLES, warm_up

    warm_up()
    for line in sys.stdin:
        question = json.loads(line)
        if "wait" in question:
            _, status = os.waitpid(question["wait"], 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        pid = os.fork()
        if pid == 0:
            code = 70
            try:
                os.dup2(2, 1)  # what it prints must not be taken for an answer
                ROLES[question.pop("start")](**question)
                code = 0
            except BaseException:
                import traceback

                traceback.print_exc()
            finally:
                os._exit(code)
        print(pid, flush=True)


if __name__ == "__main__":
    serve()
