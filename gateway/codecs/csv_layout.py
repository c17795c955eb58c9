"""How the CSV files of one sender or receiver look: their columns, and how values are written in them.

Such a file has a row for each line of a document. Columns of the document stand in every row of it, or in its first one
only; rows of one document follow each other and have the same key.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

import msgspec

DOCUMENT = "DOC"
"""The record of the columns of the document."""

LINE = "ROW"
"""The record of the columns of one line."""

Character = Annotated[str, msgspec.Meta(min_length=1, max_length=1)]
Length = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]

_PARTS = {"YYYY": r"(?P<year>\d{4})", "MM": r"(?P<month>\d{2})", "DD": r"(?P<day>\d{2})"}


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One column. ``heading``: what the first row calls it, where that is another word than its name."""

    name: Name
    level: Literal["document", "line"]
    heading: str = ""
    type: Literal["text", "number", "date"] = "text"
    required: bool = False
    length: Length = 512
    codes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.heading or self.name


class Layout(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file ``schemas/csv/<version>/<type>.toml``. ``key``: the columns that tell one document from the next.

    ``ignore``: headings that are there and not read. ``formulas``: what becomes of a text that a spreadsheet would
    take for a formula when we write it.
    """

    name: str
    column: Annotated[tuple[Column, ...], msgspec.Meta(min_length=1, max_length=500)]
    key: tuple[str, ...]
    delimiter: Character = ","
    quote: Character = '"'
    encoding: str = "utf-8"
    decimal: Literal[".", ","] = "."
    date: str = "YYYY-MM-DD"
    header: bool = True
    line_break: Literal["crlf", "lf"] = "crlf"
    byte_order_mark: bool = False
    ignore: tuple[str, ...] = ()
    formulas: Literal["refuse", "keep"] = "refuse"

    def of(self, level: str) -> list[Column]:
        """The columns of a level, in their order."""
        return [column for column in self.column if column.level == level]

    def mistakes(self) -> list[str]:
        """What is wrong with the description; empty: it can be used."""
        found = []
        names = [column.name for column in self.column]
        titles = [column.title for column in self.column]
        document = [column.name for column in self.of("document")]
        found += [f"{name} stands twice among the columns" for name in sorted({n for n in names if names.count(n) > 1})]
        found += [f"the heading {t} stands twice" for t in sorted({t for t in titles if titles.count(t) > 1})]
        found += [f"{name} is in the key and is no column of the document" for name in self.key if name not in document]
        if not self.key:
            found.append("key names no column: nothing would tell one document from the next")
        if sorted(re.findall(r"YYYY|MM|DD", self.date)) != ["DD", "MM", "YYYY"]:
            found.append(f'"{self.date}" is no form of a date: it has YYYY, MM and DD, each once')
        if self.delimiter == self.quote or {self.delimiter, self.quote} & {"\r", "\n", "\0"}:
            found.append("delimiter and quote are two different characters, and no line breaks")
        try:
            "".encode(self.encoding)
        except LookupError:
            found.append(f'there is no encoding "{self.encoding}"')
        return found

    @property
    def date_pattern(self) -> str:
        """The form of a date as a regular expression with the groups year, month and day."""
        return re.sub(r"YYYY|MM|DD", lambda part: _PARTS[part[0]], re.escape(self.date).replace(r"\-", "-"))

    def write_date(self, text: str) -> str:
        """A date of eight digits as it is written here."""
        return self.date.replace("YYYY", text[:4]).replace("MM", text[4:6]).replace("DD", text[6:8])
