"""Every shipped table: it can be read, a validator can be made of it, and it takes what it says itself."""

from __future__ import annotations

from itertools import groupby
from random import Random
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.grammar import Available
from gateway.knowledge import Knowledge
from tests.property.valid import a_message

SCHEMAS = Knowledge.of(None, {}).schemas
OURS = [each for each in SCHEMAS.available() if not each.source and not each.version.startswith("service")]
PORTION = 25


def picked(each: Available) -> bool:
    return crc32(" ".join(each).encode()) % PORTION == 0


def test_there_are_as_many_as_the_standards_have() -> None:
    versions = {each.version for each in OURS if each.standard == "edifact"}
    assert len(versions) == 23
    assert sum(each.version == "004010" for each in OURS) == 293
    assert sum(each.version == "005010" for each in OURS) == 67
    assert len(OURS) == 4388


@pytest.mark.slow
def test_every_table_can_be_read() -> None:
    for version, group in groupby(OURS, lambda each: each.version):
        schemas = Knowledge.of(None, {}).schemas  # one for each version: tables are kept as long as it is
        for each in group:
            message = schemas.message(*each[:3])
            assert (message.version, message.name) == (version, each.name)
            assert message.name
            assert message.root.children


@pytest.mark.parametrize("each", list(filter(picked, OURS)), ids=lambda each: f"{each.version} {each.type}")
def test_what_is_mandatory_and_some_of_the_rest_is_valid(each: Available) -> None:
    validator = SCHEMAS.validator(*each[:3])
    for seed in range(3):
        document = a_message(validator.table, Random(f"{each} {seed}"))
        assert [(issue.code, str(issue.location)) for issue in validator.validate(document)] == []


@pytest.mark.timeout(300)  # some tables are read for the first time, on a machine that may be busy
@settings(max_examples=40, deadline=None)
@given(each=st.sampled_from(OURS), random=st.randoms(use_true_random=False))
def test_any_valid_message_of_any_table_is_valid(each: Available, random: Random) -> None:
    validator = SCHEMAS.validator(*each[:3])
    document = a_message(validator.table, random)
    assert [(issue.code, str(issue.location)) for issue in validator.validate(document)] == []
