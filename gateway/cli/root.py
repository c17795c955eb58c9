"""The outermost group: finds commands when they are named, and turns errors into messages and exit codes."""

from __future__ import annotations

import errno
import importlib
import importlib.util
import os
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click

from gateway.core.errors import (
    ConnectorError,
    CrossdockError,
    IllegalTransitionError,
    NotFoundError,
    StoreError,
    UnwritableError,
)

FINE, NO, WRONG = 0, 1, 2

#: As programs end that a closed pipe stops: 128 and the number of SIGPIPE.
BROKEN_PIPE = 141

#: Characters of a command's first sentence, in the help of its group.
_SENTENCE = 200

#: Errors that are an answer to a question that was understood; all others are wrong usage or unreadable input.
_ANSWERS = (NotFoundError, IllegalTransitionError, StoreError, ConnectorError, UnwritableError)


class Commands(click.Group):
    """A group whose help says the whole first sentence of each command."""

    def rows(self, ctx: click.Context, names: Iterable[str]) -> list[tuple[str, str]]:
        found = [(name, self.get_command(ctx, name)) for name in names]
        return [(name, command.get_short_help_str(_SENTENCE)) for name, command in found if command is not None]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(self.rows(ctx, self.list_commands(ctx)))


class Root(Commands):
    """``sections``: names of commands under headings; ``modules``: the module of a command, where it differs."""

    def __init__(
        self, *args: Any, sections: Mapping[str, Sequence[str]], modules: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._sections = sections
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for names in self._sections.values() for name in names if self._exists(name)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if not any(cmd_name in names for names in self._sections.values()) or not self._exists(cmd_name):
            return None
        module = importlib.import_module(self._module(cmd_name))
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:  # its own suggestions are of the commands that are loaded already
            names = self.list_commands(ctx)
            raise click.NoSuchCommand(error.command_name, possibilities=names, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for section, names in self._sections.items():
            if rows := self.rows(ctx, names):
                with formatter.section(section):
                    formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        with _told(ctx):
            return super().invoke(ctx)

    def _module(self, name: str) -> str:
        return f"gateway.cli.{self._modules.get(name, name)}"

    def _exists(self, name: str) -> bool:
        return importlib.util.find_spec(self._module(name)) is not None


@contextmanager
def _told(ctx: click.Context) -> Iterator[None]:
    """Errors as short messages on stderr, and their exit codes."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except CrossdockError as error:
        _say(ctx, error.detail, error.hint)
        ctx.exit(exit_code(error))
    except BrokenPipeError:
        _silence()
        ctx.exit(BROKEN_PIPE)
    except OSError as error:
        if error.errno == errno.EPIPE:
            _silence()
            ctx.exit(BROKEN_PIPE)
        name = f"{error.filename}: " if error.filename else ""
        _say(ctx, f"{name}{error.strerror or error}.", None)
        ctx.exit(WRONG)


def exit_code(error: CrossdockError) -> int:
    """1: the answer is no; 2: the question could not be answered."""
    return NO if isinstance(error, _ANSWERS) else WRONG


def _say(ctx: click.Context, detail: str, hint: str | None) -> None:
    if ctx.params.get("debug"):
        traceback.print_exc()
    click.echo(f"Error: {detail}", err=True)
    if hint:
        click.echo(f"Hint: {hint}", err=True)


def _silence() -> None:
    """Nobody reads stdout any more; what is left in its buffer must not raise again when Python ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
