"""``crossdock as2``: the door that partners post to, by itself."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from gateway.cli.as2_expiry import expiry
from gateway.cli.as2_explain import explain
from gateway.cli.as2_import import import_
from gateway.cli.as2_keys import export, keygen
from gateway.cli.root import Commands
from gateway.cli.session import Session, pass_session


@click.group(cls=Commands, invoke_without_command=True)
@click.option("--parent", type=int, hidden=True, help="End when this process is gone.")
@pass_session
@click.pass_context
def as2(context: click.Context, session: Session, parent: int | None) -> None:
    """Run the AS2 server that partners post to, by itself.

    `crossdock serve` runs it too, where [as2] listen is set in crossdock.toml. Any number of processes, on any number
    of machines, may run it on one database; [as2] processes listen on one port. It logs to stderr and stops as serve
    does: what is in hand is finished and answered.

    Example:

    \b
        CROSSDOCK_AS2__LISTEN=0.0.0.0:4080 crossdock as2
    """
    if context.invoked_subcommand is None:
        _serve(context, session, parent)


def _serve(context: click.Context, session: Session, parent: int | None) -> None:
    from gateway.cli.serve import collect_seldom, shared_bell
    from gateway.cli.threads import Threads
    from gateway.core.errors import ConfigurationError
    from gateway.work.bell import NullBell

    settings = session.config.as2
    if not settings.listen:
        hint = 'Write listen = "0.0.0.0:4080" under [as2], or set CROSSDOCK_AS2__LISTEN.'
        raise ConfigurationError("it is not said where to listen.", file="crossdock.toml", key="as2.listen", hint=hint)
    with session.service(runs=True) as service, Threads() as threads:
        collect_seldom()
        bell = shared_bell(service, NullBell)
        threads.start("bell", bell.run)
        threads.start("as2", service.as2_server(bell, shared=settings.processes > 1).run)
        with further(session, settings.processes - 1 if parent is None else 0) as watch:
            threads.wait(lambda stop: watch(stop) if parent is None or os.getppid() == parent else stop.set())
        failed = threads.stop()
        bell.close()
    context.exit(int(failed))


@contextmanager
def further(session: Session, count: int) -> Iterator[Callable[[threading.Event], None]]:
    """Processes that listen beside this one; gives what watches over them."""
    from gateway.cli.processes import Processes

    home = ["--home", session.home] if session.home else []
    with Processes([*home, "as2", "--parent", str(os.getpid())], count) as processes:
        yield processes.watch


for _command in (explain, expiry, export, import_, keygen):
    as2.add_command(_command)
