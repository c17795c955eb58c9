"""When is a file complete? Three rules, chosen by an option."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from gateway.connectors.directory.looks import Look, name_filter
from gateway.connectors.directory.options import InboxOptions


class Rule(Protocol):
    """When is a file complete? Asked with what lies in the folder at one moment: the oldest, or the ``whole`` of it."""

    whole: bool

    def complete(self, looks: list[Look], now: float) -> Iterable[Look]: ...

    def trust(self, look: Look) -> None:
        """It was found complete before and came back."""


class Renamed:
    """A file that does not bear a temporary name is complete at once: the sender renames what it has finished."""

    whole = False

    def complete(self, looks: list[Look], now: float) -> Iterable[Look]:
        return looks

    def trust(self, look: Look) -> None:
        return None


class Stable:
    """A file is complete when two looks, ``seconds`` apart, see the same size, time of change and inode."""

    whole = False

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since: dict[Look, float] = {}

    def complete(self, looks: list[Look], now: float) -> Iterable[Look]:
        before = self._since
        self._since = {look: before.get(look, now) for look in looks}
        return [look for look, since in self._since.items() if look in before and now - since >= self._seconds]

    def trust(self, look: Look) -> None:
        self._since[look] = float("-inf")


class DoneFile:
    """A file is complete when a companion of the same name and ``suffix`` lies beside it."""

    whole = True

    def __init__(self, suffix: str) -> None:
        self._suffix = suffix

    def complete(self, looks: list[Look], now: float) -> Iterable[Look]:
        names = {look.name for look in looks}
        return [look for look in looks if look.name + self._suffix in names and not self.is_marker(look.name)]

    def is_marker(self, name: str) -> bool:
        return name.endswith(self._suffix)

    def trust(self, look: Look) -> None:
        return None


def rule_for(options: InboxOptions) -> Rule:
    """The rule for files in the folder."""
    rules: dict[str, Callable[[], Rule]] = {
        "stable": lambda: Stable(options.seconds),
        "done-file": lambda: DoneFile(options.suffix),
        "rename": Renamed,
    }
    return rules[options.complete]()


def claimed_rule_for(options: InboxOptions) -> Rule:
    """The rule for files that are claimed already: they may have been growing when they were."""
    return Stable(options.seconds) if options.complete == "stable" else Renamed()


def filter_for(options: InboxOptions) -> Callable[[str], bool]:
    """Which names to look at; companions are among them."""
    companions = [f"*{options.suffix}"] if options.complete == "done-file" else []
    return name_filter([*options.wanted, *companions], options.temporary)
