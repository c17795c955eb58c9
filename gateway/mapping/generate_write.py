"""Source of a writer: one function per object, segments in the grammar's order, counts computed."""

from __future__ import annotations

from gateway.canonical import Part
from gateway.mapping.bind import Bound
from gateway.mapping.bound import Child, Claim, Frame, Inner, Item, Row, node_of
from gateway.mapping.construct import Leaf, Tree, leaves_of, part_of, tree_of
from gateway.mapping.fields import Field, field_at, fields_of
from gateway.mapping.generate_read import Generated, all_holders
from gateway.mapping.lines import Path, dotted
from gateway.mapping.source import Code, Constants, any_of, variable
from gateway.mapping.write_lines import LineWriter, Rivals

UNCOUNTED = 9_999
"""Lists are counted where the grammar allows fewer than this."""


def generate_writer(bound: Bound) -> Generated:
    """The writer of a mapping: ``write(d, out, run)``. Raises MappingDefinitionError for lines that hide others."""
    return _Generator(bound).generate()


class _Generator:
    def __init__(self, bound: Bound) -> None:
        self.bound = bound
        self.code = Code()
        self.constants = Constants(bound.spots)
        self.lines = LineWriter(self.code)
        self.buffers = 0
        self.rivals = _rivals(bound.root)

    def generate(self) -> Generated:
        for holder in all_holders(self.bound.root):
            self._frame(holder.frame, f"write_{holder.frame.name}", self.rivals.get(id(holder), []))
        self._frame(self.bound.root, "write", [])
        return Generated(self.code.text, self.constants.values)

    def _frame(self, frame: Frame, name: str, rivals: Rivals) -> None:
        leaves = leaves_of(frame)
        with self.code.block(f"def {name}(d, out, run, path):"):
            self._fetch(tree_of(leaves, next(frame.lines).where), frame, leaves)
            if frame.trigger is not None:
                self.lines.write(frame.trigger, forced=True, most=1, rivals=rivals, trigger=True)
            self._items(frame.items)
            self._filtered(frame)
            self.code("return out")

    def _fetch(self, tree: Tree, frame: Frame, leaves: dict[Path, Leaf]) -> None:
        """Every field that has a line, into a variable; and the check of those that have none."""
        tied = set(tree) | set(frame.fixed)
        tied |= self._from_root(frame, ())
        self._untied(frame.part, "d", tied, "path")
        self._fetch_part(tree, "d", (), frame)
        for line in frame.lines:
            if line.when and line.when not in leaves:
                chain = " ".join(f"and {_chain(line.when[:end])} is not None" for end in range(1, len(line.when)))
                self.code(f"{variable(line.when)} = {_chain(line.when)} if True {chain} else None")

    def _fetch_part(self, tree: Tree, owner: str, path: Path, frame: Frame) -> None:
        part: type[Part] = field_at(frame.part, path, "").type if path else frame.part
        fields = fields_of(part)
        for name, item in tree.items():
            here = (*path, name)
            absent = "()" if fields[name].many else "None"
            guard = f" if {owner} is not None else {absent}" if path else ""
            if isinstance(item, Leaf):
                empty = " or None" if fields[name].type is str and not fields[name].many else ""
                value = f"({owner}.{name}{empty})" if empty and guard else f"{owner}.{name}{empty}"
                self.code(f"{item.name} = {value}{guard}")
                continue
            whole, at = part_of(item, here)
            inner = "o_" + "__".join(at)
            if at is here:
                self.code(f"{inner} = {owner}.{name}{guard}")
            else:
                self._only(f"{owner}.{name}{guard}", inner, here, next(frame.lines).tag)
            tied = set(whole) | self._from_root(frame, at)
            self._untied(fields[name].type, inner, tied, f"path + {dotted(at) + '.'!r}", guarded=True)
            self._fetch_part(whole, inner, at, frame)

    def _from_root(self, frame: Frame, path: Path) -> set[str]:
        """Fields below ``path`` that are written by lines elsewhere: ``{/document_currency_code}``."""
        if frame is not self.bound.root:
            return set()
        paths = [spot.path for spot in self.bound.spots if spot.from_root]
        return {each[len(path)] for each in paths if each[: len(path)] == path and len(each) > len(path)}

    def _only(self, items: str, name: str, path: Path, tag: str) -> None:
        """The first item of a list, which has no place for others."""
        self.code(f"{name} = {items}")
        self.code(f"run.full({tag!r}, path + {dotted(path)!r}, len({name}), 1)")
        self.code(f"{name} = {name}[0] if {name} else None")

    def _untied(self, part: type, owner: str, tied: set[str], path: str, guarded: bool = False) -> None:
        loose = [field for field in fields_of(part).values() if field.name not in tied]
        if not loose:
            return
        test = any_of([_populated(owner, field) for field in loose])
        guard = f"{owner} is not None and ({test})" if guarded else test
        with self.code.block(f"if {guard}:"):
            self.code(f"run.unwritten({owner}, {tuple(field.name for field in loose)!r}, {path})")

    def _items(self, items: list[Item]) -> None:
        done: set[int] = set()
        for item in sorted(items, key=lambda item: node_of(item).position):
            rivals, node = self.rivals.get(id(item), []), node_of(item)
            needed = node.mandatory and id(node) not in done  # the first line of a mandatory segment makes it
            done.add(id(node))
            if isinstance(item, Claim):
                self.lines.write(item.line, forced=needed, most=node.most, rivals=rivals, trigger=False)
            elif isinstance(item, Inner):
                self._inner(item, rivals, needed)
            elif isinstance(item, Row) or item.many:
                self._list(item)
            else:
                name = variable(item.path)
                with self.code.block(f"if {name} is not None:"):
                    self.code(f"write_{item.frame.name}({name}, out, run, path + {dotted(item.path) + '.'!r})")

    def _list(self, item: Row | Child) -> None:
        node, name, field = node_of(item), variable(item.path), dotted(item.path)
        if node.most < UNCOUNTED:
            self.code(f"run.full({node.tag!r}, path + {field!r}, len({name}), {node.most})")
        with self.code.block(f"for k, z in enumerate({name}):"):
            call = f"write_{item.frame.name}(z, out, run, f'{{path}}{field}[{{k}}].')"
            if not item.frame.fixed:
                self.code(call)
                return
            with self.code.block(f"if {_matches(item.frame)}:"):
                self.code(call)

    def _filtered(self, frame: Frame) -> None:
        """Items of a list that no block's ``where`` lets through are reported."""
        lists: dict[Path, list[Frame]] = {}
        for holder in frame.holders:
            lists.setdefault(holder.path, []).append(holder.frame)
        for path, frames in lists.items():
            if all(inner.fixed for inner in frames):
                with self.code.block(f"for k, z in enumerate({variable(path)}):"):
                    matches = any_of([f"({_matches(inner)})" for inner in frames])
                    with self.code.block(f"if not ({matches}):"):
                        self.code(f"run.lost(f'{{path}}{dotted(path)}[{{k}}]')")

    def _inner(self, item: Inner, rivals: Rivals, needed: bool) -> None:
        """A loop without an object: written when something in it is, or when its first segment counts something."""
        if not item.items:
            self.lines.write(item.line, needed, item.node.most, rivals, trigger=False)
            return
        self.buffers += 1
        outer, inner = f"outer_{self.buffers}", f"inner_{self.buffers}"
        self.code(f"{outer} = out; out = {inner} = []")
        self._items(item.items)
        self.code(f"out = {outer}")
        tests = [inner, *self.lines.tests(item.line)]
        always = needed or self.lines.counts(item.line)
        with self.code.block("if True:" if always else f"if {any_of(tests)}:"):
            self.lines.write(item.line, forced=True, most=item.node.most, rivals=rivals, trigger=False)
            self.code(f"out += {inner}")


def _rivals(frame: Frame) -> dict[int, Rivals]:
    """For each item, the lines before it at the same place of the grammar."""
    found: dict[int, Rivals] = {}

    def walk(items: list[Item]) -> None:
        for index, item in enumerate(items):
            found[id(item)] = [other.line for other in items[:index] if node_of(other) is node_of(item)]
            if isinstance(item, Inner):
                walk(item.items)
            elif isinstance(item, Child):
                walk(item.frame.items)

    walk(frame.items)
    return found


def _populated(owner: str, field: Field) -> str:
    if field.many:
        return f"{owner}.{field.name}"
    if field.default is None:
        return f"{owner}.{field.name} is not None"
    return f"{owner}.{field.name} != {field.default!r}"


def _matches(frame: Frame) -> str:
    return " and ".join(f"z.{name} == {value!r}" for name, value in frame.fixed.items())


def _chain(path: Path) -> str:
    return "d." + ".".join(path)
