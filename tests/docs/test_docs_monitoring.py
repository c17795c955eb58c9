"""What docs/how-to/monitoring.md shows to copy is taken by the program, and speaks of metrics that there are."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from gateway.agreements import load
from gateway.alerts import KINDS
from gateway.core.strict import convert
from gateway.observe import metrics
from gateway.settings import Config
from gateway.work import gauges

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "monitoring.md").read_text(encoding="utf-8")
TOML = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_the_configuration_is_taken() -> None:
    settings = [text for text in TOML if text.startswith("[alerts]")]
    assert len(settings) == 1
    assert convert(tomllib.loads(settings[0]), Config, "crossdock.toml").alerts.mail_security == "starttls"
    party = 'id = "globex"\nname = "Globex"\n' + "".join(text for text in TOML if text.startswith("[[endpoint]]"))
    first, second = load({"partners/globex.toml": party}).party("globex").endpoints
    assert (first.expect_every, second.poll, second.patience.failures) == ("24h", "*/5 6-20 * * mon-fri", 3)


def test_the_metrics_that_it_names_are_there() -> None:
    there = {metric.name for metric in (*metrics.TABLE, *gauges.TABLE)}
    named = set(re.findall(r"\bcrossdock_\w+", PAGE))
    assert {name.removesuffix("_bucket") for name in named} <= there


def test_every_kind_of_alert_is_explained() -> None:
    assert set(KINDS) - {"test"} == set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
