"""The played port: its receipts are valid, and lead where their outcome says."""

from __future__ import annotations

import pytest

from gateway.codecs.ceb_file import opened_message
from gateway.codecs.dxp import DxpMessage, write_dxp
from gateway.codecs.xml_signature import sign
from gateway.core.errors import UsageError
from gateway.grammar.ceb_validator import CebValidator
from gateway.simulate.port import OUTCOMES, Port
from tests.customs import made
from tests.customs.signing import signer_of


def signed() -> bytes:
    return sign(made.message("621", made.inventory()), signer_of())


@pytest.mark.parametrize("outcome", sorted(OUTCOMES))
def test_what_it_sends_is_valid_and_has_the_statuses_of_the_outcome(outcome: str) -> None:
    answers = Port(made.schemas(), outcome=outcome, tax=False).answer(signed())
    assert tuple(each.status for each in answers) == OUTCOMES[outcome]
    for each in answers:
        text = opened_message(each.body).text
        assert CebValidator(made.table(each.type[3:6]), outgoing=True).validate(text) == []


def test_a_list_without_a_good_signature_is_an_error() -> None:
    unsigned = made.message("621", made.inventory())
    (answer,) = Port(made.schemas()).answer(unsigned)
    assert (answer.type, answer.status) == ("CEB900Message", "-2")  # its schema asks for one
    broken = signed().replace(b"PO-1<", b"PO-2<")
    assert [each.status for each in Port(made.schemas()).answer(broken)] == ["-621029"]


def test_an_approved_import_is_taxed_and_numbers_stay_the_same() -> None:
    answers = Port(made.schemas()).answer(signed())
    assert "CEB816Message" in [each.type for each in answers]
    again = Port(made.schemas(), seed="2").answer(signed())
    assert answers[-1].body[-400:].split(b"invtNo")[1] == again[-1].body[-400:].split(b"invtNo")[1]


def test_it_answers_in_the_envelope_that_it_got() -> None:
    to = ("DXPEDCCEB0000002",)
    body = write_dxp(DxpMessage("M-1", "DXPENT0000099999", to, "2026-01-31T13:20:00", "CEB621Message", signed()))
    first = opened_message(Port(made.schemas()).answer(body)[0].body).envelope
    assert first is not None
    assert (first.sender, first.receivers) == ("DXPEDCCEB0000002", ("DXPENT0000099999",))


def test_receipts_repeat_and_come_in_any_order_on_demand() -> None:
    usual = [each.status for each in Port(made.schemas(), tax=False).answer(signed())]
    played = [each.status for each in Port(made.schemas(), tax=False, repeat=2, shuffle=True).answer(signed())]
    assert sorted(played) == sorted(usual * 2)
    assert played != usual * 2
    with pytest.raises(UsageError):
        Port(made.schemas(), outcome="sometimes")
