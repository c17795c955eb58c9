"""Webhooks of web shops over real HTTP: signed, stored before they are answered, received once, and nothing lost."""

from __future__ import annotations

import base64
import hmac
import json
import subprocess
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.store.statements import both, run
from tests.chaos.proxy import CLIENT, SERVER, ChaosProxy, cut, delay, half_close, reset, truncate
from tests.web.serving import Desk, serving

DATA = Path(__file__).parents[1] / "data" / "shops"
SECRET = "hush-shop-secret"

SHOP = """\
id = "webshop"
name = "The shop on the web"

[[endpoint]]
name = "webshop-{form}"
connector = "{form}"
direction = "in"
secret = "file:shop.secret"
previous_secret = "file:shop.old"
ignore = ["products/*"]
max_bytes = 100000

[[agreement]]
name = "webshop-orders"
with = "acme"
direction = "in"
standard = "json"
type = "{type}"
document = "Order"

[[agreement]]
name = "webshop-tests"
with = "acme"
direction = "in"
lane = "test"
standard = "json"
type = "{type}"
document = "Order"
"""

TYPES = {"shopify": "shopify.orders/create", "woocommerce": "woocommerce.order.created"}


@pytest.fixture
def home(home: Path, request: pytest.FixtureRequest) -> Path:
    form = getattr(request, "param", "shopify")
    (home / "partners" / "webshop.toml").write_text(SHOP.format(form=form, type=TYPES[form]))
    (home / "shop.secret").write_text(SECRET + "\n")
    (home / "shop.old").write_text("old")
    return home


def sample(form: str = "shopify", **changed: Any) -> bytes:
    tree = json.loads((DATA / f"{form}-order.json").read_text())
    return json.dumps(tree | changed).encode()


def signature(body: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, sha256).digest()).decode()


def headers(body: bytes, id: str = "w-1", topic: str = "orders/create", **more: str) -> dict[str, str]:
    return {
        "content-type": "application/json",
        "x-shopify-hmac-sha256": signature(body),
        "x-shopify-topic": topic,
        "x-shopify-webhook-id": id,
        "x-shopify-shop-domain": "acme-tools.myshopify.com",
    } | more


def post(desk: Desk, body: bytes, head: dict[str, str], door: str = "webshop-shopify") -> httpx.Response:
    return desk.client().post(f"/shops/{door}", content=body, headers=head)


def rows(desk: Desk, sql: str) -> list[Any]:
    with desk.service.database.read() as connection:
        return run(connection, both(sql)).all()


def bodies(desk: Desk) -> list[bytes]:
    sql = (
        "SELECT p.body FROM transmissions t JOIN payloads p ON p.id = t.payload_id WHERE direction = 'in' ORDER BY t.id"
    )
    return [bytes(row.body) for row in rows(desk, sql)]


def documents(desk: Desk) -> list[tuple[str, str, str, str]]:
    sql = "SELECT type, canonical, status, business_key, lane FROM documents WHERE direction = 'in' ORDER BY id"
    return [(row.canonical, row.status, row.business_key, row.lane) for row in rows(desk, sql)]


def held(desk: Desk) -> list[str]:
    return [row.code for row in rows(desk, "SELECT code FROM holds WHERE released_at IS NULL ORDER BY id")]


def test_curl_and_openssl_bring_an_order_to_the_erp(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    file.write_bytes(sample())
    digest = subprocess.run(
        ["openssl", "dgst", "-sha256", "-hmac", SECRET, "-binary", str(file)], capture_output=True, check=True
    ).stdout
    command = ["curl", "-sS", "--data-binary", f"@{file}", f"{desk.url}/shops/webshop-shopify"]
    for name, value in headers(b"").items():
        value = base64.b64encode(digest).decode() if name.endswith("sha256") else value
        command += ["-H", f"{name}: {value}"]
    answer = subprocess.run(command, capture_output=True, check=True).stdout
    assert json.loads(answer)["transmission"].startswith("tx_")
    assert bodies(desk) == [file.read_bytes()]
    desk.work()
    assert documents(desk) == [("Order", "handled", "order:#1042", "production")]
    (left,) = list(Path(desk.service.config.exchange, "out", "acme-erp").glob("*.jsonl"))
    order = json.loads(left.read_text())
    assert (order["id"], order["payable_amount"], order["buyer_customer_party"]["name"]) == (
        "#1042",
        "85.63",
        "Mira Haldén",
    )
    assert {"address": "/note_attributes", "tag": "note_attributes", "reason": "no line of the table takes it",
            "text": '[{"name":"gift_wrap","value":"no"}]'} in order["extensions"]  # fmt: skip


@pytest.mark.parametrize("home", ["woocommerce"], indirect=True)
def test_woocommerce_pings_and_sends_an_order(desk: Desk) -> None:
    ping = {"content-type": "application/x-www-form-urlencoded"}
    assert post(desk, b"webhook_id=17", ping, "webshop-woocommerce").status_code == 200
    assert bodies(desk) == []
    body = sample("woocommerce")
    head = {"x-wc-webhook-signature": signature(body), "x-wc-webhook-topic": "order.created",
            "x-wc-webhook-delivery-id": "d-1", "x-wc-webhook-source": "https://shop.example/"}  # fmt: skip
    assert post(desk, body, head, "webshop-woocommerce").status_code == 200
    other = sample("woocommerce", id=5118, number="5118")  # the shop gives one id twice within a second
    again = head | {"x-wc-webhook-signature": signature(other)}
    assert post(desk, other, again, "webshop-woocommerce").json()["transmission"] != "tx_1"
    desk.work()
    assert [row[:3] for row in documents(desk)] == [
        ("Order", "handled", "order:5117"),
        ("Order", "handled", "order:5118"),
    ]


def test_what_is_not_signed_with_the_secret_is_not_received(desk: Desk) -> None:
    body = sample()
    others = (signature(body, "other"), signature(body + b" "), signature(body)[:-2])
    for wrong in ("", "x", *others):
        answer = post(desk, body, headers(body) | {"x-shopify-hmac-sha256": wrong})
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
    assert bodies(desk) == []
    assert post(desk, body, headers(body) | {"x-shopify-hmac-sha256": signature(body, "old")}).status_code == 200
    assert post(desk, b"webhook_id=17", {}).status_code == 401  # only WooCommerce pings


def test_it_comes_again_and_is_received_once(desk: Desk) -> None:
    body = sample()
    first, second = post(desk, body, headers(body)), post(desk, body, headers(body))
    assert (first.json()["transmission"], second.json()["repeated"]) == (second.json()["transmission"], True)
    assert post(desk, body, headers(body, id="w-2")).status_code == 200  # another subscription of the shop
    changed = sample(note="Something else")
    assert post(desk, changed, headers(changed, id="w-3")).status_code == 200
    desk.work()
    assert len(bodies(desk)) == 3
    assert documents(desk) == [("Order", "handled", "order:#1042", "production")]
    assert held(desk) == ["GTW-CONFLICT"]


def test_topics_that_are_no_orders_are_recorded_or_held_and_never_lost(desk: Desk) -> None:
    body = b'{"id": 9}'
    for number, topic in enumerate(("products/update", "customers/create", "orders/updated", "")):
        assert post(desk, body, headers(body, id=f"w-{number}", topic=topic)).status_code == 200
    desk.work()
    assert [bytes(each) for each in bodies(desk)] == [body] * 4
    statuses = [row.status for row in rows(desk, "SELECT status FROM transmissions ORDER BY id")]
    assert statuses == ["translated", "held", "held", "translated"]  # the last one: no topic, taken for an order
    configuration = [row.configuration for row in rows(desk, "SELECT configuration FROM holds ORDER BY id")]
    assert 'type = "shopify.orders/updated"' in configuration[1]
    assert documents(desk) == [(None, "held", None, "production")]


def test_a_test_order_is_of_the_test_lane(desk: Desk) -> None:
    body = sample(test=True)
    assert post(desk, body, headers(body)).status_code == 200
    desk.work()
    assert [row[3] for row in documents(desk)] == ["test"]
    assert not list(Path(desk.service.config.exchange, "out", "acme-erp").glob("*.jsonl"))


def test_bodies_that_are_too_large_and_doors_that_are_none(desk: Desk) -> None:
    body = b'{"a": "' + b"x" * 100_000 + b'"}'
    assert post(desk, body, headers(body)).status_code == 413
    assert post(desk, b"{}", headers(b"{}"), "globex-in").status_code == 404
    assert post(desk, b"{}", headers(b"{}"), "nobody").status_code == 404
    assert bodies(desk) == []


def test_a_secret_that_is_gone_is_no_reason_to_lose_a_webhook(desk: Desk, home: Path) -> None:
    (home / "shop.secret").unlink()
    body = sample()
    assert post(desk, body, headers(body)).status_code == 503


def test_no_personal_data_in_the_log(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    body = sample(currency="Mira Haldén")
    post(desk, body, headers(body))
    desk.work()
    told = "".join(capfd.readouterr())
    assert held(desk) == ["MAP-VALUE"]
    assert not [word for word in ("Mira", "mira.halden", "Lindenallee", "5550101", SECRET) if word in told]


def test_after_the_table_or_the_order_is_mended_it_goes_on(desk: Desk) -> None:
    body = sample(currency="euros")
    post(desk, body, headers(body))
    desk.work()
    from gateway.expectations import release
    from gateway.store.ids import parse

    (row,) = rows(desk, "SELECT id FROM documents")
    assert release(desk.service.database, parse(f"doc_{row.id}"), "me", desk.service.clock.now()) == "ready"
    desk.work()
    assert documents(desk)[0][1] == "held"


def test_a_network_that_fails_loses_nothing_and_receives_nothing_twice(desk: Desk) -> None:
    faults = [[cut(300)], [reset(500)], [truncate(700)], [half_close(200)], [cut(10, CLIENT)], [reset(1, CLIENT)],
              [delay(0.05)], [truncate(20, CLIENT)], [cut(3000, SERVER)]]  # fmt: skip
    orders = [sample(id=7000 + n, name=f"#{n}") for n in range(6)]
    with ChaosProxy(("127.0.0.1", desk.port), *faults) as proxy:
        for number, body in enumerate(orders):
            end = time.monotonic() + 20
            while time.monotonic() < end:
                try:
                    url = f"http://127.0.0.1:{proxy.port}/shops/webshop-shopify"
                    answer = httpx.post(url, content=body, headers=headers(body, id=f"w-{number}"), timeout=0.5)
                except httpx.HTTPError:
                    continue
                if answer.status_code == 200:
                    break
        assert proxy.struck >= 6
    assert bodies(desk) == orders
    desk.work()
    assert [row[2] for row in documents(desk)] == [f"order:#{n}" for n in range(6)]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Desk]:
    import shutil

    from gateway.cli.init import configuration
    from gateway.example import parties

    folder = tmp_path_factory.mktemp("fuzz") / "dock"
    (folder / "partners").mkdir(parents=True)
    (folder / "crossdock.toml").write_text(configuration())
    for name, text in parties().items():
        (folder / name).write_text(text)
    (folder / "partners" / "webshop.toml").write_text(SHOP.format(form="shopify", type=TYPES["shopify"]))
    (folder / "shop.secret").write_text(SECRET)
    (folder / "shop.old").write_text("old")
    shutil.copy(migrated_sqlite, folder / "crossdock.db")
    with serving(folder) as desk:
        yield desk


pieces = st.sampled_from(
    [b'{"id": 1', b"}", b"[", b'"name": "x"', b",", b"\x00", b"\xff", b"1e999", b"ISA*00*", b"UNB+"]
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.binary(min_size=1, max_size=200) | st.lists(pieces, min_size=1).map(b"".join), topic=st.sampled_from(
    ["orders/create", "orders/paid", "x", "orders/create/../", "a" * 300]))  # fmt: skip
def test_any_signed_body_is_stored_and_none_raises(shared: Desk, body: bytes, topic: str) -> None:
    answer = post(shared, body, headers(body, topic=topic, id="w"))
    assert answer.status_code == 200
    transmission = int(answer.json()["transmission"].removeprefix("tx_"))
    sql = f"SELECT p.body FROM transmissions t JOIN payloads p ON p.id = t.payload_id WHERE t.id = {transmission}"
    assert [bytes(row.body) for row in rows(shared, sql)] == [body]
    shared.work()
    (row,) = rows(shared, f"SELECT status FROM transmissions WHERE id = {transmission}")
    assert row.status in {"held", "translated", "duplicate"}
