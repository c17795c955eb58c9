"""Source that makes a frame's object from its local variables: nested parts first, one constructor call at the end."""

from __future__ import annotations

from typing import Any

from gateway.canonical import Part
from gateway.mapping.bound import Frame, Row, Spot
from gateway.mapping.fields import Field, fields_of
from gateway.mapping.lines import ONLY, Path, dotted, mistake
from gateway.mapping.source import Code, Constants, any_of, variable

LIST, ONE, OBJECT, TEXT = "list", "one", "object", "text"
Tree = dict[str, "Tree | Leaf"]


class Leaf:
    """A field that has a local variable; a text is a list of its pieces. ``default``: for an empty place (``or``)."""

    def __init__(self, path: Path, kind: str, default: Any = None) -> None:
        self.path, self.kind, self.default = path, kind, default

    @property
    def name(self) -> str:
        return variable(self.path)

    @property
    def test(self) -> str:
        return self.name if self.kind in (LIST, TEXT) else f"{self.name} is not None"


def leaves_of(frame: Frame) -> dict[Path, Leaf]:
    """All fields that the lines of a frame fill."""
    found: dict[Path, Leaf] = {}
    for line in frame.lines:
        tails = [spot for tail in line.tails if tail.each is None for spot in tail.holes]
        for spot in [*line.holes, *tails]:
            for path in spot.paths if not spot.from_root else ():
                leaf = found.setdefault(path, Leaf(path, _kind(spot)))
                leaf.default = spot.default if leaf.default is None else leaf.default
        for tail in line.tails:
            if tail.each is not None:
                found.setdefault(tail.each, Leaf(tail.each, LIST))
    for holder in frame.holders:
        many = isinstance(holder, Row) or holder.many
        found.setdefault(holder.path, Leaf(holder.path, LIST if many else OBJECT))
    return found


def _kind(spot: Spot) -> str:
    if spot.many:
        return LIST
    return TEXT if spot.way == "text" else ONE


class Constructor:
    """Writes the end of a frame's function."""

    def __init__(self, code: Code, constants: Constants, careful: bool) -> None:
        self.code, self.constants, self.careful = code, constants, careful

    def start(self, leaves: dict[Path, Leaf]) -> None:
        """The local variables, empty."""
        ones = [leaf.name for leaf in leaves.values() if leaf.kind in (ONE, OBJECT)]
        if ones:
            self.code(f"{' = '.join(ones)} = None")
        for leaf in leaves.values():
            if leaf.kind in (LIST, TEXT):
                self.code(f"{leaf.name} = []")
            if leaf.default is not None:
                self.code(f"{leaf.name}_or = False")

    def finish(self, frame: Frame, leaves: dict[Path, Leaf], more: str = "") -> None:
        """Make ``o``, the frame's object; None when what it requires is missing."""
        where = next(frame.lines).where
        tree = tree_of(leaves, where)
        arguments = self._arguments(frame.part, tree, (), where)
        arguments += [f"{name}={value!r}" for name, value in frame.fixed.items()]
        call = f"{self.constants.type(frame.part)}({', '.join(arguments)}{more})"
        required = self._required(frame.part, (), {**tree, **dict.fromkeys(frame.fixed)}, where)
        required = [name for name in required if name not in frame.fixed]
        if not required:
            self.code(f"o = {call}")
            return
        tests = [_test(tree[name], (name,)) for name in required]
        with self.code.block(f"if {' and '.join(tests)}:"):
            self.code(f"o = {call}")
        with self.code.block("else:"):
            self._surprise(f"run.missing(path, {frame.part.__name__!r}, {required!r})", "o")

    def _arguments(self, part: type[Part], tree: Tree, path: Path, where: str) -> list[str]:
        """Keyword arguments of a part; nested parts are made before."""
        fields = fields_of(part)
        arguments = []
        for name, item in tree.items():
            if isinstance(item, Leaf):
                arguments.append(f"{name}={_expression(item, fields[name])}")
            else:
                whole, at = part_of(item, (*path, name))
                self._part(fields[name].type, whole, at, where)
                made = _value_name(whole, at)
                only = at[-1] == ONLY
                arguments.append(f"{name}=({made},) if {made} is not None else ()" if only else f"{name}={made}")
        return arguments

    def _part(self, part: type[Part], tree: Tree, path: Path, where: str) -> None:
        """A nested part: made when it has a value, reported when it lacks what it requires."""
        arguments = self._arguments(part, tree, path, where)
        name, call = _value_name(tree, path), f"{self.constants.type(part)}({', '.join(arguments)})"
        required = self._required(part, path, tree, where)
        needed = [_test(tree[field], (*path, field)) for field in required]
        others = [_test(item, (*path, field)) for field, item in tree.items() if field not in required]
        with self.code.block(f"if {' and '.join(needed) if needed else any_of(others)}:"):
            self.code(f"{name} = {call}")
        present = needed[1:] + others if len(needed) > 1 else others
        if needed and present:
            with self.code.block(f"elif {any_of(present)}:"):
                self._surprise(f"run.incomplete(path, {dotted(path)!r}, {required!r})", name)
        with self.code.block("else:"):
            self.code(f"{name} = None")

    def _surprise(self, report: str, name: str) -> None:
        if self.careful:
            self.code(report)
            self.code(f"{name} = None")
        else:
            self.code("raise Surprise")

    def _required(self, part: type[Part], path: Path, tree: dict[str, Any], where: str) -> list[str]:
        required = [field.name for field in fields_of(part).values() if field.required]
        for name in required:
            if name not in tree:
                raise mistake(where, f"{dotted((*path, name))} is required in {part.__name__}, and no line fills it.")
        return required


def tree_of(leaves: dict[Path, Leaf], where: str) -> Tree:
    """The fields as the tree that their paths make. Raises MappingDefinitionError for a list filled in two ways."""
    tree: Tree = {}
    for path, leaf in leaves.items():
        here = tree
        for name in path[:-1]:
            below = here.setdefault(name, {})
            if isinstance(below, Leaf):
                raise mistake(where, f"{dotted(below.path)} is filled as a whole and by its first item.")
            here = below
        if path[-1] in here:
            raise mistake(where, f"{dotted(path)} is filled as a whole and by its first item.")
        here[path[-1]] = leaf
    return tree


def part_of(item: Tree, path: Path) -> tuple[Tree, Path]:
    """The fields of a nested part and its path: of a list's only item where its lines name that (``statuses[0]``)."""
    inner = item.get(ONLY)
    return (inner, (*path, ONLY)) if isinstance(inner, dict) else (item, path)


def _value_name(item: Tree | Leaf, path: Path) -> str:
    """The variable of a leaf, or of a nested part."""
    return item.name if isinstance(item, Leaf) else "o_" + "__".join(part_of(item, path)[1])


def _test(item: Tree | Leaf, path: Path) -> str:
    return item.test if isinstance(item, Leaf) else f"{_value_name(item, path)} is not None"


def _expression(leaf: Leaf, field: Field) -> str:
    if leaf.kind == LIST:
        return f"tuple({leaf.name}) if {leaf.name} else ()"
    if leaf.kind == TEXT:
        return f"' '.join({leaf.name}) if {leaf.name} else None"
    if leaf.default is not None:
        rest = f"{leaf.default!r} if {leaf.name}_or else {field.default!r}"
        return f"{leaf.name} if {leaf.name} is not None else {rest}"
    if field.default is not None:
        return f"{leaf.name} if {leaf.name} is not None else {field.default!r}"
    return leaf.name
