"""MIME entities over seekable readers: hashed as they came, never written anew."""

from __future__ import annotations

from gateway.as2.mime.decode import decoded, is_plain
from gateway.as2.mime.entity import Entity, Region, entity, parts, whole

__all__ = ["Entity", "Region", "decoded", "entity", "is_plain", "parts", "whole"]
