"""The tables of UBL: as the schemas of OASIS say, judged as those judge."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from gateway.codecs.xml_text import decoded
from gateway.core.issues import has_errors
from gateway.grammar import Schemas
from gateway.grammar.xml_validator import xml_validator
from tests.tables.ubl import SCHEMAS, generated

SHARED = Path(__file__).parents[3] / "shared"
XSD = SHARED / "standards" / "ubl" / "2.1"
SAMPLES = SHARED / "samples" / "documents" / "xml"
SPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
needs_xsd = pytest.mark.skipif(not XSD.exists(), reason="the schemas of OASIS are not here")


@cache
def oracle(kind: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(XSD / "maindoc" / f"UBL-{kind}-2.1.xsd")))


def documents() -> Iterator[tuple[str, str, etree._Element]]:
    """The samples that are UBL, by file and kind."""
    for path in sorted(SAMPLES.glob("*/*")) if SAMPLES.exists() else ():
        root = etree.fromstring(path.read_bytes())
        name = etree.QName(root)
        if (name.namespace or "").startswith(SPACE):
            yield path.name, name.localname, root


@needs_xsd
def test_the_tables_are_those_that_the_schemas_say() -> None:
    for name, text in generated(XSD).items():
        assert (SCHEMAS / name).read_text("utf-8") == text, name


@needs_xsd
def test_samples_are_judged_as_the_schemas_of_oasis_judge(schemas: Schemas) -> None:
    judged = 0
    for name, kind, root in documents():
        issues = xml_validator(schemas, "2.1", kind).validate(decoded(etree.tostring(root)))
        assert has_errors(issues) != oracle(kind).validate(root), (name, issues[:3])
        judged += 1
    assert judged == 0 or judged > 40


_TEXTS = ("", " ", "x", "2026-02-30", "2026-01-31", "12:00", "12:00:00Z", "1,5", "-0.5", "+1.", "true", "TRUE", "1e3")
_NAMES = ("cbc:ID", "cbc:Note", "cac:Party", "cbc:Bogus", "cac:OrderLine", "cbc:IssueDate")


def _mutated(root: etree._Element, chance: random.Random) -> str:
    """One change to a document; says what it was."""
    inside = "ancestor-or-self::*[local-name()='ExtensionContent']"  # judged laxly: what we have no table for, we pass
    elements = [each for each in root.iter(etree.Element) if not each.xpath(inside)]
    element = chance.choice(elements[1:])
    parent = element.getparent()
    assert parent is not None
    kind = chance.choice(("delete", "double", "move", "text", "attribute", "without", "rename", "insert", "tail"))
    if kind == "delete":
        parent.remove(element)
    elif kind == "double":
        parent.insert(parent.index(element), etree.fromstring(etree.tostring(element)))
    elif kind == "move":
        parent.insert(chance.randrange(len(parent)), element)
    elif kind == "text":
        element.text = chance.choice(_TEXTS)
    elif kind == "attribute":
        element.set(chance.choice(("unitCode", "schemeID", "currencyID", "languageID", "bogus")), chance.choice(_TEXTS))
    elif kind == "without" and element.attrib:
        del element.attrib[chance.choice(list(element.attrib))]
    elif kind == "tail":
        element.tail = chance.choice(_TEXTS)
    else:
        prefix, _, local = chance.choice(_NAMES).partition(":")
        common = {"cbc": "CommonBasicComponents-2", "cac": "CommonAggregateComponents-2"}[prefix]
        tag = f"{{{SPACE}{common}}}{local}"
        if kind == "rename":
            element.tag = tag
        else:
            parent.insert(parent.index(element), etree.Element(tag))
    return f"{kind} {etree.QName(element).localname}"


@needs_xsd
@pytest.mark.slow
def test_thousands_of_single_changes_are_judged_as_the_schemas_of_oasis_judge(schemas: Schemas) -> None:
    chance = random.Random(2026)
    valid = [(name, kind, root) for name, kind, root in documents() if oracle(kind).validate(root)]
    if not valid:
        pytest.skip("the shared samples are not here")
    refused = 0
    for _ in range(1000):
        name, kind, root = chance.choice(valid)
        body = etree.tostring(root)
        root = etree.fromstring(body)
        change = _mutated(root, chance)
        body = etree.tostring(root)
        issues = xml_validator(schemas, "2.1", kind).validate(decoded(body))
        wanted = oracle(kind).validate(etree.fromstring(body))
        assert has_errors(issues) != wanted, (name, change, issues[:3], oracle(kind).error_log.last_error)
        assert all(issue.location.line and issue.text for issue in issues)
        refused += not wanted
    assert 500 < refused < 2900
