"""The parts of the SFTP server that need no network: ranges, packets, accounts, passwords, keys, unfinished uploads."""

from __future__ import annotations

import re
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import agreements, doors
from gateway.agreements import Agreements
from gateway.connectors.sftp_server import passwords, wire
from gateway.connectors.sftp_server.accounts import accounts_of
from gateway.connectors.sftp_server.conversation import Conversation, packets
from gateway.connectors.sftp_server.handles import Handles
from gateway.connectors.sftp_server.host_keys import host_keys
from gateway.connectors.sftp_server.keys import fingerprint, parse_key
from gateway.connectors.sftp_server.login import Accounts
from gateway.connectors.sftp_server.memory import Memory
from gateway.connectors.sftp_server.outbox import open_outbox
from gateway.connectors.sftp_server.ranges import Ranges
from gateway.connectors.sftp_server.refusal import Refusal
from gateway.connectors.sftp_server.spool import Limits, Spool
from gateway.connectors.sftp_server.tree import Tree
from gateway.core.errors import ConfigurationError, UnreadableError
from gateway.core.ports import Departure, Deposit

HOW_TO = Path(__file__).parents[2] / "docs/how-to/sftp-server.md"

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMs6SAMs6SAMs6SAMs6SAMs6SAMs6SAMs6SAMs6SAMs6 somebody"
LIMITS = Limits(1_000_000, 2_000_000)


class TestRanges:
    @given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=12), st.integers(0, 80))
    def test_they_cover_what_a_set_of_positions_covers(self, parts: list[tuple[int, int]], size: int) -> None:
        ranges, positions = Ranges(), set[int]()
        for start, length in parts:
            ranges.add(start, start + length)
            positions |= set(range(start, start + length))
        assert ranges.covers(size) == (positions >= set(range(size)))
        ranges.cut(size)
        assert ranges.covers(size) == (positions >= set(range(size)))
        assert not ranges.covers(size + 1)

    def test_what_touches_is_one(self) -> None:
        ranges = Ranges(10)
        ranges.add(20, 30)
        assert len(ranges) == 2
        ranges.add(10, 20)
        assert len(ranges) == 1
        assert ranges.covers(30)


class TestPackets:
    @given(st.lists(st.binary(max_size=40), max_size=6), st.integers(0, 50))
    def test_they_are_cut_where_they_end(self, bodies: list[bytes], left: int) -> None:
        data = b"".join(len(body).to_bytes(4) + body for body in bodies)
        found, used = packets(bytearray(data + b"\0\0\1\0" + b"x" * left))
        assert found == bodies
        assert used == len(data)

    def test_one_that_is_too_long_is_no_sftp(self) -> None:
        with pytest.raises(UnreadableError):
            packets(b"\x7f\0\0\0x")

    @given(st.binary(min_size=5, max_size=200))
    def test_whatever_a_client_sends_is_answered(self, packet: bytes) -> None:
        conversation = Conversation(Tree([], 0), Handles(9), {})
        assert conversation.answer(bytes((wire.Kind.INIT, 0, 0, 0, 3)))[4] == wire.Kind.VERSION
        answer = conversation.answer(packet)
        assert int.from_bytes(answer[:4]) == len(answer) - 4
        assert answer[5:9] == packet[1:5]

    def test_a_client_that_does_not_say_hello_is_no_client(self) -> None:
        with pytest.raises(UnreadableError):
            Conversation(Tree([], 0), Handles(9), {}).answer(b"\x05\0\0\0\1")


class TestKeys:
    def test_a_line_of_a_file_of_keys(self, tmp_path: Path) -> None:
        for kind in ("ed25519", "ecdsa", "rsa"):
            path = tmp_path / kind
            subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(path)], check=True)
            line = path.with_suffix(".pub").read_text()
            shown = subprocess.run(["ssh-keygen", "-lf", str(path)], check=True, capture_output=True, text=True).stdout
            assert fingerprint(parse_key(line)) in shown

    @pytest.mark.parametrize("line", ["", "ssh-dss AAAA", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-rsa !!", KEY[12:]])
    def test_what_is_no_key_is_told(self, line: str) -> None:
        with pytest.raises(ValueError, match=r"no type of key|cannot be read"):
            parse_key(line)

    def test_ours_are_made_once_and_are_ours_alone(self, tmp_path: Path) -> None:
        made = host_keys(tmp_path / "sftp")
        assert [key.get_name() for key in made] == ["ssh-ed25519", "ssh-rsa"]
        assert [key.fingerprint for key in host_keys(tmp_path / "sftp")] == [key.fingerprint for key in made]
        for path in (tmp_path / "sftp").iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        (tmp_path / "sftp/host_rsa").write_text("nonsense")
        with pytest.raises(ConfigurationError, match="backup"):
            host_keys(tmp_path / "sftp")


class TestPasswords:
    def test_right_and_wrong(self) -> None:
        hashed = passwords.hash_password("right")
        assert hashed.startswith("$argon2id$")
        assert passwords.matches(hashed, "right")
        assert not passwords.matches(hashed, "wrong")
        assert not passwords.matches(passwords.hash_password("x" * 1024), "x" * 1025)
        with pytest.raises(ConfigurationError, match="hash-password"):
            passwords.matches("right", "right")

    def test_whoever_does_not_exist_is_looked_at_as_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        hashed, verified = passwords.hash_password("right"), list[str]()

        class Counting(passwords.PasswordHasher):
            def verify(self, hash: str | bytes, password: str | bytes) -> bool:
                verified.append(str(password))
                return super().verify(hash, password)

        monkeypatch.setattr(passwords, "_HASHER", Counting())
        accounts = Accounts(lambda: loaded(GLOBEX + 'password = "env:X"'), lambda reference: hashed)
        assert accounts.by_password("globex", "right") is not None
        assert accounts.by_password("globex", "wrong") is None
        assert accounts.by_password("nobody", "right") is None
        assert verified == ["right", "wrong", "right"]
        for secret in ("no hash", None):
            broken = Accounts(lambda: loaded(GLOBEX + 'password = "env:X"'), partial(_secret, secret))
            verified.clear()
            with pytest.raises(ConfigurationError):
                broken.by_password("globex", "right")
            assert len(verified) >= 1, "A secret that is missing or wrong takes as long, too."


def _secret(text: str | None, reference: str) -> str:
    if text is None:
        raise ConfigurationError("it is not set.", file="environment", key=reference)
    return text


GLOBEX = f"""\
id = "globex"
name = "Globex"
[[endpoint]]
name = "globex-out"
connector = "sftp-server"
direction = "out"
username = "globex"
[[endpoint]]
name = "globex-in"
connector = "sftp-server"
direction = "in"
username = "globex"
keys = ["{KEY}"]
"""

INITECH = GLOBEX.replace('id = "globex"', 'id = "initech"').replace('name = "globex-', 'name = "initech-')


def loaded(*texts: str) -> Agreements:
    return agreements.load({f"partners/{number}.toml": text for number, text in enumerate(texts)})


class TestAccounts:
    def test_endpoints_of_one_name_are_one_account(self) -> None:
        (account,) = accounts_of(loaded(GLOBEX))
        assert account.party == "globex"
        assert account.inbox is not None
        assert account.outbox is not None
        assert account.has_key(parse_key(KEY))
        assert doors.mistakes(loaded(GLOBEX)) == []

    @pytest.mark.parametrize(
        ("texts", "said"),
        [
            ((GLOBEX, INITECH), "belongs to globex and initech"),
            ((GLOBEX.replace(f'keys = ["{KEY}"]', ""),), "nobody can log in"),
            ((GLOBEX + GLOBEX[GLOBEX.index("[[") :].replace('"globex-', '"other-'),), "other-in"),
            ((GLOBEX.replace("AAAAC3", "AAAA"),), "cannot be read"),
            ((GLOBEX + 'visible = "soon"',), "no length of time"),
            ((GLOBEX.replace('username = "globex"', 'username = "../globex"'),), "username"),
        ],
    )
    def test_what_is_wrong_is_told(self, texts: tuple[str, ...], said: str) -> None:
        assert any(said in str(mistake) for mistake in doors.mistakes(loaded(*texts)))

    def test_the_how_to_can_be_copied(self) -> None:
        (text,) = re.findall(r"```toml\n# partners/initrode\.toml\n(.*?)```", HOW_TO.read_text(), re.DOTALL)
        known = loaded(f'id = "initrode"\nname = "Initrode"\n{text}')
        assert doors.mistakes(known) == []
        assert [account.username for account in accounts_of(known)] == ["initrode"]

    def test_documents_and_receipts_are_deposited_under_names_that_every_client_may_use(self) -> None:
        box = open_outbox({"username": "globex"}, Path(), name="globex-out")
        departures = [
            Departure(transmission=1, endpoint="globex-out", name="../a b/c", body=b""),
            Departure(transmission=2, endpoint="globex-out", name="997.x12", body=b"", receipt=True),
        ]
        assert [outcome.deposited for outcome in box.deliver(departures)] == [
            Deposit("outbox", "_._a b_c"),
            Deposit("ack", "997.x12"),
        ]


class TestUnfinished:
    def test_what_is_left_behind_is_shorter_and_can_be_gone_on_with(self, tmp_path: Path) -> None:
        spool = Spool(tmp_path)
        draft = spool.begin("in", LIMITS)
        draft.write(0, b"x" * 100_000)
        draft.leave("a")
        (parked,) = spool.parked("in")
        assert (parked.name, parked.size, parked.complete) == ("a", 98_304, False)
        again = spool.resume("in", "a", LIMITS)
        assert again is not None
        assert spool.resume("in", "a", LIMITS) is None
        again.write(98_304, b"end")
        assert again.complete
        assert again.read() == b"x" * 98_304 + b"end"
        again.park("a")
        assert spool.find("in", "a") == (*next(spool.parked("in")),)
        assert spool.drop("in", "a")
        assert list(spool.parked("in")) == []

    def test_holes_and_limits(self, tmp_path: Path) -> None:
        spool = Spool(tmp_path)
        draft = spool.begin("in", LIMITS)
        draft.write(10, b"x")
        assert not draft.complete
        draft.write(0, b"y" * 10)
        assert draft.complete
        draft.truncate(20)
        assert not draft.complete
        draft.truncate(5)
        assert draft.complete
        with pytest.raises(Refusal, match="1000000 bytes"):
            draft.write(1_000_000, b"x")
        draft.drop()
        drafts = [spool.begin("in", LIMITS) for _ in range(3)]
        for each in drafts[:2]:
            each.truncate(1_000_000)
        with pytest.raises(Refusal, match="together"):
            drafts[2].write(0, b"x")
        drafts[0].drop()
        drafts[2].write(0, b"x")

    def test_there_are_so_many_and_the_place_of_one_that_is_gone_is_free(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("gateway.connectors.sftp_server.spool._NUMBER", 2)
        spool = Spool(tmp_path)
        first, second = spool.begin("in", LIMITS), spool.begin("in", LIMITS)
        second.park("a.tmp")
        with pytest.raises(Refusal, match="2 unfinished"):
            spool.begin("in", LIMITS)
        assert spool.drop("in", "a.tmp")
        spool.begin("in", LIMITS).drop()
        first.drop()

    def test_what_somebody_goes_on_with_is_not_tidied_up(self, tmp_path: Path) -> None:
        spool = Spool(tmp_path)
        draft = spool.begin("in", LIMITS)
        draft.write(0, b"x" * 100_000)
        draft.leave("a")
        again = spool.resume("in", "a", LIMITS)
        assert again is not None
        Spool(tmp_path).tidy()
        assert again.read() == b"x" * 98_304
        again.drop()
        assert list((tmp_path / "in").iterdir()) == []

    def test_what_a_dead_process_left_is_tidied_up_and_what_lives_is_not(self, tmp_path: Path) -> None:
        spool = Spool(tmp_path)
        living = spool.begin("in", LIMITS)
        (tmp_path / "in/0123.draft").write_bytes(b"left")
        spool.tidy()
        assert [path.name for path in (tmp_path / "in").iterdir()] == [living.path.name]
        living.drop()


def test_bodies_wait_for_room_in_memory() -> None:
    memory, inside = Memory(100), list[int]()
    with ThreadPoolExecutor(4) as pool, memory.room(60):
        waiting = [pool.submit(_pass, memory, size, inside) for size in (50, 1000)]
        pool.submit(_pass, memory, 40, inside).result()
        assert inside == [40]
        assert not any(each.done() for each in waiting)
    assert sorted(inside) == [40, 50, 1000]


def _pass(memory: Memory, size: int, inside: list[int]) -> None:
    with memory.room(size):
        inside.append(size)
