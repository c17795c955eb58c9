"""Partners on demand: a seller, a buyer or a carrier of a home's own agreements, for tests and onboarding. Pure."""

from __future__ import annotations

from gateway.simulate.behaviour import BEHAVIOURS, BUYER, CARRIER, SELLER, of_role
from gateway.simulate.partner import Partner, Turn
from gateway.simulate.voice import Spoken

__all__ = ["BEHAVIOURS", "BUYER", "CARRIER", "SELLER", "Partner", "Spoken", "Turn", "of_role"]
