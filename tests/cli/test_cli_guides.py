"""Guides on the command line, as the how-to shows them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.running import Command, x12

PAGE = (Path(__file__).parents[2] / "docs/how-to/partner-guides.md").read_text("utf-8")
ORDER = re.search(r"```x12\n(.*?)```", PAGE, re.DOTALL)
GUIDE = re.search(r"```guide\n(.*?)```", PAGE, re.DOTALL)
ISSUES = re.search(r"```issues\n(.*?)```", PAGE, re.DOTALL)


def interchange(*bodies: str, type: str = "850", group: str = "PO", version: str = "004010") -> str:
    lines = []
    for number, body in enumerate(bodies, 1):
        segments = body.split() if "\n" not in body else body.strip().splitlines()
        lines += [f"ST*{type}*{number:04d}", *segments, f"SE*{len(segments) + 2}*{number:04d}"]
    isa = "ISA*00*          *00*          *ZZ*GLOBEX         *ZZ*ACME           *240115*1200*U*00401*000000001*0*P*>"
    head = [isa, f"GS*{group}*GLOBEX*ACME*20240115*1200*1*X*{version}"]
    return "~\n".join([*head, *lines, f"GE*{len(bodies)}*1", "IEA*1*000000001", ""])


@pytest.fixture
def guide(home: Path) -> Path:
    assert GUIDE
    file = home / "schemas/x12/004010/guides/globex.txt"
    file.parent.mkdir(parents=True)
    file.write_text(GUIDE[1])
    return file


@pytest.fixture
def order(home: Path) -> Path:
    assert ORDER
    file = home / "order.edi"
    file.write_text(interchange(ORDER[1]))
    return file


def test_the_example_of_the_page_is_found_to_be_what_it_says(dock: Command, guide: Path, order: Path) -> None:
    assert ISSUES
    assert dock("guide", "check", "globex").code == 0
    assert dock("validate", order).code == 0
    ran = dock("validate", "--guide", "globex", "--json", order)
    assert ran.code == 1
    found = [issue["code"] for issue in ran.records[0]["issues"]]
    assert found == [line.split()[0] for line in ISSUES[1].splitlines()]


def test_the_agreement_of_a_partner_names_it(dock: Command, home: Path, guide: Path, order: Path) -> None:
    assert dock("validate", "--partner", "globex", order).code == 0
    party = home / "partners/globex.toml"
    party.write_text(party.read_text().replace('mapping = "x12/850"', 'mapping = "x12/850"\nguide = "globex"', 1))
    assert dock("partners", "check").code == 0
    assert dock("validate", "--partner", "globex", order).code == 1
    party.write_text(party.read_text().replace('guide = "globex"', 'guide = "poem"'))
    [wrong] = dock("partners", "check", "--json").records
    assert wrong["key"] == "agreement[0].guide"
    assert wrong["text"].startswith('There is no guide "poem" for x12/004010. There are: globex.')


def test_it_is_shown_with_what_it_changed_beside_what_the_standard_says(dock: Command, guide: Path, home: Path) -> None:
    [message] = dock.json("schemas", "show", "x12", "004010", "850", "--guide", "globex")
    assert message["guide"] == "globex"
    first = next(item for item in message["items"] if item.get("segment") == "REF")
    assert first["where"] == [{"place": "REF01", "codes": ["DP"]}]
    assert (first["mandatory"], first["most"], first["standard"]) == (True, 1, {"mandatory": False, "most": None})
    assert [place["position"] for place in first["elements"]] == [1, 2]
    out = dock("schemas", "show", "x12", "004010", "850", "--guide", "globex", "--segment", "REF").out
    assert "REF where REF01 is DP  M 1  (standard: O any number)" in out
    assert "CUR  not used  (standard: O 1)" in out
    page = home / "page.html"
    assert dock("schemas", "show", "x12", "004010", "850", "--guide", "globex", "--html", page).code == 0
    assert "where N101 is BY" in page.read_text()


def test_guides_are_listed_and_a_wrong_line_is_named(dock: Command, guide: Path) -> None:
    [row] = dock.json("schemas", "guides")
    assert (row["name"], row["types"], row["title"]) == ("globex", "850", "Orders of Globex Retail")
    guide.write_text("guide G\nmessage 850\n  BEG O\n")
    ran = dock("guide", "check", "--json")
    assert ran.code == 1
    assert "guides/globex.txt: line 3: BEG is mandatory in the standard" in ran.records[0]["text"]
    assert dock("guide", "check", "poem").code == 1


def test_a_guide_that_there_is_not_is_a_slip_of_whoever_asks(dock: Command, order: Path) -> None:
    assert dock("validate", "--guide", "poem", order).code == 2


def test_one_is_learned_from_samples_and_accepts_them(dock: Command, home: Path) -> None:
    body = "BEG*00*SA*PO-{0}**20240115\nREF*DP*038\nN1*BY**92*B7\nN1*ST**92*D{0}\nPO1*1*{0}*EA*9.5\nCTT*1"
    samples = home / "samples.edi"
    samples.write_text(interchange(*(body.format(number) for number in range(1, 13))))
    ran = dock("guide", "learn", samples)
    assert ran.code == 0
    assert "# in 12 of 12 documents" in ran.out
    assert "REF M 1\n" in ran.out
    assert "loop N1 M 1 where 01 is BY" in ran.out
    file = home / "schemas/x12/004010/guides/learned.txt"
    file.parent.mkdir(parents=True)
    file.write_text(ran.out)
    assert dock("guide", "check").code == 0
    assert dock("validate", "--guide", "learned", samples).code == 0
    other = home / "other.edi"
    other.write_text(interchange(body.format(1).replace("N1*ST", "N1*SU")))
    assert dock("validate", other).code == 0
    assert dock("validate", "--guide", "learned", other).code == 1
    assert "guide" in dock.json("guide", "learn", samples)[0]


def test_too_few_samples_are_told(dock: Command, home: Path) -> None:
    samples = home / "samples.edi"
    body = "BEG*00*SA*PO-{0}**20240115\nPO1*1*{0}*EA*9.5\nCTT*1"
    samples.write_text(interchange(*(body.format(number) for number in range(1, 4))))
    assert "too few to limit anything: more samples, or --least 3." in dock("guide", "learn", samples).err
    assert "too few" not in dock("guide", "learn", "--least", "3", samples).err


def test_invalid_documents_teach_nothing(dock: Command, home: Path) -> None:
    samples = home / "samples.edi"
    samples.write_text(interchange("BEG*00*SA"))
    ran = dock("guide", "learn", samples)
    assert (ran.code, ran.out) == (1, "")
    assert "1 are invalid" in ran.err


def test_what_comes_in_is_answered_by_the_guide_of_its_agreement(dock: Command, home: Path, guide: Path) -> None:
    party = home / "partners/globex.toml"
    party.write_text(party.read_text().replace('mapping = "x12/850"', 'mapping = "x12/850"\nguide = "globex"', 1))
    order = home / "order.edi"
    order.write_text(
        interchange("BEG*00*SA*PO-1**20240115\nCUR*BY*USD\nREF*DP*038\nN1*BY**92*B7\nN1*ST**92*D\nN3*X\nPO1*1*5*EA*9")
    )
    [received] = dock.json("receive", order)
    receipt = next(path for path in (home / "exchange").rglob("*") if path.is_file() and "997" in path.name)
    assert "AK3*CUR*3**2~" in receipt.read_text().replace("\n", "")
    assert "AK5*R" in receipt.read_text()
    assert received


def test_a_guide_that_is_wrong_holds_what_names_it_until_its_line_is_mended(
    dock: Command, home: Path, guide: Path, tmp_path: Path
) -> None:
    guide.rename(guide.with_name("VICS.txt")).write_text("Acme's guide\n")
    file = tmp_path / "vics.x12"
    file.write_bytes(x12(7, "4711").replace(b"*X*004010~", b"*X*004010VICS~"))
    [held] = dock.json("receive", file)
    assert (held["status"], held["reason"]) == ("held", "GTW-TABLE")
    said = " ".join(dock("trace", held["transmission"]).out.split())
    assert "x12/004010/guides/VICS.txt: line 1" in said
    assert "Mend that line of schemas/" in said
    guide.with_name("VICS.txt").write_text("guide Acme\nmessage 850\n  BEG M\n")
    dock("release", held["transmission"])
    assert [row["status"] for row in dock.json("documents", "--type", "850")] == ["handled"]
