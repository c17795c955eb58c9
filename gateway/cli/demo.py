"""``crossdock demo``: documents of two partners cross the dock, in a folder of its own, the way that real ones do."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import click
from rich.console import Console

from gateway.cli import demo_documents as samples
from gateway.cli.demo_account import Account, introduce, say_goodbye, show
from gateway.core.errors import CrossdockError
from gateway.example import parties
from gateway.example_home import drop, open_home
from gateway.observe import configure
from gateway.service import Service


class Arrival(NamedTuple):
    """A file at a partner's door."""

    partner: str
    name: str
    document: Callable[[], bytes]


class Scene(NamedTuple):
    """What arrives, and what a newcomer should look at."""

    title: str
    arrivals: tuple[Arrival, ...]
    expected: str


SCENES = (
    Scene("Three orders in X12", (Arrival("globex", "po-901.x12", samples.three_orders),),
          "Each becomes an order; the ERP gets one file, Globex a 997."),
    Scene("An order in EDIFACT", (Arrival("initech", "po-4711.edi", samples.edifact_order),),
          "Another language, the same order in the same form; Initech gets a CONTRL."),
    Scene("The ERP answers", (Arrival("acme-erp", "answers.jsonl", samples.answers),),
          "Each answer goes to the partner whose order it answers: an 855 to Globex, an ORDRSP to Initech."),
    Scene("The partners confirm", (Arrival("globex", "997-902.x12", samples.confirmed_x12),
                                   Arrival("initech", "contrl-4712.edi", samples.confirmed_edifact)),
          "What was awaited within a day has come: both answers are known to have arrived and to be in order."),
    Scene("One of three orders is wrong", (Arrival("globex", "po-903.x12", samples.one_of_three_broken),),
          "Its sisters go through. The 997 says what is wrong, and where."),
    Scene("The same interchange again", (Arrival("globex", "po-903-again.x12", samples.one_of_three_broken),),
          "Recognised as a repeat: answered with the same verdict, not processed twice."),
    Scene("A trailer that does not add up", (Arrival("globex", "po-904.x12", samples.wrong_count),),
          "Part of it may be lost on the way: refused as a whole, nothing processed."),
    Scene("A stranger", (Arrival("globex", "po-1.x12", samples.from_a_stranger),),
          "Held, not lost: with the lines of configuration that would admit it."),
)  # fmt: skip


@click.command()
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="Keep the demo's home in this folder.")
@click.option("--as2", is_flag=True, help="Two gateways that exchange signed and encrypted AS2 messages instead.")
@click.option("--customs", is_flag=True, help="A merchant that declares to China's customs instead.")
@click.pass_context
def demo(context: click.Context, keep: Path | None, as2: bool, customs: bool) -> None:
    """See it work: orders in X12 and EDIFACT, good and bad, from the partner's folder to the ERP, and its answers back.

    Exit code 1 with --as2 or --customs: something that it tells is not so.

    \b
    Example:
      crossdock demo
      crossdock demo --keep /tmp/dock && crossdock --home /tmp/dock documents
      crossdock demo --as2
      crossdock demo --customs
    """
    if as2 and customs:
        raise click.UsageError("One of the two: --as2 or --customs.")
    play = _by_as2 if as2 else _at_customs if customs else _run
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        if any(keep.iterdir()):
            raise click.UsageError(f"{keep} is not empty.")
        good = play(keep.resolve(), kept=True)
    else:
        with tempfile.TemporaryDirectory(prefix="crossdock-demo-") as folder:
            good = play(Path(folder), kept=False)
    context.exit(int(not good))


def _by_as2(folder: Path, *, kept: bool) -> bool:
    from gateway.cli.demo_as2 import run

    return run(folder, kept=kept)


def _at_customs(folder: Path, *, kept: bool) -> bool:
    from gateway.cli.demo_customs import run

    return run(folder, kept=kept)


def _run(home: Path, *, kept: bool) -> bool:
    configure("auto", "error")  # what is worth telling is told below
    console = Console(highlight=False)
    files = {name: text.encode() for name, text in parties(at_once=True).items()}
    service = open_home(home, files)
    try:
        introduce(console, home)
        for number, scene in enumerate(SCENES, 1):
            accounts = [_play(service, arrival, home) for arrival in scene.arrivals]
            show(console, number, scene.title, scene.expected, accounts)
        say_goodbye(console, service, home if kept else None)
        return True
    finally:
        service.close()


def _play(service: Service, arrival: Arrival, home: Path) -> Account:
    """The file is put into the partner's folder as a partner does it; then everything there is to do is done."""
    body = arrival.document()
    drop(home, arrival.partner, arrival.name, body)
    account = Account.begin(service, arrival.partner, arrival.name, body)
    receiver = service.receiver()
    try:
        if not receiver.run_once():
            raise CrossdockError(f"{arrival.name} was not picked up.")
    finally:
        receiver.close()
    service.worker().run_until_idle()
    return account.finish(service)
