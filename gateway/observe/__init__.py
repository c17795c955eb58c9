"""What the gateway says about itself: logs that carry the ids of what they speak of, and never its content."""

from __future__ import annotations

from gateway.observe.logs import configure

__all__ = ["configure"]
