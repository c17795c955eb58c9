"""``crossdock demo --as2`` as a newcomer sees it: what it tells, and that both records say the same."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from gateway.cli.demo_as2_account import Passage
from tests.acceptance.newcomer import Newcomer

SCENES = (("sync", "4500017301", "000000001"), ("async", "4500017302", "000000002"))


@pytest.fixture(scope="module")
def told(stranger: Newcomer) -> list[str]:
    """What it prints: before the first scene, and scene by scene."""
    return re.split(r"^\d\. An order, .*$", stranger.run("demo", "--as2", "--keep", "dock"), flags=re.MULTILINE)


@pytest.fixture
def look(told: list[str], stranger: Newcomer) -> Any:
    """The result of a command in the home of one of the two."""

    def command(home: str, *arguments: str) -> list[dict[str, Any]]:
        found = stranger.run("--home", f"dock/{home}", *arguments, "--json")
        return [json.loads(line) for line in found.splitlines()]

    return command


def test_each_makes_a_key_and_gives_its_certificate_alone(told: list[str], stranger: Newcomer) -> None:
    for us, them in (("globex", "acme"), ("acme", "globex")):
        assert f"$ crossdock --home {us} as2 keygen {us} --passphrase file:keys/passphrase" in told[0]
        home = stranger.folder / "dock" / us
        (key,) = (home / "keys").glob("*.pem")
        assert b"ENCRYPTED PRIVATE KEY" in key.read_bytes()
        assert key.stat().st_mode & 0o077 == 0
        assert {each.name.partition("-")[0] for each in (home / "certificates").iterdir()} == {us, them}
        assert not list((home / "certificates").glob("*.key"))
        assert not any(b"PRIVATE" in each.read_bytes() for each in (home / "certificates").iterdir())


@pytest.mark.parametrize("number", [1, 2])
def test_a_scene_tells_the_whole_way(told: list[str], number: int) -> None:
    mdn, order, control = SCENES[number - 1]
    scene = told[number]
    assert "✗" not in scene
    assert scene.count("✓") == 10
    lines = [line.strip() for line in scene.splitlines()]
    assert f"BEG*00*SA*{order}**20261120~" in lines
    assert f"IEA*1*{control}~" in lines
    assert [line for line in lines if line.startswith("AK")] == [
        f"AK1*PO*{number}~",
        "AK2*850*0001~",
        "AK5*A~",
        "AK9*A*1*1*1~",
    ]
    assert scene.count("signed with sha256, encrypted with aes256-cbc") == 2
    way = "in the answer" if mdn == "sync" else r"in a request of its own, tx_\d+"
    for signer in ("O=Acme Tools Inc.,CN=ACME-EDI", "O=Globex Retail,CN=GLOBEX-EDI"):
        said = "automatic-action/MDN-sent-automatically; processed"
        assert any(re.fullmatch(rf"✓ MDN {way}, signed by {signer}: {said}", line) for line in lines)
    assert f"✓ Acme Tools Inc. has order {order}: 850 handled" in lines
    assert f"✓ Globex Retail's order {order}: accepted" in lines


def test_both_records_tell_the_same(look: Any, stranger: Newcomer) -> None:
    ours = look("globex", "transmissions", "--limit", "100")
    theirs = look("acme", "transmissions", "--limit", "100")
    for one, other, way in ((ours, theirs, "850"), (theirs, ours, "997")):
        sent = {row["file_name"]: row["sha256"] for row in one if row["file_name"].startswith(way)}
        came = {row["file_name"]: row["sha256"] for row in other if row["file_name"].startswith(way)}
        assert len(sent) == 2
        assert sent == came, "the same documents under the same names, byte for byte"
    for rows in (ours, theirs):
        mdns = sorted((row["direction"], row["status"]) for row in rows if row["file_name"] == "mdn.txt")
        assert mdns == [("in", "kept"), ("out", "delivered")], "of the second scene: the first had no requests for them"
    orders = look("globex", "documents", "--direction", "out")
    assert sorted((row["type"], row["business_key"], row["status"]) for row in orders) == [
        ("850", f"order:{order}", "accepted") for _, order, _ in SCENES
    ]
    handled = look("acme", "documents", "--direction", "in")
    assert sorted((row["type"], row["business_key"], row["status"]) for row in handled) == [
        ("850", f"order:{order}", "handled") for _, order, _ in SCENES
    ]
    files = sorted((stranger.folder / "dock/acme/exchange/out/acme-erp").iterdir())
    assert [json.loads(file.read_text())["id"] for file in files] == [order for _, order, _ in SCENES]


def test_nothing_is_awaited_any_more_and_each_mdn_belongs_to_its_message(look: Any) -> None:
    for home, way in (("globex", "850"), ("acme", "997")):
        for row in look(home, "transmissions", "--limit", "100"):
            if row["direction"] == "out" and row["file_name"].startswith(way):
                (story,) = look(home, "trace", row["id"])
                assert all(each["state"] == "resolved" for each in story["expectations"])
                names = [event["name"] for event in story["events"]]
                assert names.count("mdn.received") == 1


@pytest.mark.parametrize("mdn", ["sync", "async"])
def test_what_went_over_the_wire_is_kept_and_explained(told: list[str], stranger: Newcomer, mdn: str) -> None:
    wire = (stranger.folder / f"dock/wire/order-{mdn}.as2").read_bytes()
    head, _, body = wire.partition(b"\r\n\r\n")
    assert b"as2-from: globex-edi" in head.lower()
    assert (b"receipt-delivery-option: http://127.0.0.1:" in head.lower()) == (mdn == "async")
    assert b"ISA*" not in body
    assert "It is taken: processed." in stranger.run(
        "--home", "dock/acme", "as2", "explain", f"dock/wire/order-{mdn}.as2"
    )
    assert "It was received." in stranger.run("--home", "dock/globex", "as2", "explain", f"dock/wire/mdn-{mdn}.as2")
    stranger.run("--home", "dock/globex", "as2", "explain", f"dock/wire/order-{mdn}.as2", code=1)  # its key is Acme's


def test_the_commands_that_it_ends_with_work(told: list[str], stranger: Newcomer) -> None:
    end = told[-1].splitlines()
    named = [line.strip() for line in end if line.strip().startswith("crossdock --home")]
    assert len(named) == 3
    for command in named:
        words = command.removeprefix("crossdock ").split()
        if words[-1] == "tx_…":
            listed = stranger.run(*words[:2], "transmissions", "--json").splitlines()
            words[-1] = json.loads(listed[-1])["id"]
        assert stranger.run(*words)


def test_it_leaves_nothing_behind_and_minds_no_variables(newcomer: Newcomer) -> None:
    newcomer.environment["CROSSDOCK_AS2__LISTEN"] = "127.0.0.1:1"
    newcomer.environment["CROSSDOCK_DATABASE"] = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    assert "crossdock demo --as2 --keep DIR" in newcomer.run("demo", "--as2")
    assert [path for path in newcomer.folder.rglob("*") if path.is_file()] == []


def test_what_is_not_so_is_not_claimed() -> None:
    """The judgement itself: each thing that may differ."""

    class Row:
        def __init__(self, **values: Any) -> None:
            self.__dict__ = values

    good = {
        "document": None,
        "sent": Row(status="confirmed", mic="x"),
        "came": Row(mic="x"),
        "body": b"ISA",
        "body_there": b"ISA",
        "wire": b"",
        "mdn": Row(mic=Row(value="x"), signer=object(), doubt="", disposition=Row(positive=True)),
    }
    assert Passage(**good).agrees  # type: ignore[arg-type]
    for name, other in (
        ("sent", Row(status="sent", mic="x")),
        ("came", Row(mic="y")),
        ("body_there", b"IEA"),
        ("mdn", Row(mic=None, signer=object(), doubt="", disposition=Row(positive=True))),
        ("mdn", Row(mic=Row(value="y"), signer=object(), doubt="", disposition=Row(positive=True))),
        ("mdn", Row(mic=Row(value="x"), signer=None, doubt="", disposition=Row(positive=True))),
        ("mdn", Row(mic=Row(value="x"), signer=object(), doubt="bad", disposition=Row(positive=True))),
        ("mdn", Row(mic=Row(value="x"), signer=object(), doubt="", disposition=Row(positive=False))),
    ):
        assert not Passage(**(good | {name: other})).agrees  # type: ignore[arg-type]
