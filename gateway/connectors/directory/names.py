"""Names of files: as an operator reads them, as a partner may receive them, and free ones in an archive."""

from __future__ import annotations

import os
import re
from hashlib import sha256

MOST_BYTES = 200  # leaves room for the owner in a temporary name: file systems allow 255 bytes
_UNSAFE = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f-\x9f\ud800-\udfff]')  # also what Windows shares refuse


def safe_name(name: str) -> str:
    """``name`` as a file may be called everywhere: no separators, control characters or leading dot.

    Equal names stay equal. A name that is too long is cut and ends in a digest of the whole, before its extension.
    """
    clean = _UNSAFE.sub("_", name).strip() or "_"
    if clean.startswith("."):
        clean = "_" + clean[1:]
    return clean if len(clean.encode()) <= MOST_BYTES else _cut(clean)


def _cut(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension.encode()) > 20:
        stem, dot, extension = name, "", ""
    mark = "~" + sha256(name.encode()).hexdigest()[:12]
    room = MOST_BYTES - len((mark + dot + extension).encode())
    return stem.encode()[:room].decode(errors="ignore") + mark + dot + extension


def shown_name(name: str) -> str:
    """A name from a folder as text: bytes that are no UTF-8 become visible escapes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def free_path(folder: str, path: str) -> str:
    """A path in ``folder`` for the file at ``path`` that nothing has: its name or, when it is taken, after its inode.

    Names with an inode cannot meet: the inode is the file's own as long as it lies there. Raises :class:`OSError`.
    """
    name = os.path.basename(path)
    plain = os.path.join(folder, name)
    if not os.path.lexists(plain):
        return plain
    mark = f"{os.lstat(path).st_ino}-"
    tail = os.fsencode(name)[-(255 - len(mark)) :]
    return os.path.join(folder, mark + os.fsdecode(tail))
