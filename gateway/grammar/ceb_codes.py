"""The codes of customs and what canonical documents call them: ``schemas/ceb/EDITION/codes.txt``, read once.

The file has sections, ``codes NAME``, and rows ``CODE CANONICAL``.
"""

from __future__ import annotations

from gateway.codecs.ceb import CEB, EDITION
from gateway.grammar.notation import lines
from gateway.grammar.xml_schema import Files


class CebCodes:
    """Both directions of each table. What is not in it is written as it is."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._known: dict[str, dict[str, str]] | None = None
        self._back: dict[str, dict[str, str]] = {}

    def canonical(self, table: str, code: str) -> str:
        """``country`` 502 → US. Raises SchemaError on a table that is wrong."""
        return self._tables().get(table, {}).get(code, code)

    def code(self, table: str, canonical: str) -> str:
        """``country`` US → 502. Raises as :meth:`canonical`."""
        self._tables()
        return self._back.get(table, {}).get(canonical, canonical)

    def _tables(self) -> dict[str, dict[str, str]]:
        if self._known is None:
            file = f"{CEB}/{EDITION}/codes.txt"
            found: dict[str, dict[str, str]] = {}
            rows: dict[str, str] = {}
            for line in lines(f"schemas/{file}", self._files(file) or ""):
                if line.words[0] == "codes":
                    rows = found.setdefault(line.word(1, "The name"), {})
                else:
                    rows[line.words[0]] = line.word(1, "The canonical code")
            self._back = {name: {value: code for code, value in each.items()} for name, each in found.items()}
            self._known = found
        return self._known
