"""docs/reference/metrics.md: every metric, its labels and its meaning."""

from __future__ import annotations

from gateway.observe import metrics
from gateway.work import gauges
from tests.docs.markdown import head, table

_INTRODUCTION = """
`/metrics` of the web server and `crossdock metrics` give all of them in the text format of Prometheus. Counters and
histograms are those of all processes that use the home on one machine, and never fall while the home is there; the
gauges are read from the database at that moment, by index searches only. [Monitoring](../how-to/monitoring.md) has a
scrape configuration and alert rules.

What partners make up is bounded: from the 201st type of document on, `type` is `other`.
"""


def page() -> str:
    rows = [
        (f"`{metric.name}`", metric.kind, ", ".join(f"`{label}`" for label in metric.labels), metric.text)
        for metric in (*metrics.TABLE, *gauges.TABLE)
    ]
    source = "gateway/observe/metrics.py and gateway/work/gauges.py"
    return "\n".join(
        [head("Metrics", source), _INTRODUCTION.strip() + "\n", table(("metric", "kind", "labels", "meaning"), rows)]
    )
