"""What ``crossdock as2 explain`` tells of a message: how far it opens, and what would make it succeed."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.as2.account import Line, account
from gateway.as2.packing import Security
from gateway.core.exchanges import Pairs
from tests.as2.material import joined, key_of, means, reader
from tests.as2.test_as2_mdn import answer
from tests.as2.test_as2_shapes import pack

NAMES: Pairs = (("AS2-From", "ACME"), ("AS2-To", "GLOBEX"), ("Message-ID", "<1@acme>"))


@dataclass
class Told:
    lines: list[Line] = field(default_factory=list)

    def of(self, layer: str) -> str:
        return "\n".join(line.text for line in self.lines if line.layer == layer)

    @property
    def taken(self) -> bool:
        return all(line.good for line in self.lines if line.layer == "verdict")


def told(security: Security, *, key: str = "globex", of: str = "acme", allow: tuple[str, ...] = ()) -> Told:
    found = pack(security)
    others = {name: [key_of(name).certificate] for name in ("acme", "globex", "initech")}
    how = {"least": ("signed", "encrypted"), "allow": allow, "others": others}
    with_ = means(key_of(key), of=key_of(of))
    body = reader(joined(found.pieces()))
    return Told(list(account((*NAMES, *found.content_headers), body, with_, **how)))  # type: ignore[arg-type]


def serial(name: str) -> str:
    return f"{key_of(name).certificate.serial:x}"


def test_a_good_message_layer_by_layer() -> None:
    found = told(Security(compress="before"))
    assert found.taken
    assert "aes256-cbc" in found.of("encrypted")
    assert found.of("compressed") == "zlib"
    assert serial("acme") in found.of("signed")
    assert '"order.x12"' in found.of("content")
    assert found.of("mic").endswith("sha-256")


def test_one_that_is_encrypted_for_somebody_else_says_for_whom() -> None:
    found = told(Security(), key="initech")
    assert not found.taken
    assert "known as that of globex" in found.of("encrypted")
    assert serial("initech") in found.of("setting"), "the certificate that the partner must use"


def test_one_that_somebody_else_signed_says_who() -> None:
    found = told(Security(), of="initech")
    assert not found.taken
    assert "not pinned for this partner, which is known as that of acme" in found.of("signed")
    assert "is over raw" in found.of("signed"), "the content is what was signed: only the certificate is another"
    assert "certificates = […]" in found.of("setting")


def test_what_is_weak_or_lacks_something_says_which_line_would_admit_it() -> None:
    assert 'least = ["encrypted"]' in told(Security(sign="no")).of("setting")
    assert 'allow = ["sha1"]' in told(Security(sign="sha1")).of("setting")
    assert told(Security(sign="sha1"), allow=("sha1",)).taken


def test_an_mdn() -> None:
    fields, body = answer(signed=True)
    lines = list(account(fields, reader(body), means(of=key_of("globex")), least=(), allow=(), others={}))
    found = Told(lines)
    assert found.taken
    assert "<with blanks in it@acme>" in found.of("content")
    other = Told(list(account(fields, reader(body), means(of=key_of("acme")), least=(), allow=(), others={})))
    assert not other.taken


def test_any_bytes_are_told_as_far_as_they_go() -> None:
    for body in (b"", b"\x30\x80", b"--b\r\n\r\n--b--"):
        for kind in ("application/pkcs7-mime", "multipart/signed; boundary=b", "text/plain"):
            found = list(account((("Content-Type", kind),), reader(body), means(), least=(), allow=(), others={}))
            assert found[-1].layer in {"verdict", "setting"}
