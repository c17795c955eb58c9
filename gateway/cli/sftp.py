"""``crossdock sftp``: the server that partners call, its fingerprints, and hashes of passwords."""

from __future__ import annotations

import click

from gateway.cli.output import Column, Output, plain, results
from gateway.cli.root import Commands
from gateway.cli.session import Session, pass_session


@click.group(cls=Commands, invoke_without_command=True)
@pass_session
@click.pass_context
def sftp(context: click.Context, session: Session) -> None:
    """Run the SFTP server that partners call, by itself; or show its keys, or hash a password.

    `crossdock serve` runs it too, where [sftp] listen is set in crossdock.toml. Any number of processes, on any number
    of machines, may run it on one database. It logs to stderr and stops as serve does.

    Example:

    \b
        CROSSDOCK_SFTP__LISTEN=0.0.0.0:2222 crossdock sftp
        crossdock sftp fingerprints
    """
    if context.invoked_subcommand is None:
        _serve(context, session)


@sftp.command()
@results
@pass_session
def fingerprints(session: Session, out: Output) -> None:
    """Show the fingerprints of our host keys: partners compare them when they connect for the first time.

    Keys that are not there yet are made. --json shows the public keys too, as known_hosts has them.

    Example:

    \b
        crossdock sftp fingerprints
    """
    from pathlib import Path

    from gateway.connectors.sftp_server.host_keys import host_keys

    session.make_home()
    folder = Path(session.config.sftp.folder)
    out.table(
        [
            {"key": key.get_name(), "fingerprint": key.fingerprint, "public": f"{key.get_name()} {key.get_base64()}"}
            for key in host_keys(folder)
        ],
        (Column("key", "key"), Column("fingerprint", "fingerprint")),
    )


@sftp.command("hash-password")
@results
def hash_password(out: Output) -> None:
    """Ask for a password (or read it from standard input) and print its argon2 hash, for an account's `password`.

    Example:

    \b
        crossdock sftp hash-password > secrets/globex
    """
    import sys

    from gateway.connectors.sftp_server import passwords
    from gateway.core.errors import UsageError

    if sys.stdin.isatty():
        given = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise UsageError("There is no password.", hint="Write it on standard input.")
    out.record({"hash": passwords.hash_password(given)}, lambda record: plain(record["hash"]))


def _serve(context: click.Context, session: Session) -> None:
    from gateway.cli.serve import shared_bell
    from gateway.cli.threads import Threads
    from gateway.core.errors import ConfigurationError
    from gateway.work.bell import NullBell

    if not session.config.sftp.listen:
        hint = 'Write listen = "0.0.0.0:2222" under [sftp], or set CROSSDOCK_SFTP__LISTEN.'
        raise ConfigurationError("it is not said where to listen.", file="crossdock.toml", key="sftp.listen", hint=hint)
    with session.service(runs=True) as service, Threads() as threads:
        bell = shared_bell(service, NullBell)
        server = service.sftp_server(bell)
        server.listen()
        threads.start("bell", bell.run)
        threads.start("sftp", server.run)
        threads.wait(lambda stop: None)
        failed = threads.stop()
        bell.close()
    context.exit(int(failed))
