"""The outermost group: finds commands when they are named, and turns errors into messages and exit codes."""

from __future__ import annotations

import errno
import importlib
import importlib.util
import os
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
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

#: Errors that are an answer to a question that was understood; all others are wrong usage or unreadable input.
_ANSWERS = (NotFoundError, IllegalTransitionError, StoreError, ConnectorError, UnwritableError)


class Root(click.Group):
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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for section, names in self._sections.items():
            found = [(name, self.get_command(ctx, name)) for name in names]
            rows = [(name, command.get_short_help_str(100)) for name, command in found if command is not None]
            if rows:
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
