"""Who may ask for what: a partner sees its own, roles do what they are for, wrong tokens are bounded."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from gateway.store import tokens
from gateway.web import access
from tests.cli.running import edifact, x12
from tests.web.serving import Desk

LISTS = ("/api/transmissions", "/api/documents")


def everything(client: httpx.Client) -> dict[str, dict[str, Any]]:
    """All that is listed, by its id."""
    return {row["id"]: row for path in LISTS for row in client.get(f"{path}?limit=200").json()["items"]}


@pytest.fixture
def crossed(desk: Desk) -> Desk:
    """An order of each partner was received, handled, answered and passed on to the ERP."""
    desk.client("partner", party="globex").post("/api/documents", content=x12(1, "4711"))
    desk.client("partner", party="initech").post("/api/documents", content=edifact(1))
    desk.work()
    return desk


def test_a_partner_sees_its_own_documents_and_files(crossed: Desk) -> None:
    all_, globex = everything(crossed.client("viewer")), everything(crossed.client("partner", party="globex"))
    assert globex
    assert set(globex) < set(all_)
    for id, row in all_.items():
        ends = {row.get("from_party"), row.get("to_party"), row.get("party")}
        assert (id in globex) == ("globex" in ends), row


def test_what_a_partner_does_not_see_is_not_there(crossed: Desk) -> None:
    all_, client = everything(crossed.client("viewer")), crossed.client("partner", party="globex")
    hidden = set(all_) - set(everything(client))
    assert hidden
    for id in hidden:
        kind = "transmissions" if id.startswith("tx_") else "documents"
        none = f"{id.split('_')[0]}_999999"
        for path in ("", "/body", "/canonical" if kind == "documents" else "/acknowledgments"):
            missing = client.get(f"/api/{kind}/{none}{path}")
            answer = client.get(f"/api/{kind}/{id}{path}")
            assert answer.status_code == missing.status_code == 404
            assert answer.json()["detail"].replace(id, "") == missing.json()["detail"].replace(
                f"{id.split('_')[0]}_999999", ""
            )


def test_the_story_of_a_partner_has_nothing_of_others_and_nothing_of_ours(crossed: Desk) -> None:
    client = crossed.client("partner", party="globex")
    seen = set(everything(client))
    for id in seen:
        kind = "transmissions" if id.startswith("tx_") else "documents"
        text = client.get(f"/api/{kind}/{id}").text
        assert "initech" not in text
        assert "acme-erp" not in text
        assert "agreement" not in text
        assert "mapping" not in text
        for other in set(everything(crossed.client("viewer"))) - seen:
            assert f'"{other}"' not in text


def test_a_network_is_not_shown_whole_to_a_party_of_it(desk: Desk) -> None:
    """A file with documents of several parties came by somebody else's door."""
    globex = desk.service.config.home / "partners/globex.toml"
    globex.write_text(globex.read_text().replace('name = "globex-http"', 'name = "globex-http"\ncarries = ["initech"]'))
    desk.client("partner", party="globex").post("/api/documents", content=edifact(1))
    desk.work()
    initech = desk.client("partner", party="initech")
    (document,) = [row for row in initech.get("/api/documents?type=ORDERS").json()["items"] if row["direction"] == "in"]
    assert "transmission" in document
    assert initech.get(document["links"]["self"]).status_code == 200
    assert initech.get(f"/api/transmissions/{document['transmission']}/body").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/documents", {"partner", "viewer", "operator", "admin"}),
        ("GET", "/api/expectations", {"partner", "viewer", "operator", "admin"}),
        ("POST", "/api/documents/doc_1/release", {"operator", "admin"}),
        ("POST", "/api/transmissions/tx_1/resend", {"operator", "admin"}),
        ("GET", "/api/tokens", {"admin"}),
        ("GET", "/metrics", {"monitor", "viewer", "operator", "admin"}),
    ],
)
def test_roles_do_what_they_are_for(desk: Desk, method: str, path: str, allowed: set[str]) -> None:
    for role in tokens.ROLES:
        status = desk.client(role, party="globex").request(method, path).status_code
        assert (status != 403) == (role in allowed), role
    assert desk.client().request(method, path).status_code == 401


def test_endpoints_of_others_are_to_a_partner_as_those_that_do_not_exist(desk: Desk) -> None:
    client, names = desk.client("partner", party="globex"), ("erp-out", "initech-in", "nothing")
    answers = {
        client.post("/api/documents", params={"endpoint": name}, content=b"x").text.replace(name, "") for name in names
    }
    assert len(answers) == 1
    assert "partners/" not in answers.pop()


def test_a_token_ends_when_it_is_revoked_or_expires(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "BELIEVED", 0.0)
    token = desk.token("viewer", expires_at=desk.service.clock.now() + 3_600_000_000)
    client = desk.bearing(token)
    assert client.get("/api/documents").status_code == 200
    tokens.revoke(desk.service.database, tokens.every(desk.service.database)[0].name, by="me", at=1)
    answer = client.get("/api/documents")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    expired = desk.client("viewer", expires_at=desk.service.clock.now() - 1)
    assert expired.get("/api/documents").status_code == 401


def test_an_address_with_many_wrong_tokens_is_refused_and_good_tokens_in_use_are_not(desk: Desk) -> None:
    good = desk.client("viewer")
    assert good.get("/api/documents").status_code == 200
    wrong = desk.bearing("cd_wrong")
    codes = [wrong.get("/api/documents").status_code for _ in range(12)]
    assert codes == [401] * 10 + [429] * 2
    assert int(wrong.get("/api/documents").headers["retry-after"]) <= 61
    assert good.get("/api/documents").status_code == 200


def test_failures_are_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_MOST_ADDRESSES", 100)
    throttle = access.Throttle()
    for number in range(10):
        throttle.failed(f"2001:db8::{number:x}")  # one network, one caller
    assert throttle.refused_for("2001:db8::ffff") > 0
    assert throttle.refused_for("2001:db9::1") == 0
    for number in range(1000):
        throttle.failed(f"10.0.{number // 250}.{number % 250}")
    assert len(throttle._failures) == 100


def test_the_last_use_is_noted_when_the_server_stops(desk: Desk) -> None:
    desk.client("viewer").get("/api/documents")
    desk.stop()
    (token,) = tokens.every(desk.service.database)
    assert token.used_at is not None


def test_administrators_make_and_revoke_tokens(desk: Desk) -> None:
    admin = desk.client("admin")
    made = admin.post("/api/tokens", json={"name": "globex-2", "role": "partner", "party": "globex", "days": 30})
    assert made.status_code == 201
    client = desk.bearing(made.json()["token"])
    assert client.get("/api/documents").status_code == 200
    listed = admin.get("/api/tokens").json()["items"]
    assert [row["name"] for row in listed if row.get("party") == "globex"] == ["globex-2"]
    assert made.json()["token"] not in admin.get("/api/tokens").text
    assert admin.delete("/api/tokens/globex-2").status_code == 204
    assert admin.delete("/api/tokens/globex-2").status_code == 404
    for wish in ({"name": "x", "role": "partner", "party": "nobody"}, {"name": "x", "role": "partner"}):
        assert admin.post("/api/tokens", json=wish).status_code == 422
    assert admin.post("/api/tokens", json={"name": "x", "role": "king"}).status_code == 400
