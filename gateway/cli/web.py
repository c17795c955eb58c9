"""``crossdock web``: the HTTP API by itself."""

from __future__ import annotations

import click

from gateway.cli.session import Session, pass_session


@click.command()
@click.option("--listen", metavar="HOST:PORT", help="Where. Left out: listen of [web] in crossdock.toml.")
@pass_session
@click.pass_context
def web(context: click.Context, session: Session, listen: str | None) -> None:
    """Run the HTTP API by itself, with health and metrics: documents in, and all that is known of them.

    `crossdock serve` runs it too, where [web] listen is set in crossdock.toml. Any number of processes, on any number
    of machines, may run it on one database. It logs to stderr and stops as serve does: what is in hand is finished.
    Open /api in a browser; `crossdock tokens add` makes a token.

    Example:

    \b
        crossdock --home dock web --listen 127.0.0.1:8470
    """
    import msgspec

    from gateway.cli.serve import shared_bell
    from gateway.cli.threads import Threads
    from gateway.core.errors import ConfigurationError
    from gateway.work.bell import NullBell

    where = listen or session.config.web.listen
    if not where:
        hint = 'Write listen = "127.0.0.1:8470" under [web], or --listen 127.0.0.1:8470.'
        raise ConfigurationError("it is not said where to listen.", file="crossdock.toml", key="web.listen", hint=hint)
    with session.service(runs=True) as service, Threads() as threads:
        settings = msgspec.structs.replace(service.config.web, listen=where)
        service.config = msgspec.structs.replace(service.config, web=settings)
        bell = shared_bell(service, NullBell)
        server = service.web_server(bell)
        threads.start("bell", bell.run)
        threads.start("web", server.run)
        threads.wait(lambda stop: None)
        failed = threads.stop()
        bell.close()
    context.exit(int(failed))
