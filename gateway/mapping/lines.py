"""What a mapping's text says, before anybody asks whether it fits a grammar: places, lines and blocks.

Every line knows where it was written (``mappings/x12/850.toml:12``), for the messages to its author and for lineage.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.core.errors import MappingDefinitionError

Path = tuple[str, ...]

ONLY = "0"
"""In a path, behind a list: its first item, and the only one that the format has a place for."""


def mistake(where: str, detail: str, hint: str | None = None) -> MappingDefinitionError:
    """The author's mistake at ``file:line``, ready to raise."""
    return MappingDefinitionError(detail, file=where, hint=hint)


def dotted(path: Path) -> str:
    """``('price', 'price_amount')`` as its author wrote it; ``('statuses', '0')`` is ``statuses[0]``."""
    return ".".join(path).replace(f".{ONLY}", f"[{ONLY}]")


@dataclass(frozen=True, slots=True)
class Constant:
    """Words of the format. Any of them is read, the first is written; ``written_only``: anything is read."""

    words: tuple[str, ...]
    written_only: bool = False
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Hole:
    """A place for data. Two paths only where one place feeds two fields (``dtm``)."""

    paths: tuple[Path, ...]
    conversion: str | None = None
    arguments: tuple[str, ...] = ()
    default: str | None = None
    many: bool = False
    from_root: bool = False
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Computed:
    """A number that is counted or summed on writing, and compared on reading."""

    kind: str  # count | sum
    items: Path
    value: Path = ()
    column: str | None = None

    def __str__(self) -> str:
        inside = ".".join((*self.items, *self.value))
        return f"{self.kind}({inside})"


Place = Constant | Hole | Computed
"""``column``: the place is told by the name of a column, and not by where it stands in the line (CSV, IDoc)."""

Element = tuple[Place | None, ...]
"""The components of an element, from the first; a simple element has one."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The repeating rest of a segment; ``each`` is the list that a general tail fills."""

    elements: tuple[Element, ...]
    where: str
    each: Path | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One segment. ``elements[0]`` is its first element."""

    tag: str
    elements: tuple[Element, ...]
    where: str
    tails: tuple[Tail, ...] = ()
    when: Path | None = None
    removes: bool = False

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two lines the same for an override: tag and the constants of the first two places."""
        places = [place for element in self.elements for place in (element or (None,))][:2]
        return ("line", self.tag, *(_first_word(place) for place in places if _first_word(place) is not None))


@dataclass(slots=True)
class Block:
    """Lines that fill one part of the document: kinds ``root``, ``part``, ``each`` and ``loop``."""

    kind: str
    where: str
    path: Path = ()
    filter: tuple[str, str] | None = None
    items: list[Line | Block] = field(default_factory=list)

    @property
    def identity(self) -> tuple[object, ...]:
        """Its kind and field; a loop without a field is known by its first line."""
        if self.kind == "loop":
            return ("loop", *(self.items[0].identity if self.items else ()))
        return (self.kind, self.path, self.filter)

    @property
    def first(self) -> Line | None:
        """The line that decides whether an instance of a loop is this block's."""
        head = self.items[0] if self.items else None
        return head.first if isinstance(head, Block) else head


def _first_word(place: Place | None) -> str | None:
    if isinstance(place, Constant) and not place.written_only:
        return place.words[0]
    return None
