"""What a seller says in one format can be said in another: a gateway between two partners passes all of it on."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest

from gateway.simulate import Partner
from gateway.simulate.hearing import hear
from tests.pipeline.yard import AT
from tests.scenarios.gateways import orders_of, world
from tests.scenarios.steps import an_order


def seller(language: str, behaviour: str = "confirm") -> Partner:
    there = world(language)
    (agreement,) = [a.name for a in there.agreements.agreements() if a.document == "Order" and a.party == "umbrella"]
    return Partner(there, agreement, role="seller", behaviour=behaviour)


@pytest.mark.parametrize(("one", "other"), list(permutations(("x12", "edifact"), 2)))
@pytest.mark.parametrize("behaviour", ["confirm", "change-quantity", "short-ship"])
def test_all_that_comes_in_one_format_is_valid_in_the_other(one: str, other: str, behaviour: str) -> None:
    there = world(one)
    order = orders_of(there, an_order(Decimal(100), Decimal("2.00")))
    interchanges = [each for file in seller(one, behaviour).answer(order, AT).files for each in hear(file.body, there)]
    heard = [read.meaning.document for interchange in interchanges for read in interchange.documents]
    documents = [document for document in heard if document is not None]
    assert [type(document).__name__ for document in documents] == ["OrderResponse", "DespatchAdvice", "Invoice"]
    speaker = seller(other)
    for document in documents:
        turn = speaker.send(document, AT)
        assert turn.remarks == ()
        ((again,),) = [interchange.documents for interchange in hear(turn.files[0].body, world(other))]
        assert again.meaning.issues == ()
        assert again.meaning.hold is None
