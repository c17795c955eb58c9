"""Writes schemas/ from tables of facts: ``python -m tests.tables.generate FACTS``.

FACTS is a folder with ``x12/004010.json``, ``x12/004010_named.json``, ``x12/005010.json``,
``x12/syntax_notes_hipaa.json``, ``edifact/D….json.gz`` and ``edifact/service.json``, in the layouts that
``gateway/grammar/convert.py`` describes. Words that stand beside codes are kept. Each EDIFACT directory builds on the
one before it. What is not of the facts (schemas/x12/service, the codes of receipts in 005010) stays as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from gateway.grammar import tables
from gateway.grammar.convert import convert
from gateway.grammar.layers import Layer
from tests.tables import facts
from tests.tables.above import above

SCHEMAS = Path(__file__).parents[2] / "schemas"
RECEIPTS = ("110", "618", "620", "621", "715", "716", "717", "718", "720", "723")

Existing = Callable[[str], str | None]


def generated(folder: Path, existing: Existing) -> dict[str, str]:
    """Every file that the facts say, by its name below schemas/."""
    return {**_x12(folder, existing), **_edifact(folder, existing)}


def kept(name: str) -> bool:
    """Whether a file is written by hand, or by :mod:`tests.tables.ubl`."""
    return name.startswith(("x12/service/", "ubl/", "ceb/", "csv/", "idoc/")) or name in {
        f"x12/005010/codes/{reference}.txt" for reference in RECEIPTS
    }


def _x12(folder: Path, existing: Existing) -> dict[str, str]:
    first, names = facts.x12_004010(folder)
    conditions = facts.read(folder / "x12" / "syntax_notes_hipaa.json")["5010"]
    files = convert(first, None, names=names, existing=existing)
    return files | convert(facts.x12_005010(folder), None, names=first, conditions=conditions)


def _edifact(folder: Path, existing: Existing) -> dict[str, str]:
    service = facts.read(folder / "edifact" / "service.json")
    files = convert(service["V3"], None, existing=existing) | convert(service["V4"], None, existing=existing)
    directories = facts.edifact(folder)
    versions = [f"{directory['directory'][0]}.{directory['directory'][1:]}" for directory in directories]
    before: dict[str, str] = {}
    base = ""
    for version, directory in zip(versions, directories, strict=True):
        whole = _whole(directory, before, _words_of_all(versions, existing))
        made = above(whole, before, base) if base else whole
        files |= {f"edifact/{version}/{name}": text for name, text in made.items()}
        before, base = whole, version
    return files


def _words_of_all(versions: list[str], existing: Existing) -> Existing:
    """The words that stand beside a code in any of the versions, whichever of them is asked for."""

    def found(name: str) -> str | None:
        file = name.split("/", 2)[2]
        texts = [existing(f"edifact/{version}/{file}") or "" for version in versions]
        words = [tables.code_words([Layer("", text)]) for text in texts]
        merged = {value: said for each in words for value, said in each.items() if said}
        return "".join(f"{value} {said}\n" for value, said in merged.items())

    return found


def _whole(directory: facts.Facts, before: dict[str, str], existing: Existing) -> dict[str, str]:
    """The files of one directory, as if it built on none, by their names in it."""

    def made() -> dict[str, str]:
        return {name.split("/", 2)[2]: text for name, text in convert(directory, None, existing=existing).items()}

    files = made()
    if "source" in directory:  # its larger numbers may be cut off, where the directory before does not say the same
        for kind, message in directory["messages"].items():
            if before.get(f"messages/{kind}.txt") != files[f"messages/{kind}.txt"]:
                message["structure"] = facts.unbounded(message["structure"])
        files = made()
    return files


def main(folder: Path) -> None:
    """Writes the files that differ, takes away those that are no more, and names both."""

    def existing(name: str) -> str | None:
        return (SCHEMAS / name).read_text("utf-8") if (SCHEMAS / name).is_file() else None

    files = generated(folder, existing)
    for name, text in files.items():
        if existing(name) != text:
            (SCHEMAS / name).parent.mkdir(parents=True, exist_ok=True)
            (SCHEMAS / name).write_text(text, encoding="utf-8")
            print(f"written {name}")
    for path in SCHEMAS.rglob("*.txt"):
        name = path.relative_to(SCHEMAS).as_posix()
        if name not in files and not kept(name):
            path.unlink()
            print(f"removed {name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
