"""``crossdock serve`` and ``crossdock worker``: the gateway at work, until it is told to stop."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from gateway.cli.processes import Courier
    from gateway.cli.threads import Threads
    from gateway.core.ports import Bell
    from gateway.service import Service
    from gateway.work.shared_bell import SharedBell


@click.command()
@click.option(
    "--workers", type=click.IntRange(1, 256), help="Processes that work. Left out: workers of crossdock.toml."
)
@pass_session
@click.pass_context
def serve(context: click.Context, session: Session, workers: int | None) -> None:
    """Run the gateway: open the doors of all parties, work, deliver, watch deadlines.

    One process looks into the folders, delivers and watches deadlines (and is the server for SFTP, the web and AS2,
    where [sftp] listen, [web] listen and [as2] listen are set in crossdock.toml), --workers N others translate, handle
    and compose. It logs to stderr and stops cleanly on SIGTERM or Ctrl-C: the batches in hand are finished, the rest is
    left for the next start. Each far endpoint (SFTP, HTTP, AS2, AMQP) has threads of its own: one that hangs delays
    nobody else.

    Example:

    \b
        crossdock --home dock serve
        crossdock --home dock serve --workers 2
    """
    from gateway.cli.as2 import further
    from gateway.cli.processes import DELIVER, Courier, Processes, ProcessesBell
    from gateway.cli.threads import Threads
    from gateway.work.bell import PipeBell

    count = workers or session.config.workers
    with (
        contextlib.closing(Courier()) as courier,
        session.service(runs=True) as service,
        Threads() as threads,
        Processes(_worker(session, courier), count, courier) as processes,
    ):
        collect_seldom()
        bells = _bells(service, lambda: ProcessesBell(processes, courier), 2)
        bells += _bells(service, lambda: PipeBell(courier.heard), 1, [DELIVER])
        threads.start("receiver", service.receiver(bells[0]).run)
        threads.start("sweeper", service.sweeper(bells[1]).run)
        threads.start("courier", service.courier(bells[2]).run)
        threads.start("checkpoints", service.keep_short)
        shared = shared_bell(service, lambda: ProcessesBell(processes, courier))
        closing: list[Bell | SharedBell] = [*bells, shared]
        threads.start("bell", shared.run)
        threads.start("polls", service.polls(shared).run)
        threads.start("deliverer", service.deliverer(shared).run)
        office = service.office()
        processes.ended = lambda code: office.watch.report("worker", "processes", f"exit code {code}")
        threads.start("alerts", office.run)
        for number, notifier in enumerate(office.notifiers):
            threads.start(f"alerts-{number}", notifier.run)
        start_servers(service, threads, shared)
        _announce(service, count)
        with further(session, _more(service)) as watch:
            threads.wait(lambda stop: _watch(stop, processes.watch, watch))
        failed = threads.stop()
        for bell in closing:
            bell.close()
    context.exit(int(failed))


@click.command()
@click.option("--parent", type=int, hidden=True, help="End when this process is gone.")
@click.option("--courier", type=int, hidden=True, help="The pipe of what delivers to near endpoints.")
@pass_session
@click.pass_context
def worker(context: click.Context, session: Session, parent: int | None, courier: int | None) -> None:
    """Run one more worker, on this machine or another: it shares the database with the others.

    It works, delivers to far endpoints too, takes over what a process that died had in hand, and watches deadlines. It
    does not look into folders and other endpoints; crossdock serve does. It stops as serve does.

    Example:

    \b
        CROSSDOCK_DATABASE=postgresql+psycopg://… crossdock worker
    """
    from gateway.cli.processes import DELIVER
    from gateway.cli.threads import Threads
    from gateway.work.bell import NullBell, PipeBell

    with session.service(runs=True) as service, Threads() as threads:
        collect_seldom()
        alone = parent is None
        others = {} if courier is None else {DELIVER: courier}
        bells = _bells(service, NullBell if alone else lambda: PipeBell(sys.stdin.fileno(), others), 2)
        closing: list[Bell | SharedBell] = [*bells]
        threads.start("worker", service.worker(bells[0], remote=False, near=alone).run)
        if alone:  # the gateway that started it sweeps, and delivers
            threads.start("sweeper", service.sweeper(bells[1]).run)
            shared = shared_bell(service, NullBell)
            closing.append(shared)
            threads.start("bell", shared.run)
            threads.start("deliverer", service.deliverer(shared).run)
        threads.wait(lambda stop: _follow(parent, stop))
        failed = threads.stop()
        for bell in closing:
            bell.close()
    context.exit(int(failed))


def collect_seldom() -> None:
    """Documents have no cycles: what the collector looks for is rare, and what is loaded by now stays."""
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)


def _bells(service: Service, local: Callable[[], Bell], threads: int, steps: Sequence[str] | None = None) -> list[Bell]:
    """One for each thread: those of a broker are not for sharing. ``local`` where there is none. ``steps``: what is
    waited for, all of them when left out."""
    from gateway.store import Step
    from gateway.work.bell import open_bell

    broker = service.config.broker
    if not broker or broker.startswith("memory:"):
        return [local() for _ in range(threads)]
    return [open_bell(broker, steps or [step.name.lower() for step in Step]) for _ in range(threads)]


def start_servers(service: Service, threads: Threads, bell: SharedBell) -> None:
    """Those that the configuration names an address for. Raises ConfigurationError when one is taken."""
    runs: dict[str, Callable[[threading.Event], None]] = {}
    if service.config.sftp.listen:
        server = service.sftp_server(bell)
        server.listen()
        runs["sftp"] = server.run
    if service.config.web.listen:
        runs["web"] = service.web_server(bell).run
    if service.config.as2.listen:
        runs["as2"] = service.as2_server(bell, shared=service.config.as2.processes > 1).run
    for name, run in runs.items():
        threads.start(name, run)


def _watch(stop: threading.Event, *watches: Callable[[threading.Event], None]) -> None:
    for watch in watches:
        watch(stop)


def _more(service: Service) -> int:
    """Processes beside this one that listen for AS2."""
    return service.config.as2.processes - 1 if service.config.as2.listen else 0


def shared_bell(service: Service, local: Callable[[], Bell]) -> SharedBell:
    """One that many threads may ring."""
    from gateway.work.shared_bell import SharedBell

    (bell,) = _bells(service, local, 1)
    return SharedBell(bell)


def _worker(session: Session, courier: Courier) -> list[str]:
    """The arguments of a process that works like this one."""
    home = ["--home", session.home] if session.home else []
    return [*home, "worker", "--parent", str(os.getpid()), "--courier", str(courier.rung)]


def _announce(service: Service, workers: int) -> None:
    import structlog

    doors = [endpoint.name for endpoint in service.context.agreements.endpoints("in")]
    log = structlog.get_logger(__name__)
    log.info("serve.started", home=str(service.config.home), workers=workers, endpoints=doors)


def _follow(parent: int | None, stop: threading.Event) -> None:
    """A worker does not outlive the process that started it."""
    if parent is not None and os.getppid() != parent:
        stop.set()
