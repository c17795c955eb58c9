"""Receipts are never answered: two gateways would answer each other without end."""

from __future__ import annotations

import pytest

from gateway.acknowledgments import acknowledgeable
from tests.acknowledgments.verdicts import group, isa, message, messages, order, unb


def test_what_carries_documents_is_answered():
    assert acknowledgeable(order())
    assert acknowledgeable(group(order()))
    assert acknowledgeable(isa(group(order())))
    assert acknowledgeable(unb(messages(message())))


@pytest.mark.parametrize("type", ["997", "999", "TA1", "CONTRL", "contrl"])
def test_receipts_are_not(type):
    assert not acknowledgeable(order(type=type))


@pytest.mark.parametrize("type", ["824", "APERAK", "855"])
def test_answers_of_applications_are_documents(type):
    assert acknowledgeable(order(type=type))


def test_a_functional_group_of_receipts_is_not_even_when_it_is_empty():
    assert not acknowledgeable(group(functional="FA"))
    assert not acknowledgeable(group(order(type="997"), functional="FA"))
    assert not acknowledgeable(isa(group(order(type="997"), functional="FA")))


def test_an_interchange_of_ta1_alone_is_not():
    assert not acknowledgeable(isa(replies=2))


def test_a_ta1_beside_documents_does_not_hinder_their_answer():
    assert acknowledgeable(isa(group(order()), replies=1))
    assert acknowledgeable(isa(group(order(type="997"), functional="FA"), group(order())))


def test_an_interchange_of_contrl_alone_is_not():
    assert not acknowledgeable(unb(messages(message(type="CONTRL"))))
    assert acknowledgeable(unb(messages(message(type="CONTRL"), message())))


def test_an_empty_envelope_is_answered_as_such():
    assert acknowledgeable(isa())
