"""docs/reference/commands.md: the tree of commands with their help, arguments and options."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc

import click

from gateway.cli import main as module
from tests.docs.markdown import head, table

_INTRODUCTION = """
Every command that prints results takes `--json`: one JSON object a line on standard output; logs go to standard error.
Exit codes: 0 fine, 1 the answer is "no" (invalid, failed), 2 wrong usage or unreadable input.
"""


def page() -> str | None:
    root = next((value for value in vars(module).values() if isinstance(value, click.Group)), None)
    if root is None:
        return None
    context = click.Context(root, info_name="crossdock")
    sections = [_section(command, ctx) for command, ctx in walk(root, context)]
    return "\n".join([head("Commands", "gateway/cli/"), _INTRODUCTION.strip() + "\n", *sections])


def walk(command: click.Command, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    """The commands and what they are called under, outermost first, without hidden ones."""
    yield command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from walk(child, click.Context(child, info_name=name, parent=context))


def _section(command: click.Command, context: click.Context) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    help_text = cleandoc(command.help or "").replace("\b\n", "")
    rows = [record for parameter in command.get_params(context) if (record := parameter.get_help_record(context))]
    options = [(f"`{names}`", text) for names, text in rows if names != "--help"]
    parts = [f"## {context.command_path}\n", f"```\n{usage}\n```\n", help_text + "\n"]
    return "\n".join([*parts, table(("option", "meaning"), options)] if options else parts)
