"""Tables of configuration are read strictly, and described from the same declaration."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import pytest

from gateway.core.errors import ConfigurationError
from gateway.core.secrets import is_reference, is_secret_key
from gateway.core.strict import Described, convert, described, key, problems


class Wheel(msgspec.Struct, frozen=True, kw_only=True):
    size: Annotated[int, key("In inches.", ge=10)] = 28


class Bike(msgspec.Struct, frozen=True, kw_only=True):
    name: Annotated[str, key("What it is called.")]
    kind: Annotated[Literal["road", "city"], key("What it is for.")] = "city"
    front: Annotated[Wheel, key("The front wheel.")] = Wheel()
    spare: Annotated[Wheel | None, key("One more.")] = None
    wheels: Annotated[tuple[Wheel, ...], key("All of them.")] = ()
    tags: Annotated[dict[str, str], key("Free words.")] = {}
    number: Annotated[int, key("Counted by the shop.", internal=True)] = 0


def test_a_table_becomes_a_value_with_its_defaults():
    bike = convert({"name": "Blue", "wheels": [{"size": 20}], "tags": {"any": "word"}}, Bike, "bike.toml")
    assert (bike.name, bike.kind, bike.wheels, bike.tags) == ("Blue", "city", (Wheel(size=20),), {"any": "word"})


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"nam": "Blue"}, "bike.toml: nam: no such key. Did you mean name?"),
        ({"xyz": 1}, "bike.toml: xyz: no such key. There are: name, kind, front, spare, wheels, tags."),
        ({"number": 1}, "bike.toml: number: no such key."),
        ({"name": "B", "wheels": [{}, {"sice": 1}]}, "bike.toml: wheels[1].sice: no such key. Did you mean size?"),
        ({"name": "B", "spare": {"sice": 1}}, "bike.toml: spare.sice: no such key."),
        ({"name": "B", "front": {"size": 9}}, "bike.toml: front.size: expected `int` >= 10."),
        ({"name": 1}, "bike.toml: name: expected `str`, got `int`."),
        ({}, "bike.toml: object missing required field `name`."),
        ({"name": "B", "front": 5}, "bike.toml: front: expected `object`, got `int`."),
    ],
)
def test_what_is_wrong_is_named_with_its_key(table, message):
    with pytest.raises(ConfigurationError) as caught:
        convert(table, Bike, "bike.toml")
    assert str(caught.value).startswith(message)


def test_a_part_of_a_file_is_named_from_the_top():
    found = problems({"nam": "B"}, Bike, "shop.toml", at="bike[2]")
    assert found[0].key == "bike[2].nam"
    found = problems({"name": 5}, Bike, "shop.toml", at="bike[2]")
    assert found[0].key == "bike[2].name"


def test_every_unknown_key_is_listed():
    assert [error.key for error in problems({"a": 1, "front": {"b": 2}}, Bike, "f")] == ["a", "front.b"]


def test_the_same_declaration_describes_the_keys():
    rows = described(Bike)
    assert rows[0] == Described("name", "text", True, "", "What it is called.")
    assert rows[1] == Described("kind", '"city" or "road"', False, '"city"', "What it is for.")
    assert [row.type for row in rows[2:]] == ["table", "table", "list of table", "table: text = text"]
    assert "number" not in [row.name for row in rows]


@pytest.mark.parametrize("word", ["password", "proxy_password", "client_secret", "token", "PASSPHRASE", "api_key"])
def test_secrets_are_known_by_their_names(word):
    assert is_secret_key(word)


@pytest.mark.parametrize("word", ["path", "passwordless", "token_bucket", "secretary", "name"])
def test_other_words_are_no_secrets(word):
    assert not is_secret_key(word)


def test_references_are_env_and_file():
    assert is_reference("env:NAME")
    assert is_reference("file:keys/erp.pem")
    assert not any(is_reference(value) for value in ("env:", "hunter2", "http://x", 5, None))
