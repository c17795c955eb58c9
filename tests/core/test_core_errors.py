"""The tree of errors: whose fault, whether to try again, and two texts, one of them fit for a partner."""

from __future__ import annotations

import pytest

from gateway.core import errors
from gateway.core.errors import (
    ActionNeededError,
    ConfigurationError,
    ConnectorError,
    CrossdockError,
    DeliveryRefusedError,
    Fault,
    LeaseLostError,
    MappingDefinitionError,
    RequestError,
    SchemaError,
    StoreError,
    TooLargeError,
    UnreadableError,
)

ALL = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, CrossdockError)]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
class TestEveryError:
    def test_the_partner_reads_a_sentence(self, kind: type[CrossdockError]) -> None:
        assert kind.public.endswith(".")

    def test_it_says_whose_fault_it_is_and_whether_to_try_again(self, kind: type[CrossdockError]) -> None:
        assert isinstance(kind.fault, Fault)
        assert isinstance(kind.retryable, bool)

    def test_it_explains_itself(self, kind: type[CrossdockError]) -> None:
        assert kind.__doc__


def test_the_operator_reads_what_happened_and_what_to_do_and_the_partner_neither() -> None:
    error = ConnectorError("Folder /srv/acme is full.", hint="Make room.")
    assert str(error) == "Folder /srv/acme is full. Make room."
    assert "acme" not in error.public


def test_what_passes_is_tried_again_and_what_stays_is_not() -> None:
    assert [kind for kind in ALL if kind.retryable] == [StoreError, LeaseLostError, ConnectorError, ActionNeededError]
    assert not DeliveryRefusedError("no").retryable


def test_the_other_side_is_to_blame_only_for_what_it_did() -> None:
    blamed = {UnreadableError, TooLargeError, DeliveryRefusedError, ActionNeededError, RequestError}
    assert {kind for kind in ALL if kind.fault is Fault.PARTY} == blamed
    assert {kind for kind in ALL if kind.fault is Fault.NETWORK} == {ConnectorError}


@pytest.mark.parametrize("kind", [ConfigurationError, SchemaError, MappingDefinitionError])
def test_a_line_of_configuration_is_named_by_file_and_key(kind: type[ConfigurationError]) -> None:
    error = kind("no such party.", file="partners/acme.toml", key="agreement[0].with")
    assert str(error) == "partners/acme.toml: agreement[0].with: no such party."
    assert (error.file, error.key) == ("partners/acme.toml", "agreement[0].with")


def test_a_file_alone_is_enough() -> None:
    assert str(ConfigurationError("not readable.", file="crossdock.toml")) == "crossdock.toml: not readable."
