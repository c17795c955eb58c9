"""What a directory has to say above the one that it builds on: only what differs."""

from __future__ import annotations

from gateway.grammar.layers import Layer, entries

GROUPS = ("segments.txt", "composites.txt", "elements.txt")


def above(files: dict[str, str], base: dict[str, str], version: str) -> dict[str, str]:
    """What remains of the files of a directory, by their names in it, above those of ``base``, which is ``version``."""
    found = {name: text for name, text in files.items() if name.startswith("messages/") and base.get(name) != text}
    for name in {name for name in (*files, *base) if name in GROUPS or name.startswith("codes/")}:
        found[name] = _entries(files.get(name, ""), base.get(name, ""), codes=name.startswith("codes/"))
    gone = sorted(name[9:-4] for name in base if name.startswith("messages/") and name not in files)
    found["directory.txt"] = f"base {version}\n" + _without(gone)
    return {name: text for name, text in found.items() if text}


def _entries(text: str, base: str, *, codes: bool) -> str:
    """The entries that differ or are new. Of codes the words do not count: those of the base hold, where there are."""
    own, below = entries([Layer("", text)]), entries([Layer("", base)])
    gone = [name for name in below if name not in own]
    changed = [
        entry.text
        for name, entry in own.items()
        if name not in below or (not codes and entry.text.rstrip() != below[name].text.rstrip())
    ]
    if gone and not own:
        return "without *\n"
    return _without(gone) + "".join(changed)


def _without(names: list[str]) -> str:
    rows = [names[at : at + 12] for at in range(0, len(names), 12)]
    return "".join(f"without {' '.join(row)}\n" for row in rows)
