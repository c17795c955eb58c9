"""``crossdock db``: the database's schema, and backups of the embedded one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gateway.cli.output import Output, Record, plain, results
from gateway.cli.root import Commands
from gateway.cli.session import Session, pass_session


@click.group(cls=Commands)
def db() -> None:
    """The database: schema, backup, restore."""


@db.command()
@results
@pass_session
def upgrade(session: Session, out: Output) -> None:
    """Bring the schema to what this program needs. Stop everything that uses the database first.

    Example:

    \b
        crossdock db upgrade
    """
    from gateway.store import migrations, open_database

    session.make_home()
    url = session.config.database
    database = open_database(url)
    try:
        before = migrations.current(database)
    finally:
        database.close()
    migrations.upgrade(url)
    after = migrations.head()
    text = f"The schema is at revision {after}" + ("." if before == after else f", from {before or 'none'}.")
    _say(out, {"before": before, "revision": after}, text)


@db.command()
@results
@pass_session
@click.pass_context
def check(context: click.Context, session: Session, out: Output) -> None:
    """Say in what the database differs from what this program needs. Exit code 1 when it does.

    Example:

    \b
        crossdock db check
    """
    from gateway.store import migrations

    _refuse_missing(session)
    found = migrations.check(session.config.database)
    text = "\n".join(found) if found else f"The schema is right: revision {migrations.head()}."
    _say(out, {"right": not found, "differences": found}, text)
    context.exit(int(bool(found)))


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), help="A new file.")
@results
@pass_session
def backup(session: Session, file: Path, out: Output) -> None:
    """Copy the embedded database to FILE while it is in use, and large payloads to the folder FILE.payloads.

    PostgreSQL has pg_dump; then copy the folder of the payload store, too.

    Example:

    \b
        crossdock db backup crossdock-$(date +%F).db
    """
    from gateway.store.backup import backup as copy

    _refuse_missing(session)
    missing = copy(session.config.database, file, Path(session.config.store.payloads))
    size = file.stat().st_size
    record = {"file": str(file), "bytes": size, "missing": missing}
    _say(out, record, f"{file}: {size} bytes.{_missing(missing)}")


@db.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A backup.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@results
@pass_session
def restore(session: Session, file: Path, yes: bool, out: Output) -> None:
    """Put a backup in the place of the embedded database. Nothing else may use it meanwhile.

    All numbers jump ahead, so that no control number that a partner has seen since the backup is given again.

    Example:

    \b
        crossdock db restore crossdock-2026-11-20.db
    """
    from gateway.store.backup import JUMP
    from gateway.store.backup import restore as put_back

    if not yes:
        click.confirm("What was recorded after the backup will be gone. Go on?", abort=True, err=True)
    session.make_home()
    missing = put_back(session.config.database, file, Path(session.config.store.payloads))
    text = f"Restored from {file}; all numbers are {JUMP} ahead.{_missing(missing)}"
    _say(out, {"file": str(file), "jump": JUMP, "missing": missing}, text)


def _missing(names: list[str]) -> str:
    """What is said of large payloads that were not found."""
    if not names:
        return ""
    return (
        f"\nMissing or damaged: {len(names)} large payloads, such as {names[0]}. What needs them stops with an error."
    )


def _refuse_missing(session: Session) -> None:
    """Looking at an embedded database does not make one."""
    from sqlalchemy.engine import make_url

    from gateway.core.errors import NotFoundError

    url = make_url(session.config.database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise NotFoundError(f"There is no database {url.database} yet.", hint="The first use makes it.")


def _say(out: Output, record: dict[str, Any], text: str) -> None:
    def human(_: Record) -> Any:
        return plain(text)

    out.record(record, human)
