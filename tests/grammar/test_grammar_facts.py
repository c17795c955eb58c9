"""The shipped tables agree with the tables of facts beside the checkout, where there are any."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest

from gateway.grammar import UNBOUNDED, Component, Composite, ElementUse, MessageTable, Node, Schemas, SegmentTable
from gateway.grammar.convert import convert
from gateway.grammar.convert_edifact import INTERPRETED
from tests.tables import facts
from tests.tables.generate import SCHEMAS, generated, kept

FACTS = SCHEMAS.parents[1] / "shared" / "standards"
PORTION = 20  # one message of so many is compared place by place

pytestmark = pytest.mark.skipif(not FACTS.is_dir(), reason="no tables of facts beside the checkout")


@pytest.fixture(scope="module")
def directories() -> list[facts.Facts]:
    """The EDIFACT directories, the oldest first."""
    return facts.edifact(FACTS)


def shipped() -> dict[str, str]:
    return {path.relative_to(SCHEMAS).as_posix(): path.read_text("utf-8") for path in SCHEMAS.rglob("*.txt")}


def picked(*names: str) -> bool:
    """The same ones every time, other ones in every directory."""
    return crc32(" ".join(names).encode()) % PORTION == 0


def places(use: Node) -> tuple[Any, ...]:
    """A place of a message: name, mandatory, how often, and those below it."""
    inner = tuple(places(child) for child in use.children) if use.children is not None else ()
    return use.tag, use.mandatory, use.most, inner


def uses(item: SegmentTable | Composite) -> Iterator[tuple[Any, ...]]:
    """What a segment or composite holds, to the last component."""
    parts: tuple[ElementUse | Component, ...] = item.components if isinstance(item, Composite) else item.elements
    for use in parts:
        one = use.element if isinstance(use, Component) else use.item
        inner = tuple(uses(one)) if isinstance(one, Composite) else (one.type, one.least, one.most)
        yield one.reference, use.mandatory, use.repeats, inner


def test_the_tables_are_what_the_generator_writes() -> None:
    there = shipped()
    written = {name: text for name, text in there.items() if not kept(name)}
    assert generated(FACTS, there.get) == written


class TestEdifact:
    """Read through all the directories that a directory builds on, it is what its own facts say."""

    @staticmethod
    def version(directory: facts.Facts) -> str:
        return f"{directory['directory'][0]}.{directory['directory'][1:]}"

    def test_messages(self, schemas: Schemas, directories: list[facts.Facts]) -> None:
        compared = 0
        for directory in directories:
            version = self.version(directory)
            listed = [found.type for found in schemas.available("edifact", version)]
            assert listed == sorted(directory["messages"])
            for type in (type for type in listed if picked(version, type)):
                table = schemas.message("edifact", version, type)
                expected = tuple(self.expected(directory["messages"][type]["structure"]))
                cut = "source" in directory
                assert self.cut(places(table.root), cut=cut)[3] == self.cut(expected, cut=cut)
                compared += 1
        assert compared > 150

    def test_segments_composites_elements_and_codes(self, schemas: Schemas, directories: list[facts.Facts]) -> None:
        for directory in directories:
            table = self.any_message(schemas, directory)
            for tag, entry in directory["segments"].items():
                expected = tuple(self.described(directory, use) for use in entry["elements"])
                assert tuple(uses(table.segments[tag])) == expected
                for reference, codes in self.codes(table.segments[tag]):
                    there = directory["codes"].get(reference) if reference in INTERPRETED else None
                    assert codes == (frozenset(there) if there else None)

    def any_message(self, schemas: Schemas, directory: facts.Facts) -> MessageTable:
        return schemas.message("edifact", self.version(directory), "ORDERS")

    def expected(self, structure: list[facts.Facts]) -> Iterator[tuple[Any, ...]]:
        for entry in structure:
            if entry.get("tag") in ("UNH", "UNT"):
                continue
            inner = tuple(self.expected(entry.get("items", [])))
            yield entry["tag"] if "tag" in entry else inner[0][0], entry["status"] == "M", self.most(entry), inner

    @staticmethod
    def most(entry: facts.Facts) -> int:
        return min(int(entry["max"]), UNBOUNDED)

    def cut(self, place: Any, *, cut: bool) -> Any:
        """Where facts may have cut a number off, "any number" and the cut number are the same."""
        if isinstance(place, tuple):
            return tuple(self.cut(part, cut=cut) for part in place)
        return UNBOUNDED if cut and place == facts.CUT else place

    def described(self, directory: facts.Facts, use: facts.Facts) -> tuple[Any, ...]:
        reference = use["ref"]
        if reference in directory["composites"]:
            inner: Any = tuple(self.described(directory, u) for u in directory["composites"][reference]["elements"])
        else:
            kind, ranged, digits = use["repr"].rstrip("0123456789."), ".." in use["repr"], use["repr"].strip("an.")
            inner = (kind, 1 if ranged else int(digits), int(digits))
        return reference, use["status"] == "M", int(use.get("max", 1)), inner

    def codes(self, item: SegmentTable | Composite) -> Iterator[tuple[str, frozenset[str] | None]]:
        parts: tuple[ElementUse | Component, ...] = item.components if isinstance(item, Composite) else item.elements
        for use in parts:
            one = use.element if isinstance(use, Component) else use.item
            if isinstance(one, Composite):
                yield from self.codes(one)
            else:
                yield one.reference, one.codes


class TestX12:
    def test_every_set_of_004010(self, schemas: Schemas) -> None:
        there = facts.x12_004010(FACTS)[0]["sets"]
        assert [found.type for found in schemas.available("x12", "004010")] == sorted(there)
        for type in filter(lambda type: picked("004010", type), there):
            table = schemas.message("x12", "004010", type)
            assert places(table.root)[3] == tuple(self.sets(there[type]["structure"]))

    def test_every_set_of_005010(self, schemas: Schemas) -> None:
        there = facts.read(FACTS / "x12" / "005010.json")["transactions"]
        assert [found.type for found in schemas.available("x12", "005010") if not found.source] == sorted(there)
        for type in there:
            table = schemas.message("x12", "005010", type)
            found = places(table.root)[3]
            assert found == tuple(self.transactions(there[type]["structure"][0]["children"]))

    def sets(self, structure: list[facts.Facts]) -> Iterator[tuple[Any, ...]]:
        for entry in structure:
            inner = tuple(self.sets(entry.get("items", [])))
            yield entry["seg"] if "seg" in entry else inner[0][0], entry["req"] == "M", int(entry["max"]), inner

    def transactions(self, structure: list[facts.Facts]) -> Iterator[tuple[Any, ...]]:
        for entry in (entry for entry in structure if entry["seg"] not in ("ST", "SE")):
            most = UNBOUNDED if entry["max"] == facts.CUT else int(entry["max"])
            start = ((entry["seg"], True, 1, ()),) if "children" in entry else ()
            yield entry["seg"], entry["min"] > 0, most, (*start, *self.transactions(entry.get("children", [])))


def test_any_message_of_any_directory_can_be_converted_and_read(directories: list[facts.Facts]) -> None:
    """Of a directory of their own, users write as little as they need with this."""
    service = {name: text for name, text in shipped().items() if "/service" in name}
    files = (
        convert(next(each for each in directories if each["directory"] == "D01B"), ["ORDERS", "DESADV", "INVOIC"])
        | service
    )
    files |= convert(facts.x12_004010(FACTS)[0], ["204", "214", "315"])
    schemas = Schemas(files.get, lambda prefix: [name for name in files if name.startswith(prefix)])
    assert schemas.message("edifact", "D.01B", "DESADV").root.find("UNH") == []
    assert len(schemas.available()) == 8
