"""Documents leave as X12 and EDIFACT: in the envelope of the agreement, valid by our own tables, each by itself."""

from __future__ import annotations

from gateway.codecs import GroupStart, InterchangeStart, RawDocument, read
from gateway.core.errors import ConnectorError
from gateway.expectations import cancel, release, resend
from gateway.store import sweep
from gateway.store.ids import Reference
from tests.pipeline.orders import REPLACE, edifact, message, order, x12
from tests.pipeline.partners import pass_on, to_globex, to_initech
from tests.pipeline.yard import AT, ERP, GLOBEX, Yard, control_number, segments


def orders(yard: Yard, endpoint: str = "globex-out") -> list[bytes]:
    """What left by a door, but for receipts."""
    return [sent.body for sent in yard.sent if sent.endpoint == endpoint and sent.name.startswith(("850-", "orders-"))]


def headers(body: bytes) -> tuple[InterchangeStart, list[GroupStart], list[RawDocument]]:
    events = list(read(body))
    assert [issue for event in events for issue in getattr(event, "issues", ())] == []
    (start,) = (event for event in events if isinstance(event, InterchangeStart))
    groups = [event for event in events if isinstance(event, GroupStart)]
    return start, groups, [event for event in events if isinstance(event, RawDocument)]


def withheld(yard: Yard) -> list[str]:
    return yard.column("SELECT code FROM holds WHERE released_at IS NULL ORDER BY id")


# The envelope


def test_an_order_leaves_as_x12(yard: Yard) -> None:
    pass_on(yard, globex=to_globex())
    yard.arrive(edifact("1", message("PO-7", 1)), "initech-in")
    (body,) = orders(yard)
    start, (group,), (document,) = headers(body)
    header = start.header
    assert (str(header.sender), str(header.receiver), header.test) == ("ZZ:ACME", "ZZ:GLOBEX", False)
    assert (header.version, header.control_number, header.acknowledgment_requested) == ("00401", "000000001", False)
    assert (group.header.functional_id, group.header.version, group.header.control_number) == ("PO", "004010", "1")
    assert (document.type, document.control_number) == ("850", "0001")
    assert segments(body, "BEG") == ["BEG*00*SA*PO-7**20261120"]
    assert [sent.name for sent in yard.sent if sent.body == body] == ["850-ACME-GLOBEX-000000001.x12"]
    assert yard.nothing_left()


def test_an_order_leaves_as_edifact(yard: Yard) -> None:
    pass_on(yard, initech=to_initech('[agreement.envelope]\nsyntax = "UNOA:3"\nacknowledgment_requested = true\n'))
    yard.arrive(x12(1, order("PO-8")))
    (body,) = orders(yard, "initech-out")
    start, groups, (document,) = headers(body)
    header = start.header
    assert (str(header.sender), str(header.receiver)) == ("14:5412345000020", "14:5412345000013")
    assert (header.version, header.control_number, header.acknowledgment_requested) == ("UNOA:3", "1", True)
    assert (groups, document.type, document.version, document.control_number) == ([], "ORDERS", "D.96A", "1")
    assert segments(body, "BGM") == ["BGM+220+PO-8+9"]
    assert [s.name for s in yard.sent if s.body == body] == ["orders-5412345000020-5412345000013-000000001.edi"]


def test_the_lane_marks_it_as_test(yard: Yard) -> None:
    lane = GLOBEX[GLOBEX.index("[[agreement]]") :].replace("globex-orders", "globex-test")
    yard.agree(globex=f'{GLOBEX}{lane}lane = "test"\nroute = "initech-purchases"\n', initech=to_initech(lane='"test"'))
    yard.arrive(x12(1, order("A"), usage="T"))
    (body,) = orders(yard, "initech-out")
    assert headers(body)[0].header.test


def test_the_envelope_is_as_agreed(yard: Yard) -> None:
    agreed = """\
[agreement.envelope]
control_number_start = 700
acknowledgment_requested = true
version = "00403"
group_sender = "ACMEGS"
group_receiver = "GLOBEXGS"
line_break = true
[agreement.envelope.delimiters]
element = "|"
"""
    pass_on(yard, globex=to_globex(agreed, version='"004010VICS"'))
    yard.arrive(edifact("1", message("A", 1)), "initech-in")
    (body,) = orders(yard)
    start, (group,), _ = headers(body)
    header = start.header
    assert (header.version, header.control_number, header.acknowledgment_requested) == ("00403", "000000700", True)
    assert (str(group.header.sender), str(group.header.receiver)) == ("ACMEGS", "GLOBEXGS")
    assert group.header.version == "004010VICS"
    assert header.delimiters[:3] == ("|", ">", "~")
    assert body.count(b"~\n") == body.count(b"~")


def test_an_association_code_is_part_of_the_agreed_version(yard: Yard) -> None:
    pass_on(yard, initech=to_initech(version='"D.96A:EAN008"'))
    yard.arrive(x12(1, order("A")))
    (body,) = orders(yard, "initech-out")
    assert segments(body, "UNH") == ["UNH+1+ORDERS:D:96A:UN:EAN008"]


def test_a_character_set_is_agreed(yard: Yard) -> None:
    pass_on(yard, globex=to_globex(charset='"iso8859-1"'))
    body = edifact("1", message("PO-7", 1)).replace(b"NAD+BY+5412345000013::9'", b"NAD+BY+5412345000013::9++M\xfcller'")
    yard.arrive(body, "initech-in")
    (sent,) = orders(yard)
    assert b"M\xfcller" in sent
    pass_on(yard, globex=to_globex())
    yard.arrive(
        body.replace(b"PO-7", b"PO-8").replace(b"0822+1'", b"0822+2'").replace(b"UNZ+1+1'", b"UNZ+1+2'"), "initech-in"
    )
    assert withheld(yard) == ["MAP-CHARSET"]


# Delimiters


def with_text(text: str) -> list[str]:
    """An order with a text in it."""
    body = order("A")
    body.insert(3, f"PID*F****{text}")
    return body


def test_other_delimiters_are_taken_where_the_data_have_the_usual_ones(yard: Yard) -> None:
    pass_on(yard, globex=to_globex())
    yard.arrive(edifact("1", message("A*B~C", 1)), "initech-in")
    (body,) = orders(yard)
    start, _, _ = headers(body)
    assert start.header.delimiters[:3] == ("|", ">", "!")
    assert b"BEG|00|SA|A*B~C||20261120!" in body
    assert withheld(yard) == []


def test_an_agreed_delimiter_that_is_in_the_data_withholds_that_document_alone(yard: Yard) -> None:
    pass_on(yard, globex=to_globex('[agreement.envelope.delimiters]\nelement = "*"\n', batch='"interchange"'))
    yard.arrive(edifact("1", message("A*1", 1), message("B", 2)), "initech-in")
    (body,) = orders(yard)
    assert segments(body, "BEG") == ["BEG*00*SA*B**20261120"]
    assert withheld(yard) == ["MAP-CHAR"]
    assert yard.column("SELECT status FROM documents WHERE agreement = 'globex-purchases' ORDER BY turn") == [
        "withheld",
        "sent",
    ]


# What cannot be written


def test_what_the_mapping_would_lose_is_withheld_unless_the_agreement_lets_it_go(yard: Yard) -> None:
    pass_on(yard, initech=to_initech(unmapped='"hold"'))
    body = order("A")
    body.insert(1, "CSH*Y")
    yard.arrive(x12(1, body, order("B")))
    assert len(orders(yard, "initech-out")) == 1
    assert withheld(yard) == ["GTW-UNWRITTEN"]
    text = yard.one("SELECT text FROM holds")
    assert text.startswith("Mapping edifact/orders-d96a has no place for what the document says in CSH[1]: it would be")
    assert 'unmapped = "report"' in text
    pass_on(yard, initech=to_initech())
    release(yard.database, Reference("document", yard.one("SELECT document_id FROM holds")), "ann", AT)
    yard.work()
    assert len(orders(yard, "initech-out")) == 2


def test_what_would_not_be_valid_is_withheld_with_its_place(yard: Yard) -> None:
    """ORDERS may be without a line, 850 may not."""
    pass_on(yard, globex=to_globex())
    yard.arrive(edifact("1", message("A", 1).split("LIN+")[0] + "UNS+S'UNT+8+1'"), "initech-in")
    assert orders(yard) == []
    assert withheld(yard) == ["GTW-INVALID"]
    assert "Written as 850 004010 the document would not be valid: " in yard.one("SELECT text FROM holds")
    assert "PO1" in yard.one("SELECT text FROM holds")


def test_a_mapping_of_something_else_is_named(yard: Yard) -> None:
    pass_on(yard, globex=to_globex(mapping='"edifact/orders-d96a"'))
    yard.arrive(edifact("1", message("A", 1)), "initech-in")
    assert withheld(yard) == ["GTW-MAPPING"]
    assert "it is for Order as ORDERS in edifact" in yard.one("SELECT text FROM holds")


def test_a_side_without_a_name_in_the_standard_is_named(yard: Yard) -> None:
    pass_on(yard, acme=yard.partners["acme"].split('[[identity]]\nstandard = "edifact"')[0], initech=to_initech())
    yard.arrive(x12(1, order("A")))
    assert withheld(yard) == ["GTW-ENVELOPE"]
    assert "acme has no [[identity]] for edifact" in yard.one("SELECT text FROM holds")


# What is on record


def test_an_interchange_that_leaves_is_on_record_with_its_documents(yard: Yard) -> None:
    pass_on(yard, globex=to_globex(batch='"interchange"'))
    yard.arrive(edifact("1", message("A", 1), message("B", 2)), "initech-in")
    (interchange,) = yard.column("SELECT id FROM interchanges WHERE direction = 'out' AND standard = 'x12'")
    read_back = {
        name: yard.one(f"SELECT {name} FROM interchanges WHERE id = :i", i=interchange)
        for name in ("sender", "receiver", "from_party", "to_party", "control_number", "status", "documents", "lane")
    }
    assert read_back == {
        "sender": "ZZ:ACME",
        "receiver": "ZZ:GLOBEX",
        "from_party": "acme",
        "to_party": "globex",
        "control_number": "000000001",
        "status": "composed",
        "documents": 2,
        "lane": "production",
    }
    documents = "SELECT {} FROM documents WHERE interchange_id = :i ORDER BY position"
    assert yard.column(documents.format("position || control_number"), i=interchange) == ["10001", "20002"]
    assert None not in yard.column(documents.format("mapping_digest"), i=interchange)
    assert None not in yard.column(documents.format("schema_digest"), i=interchange)
    assert yard.count("texts", "kind = 'mapping'") == 2


def test_files_of_json_and_receipts_are_on_record_too(yard: Yard) -> None:
    yard.arrive(x12(7, order("A"), order("B")))
    assert yard.column(
        "SELECT standard || ' ' || receiver || ' ' || control_number || ' ' || documents FROM interchanges "
        "WHERE direction = 'out' ORDER BY standard"
    ) == ["json acme-erp 1 2", "x12 ZZ:GLOBEX 000000001 1"]
    assert yard.column(
        "SELECT d.type || ' ' || d.control_number FROM documents d JOIN interchanges i ON i.id = d.interchange_id "
        "WHERE i.direction = 'out' ORDER BY d.id"
    ) == ["997 0001", "Order 1", "Order 2"]


# Control numbers


def test_documents_and_receipts_draw_from_one_counter(yard: Yard) -> None:
    pass_on(yard, globex=to_globex())
    yard.arrive(x12(7, order("A")))
    yard.arrive(edifact("1", message("B", 1)), "initech-in")
    yard.arrive(x12(8, order("C")))
    numbers = [control_number(body) for body in yard.to("globex-out")]
    assert sorted(numbers) == [f"{n:09d}" for n in range(1, len(numbers) + 1)]
    assert len(numbers) == 3
    assert len(orders(yard)) == 1


def test_two_identities_of_a_partner_are_counted_apart(yard: Yard) -> None:
    second = GLOBEX.replace(
        "[[endpoint]]", '[[identity]]\nstandard = "x12"\nqualifier = "ZZ"\nidentifier = "GLOBEX2"\n[[endpoint]]', 1
    )
    yard.agree(globex=second)
    yard.arrive(x12(7, order("A")))
    yard.arrive(x12(7, order("B"), sender="GLOBEX2"))
    assert sorted(sent.name for sent in yard.sent if sent.endpoint == "globex-out") == [
        "997-ACME-GLOBEX-000000001.x12",
        "997-ACME-GLOBEX2-000000001.x12",
    ]


def test_what_never_left_is_void_and_its_number_is_not_given_again(yard: Yard) -> None:
    pass_on(yard, globex=to_globex(deadlines='{ "997" = "24h" }'))
    yard.door("globex-out").failures.plan("deliver", ConnectorError("No route to host."), times=3)
    yard.arrive(edifact("1", message("A", 1)), "initech-in")
    stopped = Reference("transmission", yard.one("SELECT id FROM transmissions WHERE endpoint = 'globex-out'"))
    for _ in range(2):
        sweep(yard.database)
        yard.work()
    assert yard.status(stopped) == "stopped"
    assert cancel(yard.database, stopped, "ann", AT) == "cancelled"
    assert yard.column("SELECT status FROM interchanges WHERE direction = 'out' AND standard = 'x12'") == ["void"]
    assert yard.count("documents", "status = 'cancelled'") == 1
    assert yard.column("SELECT state FROM expectations") == ["waived"]
    assert yard.count("events", "name = 'interchange.void'") == 1
    yard.arrive(edifact("2", message("B", 1)), "initech-in")
    assert control_number(orders(yard)[0]) == "000000002"


def test_resending_keeps_the_number(yard: Yard) -> None:
    pass_on(yard, globex=to_globex())
    yard.arrive(edifact("1", message("A", 1)), "initech-in")
    sent = yard.one("SELECT id FROM transmissions WHERE endpoint = 'globex-out'")
    resend(yard.database, Reference("transmission", sent), "ann", AT)
    yard.work()
    first, second = orders(yard)
    assert first == second


def test_when_the_numbers_are_used_up_documents_wait_and_none_is_given_twice(yard: Yard) -> None:
    pass_on(yard, globex=to_globex("[agreement.envelope]\ncontrol_number_start = 999999999\n"))
    yard.arrive(edifact("1", message("A", 1)), "initech-in")
    yard.arrive(edifact("2", message("B", 1)), "initech-in")
    assert [control_number(body) for body in orders(yard)] == ["999999999"]
    assert withheld(yard) == ["GTW-NUMBERS"]
    assert "are used up" in yard.one("SELECT text FROM holds")
    came = yard.arrive(x12(7, order("C")))  # and no receipt: the order is taken all the same
    assert yard.status(came) == "translated"
    assert yard.issues(came) == ["GTW-NUMBERS"]
    assert yard.erp() == [["C"]]


# Order of one business key


def test_what_is_withheld_keeps_later_documents_of_its_key_back(yard: Yard) -> None:
    pass_on(yard, initech=to_initech(mapping='"x12/850"'))
    yard.arrive(x12(1, order("A"), order("B")))
    pass_on(yard, initech=to_initech())
    yard.arrive(x12(2, order("A", function=REPLACE, quantity=9), order("C")))
    assert [segments(body, "BGM") for body in orders(yard, "initech-out")] == [["BGM+220+C+9"]]
    first, second = yard.column("SELECT document_id FROM holds WHERE released_at IS NULL ORDER BY id")
    cancel(yard.database, Reference("document", second), "ann", AT)
    release(yard.database, Reference("document", first), "ann", AT)
    yard.work()
    assert [segments(body, "BGM")[0] for body in orders(yard, "initech-out")][1:] == ["BGM+220+A+9", "BGM+220+A+5"]
    assert yard.nothing_left()


def test_the_end_of_what_is_withheld_lets_the_next_one_go(yard: Yard) -> None:
    pass_on(yard, initech=to_initech(mapping='"x12/850"'))
    yard.arrive(x12(1, order("A")))
    pass_on(yard, initech=to_initech())
    yard.arrive(x12(2, order("A", function=REPLACE, quantity=9)))
    assert orders(yard, "initech-out") == []
    cancel(yard.database, Reference("document", yard.one("SELECT document_id FROM holds")), "ann", AT)
    yard.work()
    assert len(orders(yard, "initech-out")) == 1
    assert yard.partners["acme-erp"] == ERP


def test_what_is_withheld_keeps_back_what_is_written_with_it(yard: Yard) -> None:
    pass_on(yard, globex=to_globex(batch='"interchange"'))
    empty = message("A", 1).split("LIN+")[0] + "UNS+S'UNT+8+1'"  # an 850 needs a line
    yard.arrive(edifact("1", empty, message("A", 2, quantity="9"), message("B", 3)), "initech-in")
    assert [segments(body, "BEG") for body in orders(yard)] == [["BEG*00*SA*B**20261120"]]
    cancel(yard.database, Reference("document", yard.one("SELECT document_id FROM holds")), "ann", AT)
    yard.work()
    assert [segments(body, "BEG") for body in orders(yard)][1:] == [["BEG*00*SA*A**20261120"]]
    assert yard.nothing_left()
