"""Trading: the order from new to closed."""

from __future__ import annotations

from gateway.handlers.trading.awaited import release_came
from gateway.handlers.trading.handler import TradingHandler
from gateway.handlers.trading.records import order_facts, order_history, order_lines, orders

__all__ = ["TradingHandler", "order_facts", "order_history", "order_lines", "orders", "release_came"]
