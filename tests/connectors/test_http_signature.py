"""Signatures of webhooks: by other software, with two secrets, and refused when anything is not as it was signed."""

from __future__ import annotations

import base64
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.connectors.http.signature import TOLERANCE, headers, secret_bytes, sign, verify
from gateway.core.errors import ConfigurationError

KEY = b"k" * 32
keys = st.binary(min_size=24, max_size=64)
ids = st.from_regex(r"[a-z0-9_-]{1,40}", fullmatch=True)


def test_openssl_computes_the_same_signature() -> None:
    body = '{"a": "ü"}\n'.encode()
    content = b"tx_1-ab.1700000000." + body
    command = ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{KEY.hex()}", "-binary"]
    digest = subprocess.run(command, input=content, capture_output=True, check=True).stdout
    assert sign([KEY], "tx_1-ab", 1700000000, body) == f"v1,{base64.b64encode(digest).decode()}"


def test_the_example_of_the_specification() -> None:
    secret = secret_bytes("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    found = sign([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(keys, keys, ids, st.integers(0, 2**40), st.binary(max_size=300))
def test_what_is_signed_is_verified_by_either_secret_and_by_no_other(
    one: bytes, other: bytes, id: str, stamp: int, body: bytes
) -> None:
    given = headers([one, other], id, stamp, body)
    assert verify([one], given, body, stamp)
    assert verify([other], given, body, stamp)
    assert not verify([one[::-1] + b"?" * 8], given, body, stamp)
    assert not verify([], given, body, stamp)


@given(ids, st.integers(1000, 2**40), st.binary(min_size=1, max_size=100), st.data())
def test_any_change_is_noticed(id: str, stamp: int, body: bytes, data: st.DataObject) -> None:
    given = headers([KEY], id, stamp, body)
    place = data.draw(st.integers(0, len(body) - 1))
    bent = body[:place] + bytes([body[place] ^ (1 << data.draw(st.integers(0, 7)))]) + body[place + 1 :]
    assert not verify([KEY], given, bent, stamp)
    assert not verify([KEY], given | {"webhook-id": id + "x"}, body, stamp)
    assert not verify([KEY], given | {"webhook-timestamp": str(stamp - 1)}, body, stamp)
    assert not verify([KEY], given, body, stamp + TOLERANCE + 1)
    assert not verify([KEY], given, body, stamp - TOLERANCE - 1)


@given(st.dictionaries(st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]), st.text(max_size=60)))
def test_any_headers_are_judged_and_none_is_trusted(given: dict[str, str]) -> None:
    assert not verify([KEY], given, b"x", 1700000000)


@pytest.mark.parametrize("text", ["whsec_???", "whsec_", "short", "whsec_" + base64.b64encode(b"x" * 65).decode()])
def test_a_weak_or_broken_secret_is_refused_and_never_shown(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        secret_bytes(text, "erp-events")
    assert "erp-events" in str(caught.value)
    assert "openssl rand" in str(caught.value)
    assert text == "whsec_" or text not in str(caught.value)
