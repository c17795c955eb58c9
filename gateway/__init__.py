"""Crossdock: trade documents in on one side, sorted, and out on the other, with proof of every step."""

__version__ = "0.1.0"
