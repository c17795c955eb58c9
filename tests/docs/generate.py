"""Pages of docs/ that are written from the program. ``python -m tests.docs.generate`` (``make docs``) rewrites them.

A test fails while a page in the checkout is not what its source says. A new page is one more row in ``PAGES``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gateway import agreements, settings
from tests.docs import (
    canonical_page,
    commands_page,
    connectors_page,
    events_page,
    issues_page,
    lifecycles_page,
    metrics_page,
    opinion_page,
)

DOCS = Path(__file__).parents[2] / "docs"

#: Path below docs/ → what writes it. None from it: its source has nothing to show.
PAGES: dict[str, Callable[[], str | None]] = {
    "concepts/lifecycles.md": lifecycles_page.page,
    "reference/agreements.md": agreements.reference,
    "reference/canonical.md": canonical_page.page,
    "reference/commands.md": commands_page.page,
    "reference/configuration.md": settings.reference,
    "reference/connectors.md": connectors_page.page,
    "reference/event.schema.json": events_page.schema_text,
    "reference/events.md": events_page.page,
    "reference/issues.md": issues_page.page,
    "reference/metrics.md": metrics_page.page,
    "reference/second-opinion.md": opinion_page.page,
}


def text_of(path: str) -> str | None:
    """What the page should say."""
    text = PAGES[path]()
    return None if text is None else text.rstrip() + "\n"


def main() -> None:
    """Write every page that differs, and name it."""
    for path in PAGES:
        text, file = text_of(path), DOCS / path
        if text is not None and (not file.exists() or file.read_text(encoding="utf-8") != text):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            print(f"docs/{path}")


if __name__ == "__main__":
    main()
