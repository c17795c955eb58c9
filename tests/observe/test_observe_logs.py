"""Logs: one line per event on standard error, ids on each, content and personal data on none."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

import gateway
from gateway.core.errors import UsageError
from gateway.observe import configure
from gateway.observe.redact import redact


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    names = [logging.getLogger(name) for name in ("sqlalchemy", "kombu", "amqp", "alembic")]
    levels = [each.level for each in names]
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.captureWarnings(False)
    root.handlers, root.level = handlers, level
    for each, before in zip(names, levels, strict=True):
        each.setLevel(before)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


class TestForm:
    def test_on_a_pipe_each_line_is_a_json_object_on_standard_error(self) -> None:
        program = (
            "import structlog, logging; from gateway.observe import configure; configure();"
            "structlog.get_logger('a').info('transmission.received', size=3);"
            "logging.getLogger('b').warning('from %s', 'elsewhere')"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=Path(gateway.__file__).parents[1],
            capture_output=True,
            text=True,
            check=True,
        )
        first, second = map(json.loads, done.stderr.splitlines())
        assert done.stdout == ""
        assert (first["event"], first["level"], first["logger"], first["size"]) == (
            "transmission.received",
            "info",
            "a",
            3,
        )
        assert (second["event"], second["level"], second["logger"]) == ("from elsewhere", "warning", "b")
        assert first["timestamp"].endswith("Z")

    def test_on_a_terminal_lines_are_for_people(self, capsys: pytest.CaptureFixture[str]) -> None:
        configure("console")
        structlog.get_logger("a").info("document.held", code="GTW-LANE")
        text = capsys.readouterr().err
        assert "document.held" in text
        assert "code=GTW-LANE" in text
        assert not text.startswith("{")

    def test_lines_below_the_level_are_not_written(self, capsys: pytest.CaptureFixture[str]) -> None:
        configure("json", "warning")
        structlog.get_logger("a").info("quiet")
        logging.getLogger("a").info("quiet")
        structlog.get_logger("a").warning("loud")
        assert [line["event"] for line in lines(capsys)] == ["loud"]

    def test_a_second_configuration_replaces_the_first(self, capsys: pytest.CaptureFixture[str]) -> None:
        log = structlog.get_logger("a")
        configure("console", "error")
        configure("json", "info")
        log.info("once")
        logging.getLogger("a").info("once")
        assert [line["event"] for line in lines(capsys)] == ["once", "once"]

    def test_libraries_are_quiet_even_when_everything_is_logged(self, capsys: pytest.CaptureFixture[str]) -> None:
        configure("json", "debug")
        logging.getLogger("sqlalchemy.engine").info("INSERT … ('Jane Doe')")
        logging.getLogger("kombu.connection").debug("body")
        assert lines(capsys) == []

    def test_warnings_of_python_are_lines_too(self, capsys: pytest.CaptureFixture[str]) -> None:
        configure("json")
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            logging.captureWarnings(True)
            warnings.warn("old way", stacklevel=1)
        assert ["old way" in line["event"] for line in lines(capsys)] == [True]

    def test_a_failure_carries_its_traceback_in_the_same_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        configure("json")
        try:
            raise ValueError("no such thing")
        except ValueError:
            structlog.get_logger("a").exception("step.failed")
        (line,) = lines(capsys)
        assert "ValueError: no such thing" in line["exception"]

    def test_local_variables_are_not_in_tracebacks(self, capsys: pytest.CaptureFixture[str]) -> None:
        configure("console")
        recipient = "Jane " + "Doe"
        try:
            raise ValueError(len(recipient))
        except ValueError:
            structlog.get_logger("a").exception("step.failed")
        assert recipient not in capsys.readouterr().err

    def test_a_level_that_is_none_is_refused(self) -> None:
        with pytest.raises(UsageError, match="warning"):
            configure("json", "loud")


PERSONAL = {
    "body": b"ISA*00*",
    "payload": "ISA*00*          *",
    "buyer_name": "Jane Doe",
    "name": "Jane Doe",
    "contactName": "Jane Doe",
    "delivery_address": "1 Example Road",
    "email": "jane@example.com",
    "phone": "+1 555 0100 200",
    "passport_number": "X1234567",
    "iban": "DE89370400440532013000",
    "value": "Jane Doe",
    "password": "hunter2",
    "api_key": "hunter2",
}


VALUES = st.recursive(st.none() | st.text() | st.integers(), st.lists, max_leaves=8)


class TestPrivacy:
    @pytest.mark.parametrize("key", sorted(PERSONAL))
    def test_a_key_that_names_personal_data_content_or_secrets_hides_its_value(
        self, key: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure("json")
        structlog.get_logger("a").info("document.held", **{key: PERSONAL[key]})
        assert lines(capsys)[0][key] in ("[content]", "[personal]", "[secret]")

    def test_nested_values_are_looked_into(self, capsys: pytest.CaptureFixture[str]) -> None:
        configure("json")
        structlog.get_logger("a").info("x", order={"number": "4711", "party": [{"name": "Jane Doe", "id": 5}]})
        assert lines(capsys)[0]["order"] == {"number": "4711", "party": [{"name": "[personal]", "id": 5}]}

    @pytest.mark.parametrize(
        ("text", "hidden"),
        [
            ("mail to jane.doe+x@mail.example.com failed", "jane.doe"),
            ("@@jane@x jane.doe@x.example.com.", "jane.doe"),
            ("call +49 (30) 1234-5678 now", "1234"),
            ("account DE89 3704 0044 0532 0130 00 unknown", "0532"),
        ],
    )
    def test_running_text_is_searched(self, text: str, hidden: str, capsys: pytest.CaptureFixture[str]) -> None:
        configure("json")
        log = structlog.get_logger("a")
        log.info(text, reason=text)
        logging.getLogger("library").error("%s", text)
        try:
            raise ValueError(text)
        except ValueError:
            log.exception("failed")
        assert hidden not in capsys.readouterr().err

    def test_bytes_are_counted_and_long_values_cut(self, capsys: pytest.CaptureFixture[str]) -> None:
        configure("json")
        structlog.get_logger("a").info("x", blob=b"12345", text="y" * 5000, many=list(range(99)))
        (line,) = lines(capsys)
        assert line["blob"] == "[5 bytes]"
        assert line["text"].endswith("… (5000 characters)")
        assert len(line["text"]) < 400
        assert len(line["many"]) == 20

    def test_what_an_error_says_at_its_end_is_what_to_do(self) -> None:
        (text,) = redact(None, "warning", {"error": "x" * 600 + " write: host_key"}).values()
        assert text.endswith("write: host_key")

    def test_an_address_across_the_cut_is_hidden_too(self) -> None:
        (text,) = redact(None, "info", {"text": "x " * 147 + "jane.doe@example.com"}).values()
        assert "jane" not in text

    def test_what_an_operator_needs_stays(self) -> None:
        line = {"file_name": "a.edi", "business_key": "order:4711", "control_number": "000000001", "segment": 17}
        assert redact(None, "info", dict(line)) == line

    @given(
        st.dictionaries(
            st.text(max_size=20), st.recursive(st.none() | st.text() | st.integers(), st.lists, max_leaves=8)
        )
    )
    def test_any_line_passes_and_stays_writable(self, line: dict[str, Any]) -> None:
        cleaned = redact(None, "info", dict(line))
        assert list(cleaned) == list(line)
        assert json.loads(json.dumps(cleaned, default=str)).keys() == line.keys()
