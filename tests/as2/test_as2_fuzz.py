"""Any bytes: a message, an MDN, or an error of ours that says which."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.as2 import cms, headers
from gateway.as2.mdn import is_mdn, parse_mdn
from gateway.as2.opening import in_memory, open_message
from gateway.as2.packing import Security
from gateway.as2.problem import As2Error, MimeError, Modifier
from tests.as2.material import joined, key_of, means, reader
from tests.as2.test_as2_mdn import answer
from tests.as2.test_as2_shapes import SHAPES, pack

BOUNDED = settings(max_examples=150, deadline=None)
TYPES = ['multipart/signed; boundary="b"', "application/pkcs7-mime", "multipart/related; boundary=b", "text/plain", ""]


#: Where, how many bytes, and what stands there instead; places are shares of the length, which differs.
CHANGES = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from([0, 1, 2, 8, 200]),
        st.sampled_from([b"", b"\x80", b"\x00", b"\xff" * 4, b"\r\n--"]),
    ),
    min_size=1,
    max_size=4,
)


def changed(body: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for share, length, instead in changes:
        start = int(share * len(body))
        body = body[:start] + instead + body[start + length :]
    return body


#: What a message may come to: it is opened, or refused with what the MDN says of it.
OUTCOMES = frozenset({"opened", *get_args(Modifier)})


def outcome(fields: tuple[tuple[str, str], ...], body: bytes) -> str:
    try:
        found = open_message(fields, reader(body), means(key_of("globex"), of=key_of("acme")))
    except As2Error as error:
        return error.modifier if str(error) else "without a word"
    assert sum(len(piece) for part in found.parts for piece in part.pieces()) <= 1 << 24
    return "opened"


@BOUNDED
@given(st.sampled_from(SHAPES), CHANGES)
def test_a_message_that_was_changed_somewhere(security: Security, changes: list[tuple[float, int, bytes]]) -> None:
    found = pack(security, b"A" * 100)
    assert outcome(found.content_headers, changed(joined(found.pieces()), changes)) in OUTCOMES


@BOUNDED
@given(st.sampled_from(TYPES), st.binary(max_size=400))
@example("application/pkcs7-mime", b"\x30\x80" * 200)
@example("application/pkcs7-mime", b"\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff")
@example('multipart/signed; boundary="b"', b"--b\n--b\n--b--")
def test_a_message_of_any_bytes(content_type: str, body: bytes) -> None:
    assert outcome((("Content-Type", content_type),), body) in OUTCOMES


@BOUNDED
@given(CHANGES)
def test_an_mdn_that_was_changed_somewhere(changes: list[tuple[float, int, bytes]]) -> None:
    fields, body = answer(signed=True)
    is_mdn(fields, reader(changed(body, changes)))
    report = parse_mdn(fields, changed(body, changes), [key_of("globex").certificate], signed=True)
    assert report.doubt or report.signer == key_of("globex").certificate


@BOUNDED
@given(st.binary(max_size=300))
def test_headers_certificates_and_structures_of_any_bytes(data: bytes) -> None:
    """Each is read, or refused with the error of its kind; any other would be raised here."""
    assert refused(lambda: headers.parse(data)) in (None, MimeError)
    assert headers.media(data.decode("latin-1")).value == headers.media(data.decode("latin-1")).value.strip().lower()
    for files in (lambda: cms.certificates(data), lambda: cms.private_keys(data, b"x")):
        assert refused(files) in (None, cms.KeyFileError)
    for structures in (
        lambda: cms.signers(data),
        lambda: cms.decrypt(reader(data), [key_of("acme")], in_memory()()),
        lambda: cms.decompress(reader(data), in_memory()(), 1000),
    ):
        assert refused(structures) in (None, cms.CmsError)


def refused(read: Callable[[], object]) -> type[Exception] | None:
    """The kind of error of ours that reading ends with; None where it does not."""
    try:
        read()
    except (MimeError, cms.KeyFileError, cms.CmsError) as error:
        kinds = (MimeError, cms.KeyFileError, cms.CmsError)
        return next(kind for kind in kinds if isinstance(error, kind))
    return None
