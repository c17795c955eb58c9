"""``crossdock simulate``: partners on demand, for tests and before a real one is there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.inputs import FILE, opened, shown
from gateway.cli.output import Column, Output, Record, plain, results
from gateway.cli.root import Commands
from gateway.cli.session import Session, pass_session
from gateway.cli.simulate_customs import customs

if TYPE_CHECKING:
    from rich.console import RenderableType

    from gateway.canonical import Document
    from gateway.cli.simulated import Folders
    from gateway.simulate import Partner

_ROLES = ("seller", "buyer", "carrier")
_BEHAVIOURS = (Column("behaviour", "behaviour"), Column("who", "roles"), Column("what", "text"))


@click.group(cls=Commands)
def simulate() -> None:
    """Partners on demand: for tests, and before a real one is there."""


@simulate.command("partner")
@click.option("--agreement", required=True, metavar="NAME", help="One with the partner: it says who is played.")
@click.option("--role", type=click.Choice(_ROLES), required=True, help="What it does.")
@click.option("--behaviour", default="confirm", show_default=True, help="How: crossdock simulate behaviours.")
@click.option("--seed", default="1", show_default=True, help="What chance decides: the same seed, the same documents.")
@click.option("--once/--follow", default=True, help="Answer what is there, or what comes until it is stopped [--once].")
@click.option("--orders", type=click.IntRange(0, 1000), default=1, show_default=True, help="A buyer: so many at first.")
@click.option("--order", "file", type=FILE, help="A buyer: this order (canonical JSON; - is standard input).")
@click.option("--every", type=click.FloatRange(0.05), default=1.0, show_default=True, help="Seconds between looks.")
@click.option("--anew", is_flag=True, help="Forget what was answered before.")
@results
@pass_session
def partner(
    session: Session,
    agreement: str,
    role: str,
    behaviour: str,
    seed: str,
    once: bool,
    orders: int,
    file: str | None,
    every: float,
    anew: bool,
    out: Output,
) -> None:
    """Play a partner: look into the folder that the gateway leaves its documents in, and drop the answers into its
    own.

    It speaks what was agreed with it, and acknowledges with 997 or CONTRL. A seller answers an order with an order
    response, a despatch advice and an invoice; a buyer orders, tells what of it arrived, and pays; a carrier answers
    a tender and tells what happens. The gateway is untouched: it runs beside (crossdock serve), or is run afterwards
    (crossdock receive). What was answered is kept in simulate/ of the home.

    Example:

    \b
        crossdock simulate partner --role buyer --agreement globex-orders
        crossdock simulate partner --role seller --agreement umbrella-orders --behaviour short-ship
        crossdock simulate partner --role seller --agreement umbrella-orders --follow
    """
    from gateway.cli import simulated

    player, folders = _opened(session, agreement, role, behaviour, seed, anew=anew)
    if role == "buyer":
        given = _order(file) if file is not None else None
        for _ in range(1 if given is not None else orders):
            out.record(simulated.order(player, folders, given), _human)
    elif file is not None:
        raise click.UsageError("--order is for --role buyer.")
    try:
        while True:
            for record in simulated.play(player, folders):
                out.record(record, _human)
            if once:
                return
            time.sleep(every)
    except KeyboardInterrupt:
        return


simulate.add_command(customs)


@simulate.command("behaviours")
@click.option("--role", type=click.Choice(_ROLES), help="Those of this role.")
@results
def behaviours(role: str | None, out: Output) -> None:
    """List how partners can behave.

    Example:

    \b
        crossdock simulate behaviours --role seller
    """
    from gateway.simulate import BEHAVIOURS

    found = [
        {"behaviour": name, "roles": ", ".join(each.roles), "text": each.text}
        for name, each in BEHAVIOURS.items()
        if role is None or role in each.roles
    ]
    out.table(found, _BEHAVIOURS)


def _opened(
    session: Session, agreement: str, role: str, behaviour: str, seed: str, *, anew: bool
) -> tuple[Partner, Folders]:
    from pathlib import Path

    from gateway.cli.simulated import Folders
    from gateway.pipeline.context import World
    from gateway.simulate import Partner

    known = session.knowledge
    world = World(agreements=known.agreements, schemas=known.schemas, mappings=known.mappings, limits=known.limits)
    player = Partner(world, agreement, role=role, behaviour=behaviour, seed=seed)
    memory = session.config.home / "simulate" / f"{player.party.id}.json"
    folders = Folders(known.agreements, player.party, Path(session.config.exchange), memory)
    if anew:
        folders.memory.answered = {}
    player.control = folders.memory.control
    return player, folders


def _order(file: str) -> Document:
    from gateway.cli.to_format import canonical_documents
    from gateway.core.errors import UsageError

    with opened(file) as stream:
        documents = list(canonical_documents(stream.read(), shown(file)))
    if [type(document).__name__ for document in documents] != ["Order"]:
        raise UsageError(f"{shown(file)} holds something else than one Order.")
    return documents[0]


def _human(record: Record) -> RenderableType | None:
    lines: list[Any] = []
    if record["file"]:
        lines.append(f"{record['file']}: {', '.join(record['heard']) or 'nothing that can be read'}")
    for said in record["said"]:
        words = filter(None, (said["document"] or said["type"], said["reference"]))
        lines.append(f"  → {said['file']}  {' '.join(words)}")
    lines += [f"  ! {remark}" for remark in record["remarks"]]
    return plain("\n".join(lines)) if lines else None
