"""MIME entities over seekable readers: hashed as they came, never written anew."""

from __future__ import annotations

from gateway.as2.mime.decode import decoded, structure
from gateway.as2.mime.entity import Entity, Region, entity, first_part, is_text, parts, posted, whole

__all__ = ["Entity", "Region", "decoded", "entity", "first_part", "is_text", "parts", "posted", "structure", "whole"]
