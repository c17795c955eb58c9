"""``crossdock partners test`` at doors that are called: nowhere to go, but what they need must be there."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.connectors import CONNECTORS
from gateway.connectors.sftp_server.passwords import hash_password
from gateway.core.ports import ProbeStep

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEHxEQOrr1cYkg5mxODeQaJPSTUEBA1YF5x53zFUjegM"


def steps(connector: str, tmp_path: Path, direction: str = "in", **options: object) -> list[ProbeStep]:
    probe = CONNECTORS[connector].probe
    assert probe is not None
    return list(probe(options, direction, tmp_path, name="door"))


def test_every_connector_has_a_probe() -> None:
    assert [name for name, connector in CONNECTORS.items() if connector.probe is None] == []


@pytest.mark.parametrize("direction", ["in", "out"])
def test_an_account_with_a_key_and_a_password(direction: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOBEX_HASH", hash_password("secret"))
    found = steps("sftp-server", tmp_path, direction, username="globex", keys=[KEY], password="env:GLOBEX_HASH")
    assert [(step.name, step.ok) for step in found] == [("keys", True), ("password", True), ("door", True)]
    assert found[0].detail.startswith("SHA256:")


@pytest.mark.parametrize("value", [None, "secret"], ids=["missing", "no hash"])
def test_a_password_that_lets_nobody_in(value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GLOBEX_HASH", raising=False)
    if value is not None:
        monkeypatch.setenv("GLOBEX_HASH", value)
    step = steps("sftp-server", tmp_path, username="globex", password="env:GLOBEX_HASH")[0]
    assert (step.name, step.ok) == ("password", False)
    assert "hash-password" in step.hint
    assert "secret" not in step.detail


@pytest.mark.parametrize("shop", ["shopify", "woocommerce"])
def test_the_secret_of_a_shop(shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP_SECRET", raising=False)
    assert [(step.name, step.ok) for step in steps(shop, tmp_path, secret="env:SHOP_SECRET")] == [("secret", False)]
    monkeypatch.setenv("SHOP_SECRET", "hush")
    found = steps(shop, tmp_path, secret="env:SHOP_SECRET")
    assert [(step.name, step.ok) for step in found] == [("secret", True), ("door", True)]
    assert "/shops/door" in found[-1].detail
