"""``crossdock simulate customs``: the port at its folders."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.output import Output, Record, plain, results
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from rich.console import RenderableType

    from gateway.cli.simulated import Folders
    from gateway.simulate.port import Port


@click.command("customs")
@click.option("--agreement", required=True, metavar="NAME", help="One with customs: it says whose folders they are.")
@click.option(
    "--outcome",
    default="release",
    show_default=True,
    help="release, register, inspect, detain, return, reject, error, send-failed, stage, silence; or 2,120,800.",
)
@click.option("--repeat", type=click.IntRange(1, 10), default=1, show_default=True, help="Each receipt comes so often.")
@click.option("--shuffle", is_flag=True, help="Receipts come in any order.")
@click.option("--delay", type=click.FloatRange(0), default=0.0, show_default=True, help="Seconds before each receipt.")
@click.option("--no-tax", is_flag=True, help="No tax bill (816) for what is approved.")
@click.option("--seed", default="1", show_default=True, help="What chance decides.")
@click.option("--once/--follow", default=True, help="Answer what is there, or what comes until it is stopped [--once].")
@click.option("--every", type=click.FloatRange(0.05), default=1.0, show_default=True, help="Seconds between looks.")
@click.option("--anew", is_flag=True, help="Forget what was answered before.")
@results
@pass_session
def customs(
    session: Session,
    agreement: str,
    outcome: str,
    repeat: int,
    shuffle: bool,
    delay: float,
    no_tax: bool,
    seed: str,
    once: bool,
    every: float,
    anew: bool,
    out: Output,
) -> None:
    """Play China's port (CEB): look into the folder that the gateway leaves its messages in, and drop receipts into its
    own.

    Orders, payments, waybills and lists are answered with the statuses of the outcome, as far as their receipts have
    them; an approved import is taxed. A list without a good signature, and what its schema refuses, gets an error. What
    was answered is kept in simulate/ of the home.

    Example:

    \b
        crossdock simulate customs --agreement customs-lists
        crossdock simulate customs --agreement customs-lists --outcome reject
        crossdock simulate customs --agreement customs-lists --repeat 2 --shuffle --follow
    """
    from pathlib import Path

    from gateway.cli.simulated import Folders
    from gateway.simulate.port import Port

    known = session.knowledge
    party = known.agreements.party(known.agreements.agreement(agreement).party)
    port = Port(known.schemas, outcome=outcome, repeat=repeat, shuffle=shuffle, tax=not no_tax, seed=seed)
    memory = session.config.home / "simulate" / f"{party.id}.json"
    folders = Folders(known.agreements, party, Path(session.config.exchange), memory)
    if anew:
        folders.memory.answered = {}
    try:
        while True:
            for record in _played(port, folders, delay):
                out.record(record, _human)
            if once:
                return
            time.sleep(every)
    except KeyboardInterrupt:
        return


def _played(port: Port, folders: Folders, delay: float) -> Iterator[dict[str, Any]]:
    from gateway.core.errors import UsageError

    for file, body in folders.new():
        try:
            answers, remark = port.answer(body), ""
        except UsageError as error:
            answers, remark = (), error.detail
        for each in answers:
            time.sleep(delay)
            folders.drop(each.name, each.body)
        folders.remember(file)
        said = [{"file": each.name, "type": each.type, "status": each.status} for each in answers]
        yield {"file": file, "said": said, "remarks": [remark] if remark else []}


def _human(record: Record) -> RenderableType:
    lines = [str(record["file"])]
    lines += [f"  → {each['type']} {each['status']}" for each in record["said"]]
    lines += [f"  ! {remark}" for remark in record["remarks"]]
    return plain("\n".join(lines))
