"""What other people's software sent, and the MDNs that it answered."""

from __future__ import annotations

import base64
from hashlib import sha256

import pytest

from gateway.as2.mdn import is_mdn, parse_mdn
from gateway.as2.opening import open_message
from gateway.as2.problem import As2Error
from tests.as2.material import SAMPLES, expected, joined, means, needs_samples, reader, sample, sample_key

pytestmark = needs_samples

FORMS = {"ok/raw": None, "ok/canon-all": "canonical lines", "ok/canon-headers": "canonical headers"}
CIPHERS = {"tripledes_3key": "3des"}
RECEIVED = sorted(path.name for path in (SAMPLES / "received").glob("*.as2"))
SENT = sorted(path.stem for path in (SAMPLES / "sent").glob("*.as2"))


@pytest.mark.parametrize("name", RECEIVED)
def test_a_message_of_other_software_is_read_with_its_form_its_mic_and_its_payload(name: str) -> None:
    told = expected("received")[name]
    fields, body = sample(f"received/{name}")
    partner, ours = sample_key("mycompany"), sample_key("partnera")
    found = open_message(fields, reader(body), means(ours, of=partner, micalg="sha256"))
    (part,) = found.parts
    assert sha256(joined(part.pieces())).hexdigest() == told["payload_sha256"]
    assert part.content_type == told["payload_type"]
    assert part.file_name == told["filename"]
    cipher = told.get("enc")
    assert found.facts.get("encrypted") == (cipher and CIPHERS.get(cipher, f"{cipher.replace('_', '-')}"))
    assert ("compressed" in found.facts) == ("compressed" in told)
    assert found.mic is not None
    if "sig" in told:
        assert found.facts.get("form") == FORMS[told["sig"]]
        assert (found.mic.value, found.mic.algorithm) == (told["mic"], told["digest"])
    else:
        assert found.mic.value == told["mic_unsigned_with_headers_sha256"]


@pytest.mark.parametrize("name", SENT)
def test_the_messages_of_a_prototype_are_read_and_the_mdns_for_them_fit(name: str) -> None:
    told = expected("sent")[name]
    partner, ours = sample_key("partnera"), sample_key("mycompany")
    fields, body = sample(f"sent/{name}.as2")
    answer_fields, answer = sample(f"sent/{name}.mdn")
    assert is_mdn(answer_fields, reader(answer))
    report = parse_mdn(answer_fields, answer, [ours.certificate], signed=True)
    assert report.doubt == ""
    assert report.said == told["disposition"]
    if name.startswith("neg_"):
        assert not report.disposition.positive
        assert report.disposition.reason == "integrity-check-failed"
        return
    # They were sent by partnera to mycompany, or by what stands for them: either key may open them.
    found = _opened(fields, body, partner, ours)
    assert found.mic is not None
    assert report.mic is not None
    if "our_mic" in told and name != "enc_only":
        assert found.mic.value == told["our_mic"] == report.mic.value
    (part,) = found.parts
    assert sha256(joined(part.pieces())).hexdigest() == told["payload_sha256"]
    assert base64.b64decode(report.mic.value)


def _opened(fields: object, body: bytes, *keys: object):  # type: ignore[no-untyped-def]
    last: As2Error | None = None
    for mine in keys:
        for theirs in keys:
            try:
                return open_message(fields, reader(body), means(mine, of=theirs, micalg="sha256"))  # type: ignore[arg-type]
            except As2Error as error:
                last = error
    assert last is not None
    raise last


def test_a_signature_of_somebody_else_is_no_signature() -> None:
    fields, body = sample("sent/neg_wrong_signer.as2")
    with pytest.raises(As2Error) as caught:
        open_message(fields, reader(body), means(sample_key("mycompany"), of=sample_key("partnera")))
    assert caught.value.modifier in {"authentication-failed", "integrity-check-failed"}


def test_an_asynchronous_mdn_is_told_from_a_message_by_what_is_in_it() -> None:
    fields, body = sample("sent/async.mdn")
    assert is_mdn(fields, reader(body))
    report = parse_mdn(fields, body, [sample_key("mycompany").certificate], signed=True)
    assert report.doubt == ""
    assert report.disposition.positive
    for name in RECEIVED:
        fields, body = sample(f"received/{name}")
        assert not is_mdn(fields, reader(body))
