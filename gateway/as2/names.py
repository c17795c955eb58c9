"""File names that partners tell, made safe; nothing else of them is believed."""

from __future__ import annotations

import re

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\ud800-\udfff]')
_LENGTH = 200


def file_name(told: str) -> str:
    """The last part of a path without what a file system may take amiss; empty where nothing is left."""
    last = told.replace("\\", "/").rpartition("/")[2]
    return _UNSAFE.sub("_", last).strip(". ")[-_LENGTH:]
