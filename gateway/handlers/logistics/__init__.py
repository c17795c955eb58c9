"""Logistics: consignments, by all the numbers they go by, from the plan to the proof of delivery."""

from __future__ import annotations

from gateway.handlers.logistics.handler import LogisticsHandler
from gateway.handlers.logistics.records import consignment_facts, consignment_names, consignments

__all__ = ["LogisticsHandler", "consignment_facts", "consignment_names", "consignments"]
