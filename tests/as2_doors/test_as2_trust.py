"""Who may say what: messages and MDNs of one partner in the name of another, forged, replayed, or with odd names."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from gateway.as2 import cms
from gateway.as2.mdn import Disposition, build_mdn
from gateway.as2.mic import Mic, algorithm_named, mic
from gateway.as2.opening import in_memory
from gateway.as2.packing import Security, pack_message
from gateway.core.exchanges import Pairs
from tests.as2.material import key_of, reader
from tests.as2_doors.gateways import Node, free_port, make_home, serving
from tests.as2_doors.test_as2_calling import answering
from tests.as2_doors.test_as2_shapes import prepare

BODY = b"ISA*00*4711~"
MDN_FOR = "automatic-action/MDN-sent-automatically; "
PLAIN = """
[[endpoint]]
name = "plain"
connector = "as2"
direction = "out"
own = "us"
sign = "no"
encrypt = "no"
mdn = "async"
mdn_signed = false
url = "http://127.0.0.1:9/"
"""
OTHER = """
id = "other"
name = "Other"
[as2]
id = "OTHER"
certificates = ["others.pem"]
[[endpoint]]
name = "other-in"
connector = "as2"
direction = "in"
own = "us"
[[endpoint]]
name = "other-out"
connector = "as2"
direction = "out"
own = "us"
mdn = "async"
url = "http://127.0.0.1:9/"
"""


@pytest.fixture
def node(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Node]:
    """Us, with two partners: messages to the first were sent and are not answered yet."""
    with answering(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", b"0\r\n\r\n") as (url, _):
        port = free_port()
        home = make_home(tmp_path / "us", migrated_sqlite, port, url=url.partition("?")[0])
        config = home / "crossdock.toml"
        config.write_text(config.read_text().replace("[as2]\n", f'[as2]\nurl = "http://127.0.0.1:{port}/as2"\n'))
        prepare(home, key_of("globex"), key_of("acme"), "us", "them", 'mdn = "async"\ncontent_length = false\n')
        them = home / "partners" / "them.toml"
        text = them.read_text().replace("least = []\n", "")
        them.write_text(text.replace('[[endpoint]]\nname = "out"', f'{PLAIN}[[endpoint]]\nname = "out"'))
        (home / "others.pem").write_bytes(cms.certificate_file(key_of("initech").certificate))
        (home / "partners" / "other.toml").write_text(OTHER)
        with serving(home, plain=False) as found:
            yield found


def message(by: str, name: str, *, id: str = "<1@x>") -> tuple[Pairs, bytes]:
    made = pack_message(
        reader(BODY), "application/edi-x12", "a.x12", Security(), key=key_of(by),
        certificates=[key_of("globex").certificate], at=0, micalg="sha256", scratch=in_memory(),
    )  # fmt: skip
    names = (("AS2-From", name), ("AS2-To", "US"), ("Message-ID", id), ("Disposition-Notification-To", "x"))
    return (*names, *made.content_headers), b"".join(made.pieces())


def post(node: Node, told: tuple[Pairs, bytes]) -> httpx.Response:
    return httpx.post(node.url, headers=list(told[0]), content=told[1], timeout=20, trust_env=False)


def said(answer: httpx.Response) -> str:
    (line,) = (line for line in answer.text.splitlines() if line.startswith("Disposition: "))
    return line.partition(MDN_FOR)[2]


def test_a_partner_cannot_send_in_the_name_of_another(node: Node) -> None:
    assert said(post(node, message("initech", "THEM"))) == "processed/error: authentication-failed"
    assert said(post(node, message("acme", "OTHER"))) == "processed/error: authentication-failed"
    assert said(post(node, message("acme", "THEM"))) == "processed"
    assert said(post(node, message("initech", "OTHER"))) == "processed", "the same Message-ID, of another partner"


def test_what_is_told_of_a_failure_is_one_word(node: Node) -> None:
    """Nothing of certificates, keys, names or settings."""
    answer = post(node, message("initech", "THEM")).text
    for secret in (f"{key_of('acme').certificate.serial:x}", "initech", "globex", "partners/", "least", "pinned"):
        assert secret not in answer


@pytest.mark.parametrize("id", ["<with blanks in it@x>", "no brackets", "<" + "x" * 990 + "@x>", '<"a\\b"@x>', ""])
def test_message_ids_of_every_kind_are_known_again(node: Node, id: str) -> None:
    told = message("acme", "THEM", id=id)
    first, second = post(node, told), post(node, told)
    assert said(first) == said(second) == "processed"
    assert first.content == second.content
    assert f"\r\nOriginal-Message-ID: {id}\r\n" in first.text or not id
    assert said(post(node, message("acme", "THEM", id=f"{id}2"))) == "processed"
    assert len(node.rows("SELECT id FROM transmissions WHERE status = 'received'")) == 2


def test_two_messages_without_a_message_id_are_two(node: Node) -> None:
    for _ in range(2):
        assert said(post(node, message("acme", "THEM", id=""))) == "processed"
    assert len(node.rows("SELECT id FROM transmissions WHERE status = 'received'")) == 2


def test_the_same_message_many_times_at_once_is_taken_once(node: Node) -> None:
    told = [message("acme", "THEM", id="<race@x>") for _ in range(12)]  # encrypted and signed anew each time
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda one: post(node, one), told))
    assert {said(each) for each in answers} == {"processed"}
    assert len({each.content for each in answers}) == 1
    assert len(node.rows("SELECT id FROM transmissions WHERE status = 'received'")) == 1


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("signed-receipt-protocol=required, pgp-signature", "failed/Failure: unsupported format"),
        (
            "signed-receipt-protocol=required, pkcs7-signature; signed-receipt-micalg=required, x",
            "failed/Failure: unsupported MIC-algorithms",
        ),
    ],
)
def test_a_receipt_that_cannot_be_made_is_refused_as_the_standard_has_it(
    node: Node, options: str, expected: str
) -> None:
    pairs, body = message("acme", "THEM")
    assert said(post(node, ((*pairs, ("Disposition-Notification-Options", options)), body))) == expected
    assert node.rows("SELECT id FROM transmissions WHERE status = 'received'") == []


@pytest.mark.parametrize("word", ["SHA256", "sha-256", "Sha-256"])
def test_the_digest_is_spelled_as_the_partner_spells_it(node: Node, word: str) -> None:
    pairs, body = message("acme", "THEM")
    options = f"signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, {word}, sha1"
    answer = post(node, ((*pairs, ("Disposition-Notification-Options", options)), body))
    (line,) = (line for line in answer.text.splitlines() if line.startswith("Received-Content-MIC: "))
    assert line.endswith(f", {word}")


@pytest.mark.parametrize(
    ("options", "version", "expected"),
    [
        ("", "1.2", "sha1"),
        ("", "1.3", "sha256"),
        ("signed-receipt-micalg=optional, what, sha-384, sha1", "1.2", "sha384"),
    ],
)
@pytest.mark.parametrize("encrypt", ["no", "aes128-cbc"])
def test_the_mic_of_what_is_not_signed_is_by_the_digest_that_is_asked_for(
    tmp_path: Path, migrated_sqlite: Path, options: str, version: str, expected: str, encrypt: str
) -> None:
    home = make_home(tmp_path / "us", migrated_sqlite, free_port())
    prepare(home, key_of("globex"), key_of("acme"), "us", "them", "")
    made = pack_message(
        reader(BODY), "application/edi-x12", "", Security("no", encrypt), key=None,
        certificates=[key_of("globex").certificate], at=0, micalg=expected, scratch=in_memory(),
    )  # fmt: skip
    names = (("AS2-From", "THEM"), ("AS2-To", "US"), ("Message-ID", "<1@x>"), ("AS2-Version", version))
    asked = (("Disposition-Notification-To", "x"), ("Disposition-Notification-Options", options))
    with serving(home, plain=False) as node:
        answer = post(node, ((*names, *asked, *made.content_headers), b"".join(made.pieces())))
    assert f"\r\nReceived-Content-MIC: {made.mic.value}, " in answer.text
    assert made.mic.algorithm == expected


class TestMdns:
    """A message of ours is on its way to THEM; MDNs for it come from everywhere."""

    @pytest.fixture
    def id(self, node: Node) -> str:
        node.leave(BODY, endpoint="out")
        node.deliver()
        ((self.id, self.mic, self.algorithm),) = node.rows("SELECT message_id, mic, mic_algorithm FROM exchanges")
        return str(self.id)

    def mdn(self, id: str, by: str | None, name: str = "THEM", found: Mic | None = None) -> tuple[Pairs, bytes]:
        about: Pairs = (("AS2-From", "US"), ("AS2-To", name), ("Message-ID", id))
        known = found or Mic(self.mic, algorithm_named(self.algorithm) or "")
        key = key_of(by) if by else None
        how = {"mic": known, "mic_spelled": "sha-256", "key": key, "digest": "sha256", "host": "x", "at": 0}
        return build_mdn(about, Disposition("processed"), **how)  # type: ignore[arg-type]

    def status(self, node: Node) -> str:
        (row,) = node.rows("SELECT status FROM exchanges WHERE direction = 'out'")
        return str(row.status)

    def test_that_of_the_partner_settles_it(self, node: Node, id: str) -> None:
        assert post(node, self.mdn(id, "acme")).status_code == 200
        assert self.status(node) == "confirmed"

    @pytest.mark.parametrize(
        ("by", "name"),
        [(None, "THEM"), ("initech", "THEM"), ("initech", "OTHER"), ("globex", "THEM"), ("acme", "NOBODY")],
        ids=["not signed", "by another partner", "of another partner", "by ourselves", "by a stranger"],
    )
    def test_that_of_anybody_else_changes_nothing(self, node: Node, id: str, by: str | None, name: str) -> None:
        assert post(node, self.mdn(id, by, name)).status_code == 200
        assert self.status(node) == "sent"
        assert post(node, self.mdn(id, "acme")).status_code == 200
        assert self.status(node) == "confirmed"

    def test_one_for_what_we_never_sent_settles_nothing(self, node: Node, id: str) -> None:
        assert post(node, self.mdn("<never@us>", "acme")).status_code == 200
        assert self.status(node) == "sent"

    def test_one_of_other_content_is_no_receipt(self, node: Node, id: str) -> None:
        post(node, self.mdn(id, "acme", found=mic([b"other"], "sha256")))
        assert self.status(node) == "refused"

    def test_the_second_one_changes_nothing(self, node: Node, id: str) -> None:
        post(node, self.mdn(id, "acme"))
        post(node, self.mdn(id, "acme", found=mic([b"other"], "sha256")))
        assert self.status(node) == "confirmed"
