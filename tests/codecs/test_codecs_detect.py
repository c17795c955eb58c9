"""detect() tells a format from its first bytes."""

from __future__ import annotations

import pytest

from gateway.codecs import detect
from tests.codecs.interchanges import EDIFACT, ISA, X12

CASES = {
    X12.encode(): ("x12", "interchange version 00401"),
    b"\xef\xbb\xbf\r\n  " + X12.encode(): ("x12", "interchange version 00401"),
    ISA.replace("*", "\x1d").encode(): ("x12", "interchange version 00401"),
    b"ISA*00*broken~": ("x12", "ISA without sixteen elements"),
    EDIFACT.encode(): ("edifact", "syntax UNOC:3"),
    b"UNA:+.? '\r\n" + EDIFACT.encode(): ("edifact", "syntax UNOC:3"),
    b"UNB\x1dUNOB\x1f1\x1d": ("edifact", "syntax UNOB:1"),
    b"UNA:+.? 'UNH+1+ORDERS:D:96A:UN'": ("edifact", "message without interchange (UNB)"),
    b"UNH+1+ORDERS:D:96A:UN'": ("edifact", "message without interchange (UNB)"),
    b"UNB+IATA:1+1A+KRC+": ("edifact", "syntax IATA:1"),
    b"UIB+UNOA:4'": ("edifact", "interactive, syntax UNOA:4"),
    b"UNA:+.? 'nothing": ("edifact", "UNA without UNB"),
    b"<Order/>": ("xml", "Order"),
    b'<?xml version="1.0"?>\n<o:Order xmlns:o="urn:acme:order"><o:': ("xml", "Order (urn:acme:order)"),
    '<?xml version="1.0" encoding="UTF-16"?><Order/>'.encode("utf-16"): ("xml", "Order"),
    b"<?xml version='1.0'?><!-- cut off befo": ("xml", ""),
    b'{"id": 4711}': ("json", "object"),
    b' [\n {"id": 1}]': ("json", "array"),
    b"order;line;quantity\r\n4711;1;5\r\n": ("csv", "3 fields, semicolon between"),
    b'sku,text\n1,"bolts, nuts"\n': ("csv", "2 fields, comma between"),
    b"a\tb\n1\t2\n": ("csv", "2 fields, tab between"),
    b"name|town\nM\xfcller|K\xf6ln\n": ("csv", "2 fields, vertical bar between"),
    b"": ("unknown", "empty"),
    b" \r\n": ("unknown", "empty"),
    b"Dear partner,\nplease find no order here.\n": ("unknown", "text"),
    b"VISA*00* nothing": ("unknown", "text"),
    b"STX=ANA:1+5000000000000'": ("unknown", "TRADACOMS"),
    b"EDI_DC40  100": ("idoc", "flat"),
    b"\x00\x01\x02\x03\xff": ("unknown", "binary data"),
    b"\xff\xfeh\x00i\x00": ("unknown", "text in utf-16"),
    b"<not xml": ("unknown", "text"),
    b"{no json}": ("unknown", "text"),
}


@pytest.mark.parametrize("head", CASES, ids=lambda head: repr(head[:24]))
def test_a_format_is_told_from_its_first_bytes(head: bytes) -> None:
    assert detect(head) == CASES[head]


def test_only_the_first_bytes_are_looked_at() -> None:
    assert detect(b"a,b\n" * 100_000).format == "csv"
    assert detect(b"a,b\n" * 5_000 + b"\x00\xff" * 5_000).format == "csv"


def test_an_xml_head_is_read_without_entities_and_without_its_dtd() -> None:
    head = b'<!DOCTYPE Order SYSTEM "http://127.0.0.1:1/x.dtd" [<!ENTITY a "aaaa">]><Order>&a;</Order>'
    assert detect(head) == ("xml", "Order")
