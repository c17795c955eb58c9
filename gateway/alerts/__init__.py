"""Alerts: what somebody should look at, told once, grouped, and told again when it is over."""

from __future__ import annotations

from gateway.alerts.kinds import KINDS, Condition
from gateway.alerts.ledger import Ledger, find, mute
from gateway.alerts.watch import Watch

__all__ = ["KINDS", "Condition", "Ledger", "Watch", "find", "mute"]
