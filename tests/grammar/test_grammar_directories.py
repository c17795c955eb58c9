"""Directories that build on each other: what each has, what it lacks, and which is the nearest."""

from __future__ import annotations

import pytest

from gateway.core.errors import SchemaError
from gateway.grammar import Composite, MessageTable, Schemas
from gateway.grammar.versions import age, base_version

FILES = {
    "edifact/service-3/segments.txt": "UNS Section control\n  01 0081 M\n",
    "edifact/service-3/elements.txt": "0081 a 1 Section identification\n",
    "edifact/D.95A/messages/CRATES.txt": "message CRATES Crates\n\nBCR M\nCRT O 9\nUNS M\n",
    "edifact/D.95A/messages/OLDONE.txt": "message OLDONE Old one\n\nBCR M\n",
    "edifact/D.95A/segments.txt": "BCR Beginning\n  01 1 M\nCRT Crate\n  01 2 M\n  02 C9 O\nOLD Old\n  01 1 O\n",
    "edifact/D.95A/composites.txt": "C9 Pair\n  01 1 M\n  02 2 O\n",
    "edifact/D.95A/elements.txt": "1 an 1..3 Kind\n2 n 1..6 Number\n",
    "edifact/D.95A/codes/1.txt": "A apple\nB\nC cherry\n",
    "edifact/D.95B/directory.txt": "# Less than there was.\nbase D.95A\nwithout OLDONE\n",
    "edifact/D.95B/segments.txt": "without OLD\nCRT Crate, wider\n  01 2 M\n  02 C9 O\n  03 1 O\n",
    "edifact/D.95B/elements.txt": "2 n 1..9 Number\n",
    "edifact/D.95B/codes/1.txt": "without A\nB berry\nD\n",
    "edifact/D.97A/directory.txt": "base D.95B\n",
    "edifact/D.97A/messages/CRATES.txt": "message CRATES More crates\n\nBCR M\nCRT M 99\nUNS M\n",
    "edifact/D.97A/codes/1.txt": "without *\n",
}


def schemas(changed: dict[str, str] | None = None, beneath: dict[str, str] | None = None) -> Schemas:
    """The files, some of them changed; ``beneath`` lies below all."""
    files, below = FILES | (changed or {}), beneath or {}
    names = sorted({*files, *below})
    return Schemas(
        lambda name: files.get(name, below.get(name)),
        lambda prefix: [name for name in names if name.startswith(prefix)],
        beneath=lambda name: below.get(name) if name in files else None,
    )


def crates(version: str) -> MessageTable:
    return schemas().message("edifact", version, "CRATES")


def test_what_a_directory_has_not_got_is_as_in_its_base() -> None:
    older, newer = crates("D.95A"), crates("D.95B")
    assert (newer.version, newer.name) == ("D.95B", "Crates")
    assert [node.tag for node in newer.root.walk()] == [node.tag for node in older.root.walk()]
    assert newer.segments["BCR"].name == "Beginning"


def test_an_entry_replaces_that_of_the_base_also_where_others_refer_to_it() -> None:
    older, newer = crates("D.95A").segments["CRT"], crates("D.95B").segments["CRT"]
    assert (len(older.elements), len(newer.elements)) == (2, 3)
    pair = newer.elements[1].item
    assert isinstance(pair, Composite)
    assert [part.element.most for part in pair.components] == [3, 9]


def test_what_is_taken_away_is_gone() -> None:
    assert "OLD" in crates("D.95A").segments
    assert "OLD" not in crates("D.95B").segments
    assert "OLD" not in crates("D.97A").segments
    assert "OLD" not in crates("D.95B").tags
    with pytest.raises(SchemaError, match=r"no table for OLDONE in D.97A.*OLDONE is there in D.95A"):
        schemas().message("edifact", "D.97A", "OLDONE")


def test_codes_are_added_and_taken_away_and_keep_their_words() -> None:
    known = schemas()
    assert known.words("edifact", "D.95B", "1") == {"B": "berry", "C": "cherry", "D": ""}
    assert known.words("edifact", "D.97A", "1") == {}
    kind = crates("D.97A").segments["BCR"].elements[0].item
    assert not isinstance(kind, Composite)
    assert kind.codes is None


def test_service_segments_stand_below_all() -> None:
    assert crates("D.97A").segments["UNS"].name == "Section control"


def test_messages_are_listed_with_their_base_and_without_what_is_gone() -> None:
    listed = [(each.version, each.type, each.name) for each in schemas().available("edifact")]
    assert listed == [
        ("D.95A", "CRATES", "Crates"),
        ("D.95A", "OLDONE", "Old one"),
        ("D.95B", "CRATES", "Crates"),
        ("D.97A", "CRATES", "More crates"),
    ]
    assert [each.version for each in schemas().available(type="OLDONE")] == ["D.95A"]


def test_the_digest_is_over_what_the_message_uses() -> None:
    def digest(old: str, new: str) -> str:
        text = FILES["edifact/D.95A/segments.txt"].replace(old, new)
        return schemas({"edifact/D.95A/segments.txt": text}).message("edifact", "D.97A", "CRATES").digest

    assert digest("OLD Old", "OLD Older") == crates("D.97A").digest
    assert digest("Beginning", "Start") != crates("D.97A").digest


def test_a_home_lies_above_what_is_bundled_entry_by_entry() -> None:
    bundled = {
        "x12/009999/messages/700.txt": "message 700 Crates\n\nBCR M\n",
        "x12/009999/segments.txt": "BCR Beginning\n  01 1 M\n  02 2 O\n",
        "x12/009999/elements.txt": "1 ID 2 Kind\n2 AN 1..3 Mark\n",
        "x12/009999/codes/1.txt": "WD wood\nPL plastic\n",
    }
    home = {"x12/009999/elements.txt": "2 AN 1..30 Mark\n", "x12/009999/codes/1.txt": "without PL\nGL glass\nWD\n"}
    known = schemas(home, beneath=bundled)
    kind, mark = (use.item for use in known.message("x12", "009999", "700").segments["BCR"].elements)
    assert not isinstance(kind, Composite)
    assert not isinstance(mark, Composite)
    assert (kind.codes, mark.most) == ({"WD", "GL"}, 30)
    assert known.words("x12", "009999", "1") == {"GL": "glass", "WD": "wood"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("base D.95B\n", "builds on itself"),
        ("base\n", "line 1: The version is missing"),
        ("base D.95A D.97A\n", "too much"),
        ("bass D.95A\n", '"bass" is neither'),
    ],
)
def test_a_wrong_directory_is_named(text: str, told: str) -> None:
    with pytest.raises(SchemaError, match=told):
        schemas({"edifact/D.95B/directory.txt": text}).message("edifact", "D.95B", "CRATES")


@pytest.mark.parametrize(
    ("version", "type", "nearest"),
    [
        ("D.96A", "CRATES", "D.95B"),
        ("D:96B:UN:EAN008", "CRATES", "D.95B"),
        ("S.95A", "CRATES", "D.95A"),
        ("D.93A", "CRATES", "D.95A"),
        ("D.02A", "CRATES", "D.97A"),
        ("D.02A", "OLDONE", "D.95A"),
        ("2.912", "CRATES", "D.95A"),
        ("90.1", "CRATES", "D.95A"),
        ("D.02A", "NEVER", None),
        ("", "CRATES", None),
        ("../x", "CRATES", None),
    ],
)
def test_the_nearest_is_the_next_older_that_has_the_message_else_the_oldest(
    version: str, type: str, nearest: str | None
) -> None:
    assert schemas().nearest("edifact", version, type) == nearest


@pytest.mark.parametrize(
    ("version", "type", "nearest"),
    [
        ("003040", "850", "004010"),
        ("00403", "850", "004010"),
        ("004060VICS", "850", "004010"),
        ("005020", "850", "005010"),
        ("008010", "999", "005010"),
        ("004010", "999", "005010"),
        ("005010", "837", "004010"),
        ("005010", "997", "005010"),
        ("ABC", "850", None),
    ],
)
def test_the_nearest_of_the_shipped_ones(schemas: Schemas, version: str, type: str, nearest: str | None) -> None:
    assert schemas.nearest("x12", version, type) == nearest


def test_versions_are_sorted_by_when_they_appeared() -> None:
    names = ["D.01B", "service-3", "D.24A", "D.96B", "D.93A", "90.1", "D.96A"]
    assert sorted(names, key=lambda name: age("edifact", base_version("edifact", name))) == [
        "90.1",
        "D.93A",
        "D.96A",
        "D.96B",
        "D.01B",
        "D.24A",
        "service-3",
    ]


def test_base_serves_only_where_the_version_has_no_table() -> None:
    known = schemas()
    assert known.message("edifact", "D.02A", "CRATES", base="D.95A").version == "D.95A"
    assert known.message("edifact", "D.97A", "CRATES", base="D.95A").version == "D.97A"
    with pytest.raises(SchemaError, match=r"no table for CRATES in D.03A"):
        known.message("edifact", "D.02A", "CRATES", base="D.03A")
