"""The code tables that a mapping may name: its own, added to those of general use."""

from __future__ import annotations

from gateway.mapping.conversions import CodeTable
from gateway.mapping.definition import Definition, Texts, shared_codes
from gateway.mapping.lines import mistake


class CodeTables:
    """The code tables that a mapping may name: its own, added to those of general use."""

    def __init__(self, definition: Definition, texts: Texts) -> None:
        self.definition, self.texts = definition, texts
        self.made: dict[str, CodeTable] = {}
        self.used: dict[str, str] = {}

    def __call__(self, name: str, where: str) -> CodeTable:
        if name not in self.made:
            self.made[name] = self._make(name, where)
        return self.made[name]

    def _make(self, name: str, where: str) -> CodeTable:
        own, shared = self.definition.codes.get(name), shared_codes(name, self.texts)
        if own is None and shared is None:
            there = ", ".join(sorted(self.definition.codes))
            hint = f"Tables of this mapping: {there}; others are in mappings/codes/." if there else None
            raise mistake(where, f"There is no conversion or code table {name}.", hint)
        rows = dict(own or {})
        if shared is not None:
            file, text, codes = shared
            self.used[file] = text
            rows |= {left: right for left, right in codes.items() if left not in rows}
        return CodeTable(name, rows)
