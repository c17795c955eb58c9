"""Check digits of GTIN, GLN and SSCC."""

from __future__ import annotations

import pytest

from gateway.canonical import is_gln, is_gtin, is_sscc, is_valid


@pytest.mark.parametrize("value", ["96385074", "036000291452", "4006381333931", "10614141000415"])
def test_gtins_of_all_four_lengths(value: str) -> None:
    assert is_gtin(value)
    assert not is_gtin(value[:-1] + str((int(value[-1]) + 1) % 10))


def test_gln() -> None:
    assert is_gln("5412345000013")
    assert not is_gln("5412345000014")
    assert not is_gln("96385074")


def test_sscc_with_and_without_its_application_identifier() -> None:
    assert is_sscc("106141412345678908")
    assert is_sscc("00106141412345678908")
    assert not is_sscc("106141412345678909")


@pytest.mark.parametrize("value", ["", "abc", "٤٠٠٦٣٨١٣٣٣٩٣١", "4006381-333931", " 4006381333931"])
def test_anything_but_digits_is_no_identifier(value: str) -> None:
    assert [check(value) for check in (is_gtin, is_gln, is_sscc)] == [False] * 3


def test_a_scheme_names_its_check() -> None:
    assert is_valid("upc", "036000291452")
    assert not is_valid("upc", "4006381333931")
    assert is_valid("buyer-assigned", "anything")
    assert is_valid(None, "anything")
