"""``crossdock release``, ``cancel``, ``reprocess``, ``resend``: what people decide about what stopped."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.output import STYLES, Output, Record, plain, results
from gateway.cli.session import Session, pass_session
from gateway.cli.work import process_option, work_until_idle

if TYPE_CHECKING:
    from rich.console import RenderableType

    from gateway.service import Service
    from gateway.store import Database
    from gateway.store.ids import Reference

    Decision = Callable[[Database, Reference, str, int], str]


def _decision(command: Callable[..., Any]) -> Callable[..., Any]:
    """What the four commands share."""
    ids = click.argument("ids", nargs=-1, required=True, metavar="ID…", help="tx_… or doc_…")
    return click.command()(ids(process_option(results(pass_session(click.pass_context(command))))))


@_decision
def release(context: click.Context, session: Session, **given: Any) -> None:
    """Let go on what is held (tx_…, doc_…): the cause is mended, or it shall go on all the same.

    It is looked at again: what is held again is shown with the reason, and the exit code is 1. A document that waits
    for the time at which its agreement sends leaves now, with all that waits for it.

    Example:

    \b
        crossdock documents --status held
        crossdock release doc_42
    """
    _decide(context, session, "release", **given)


@_decision
def cancel(context: click.Context, session: Session, **given: Any) -> None:
    """End what is held, failed or stopped, or waits to be sent (tx_…, doc_…): nothing more is done about it; what it
    blocked goes on.

    Example:

    \b
        crossdock cancel doc_42
    """
    _decide(context, session, "cancel", **given)


@_decision
def reprocess(context: click.Context, session: Session, **given: Any) -> None:
    """Try again what failed (tx_…, doc_…), at its old place in the order.

    Example:

    \b
        crossdock documents --status failed
        crossdock reprocess doc_42 doc_43
    """
    _decide(context, session, "reprocess", **given)


@_decision
def resend(context: click.Context, session: Session, **given: Any) -> None:
    """Deliver again what was sent or could not be sent (tx_…, or a doc_… in it), under the same name. What waits for
    its next try waits no longer.

    Example:

    \b
        crossdock transmissions --status stopped
        crossdock resend tx_42
    """
    _decide(context, session, "resend", **given)


def _decide(
    context: click.Context, session: Session, event: str, ids: tuple[str, ...], process: bool, out: Output
) -> None:
    """Each id by itself; then the work that this made."""
    from gateway import expectations
    from gateway.store.ids import parse

    references = [parse(id) for id in ids]
    decision: Decision = getattr(expectations, event)
    with session.service() as service:
        records = [_one(service, decision, reference) for reference in references]
        if process:
            work_until_idle(service)
        for reference, record in zip(references, records, strict=True):
            if process and "error" not in record:
                record |= _outcome(service, reference)
            out.record(record, _human)
    context.exit(int(any("error" in record or record.get("holds") for record in records)))


def _one(service: Service, decision: Decision, reference: Reference) -> dict[str, Any]:
    from gateway.core.errors import CrossdockError, StoreError
    from gateway.store import ConflictError

    try:
        status = decision(service.database, reference, f"operator {_user()}", service.clock.now())
    except (ConflictError, CrossdockError) as error:
        if isinstance(error, StoreError) and not isinstance(error, ConflictError):
            raise
        return {"id": str(reference), "error": error.detail, **({"hint": error.hint} if error.hint else {})}
    return {"id": str(reference), "status": status}


def _outcome(service: Service, reference: Reference) -> dict[str, Any]:
    """As it is now that the work is done, and why it is held again where it is."""
    from gateway.store.story import story_of
    from gateway.store.timeline import timeline

    story = story_of(reference, timeline(service.database, reference))
    row = next(row for row in story[f"{reference.kind}s"] if row["id"] == str(reference))
    if row["status"] != "held":
        return {"status": row["status"]}
    holds = [
        hold for hold in story["holds"] if "released_at" not in hold and hold.get(reference.kind) == str(reference)
    ]
    return {"status": "held", "holds": holds}


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name
        return "unknown"


def _human(record: Record) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding

    from gateway.cli.story import show_hold

    line = plain(f"{record['id']}  ")
    if "error" in record:
        line.append(record["error"], "red")
        return line.append(f" {record['hint']}" if "hint" in record else "")
    line.append(record["status"], STYLES.get(record["status"], ""))
    why = [part for hold in record.get("holds", ()) for part in show_hold(hold)]
    return Group(line, *(Padding(part, (0, 0, 0, 2), expand=False) for part in why))
