"""The command ``crossdock``: a group whose commands are loaded when they are asked for."""

from __future__ import annotations

import click

from gateway.cli.root import Root
from gateway.cli.session import Session

#: The commands by what people want, in the order of the help.
SECTIONS: dict[str, tuple[str, ...]] = {
    "Begin": ("demo", "init", "doctor", "simulate"),
    "Look at files": ("detect", "validate", "explain", "translate", "acknowledge", "customs"),
    "Run": ("receive", "send", "serve", "worker", "web", "sftp", "as2"),
    "Follow": (
        "documents",
        "transmissions",
        "expectations",
        "alerts",
        "trace",
        "order",
        "consignment",
        "declaration",
        "declarations",
        "show",
        "metrics",
    ),
    "Decide": ("release", "cancel", "reprocess", "resend"),
    "Describe": ("partners", "tokens", "mappings", "schemas", "guide"),
    "Maintain": ("db", "bench"),
}

#: The module below gateway/cli/ of each command that is not in one of its own name.
MODULES: dict[str, str] = {
    "documents": "search",
    "transmissions": "search",
    "worker": "serve",
    "declarations": "declaration",
    **dict.fromkeys(SECTIONS["Decide"], "decide"),
}


@click.command(cls=Root, sections=SECTIONS, modules=MODULES, name="crossdock", no_args_is_help=True)
@click.option(
    "--home",
    metavar="DIR",
    help="The folder of configuration and data (crossdock init makes one). Left out: CROSSDOCK_HOME, else the bundled "
    "example, with its data in ~/.local/state/crossdock.",
)
@click.option("--debug", is_flag=True, help="Show where an error comes from.")
@click.version_option(package_name="crossdock", prog_name="crossdock", message="%(prog)s %(version)s")
@click.pass_context
def root(context: click.Context, home: str | None, debug: bool) -> None:
    """Trade documents in on one side, sorted, and out on the other: X12, EDIFACT, UBL and JSON, with proof of every
    step.

    Begin with `crossdock demo`, then `crossdock init DIR` for a home of your own.
    """
    context.obj = Session(home, debug=debug)


def main() -> None:
    """Entry point."""
    root()
