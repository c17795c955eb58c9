"""The text of a guide: the few lines by which a partner narrows the messages of a version.

==================================================  ==================================================================
line                                                meaning
==================================================  ==================================================================
``guide TITLE``                                     the first line
``extends NAME``                                    narrows another guide of the version further
``element REFERENCE NARROWED``                      wherever the element stands
``segment TAG``                                     wherever the segment stands; elements are nested below it
``message TYPE``                                    one message; its places are nested below it
``TAG [USE] [COUNT]``                               a segment in its loop; elements are nested below it
``loop NAME [USE] [COUNT]``                         a loop; the places in it, its first segment too, are nested below it
``… where PLACE is CODE … [and PLACE is CODE …]``   behind either: those with these codes; once, if not said
``none NAME …``                                     segments and loops of this loop, or elements, that are not used
``… others [USE] [COUNT]``                          either: those that no ``where`` of the place takes
``PLACE NARROWED``                                  an element ``03``, a component ``04-02``, or by reference ``2005``
==================================================  ==================================================================

USE is M, O or ``none`` (not used). NARROWED is, in this order, ``[USE] [LENGTH] [repeats COUNT] [codes CODE …]``.
COUNT and LENGTH are those of :mod:`gateway.grammar.notation`. What is not said stays as it is in the table below.
"""

from __future__ import annotations

from typing import NamedTuple

from gateway.core.errors import SchemaError
from gateway.grammar import notation
from gateway.grammar.notation import Line


class Row(NamedTuple):
    """A line with the lines nested below it."""

    line: Line
    rows: list[Row]


class Guide(NamedTuple):
    """What a guide says, not yet compared with any table. ``messages``: type → its row."""

    title: str
    extends: str
    elements: list[Row]
    segments: list[Row]
    messages: dict[str, Row]

    @property
    def general(self) -> bool:
        """Whether it says anything that holds for every message."""
        return bool(self.elements or self.segments)


def guide(file: str, text: str) -> Guide:
    """The guide in a text. Raises SchemaError naming file and line."""
    heads = _nested(file, text)
    if not heads or heads[0].line.words[0] != "guide":
        raise SchemaError('The first line is "guide TITLE".', file=file, key="line 1")
    made = Guide(heads[0].line.rest(1), _extends(heads), [], [], {})
    kinds = {"element": made.elements, "segment": made.segments}
    for row in heads[1:]:
        kind, name = row.line.words[0], row.line.word(1, "The name of what it narrows")
        if kind in kinds:
            kinds[kind].append(row)
        elif kind == "message":
            row.line.at_most(2)
            if made.messages.setdefault(name, row) is not row:
                raise row.line.error(f"Message {name} stands here twice.")
        elif kind != "extends":
            raise row.line.error(f'"{kind}" is not one of extends, element, segment, message.')
    return made


def _extends(heads: list[Row]) -> str:
    found = [row.line for row in heads if row.line.words[0] == "extends"]
    for line in found[1:]:
        raise line.error("A guide extends one other.")
    return found[0].word(1, "The name of a guide") if found else ""


def _nested(file: str, text: str) -> list[Row]:
    """The lines as a tree by their indentation."""
    top: list[Row] = []
    path: list[list[Row]] = [top]
    for line in notation.lines(file, text):
        if line.depth >= len(path):
            raise line.error("This line is nested too deep.")
        del path[line.depth + 1 :]
        row = Row(line, [])
        path[line.depth].append(row)
        path.append(row.rows)
    return top
