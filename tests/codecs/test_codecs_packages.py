"""Packages of EDIFACT (UNO … UNP, ISO 9735-8): objects that are no messages, of any bytes."""

from __future__ import annotations

import io

import pytest

from gateway.codecs import read
from tests.codecs.interchanges import MESSAGE, UNB, codes, documents, end

OBJECT = b"UNH+9+ORDERS:D:96A:UN'\xff\x00UNT+2+9'UNZ+1+1'"


def package(data: bytes, length: int | str | None = None) -> bytes:
    said = len(data) if length is None else length
    return f"UNO+9+INV1++{said}'".encode() + data + f"UNP+{said}+9'".encode()


def interchange(inside: bytes, count: int = 2) -> bytes:
    control = UNB.split("+")[5].rstrip("'")
    return UNB.encode() + MESSAGE.encode() + inside + f"UNZ+{count}+{control}'".encode()


@pytest.mark.parametrize("data", [OBJECT, b"", b"x" * 200_000, OBJECT * 5000])
def test_a_package_is_one_issue_whatever_it_holds_and_the_messages_beside_it_are_read(data: bytes) -> None:
    found = list(read(io.BytesIO(interchange(package(data)))))
    assert codes(found) == ["EDF-I33C"]
    assert len(documents(found)) == 1
    (issue,) = end(found).issues
    assert issue.text == f"There is a package (UNO … UNP) of {len(data)} bytes: only messages are taken."
    assert end(found).length == len(interchange(package(data)))


@pytest.mark.parametrize("length", ["x", "", "3", "99999999999", "9" * 30])
def test_a_length_that_is_wrong_is_still_one_that_ends(length: str) -> None:
    found = list(read(interchange(package(b"HELLO'", length))))
    assert codes(found)[0] == "EDF-I33C"
    assert len(documents(found)) == 1
