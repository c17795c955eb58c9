"""Two gateways over sockets: each way of answering, what comes too late, what does not fit."""

from __future__ import annotations

import pytest

from tests.as2_doors.conftest import Open
from tests.as2_doors.gateways import free_port
from tests.as2_doors.plain import PlainSpeaker
from tests.chaos.proxy import CLIENT, SERVER, ChaosProxy, Faults, cut, half_close, refuse, reset, truncate

#: The other side: for it, we are them.
OTHER = {"us": "they", "them": "them", "US": "THEM", "THEM": "US"}


@pytest.mark.parametrize("mdn", ["sync", "no"])
@pytest.mark.parametrize("length", ["true", "false"])
def test_what_was_sent_is_received_and_delivered(gateway: Open, mdn: str, length: str) -> None:
    there = gateway("there", **OTHER)
    here = gateway("here", url=there.url, out_options=f'mdn = "{mdn}"\ncontent_length = {length}')
    id = here.leave(b"ISA*" + b"1" * 300_000)
    here.deliver()
    assert here.status(id) == ("delivered", None)
    (row,) = there.rows("SELECT t.size, t.status FROM transmissions t")
    assert row == (300_004, "received")
    (exchange,) = here.rows("SELECT status, attempts FROM exchanges")
    assert exchange == ("confirmed" if mdn == "sync" else "delivered", 1)


def test_an_asynchronous_mdn_settles_what_was_sent(gateway: Open) -> None:
    port = free_port()
    back = f"http://127.0.0.1:{port}/as2"
    there = gateway("there", **OTHER, in_options=f'mdn_urls = ["http://127.0.0.1:{port}/"]')
    here = gateway(
        "here",
        port=str(port),
        url=there.url,
        out_options=f'mdn = "async"\n[endpoint.headers]\nReceipt-Delivery-Option = "{back}"',
    )
    id = here.leave()
    here.deliver()
    assert here.status(id) == ("delivered", None)
    assert [row.state for row in here.rows("SELECT state FROM expectations WHERE kind = 'MDN'")] == ["open"]
    there.deliver()
    assert [row.state for row in here.rows("SELECT state FROM expectations")] == ["resolved"]
    assert [row.status for row in here.rows("SELECT status FROM exchanges")] == ["confirmed"]
    assert [row.status for row in there.rows("SELECT status FROM transmissions WHERE format = 'MDN'")] == ["delivered"]
    (mdn,) = here.rows("SELECT parent_id, status FROM transmissions WHERE format = 'MDN'")
    assert mdn == (id, "kept")


def test_an_mdn_does_not_go_where_nobody_agreed_on(gateway: Open) -> None:
    back = f"http://127.0.0.1:{free_port()}/as2"
    there = gateway("there", **OTHER)
    here = gateway(
        "here", url=there.url, out_options=f'mdn = "async"\n[endpoint.headers]\nReceipt-Delivery-Option = "{back}"'
    )
    here.leave()
    here.deliver()
    there.deliver()
    (owed,) = there.rows("SELECT status, reason FROM transmissions WHERE format = 'MDN'")
    assert owed.status == "stopped"
    assert "mdn_private = true" in owed.reason or "mdn_urls" in owed.reason


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"mic": "another"}, "AS2-MIC"),
        ({"mic": ""}, "AS2-NO-MIC"),
        ({"disposition": "processed/error: decryption-failed"}, "AS2-NEGATIVE"),
        ({"doubt": "its signature is of a stranger"}, "AS2-UNVERIFIED"),
        ({"id": "<another@us>"}, "AS2-UNVERIFIED"),
    ],
)
def test_an_mdn_that_is_no_good_one_stops_the_transmission(gateway: Open, told: dict[str, str], code: str) -> None:
    there = gateway("there", PlainSpeaker(**told), **OTHER)
    here = gateway("here", url=there.url)
    id = here.leave()
    here.deliver(3)
    status, reason = here.status(id)
    assert (status, bool(reason)) == ("stopped", True)
    assert [row.code for row in here.rows("SELECT code FROM issues")] == [code]
    assert [row.attempts for row in here.rows("SELECT attempts FROM exchanges")] == [1]


@pytest.mark.parametrize(
    "fault",
    [
        refuse(),
        cut(40),
        cut(250),
        cut(5, CLIENT),
        cut(60, CLIENT),
        reset(100, SERVER),
        reset(30, CLIENT),
        half_close(100, SERVER),
        half_close(20, CLIENT),
        truncate(120, CLIENT),
    ],
    ids=str,
)
def test_nothing_is_lost_and_nothing_is_twice_on_a_bad_line(gateway: Open, fault: Faults) -> None:
    there = gateway("there", **OTHER)
    with ChaosProxy(("127.0.0.1", there.port), fault, fault) as proxy:
        host, port = proxy.address
        here = gateway("here", url=f"http://{host}:{port}/", out_options="seconds = 1.0")
        id = here.leave()
        here.deliver(4)
        assert here.status(id) == ("delivered", None)
    assert len(there.rows("SELECT id FROM transmissions WHERE status = 'received'")) == 1
    assert len(there.rows("SELECT id FROM exchanges WHERE status = 'processed'")) == 1
    assert len(here.rows("SELECT DISTINCT message_id FROM exchanges")) == 1
