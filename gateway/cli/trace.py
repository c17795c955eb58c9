"""``crossdock trace``: everything about one thing."""

from __future__ import annotations

import click

from gateway.cli.output import Output, results
from gateway.cli.session import Session, pass_session


@click.command()
@click.argument("id", help="tx_…, ic_… or doc_…")
@results
@pass_session
def trace(session: Session, id: str, out: Output) -> None:
    """Tell the story of a transmission, interchange or document: where it came from, what it led to, what it awaits.

    ID is tx_…, ic_… or doc_…, as the other commands print it. What is held is shown with the lines of configuration
    that would admit it.

    Example:

    \b
        crossdock trace doc_42
        crossdock trace tx_7 --json
    """
    from gateway.cli.story import show_story
    from gateway.store.ids import parse
    from gateway.store.story import story_of
    from gateway.store.timeline import timeline

    reference = parse(id)
    with session.database() as database:
        found = timeline(database, reference)
    out.record(story_of(reference, found), show_story)
