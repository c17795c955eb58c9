"""Keys, openssl and the messages of others, for tests of AS2."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from gateway.as2 import cms
from gateway.as2.opening import Means, in_memory
from gateway.core.exchanges import Pairs

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "as2"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of other software are not here")
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl")

ORDER = b"ISA*00*~GS*PO~ST*850*0001~BEG*00*SA*4711~SE*3*0001~\r\n" * 20
MOST = 1 << 24


@lru_cache
def key_of(name: str) -> cms.PrivateKey:
    return cms.make_key(name, bits=2048)


def sample_key(name: str) -> cms.PrivateKey:
    folder = SAMPLES / "keys"
    (found,) = cms.private_keys((folder / f"{name}.key").read_bytes() + (folder / f"{name}.crt").read_bytes(), None)
    return found


def sample(path: str) -> tuple[Pairs, bytes]:
    """Headers and body of a stored message."""
    from gateway.as2 import headers

    head, _, body = (SAMPLES / path).read_bytes().partition(b"\r\n\r\n")
    return headers.parse(head), body


def expected(folder: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / folder / "expected.json").read_text())
    return found


def means(*keys: cms.PrivateKey, of: cms.PrivateKey | None = None, micalg: str = "sha1") -> Means:
    """``of``: whose certificate is pinned."""
    return Means(keys, [of.certificate] if of else [], in_memory(), MOST, micalg)


def joined(pieces: object) -> bytes:
    return b"".join(pieces)  # type: ignore[arg-type]


def openssl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False)


def files(folder: Path, key: cms.PrivateKey) -> None:
    """``key.pem`` and ``cert.pem``, for openssl."""
    (folder / "key.pem").write_bytes(cms.key_file(key, None))
    (folder / "cert.pem").write_bytes(cms.certificate_file(key.certificate))


def reader(data: bytes) -> BytesIO:
    return BytesIO(data)
