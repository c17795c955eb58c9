"""Doing the work that the store records: workers, the doorbell, the sweep."""

from __future__ import annotations

from gateway.work.bell import KombuBell, NullBell, PipeBell, open_bell
from gateway.work.processor import Processor
from gateway.work.sweeper import Sweeper
from gateway.work.worker import Worker, new_owner

__all__ = ["KombuBell", "NullBell", "PipeBell", "Processor", "Sweeper", "Worker", "new_owner", "open_bell"]
