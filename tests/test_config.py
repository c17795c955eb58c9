"""crossdock.toml, overridden by the environment; defaults need nothing; secrets are references."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.config import describe, load, resolve_secret
from gateway.core.errors import ConfigurationError, UsageError
from gateway.settings import Config, reference


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path.resolve()


def configured(home: Path, text: str = "", **environ: str) -> Config:
    (home / "crossdock.toml").write_text(text, encoding="utf-8")
    return load(home, environ)


def refusal(home: Path, text: str = "", **environ: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        configured(home, text, **environ)
    return str(caught.value)


def test_the_defaults_need_nothing(home):
    config = load(home, {})
    assert config.database == f"sqlite:///{home}/crossdock.db"
    assert (config.broker, config.workers, config.log.format) == ("memory://", 1, "auto")
    assert config.exchange == f"{home}/exchange"
    assert config.limits.document_bytes == 32 * 1024 * 1024
    assert list(home.iterdir()) == []


def test_without_a_home_data_goes_to_the_users_state_folder(tmp_path):
    assert load(None, {"XDG_STATE_HOME": str(tmp_path)}).home == tmp_path / "crossdock"
    assert load(None, {}).home == Path("~/.local/state/crossdock").expanduser()


def test_the_variable_names_the_home(home):
    (home / "crossdock.toml").write_text("workers = 3")
    assert load(None, {"CROSSDOCK_HOME": str(home)}).workers == 3
    with pytest.raises(UsageError):
        load(None, {"CROSSDOCK_HOME": str(home / "nowhere")})


def test_the_environment_goes_before_the_file(home):
    config = configured(home, "workers = 3\n[log]\nformat = 'json'\nlevel = 'debug'", CROSSDOCK_LOG__LEVEL="error")
    assert (config.workers, config.log.format, config.log.level) == (3, "json", "error")


def test_variables_become_what_their_key_is(home):
    config = configured(
        home, CROSSDOCK_WORKERS="4", CROSSDOCK_BATCHES__LEASE_SECONDS="2.5", CROSSDOCK_BROKER="amqp://h"
    )
    assert (config.workers, config.batches.lease_seconds, config.broker) == (4, 2.5, "amqp://h")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("worker = 3", "crossdock.toml: worker: no such key. Did you mean workers?"),
        (
            "[limits]\ndocument_byte = 3",
            "limits.document_byte: no such key. Did you mean document_bytes?",
        ),
        ("workers = '3'", "crossdock.toml: workers: expected `int`, got `str`."),
        ("workers = 0", "crossdock.toml: workers: expected `int` >= 1."),
        ("log = {format = 'xml'}", "crossdock.toml: log.format: invalid enum value 'xml'."),
        ("home = '/tmp'", "crossdock.toml: home: no such key."),
        ("workers =", "this is not TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(home, text, message):
    assert message in refusal(home, text)


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("CROSSDOCK_WORKER", "3", "CROSSDOCK_WORKER: worker: no such key. Did you mean workers?"),
        ("CROSSDOCK_LOG__LEVLE", "info", "CROSSDOCK_LOG__LEVLE: log.levle: no such key. Did you mean level?"),
        ("CROSSDOCK_WORKERS", "three", "CROSSDOCK_WORKERS: workers: expected `int`, got `str`."),
        ("CROSSDOCK_LOG", "json", "CROSSDOCK_LOG: log: expected `object`, got `str`."),
    ],
)
def test_what_is_wrong_in_the_environment_is_named(home, variable, value, message):
    assert refusal(home, **{variable: value}).startswith(message)


def test_variables_of_the_test_suite_are_no_keys(home):
    assert configured(home, CROSSDOCK_TEST_POSTGRES="postgresql://…").workers == 1


class TestSecrets:
    URL = "postgresql://crossdock:hunter2@db/crossdock"

    def test_a_password_in_the_file_is_refused_and_not_shown(self, home):
        text = refusal(home, f'database = "{self.URL}"')
        assert text.startswith("crossdock.toml: database: a password is never written here.")
        assert "CROSSDOCK_DATABASE" in text
        assert "hunter2" not in text

    def test_a_url_may_be_a_reference(self, home):
        config = configured(home, 'database = "env:DATABASE_URL"', DATABASE_URL=self.URL)
        assert config.database == self.URL

    def test_the_environment_may_hold_the_secret_itself(self, home):
        assert configured(home, CROSSDOCK_DATABASE=self.URL).database == self.URL

    def test_a_url_without_a_password_is_none(self, home):
        assert configured(home, 'database = "postgresql://db/crossdock"').database == "postgresql://db/crossdock"

    def test_a_reference_leads_to_a_variable_or_a_file(self, home):
        (home / "secret").write_text("s3cret\n")
        assert resolve_secret("env:NAME", home, {"NAME": "v"}) == "v"
        assert resolve_secret("file:secret", home, {}) == "s3cret"
        assert resolve_secret(f"file:{home}/secret", home, {}) == "s3cret"

    @pytest.mark.parametrize("reference", ["env:NAME", "file:nowhere", "hunter2"])
    def test_a_reference_that_leads_nowhere_is_a_mistake(self, home, reference):
        with pytest.raises(ConfigurationError) as caught:
            resolve_secret(reference, home, {})
        assert "hunter2" not in str(caught.value)

    def test_what_is_shown_has_no_password(self, home):
        shown = {value.key: value.value for value in describe(configured(home, CROSSDOCK_DATABASE=self.URL))}
        assert shown["database"] == "postgresql://crossdock:***@db/crossdock"


def test_every_value_is_shown_with_its_origin(home):
    config = configured(home, "workers = 2\n[log]\nformat = 'json'", CROSSDOCK_LOG__LEVEL="debug")
    origins = {value.key: value.origin for value in describe(config)}
    assert origins["workers"] == "crossdock.toml"
    assert origins["log.format"] == "crossdock.toml"
    assert origins["log.level"] == "CROSSDOCK_LOG__LEVEL"
    assert origins["limits.document_bytes"] == "default"
    assert set(origins) == {line.split("`")[1] for line in reference().splitlines() if line.startswith("| `")}


def test_relative_paths_start_at_the_home(home):
    assert configured(home, 'exchange = "dock"').exchange == f"{home}/dock"
    assert configured(home, 'exchange = "/srv/dock"').exchange == "/srv/dock"


def test_the_reference_names_the_variable_of_each_key():
    assert "| `log.level` | `CROSSDOCK_LOG__LEVEL` |" in reference()
