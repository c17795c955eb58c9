"""One bell for many threads: nobody waits, and what was noted is rung."""

from __future__ import annotations

import threading

from gateway.work.shared_bell import SharedBell


class Slow:
    """A broker that takes its time."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, str]] = []
        self.ringing, self.go = threading.Event(), threading.Event()

    def ring(self, step: str) -> None:
        self.ringing.set()
        self.go.wait(10)
        self.rung.append((step, threading.current_thread().name))

    def wait(self, timeout: float) -> bool:
        return False

    def close(self) -> None:
        self.rung.append(("closed", ""))


def test_whoever_rings_does_not_wait_and_one_thread_rings_for_all() -> None:
    slow, stop = Slow(), threading.Event()
    bell = SharedBell(slow)
    thread = threading.Thread(target=bell.run, args=(stop,), name="bell")
    thread.start()
    bell.ring("translate")
    assert slow.ringing.wait(10)
    for _ in range(100):  # while the broker is busy
        bell.ring("translate")
        bell.ring("deliver")
    stop.set()
    slow.go.set()
    thread.join()
    bell.close()
    assert slow.rung == [("translate", "bell"), ("deliver", "bell"), ("translate", "bell"), ("closed", "")]
