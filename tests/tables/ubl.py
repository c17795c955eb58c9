"""Writes schemas/ubl/2.1 from the schemas of OASIS: ``python -m tests.tables.ubl FOLDER`` (with common/ and maindoc/).

Facts only: which element stands in which, in what order and how often, and what kind of value it has.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

XSD = "{http://www.w3.org/2001/XMLSchema}"
SCHEMAS = Path(__file__).parents[2] / "schemas"
COMMON = {
    "cac": "UBL-CommonAggregateComponents-2.1.xsd",
    "cbc": "UBL-CommonBasicComponents-2.1.xsd",
    "ext": "UBL-CommonExtensionComponents-2.1.xsd",
}

Types = dict[str, etree._Element]


def generated(folder: Path) -> dict[str, str]:
    """Every file, by its name below schemas/."""
    common = folder / "common"
    trees = {prefix: etree.parse(str(common / file)).getroot() for prefix, file in COMMON.items()}
    files = {"types.txt": _types(common), "elements.txt": _elements(trees), "aggregates.txt": _aggregates(trees)}
    for path in sorted((folder / "maindoc").glob("*.xsd")):
        root = etree.parse(str(path)).getroot()
        (element,) = root.findall(f"{XSD}element")
        name = element.get("name")
        kind = _named(root)[str(element.get("type"))]
        lines = "".join(f"{line}\n" for line in _children(kind, ""))
        files[f"messages/{name}.txt"] = f"message {name}\nnamespace {root.get('targetNamespace')}\n\n{lines}"
    return {f"ubl/2.1/{name}": text for name, text in files.items()}


def _named(root: etree._Element) -> Types:
    return {str(kind.get("name")): kind for kind in root.iter(f"{XSD}complexType")}


def _children(kind: etree._Element, prefix: str) -> Iterator[str]:
    """``cac:Party O``, ``cbc:Note O *``: as the tables of segments say it. ``prefix`` is for names without one."""
    for item in kind.iterfind(f"{XSD}sequence/{XSD}element"):
        name = item.get("ref") or ""
        name = name if ":" in name else f"{prefix}:{name}"
        most = item.get("maxOccurs", "1")
        status = "O" if item.get("minOccurs", "1") == "0" else "M"
        yield f"{name} {status}" + ("" if most == "1" else " *" if most == "unbounded" else f" {most}")


def _aggregates(trees: dict[str, etree._Element]) -> str:
    found = []
    for prefix in ("ext", "cac"):
        for name, kind in _named(trees[prefix]).items():
            lines = list(_children(kind, prefix))
            if lines:
                found.append("\n".join([f"aggregate {name.removesuffix('Type')}", *lines]) + "\n")
    return "\n".join(found)


def _elements(trees: dict[str, etree._Element]) -> str:
    """``cac:BuyerCustomerParty CustomerParty``, ``cbc:ID Identifier``."""
    lines = []
    for prefix in ("ext", "cac", "cbc"):
        kinds = _named(trees[prefix])
        for element in trees[prefix].iterfind(f"{XSD}element"):
            kind = kinds.get(str(element.get("type")))
            base = kind.find(f"{XSD}simpleContent/{XSD}extension") if kind is not None else None
            named = str(base.get("base")).partition(":")[2] if base is not None else str(element.get("type"))
            lines.append(f"{prefix}:{element.get('name')} {named.rpartition(':')[2].removesuffix('Type')}")
    return "\n".join(sorted(lines)) + "\n"


def _types(common: Path) -> str:
    """``type Amount decimal``, and its attributes."""
    unqualified = etree.parse(str(common / "UBL-UnqualifiedDataTypes-2.1.xsd")).getroot()
    core = _named(etree.parse(str(common / "CCTS_CCT_SchemaModule-2.1.xsd")).getroot())
    found = []
    for name, kind in _named(unqualified).items():
        derived = kind.find(f"{XSD}simpleContent")[0]  # type: ignore[index]
        parent, base = core.get(str(derived.get("base")).rpartition(":")[2]), str(derived.get("base"))
        attributes: dict[str, etree._Element] = {}
        if parent is not None:
            extension = parent.find(f"{XSD}simpleContent/{XSD}extension")
            assert extension is not None
            base = str(extension.get("base"))
            attributes = {str(each.get("name")): each for each in extension.iterfind(f"{XSD}attribute")}
        attributes |= {str(each.get("name")): each for each in derived.iterfind(f"{XSD}attribute")}
        lines = [f"type {name.removesuffix('Type')} {base.rpartition(':')[2]}"]
        for attribute, each in attributes.items():
            status = "M" if each.get("use") == "required" else "O"
            lines.append(f"@{attribute} {status} {str(each.get('type')).rpartition(':')[2]}")
        found.append("\n".join(lines) + "\n")
    return "\n".join(found)


def main() -> None:
    for name, text in generated(Path(sys.argv[1])).items():
        file = SCHEMAS / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
