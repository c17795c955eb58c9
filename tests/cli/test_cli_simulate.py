"""The page on trying a partner, as somebody follows it: its parties, its order, its commands."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gateway.simulate import BEHAVIOURS
from tests.cli.running import Command

PAGE = (Path(__file__).parents[2] / "docs/how-to/onboarding.md").read_text(encoding="utf-8")
SELLER = ("simulate", "partner", "--role", "seller", "--agreement", "umbrella-orders")
BUYER = ("simulate", "partner", "--role", "buyer", "--agreement", "globex-orders")

CARRIER = """\
id = "roadrunner"
name = "Roadrunner Freight"
[[identity]]
standard = "x12"
qualifier = "02"
identifier = "ROAD"
[[endpoint]]
name = "roadrunner-in"
connector = "directory"
direction = "in"
path = "in/roadrunner"
complete = "done-file"
[[endpoint]]
name = "roadrunner-out"
connector = "directory"
direction = "out"
path = "out/roadrunner"
"""
SENDS = """\
[[agreement]]
name = "roadrunner-{type}"
with = "acme"
direction = "{way}"
standard = "x12"
version = "004010"
type = "{type}"
document = "{document}"
mapping = "x12/{type}"
{more}
"""
CHANGES = """
[[agreement]]
name = "globex-changes"
with = "acme"
direction = "in"
standard = "x12"
version = "004010"
type = "860"
mapping = "x12/860"
"""
ANSWER = """\
{
  "document": "OrderResponse", "issue_date": "2026-11-25", "order_response_code": "accepted",
  "order_reference": {"id": "PO-100", "issue_date": "2026-11-24"},
  "order_lines": [
    {
      "id": "1", "quantity": {"value": "100", "unit_code": "EA"}, "price": {"price_amount": "2.00"},
      "item": {"sellers_item_identification": "AT-1001"}, "statuses": [{"status_code": "accepted"}]
    }
  ]
}
"""
ERP = """
[[agreement]]
name = "acme-erp-{name}"
with = "acme"
direction = "{way}"
standard = "json"
document = "{document}"
"""
TENDER = """\
{
  "document": "TransportInstruction", "id": "LOAD-7", "carrier_scac": "ROAD", "payment_method_code": "PP",
  "transport_stops": [
    {"sequence_id": "1", "stop_reason_code": "load", "despatch_party": {"name": "Globex"},
     "dates": [{"date_type_code": "requested-pickup", "date": "2026-02-01"}]},
    {"sequence_id": "2", "stop_reason_code": "unload", "delivery_party": {"name": "Acme Depot"},
     "dates": [{"date_type_code": "delivery-not-after", "date": "2026-02-03"}]}
  ]
}
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def trial(dock: Command, home: Path) -> Command:
    """The home of the page: Acme buys from Umbrella."""
    umbrella, erp = blocks("toml")
    (home / "partners/umbrella.toml").write_text(umbrella)
    with (home / "partners/acme-erp.toml").open("a") as file:
        file.write(erp)
    assert dock("partners", "check").code == 0
    return dock


def ordered(trial: Command, home: Path) -> None:
    (order,) = blocks("json")
    (home / "order.json").write_text(order)
    assert trial("receive", home / "order.json", "--from", "acme-erp").code == 0


def comes_in(dock: Command, home: Path, party: str = "umbrella") -> None:
    """What lies in the partner's folder is taken, as ``crossdock serve`` would."""
    for file in sorted((home / "exchange/in" / party).glob("*.*")):
        dock("receive", file)
        file.unlink()


def page(trial: Command) -> dict[str, Any]:
    (found,) = trial.json("order", "PO-100")
    return found


def test_a_seller_answers_ships_less_and_invoices_that(trial: Command, home: Path) -> None:
    ordered(trial, home)
    (record,) = trial.json(*SELLER, "--behaviour", "short-ship")
    assert [said["type"] for said in record["said"]] == ["997", "855", "856", "810"]
    comes_in(trial, home)
    found = page(trial)
    shipped = Decimal(found["lines"][0]["despatched"])
    assert 0 < shipped < 100
    assert (found["lines"][0]["invoiced"], found["invoices"][0]["outcome"]) == (str(shipped), "matched")
    assert trial.json("expectations") == []


@pytest.mark.parametrize(
    ("behaviour", "outcomes", "held"),
    [
        ("confirm", ["matched"], 0),
        ("change-price", ["blocked"], 0),
        ("change-quantity", ["matched"], 0),
        ("reject", [], 0),
        ("over-ship", ["matched"], 0),
        ("late", ["matched"], 0),
        ("duplicate-invoice", ["matched"], 0),
        ("over-invoice", ["blocked"], 0),
        ("out-of-order", [], 1),  # the invoice waits for the goods, until the gateway that runs looks again
        ("silent", [], 0),
        ("reject-syntax", [], 0),
    ],
)
def test_each_bad_day_ends_as_it_should(
    trial: Command, home: Path, behaviour: str, outcomes: list[str], held: int
) -> None:
    ordered(trial, home)
    trial.json(*SELLER, "--behaviour", behaviour)
    comes_in(trial, home)
    found = page(trial)
    assert [invoice["outcome"] for invoice in found["invoices"]] == outcomes
    assert len(trial.json("documents", "--status", "held")) == held


def test_what_was_answered_is_not_answered_again(trial: Command, home: Path) -> None:
    ordered(trial, home)
    assert len(trial.json(*SELLER)) == 1
    assert trial.json(*SELLER) == []
    (again,) = trial.json(*SELLER, "--anew")
    names = [said["file"] for said in again["said"]]
    assert names[0] == "umbrella-000000005-997.x12"


def test_a_rejected_syntax_is_told_of(trial: Command, home: Path) -> None:
    ordered(trial, home)
    trial.json(*SELLER, "--behaviour", "reject-syntax")
    comes_in(trial, home)
    (rejected,) = trial.json("documents", "--status", "rejected")
    assert rejected["type"] == "850"


def test_a_buyer_orders_what_its_seed_says(dock: Command, home: Path) -> None:
    records = dock.json(*BUYER, "--orders", "2")
    numbers = [record["said"][0]["reference"] for record in records]
    comes_in(dock, home, "globex")
    assert sorted(row["business_key"] for row in dock.json("documents", "--type", "850")) == sorted(
        f"order:{number}" for number in numbers
    )
    assert dock.json("documents", "--status", "refused") == []


def test_a_buyer_changes_what_was_confirmed(dock: Command, home: Path) -> None:
    with (home / "partners/globex.toml").open("a") as file:
        file.write(CHANGES)
    (order,) = blocks("json")
    (home / "order.json").write_text(order)
    dock.json(*BUYER, "--order", home / "order.json")
    comes_in(dock, home, "globex")
    (home / "answer.json").write_text(ANSWER)
    dock("receive", home / "answer.json", "--from", "acme-erp")
    records = dock.json(*BUYER, "--orders", "0", "--behaviour", "change-quantity")
    assert [said["type"] for record in records for said in record["said"]] == ["997", "860"]
    comes_in(dock, home, "globex")
    found = page(dock)
    assert Decimal(found["lines"][0]["ordered"]) < 100
    assert found["state"] == "in-change"


def test_an_order_of_ones_own_is_sent_as_it_is(dock: Command, home: Path, tmp_path: Path) -> None:
    (order,) = blocks("json")
    (tmp_path / "order.json").write_text(order)
    (record,) = dock.json(*BUYER, "--order", tmp_path / "order.json")
    assert record["said"][0]["reference"] == "PO-100"
    (file,) = (home / "exchange/in/globex").glob("*.x12")
    assert b"BEG*00*SA*PO-100*" in file.read_bytes()


def test_a_carrier_takes_a_load_and_tells_where_it_is(dock: Command, home: Path) -> None:
    party = CARRIER + SENDS.format(
        type="204", way="out", document="TransportInstruction", more='endpoint = "roadrunner-out"'
    )
    party += SENDS.format(type="990", way="in", document="TransportInstructionResponse", more="")
    party += SENDS.format(type="214", way="in", document="TransportationStatus", more="")
    (home / "partners/roadrunner.toml").write_text(party)
    kinds = (("in", "TransportInstruction"), ("out", "TransportInstructionResponse"), ("out", "TransportationStatus"))
    with (home / "partners/acme-erp.toml").open("a") as file:
        for way, kind in kinds:
            file.write(ERP.format(name=kind.lower(), way=way, document=kind))
            file.write('endpoint = "erp-out"\n' if way == "out" else "")
    (home / "tender.json").write_text(TENDER)
    assert dock("receive", home / "tender.json", "--from", "acme-erp").code == 0
    carrier = ("simulate", "partner", "--role", "carrier", "--agreement", "roadrunner-204", "--behaviour", "late")
    (record,) = dock.json(*carrier)
    assert [said["type"] for said in record["said"]] == ["997", "990", "214", "214", "214", "214"]
    done = sorted((home / "exchange/in/roadrunner").glob("*.done"))
    assert len(done) == 6
    for file in done:
        file.unlink()
    comes_in(dock, home, "roadrunner")
    (consignment,) = dock.json("consignment", "LOAD-7")
    assert (consignment["state"], consignment["delay_days"]) == ("delivered", 7)


def test_a_partner_behind_another_door_is_not_played(dock: Command, home: Path) -> None:
    file = home / "partners/globex.toml"
    folder = 'connector = "directory"\ndirection = "out"\npath = "out/globex"'
    far = 'connector = "http"\ndirection = "out"\nurl = "https://globex.example/in"'
    file.write_text(file.read_text().replace(folder, far))
    ran = dock(*BUYER)
    assert ran.code == 2
    assert "globex-out goes by http" in ran.err


def test_the_page_lists_the_behaviours_that_there_are(dock: Command) -> None:
    rows = re.findall(r"^\| `(\S+)` \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
    assert rows == [(name, ", ".join(each.roles), each.text) for name, each in BEHAVIOURS.items()]
    assert [row["behaviour"] for row in dock.json("simulate", "behaviours", "--role", "carrier")] == [
        name for name, each in BEHAVIOURS.items() if "carrier" in each.roles
    ]
