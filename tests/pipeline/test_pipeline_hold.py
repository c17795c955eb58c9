"""Plan: what nobody agreed on is held as a whole, explained, and goes through once it is agreed."""

from __future__ import annotations

import json

import pytest

from gateway.expectations.holds import cancel, release, release_matching
from tests.pipeline.orders import document as wrapped
from tests.pipeline.orders import edifact, group, interchange, message, order, x12
from tests.pipeline.yard import ACME, AT, GLOBEX, INITECH, Yard

#: Why it is held, the bytes, the door that it comes by.
HELD: dict[str, tuple[str, bytes, str]] = {
    "nothing in it": ("GTW-EMPTY", b" \r\n ", "globex-in"),
    "no format": ("GTW-FORMAT", b"Dear Sir or Madam,", "globex-in"),
    "a format without a way in yet": ("GTW-FORMAT", b"<Order/>", "globex-in"),
    "sender": ("GTW-SENDER", x12(1, order("A"), sender="HOOLI"), "globex-in"),
    "receiver": ("GTW-RECEIVER", x12(1, order("A"), receiver="ACMEX"), "globex-in"),
    "receiver that is not ours": ("GTW-RECEIVER", x12(1, order("A"), receiver="GLOBEX"), "globex-in"),
    "type": (
        "GTW-AGREEMENT",
        interchange([group([wrapped(order("A"), 1), wrapped(["BIG*20261120*I-1"], 2, type="810")], 1)], 1),
        "globex-in",
    ),
    "version": ("GTW-VERSION", x12(1, order("A"), version="003020"), "globex-in"),
    "lane": ("GTW-LANE", x12(1, order("A"), usage="T"), "globex-in"),
    "door": ("GTW-ENDPOINT", x12(1, order("A")), "initech-in"),
    "sender of edifact": ("GTW-SENDER", edifact("1", message("A", 1), sender="5412345000037:14"), "initech-in"),
}


@pytest.mark.parametrize("why", HELD)
def test_what_nobody_agreed_on_is_held_untouched_and_unanswered(yard: Yard, why: str) -> None:
    code, body, source = HELD[why]
    held = yard.arrive(body, source)
    assert yard.status(held) == "held"
    assert yard.one("SELECT reason FROM transmissions") == code
    assert yard.issues(held) == [code]
    assert yard.column("SELECT code FROM holds WHERE released_at IS NULL") == [code]
    assert yard.sent == []
    assert [yard.count(table) for table in ("interchanges", "documents", "orders", "work")] == [0, 0, 0, 0]


def test_one_stranger_in_a_transmission_holds_all_of_it(yard: Yard) -> None:
    """Half of a transmission is nothing that an operator can decide on."""
    held = yard.arrive(x12(1, order("A")) + x12(2, order("B"), sender="HOOLI") + x12(3, order("C")))
    assert yard.status(held) == "held"
    assert yard.count("documents") == 0


def test_what_comes_after_a_held_transmission_goes_through(yard: Yard) -> None:
    yard.arrive(x12(1, order("A"), version="003020"))
    fine = yard.arrive(x12(2, order("B")))
    assert yard.status(fine) == "translated"
    assert yard.erp() == [["B"]]


def configuration(yard: Yard) -> tuple[str, str]:
    """The file, and the lines that would admit what is held."""
    text = yard.one("SELECT configuration FROM holds WHERE released_at IS NULL")
    first, _, lines = text.partition("\n")
    return first.removeprefix("# partners/").removesuffix(".toml"), lines


@pytest.mark.parametrize("why", ["sender", "receiver", "lane"])
def test_the_lines_that_are_given_admit_it_as_they_stand(yard: Yard, why: str) -> None:
    code, body, source = HELD[why]
    held = yard.arrive(body, source)
    file, lines = configuration(yard)
    if why == "sender":
        door = '[[endpoint]]\nname = "hooli-in"\nconnector = "directory"\ndirection = "in"\npath = "in/hooli"\n'
        yard.agree(globex=GLOBEX.replace('path = "in/globex"', 'path = "in/globex"\ncarries = ["hooli"]'))
        lines = lines.replace("[[agreement]]", door + "[[agreement]]")
    yard.partners[file] = yard.partners.get(file, "") + lines
    assert release(yard.database, held, "ann", AT) == "received"
    yard.work()
    assert yard.status(held) == "translated"
    assert code not in yard.column("SELECT reason FROM transmissions")
    assert yard.count("holds", "released_at IS NULL AND document_id IS NULL") == 0


def test_a_version_that_is_agreed_and_has_no_table_is_not_accepted_unseen(yard: Yard) -> None:
    """Nobody could say whether it is in order: it waits for its table, and nothing is answered."""
    _, body, source = HELD["version"]
    held = yard.arrive(body, source)
    file, lines = configuration(yard)
    yard.partners[file] += lines.replace('base = "004010"\n', "")
    release(yard.database, held, "ann", AT)
    yard.work()
    assert yard.status(held) == "held"
    assert yard.column("SELECT code FROM holds WHERE released_at IS NULL") == ["GTW-SCHEMA"]
    assert "no table for 850 in 003020" in yard.one("SELECT text FROM holds WHERE released_at IS NULL")
    assert [yard.count(table) for table in ("interchanges", "documents", "orders")] == [0, 0, 0]


def test_the_nearest_version_serves_where_the_agreement_says_so(yard: Yard) -> None:
    """The hold names the line; with it the document is checked by that version's tables and handled."""
    _, body, source = HELD["version"]
    held = yard.arrive(body, source)
    file, lines = configuration(yard)
    agreed, lines = yard.partners[file], lines.replace('base = "004010"\n', "")
    yard.partners[file] = agreed + lines
    release(yard.database, held, "ann", AT)
    yard.work()
    [text] = yard.column("SELECT text FROM holds WHERE released_at IS NULL")
    assert 'base = "004010"' in text
    yard.partners[file] = agreed + lines + 'base = "004010"\n'
    release(yard.database, held, "ann", AT)
    yard.work()
    assert yard.status(held) == "translated"
    assert yard.count("orders") == 1


def test_a_door_of_another_party_is_opened_by_its_carries(yard: Yard) -> None:
    held = yard.arrive(x12(1, order("A")), "initech-in")
    file, lines = configuration(yard)
    assert file == "initech"
    yard.agree(initech=INITECH.replace('path = "in/initech"', 'path = "in/initech"\n' + lines.splitlines()[1]))
    release(yard.database, held, "ann", AT)
    yard.work()
    assert yard.erp() == [["A"]]


def test_a_release_without_a_change_holds_it_again(yard: Yard) -> None:
    held = yard.arrive(HELD["sender"][1])
    release(yard.database, held, "ann", AT)
    yard.work()
    assert yard.status(held) == "held"
    assert yard.count("holds", "released_at IS NULL") == 1
    assert yard.count("holds") == 2


def test_everything_that_waits_for_configuration_is_released_at_once(yard: Yard) -> None:
    yard.agree(globex=None)
    held = [yard.arrive(x12(n, order(f"PO-{n}"))) for n in (1, 2)]
    other = yard.arrive(b"Dear Sir or Madam,")
    yard.agree(globex=GLOBEX)
    assert release_matching(yard.database, "configuration", "partners changed", AT) == held
    yard.work()
    assert yard.erp() == [["PO-1"], ["PO-2"]]
    assert yard.status(other) == "held"


def test_a_cancelled_transmission_ends_and_stays_as_evidence(yard: Yard) -> None:
    held = yard.arrive(HELD["sender"][1])
    assert cancel(yard.database, held, "ann", AT) == "cancelled"
    yard.work()
    assert yard.status(held) == "cancelled"
    assert yard.nothing_left()
    assert bytes(yard.one("SELECT body FROM payloads")) == HELD["sender"][1]


def test_history_tells_who_released_it(yard: Yard) -> None:
    yard.agree(globex=None)
    held = yard.arrive(x12(1, order("A")))
    yard.agree(globex=GLOBEX)
    release(yard.database, held, "ann", AT)
    yard.work()
    names = yard.column(
        "SELECT name FROM events WHERE document_id IS NULL AND transmission_id = :i ORDER BY id", i=held.id
    )
    assert names[:3] == ["transmission.received", "transmission.held", "transmission.released"]
    data = yard.one("SELECT data FROM events WHERE name = 'transmission.released'")
    assert json.loads(data)["by"] == "ann"


def test_test_orders_never_reach_the_erp(yard: Yard) -> None:
    lane = GLOBEX[GLOBEX.index("[[agreement]]") :].replace("globex-orders", "globex-test")
    yard.agree(globex=GLOBEX + lane + 'lane = "test"\n')
    yard.arrive(x12(1, order("A"), usage="T"))
    assert yard.column("SELECT lane || ':' || number FROM orders") == ["test:A"]
    assert yard.erp() == []
    assert len(yard.to("globex-out")) == 1


def test_two_own_parties_with_one_partner_are_told_apart(yard: Yard) -> None:
    other = (
        ACME.replace('"acme"', '"acme-west"').replace('"ACME"', '"ACMEWEST"').replace("5412345000020", "5412345000044")
    )
    agreement = GLOBEX[GLOBEX.index("[[agreement]]") :]
    west = agreement.replace("globex-orders", "globex-west").replace('with = "acme"', 'with = "acme-west"')
    yard.agree(acme_west=other, globex=GLOBEX + west)
    yard.arrive(x12(1, order("A")))
    yard.arrive(x12(1, order("A"), receiver="ACMEWEST"))  # the same numbers, and no repeat
    assert yard.column("SELECT own_party FROM orders ORDER BY own_party") == ["acme", "acme-west"]
