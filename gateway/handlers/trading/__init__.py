"""Trading: the order from new to closed. First cut: original, replacement, cancellation."""

from __future__ import annotations

from gateway.handlers.trading.handler import TradingHandler
from gateway.handlers.trading.records import order_history, order_lines, orders

__all__ = ["TradingHandler", "order_history", "order_lines", "orders"]
