"""``crossdock.toml`` in the home, overridden by ``CROSSDOCK_*``. Nothing has to be set: the defaults work as they are.

Unknown keys are errors. A nested key is written with two underscores: ``CROSSDOCK_LIMITS__DOCUMENT_BYTES``. Secrets
are references (``env:NAME``, ``file:PATH``), looked up with :func:`resolve_secret` where they are used.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from gateway.core.errors import ConfigurationError
from gateway.core.secrets import is_reference, is_secret_key
from gateway.core.strict import convert, described
from gateway.resources import HOME_VARIABLE, find_home
from gateway.settings import PREFIX, Config, variable_of

FILE = "crossdock.toml"

#: Variables of that prefix that are not keys.
_RESERVED = re.compile(r"CROSSDOCK_(HOME|TEST_.*)")
_PASSWORD_IN_URL = re.compile(r"(?P<before>://[^/@:]*:)(?P<password>[^/@]+)(?=@)")


class Effective(NamedTuple):
    """One value that holds, for ``crossdock doctor``. ``origin``: default, the file, or the variable's name."""

    key: str
    value: object
    origin: str


def without_settings(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment without what configures a gateway: for one whose home says all."""
    return {name: value for name, value in environ.items() if not name.startswith(PREFIX)}


def load(home: str | os.PathLike[str] | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """The configuration of a home: the named one, else ``CROSSDOCK_HOME``, else the user's own state folder.

    Reads ``crossdock.toml`` and creates nothing. Raises :class:`ConfigurationError` with file (or variable) and key,
    :class:`UsageError` when a named home is not a folder.
    """
    named = find_home(home, environ)
    folder = named or _state_folder(environ)
    table = _file(folder / FILE) if named else {}
    origins = {path: FILE for path, _ in _leaves(table)}
    config = convert(table, Config, FILE)
    _refuse_plain_secrets(table)
    for variable, path, text in _variables(environ):
        config = _with(config, variable, path, text)
        origins[path] = variable
    return _placed(config, folder, origins, environ)


def describe(config: Config) -> list[Effective]:
    """Every value that holds, and where it came from; passwords are blanked out."""
    values = _leaves(msgspec.to_builtins(_public(config)))
    return [Effective(path, _masked(value), config.origins.get(path, "default")) for path, value in values]


_WHO_REFERS = "crossdock doctor names the file and the key that refer to it."


def resolve_secret(reference: str, home: Path, environ: Mapping[str, str] = os.environ) -> str:
    """What ``env:NAME`` or ``file:PATH`` (from the home; without its last line break) refers to.

    Raises :class:`ConfigurationError`, which never shows the secret, when there is nothing there.
    """
    kind, _, name = reference.partition(":")
    if not is_reference(reference):
        raise ConfigurationError("a secret is a reference.", file=FILE, hint='Write "env:NAME" or "file:PATH".')
    if kind == "env":
        if name not in environ:
            raise ConfigurationError(f"the variable {name} is not set.", file=reference, hint=_WHO_REFERS)
        return environ[name]
    try:
        return (home / name).read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        text = f"the secret in {name} cannot be read: {error}."
        raise ConfigurationError(text, file=reference, hint=_WHO_REFERS) from None


def _file(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"this is not TOML: {error}.", file=str(file)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"this cannot be read: {error}.", file=str(file)) from None


def _state_folder(environ: Mapping[str, str]) -> Path:
    """Where data is kept when no home is named (XDG base directories)."""
    state = environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(state).expanduser() / "crossdock"


def _variables(environ: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(variable, key, text) of each variable that sets a key."""
    for name in sorted(environ):
        if name.startswith(PREFIX) and name != HOME_VARIABLE and not _RESERVED.fullmatch(name):
            yield name, name.removeprefix(PREFIX).lower().replace("__", "."), environ[name]


def _with(config: Config, variable: str, path: str, text: str) -> Config:
    """The configuration with one key set by a variable, whose text becomes what the key's type wants."""
    table = msgspec.to_builtins(_public(config))
    nested: dict[str, Any] = {}
    here = nested
    *outer, last = path.split(".")
    for word in outer:
        here = here.setdefault(word, {})
    here[last] = _typed(table, path, text)
    return convert(_merged(table, nested), Config, variable)


def _typed(table: dict[str, Any], path: str, text: str) -> Any:
    """A number where the key holds one now. What is none stays text, and the strict reading says what is wrong."""
    value: Any = table
    for word in path.split("."):
        value = value.get(word) if isinstance(value, dict) else None
    if isinstance(value, int | float):
        try:
            return msgspec.convert(text, type(value), strict=False)
        except msgspec.ValidationError:
            return text
    return text


def _merged(table: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    out = dict(table)
    for word, value in over.items():
        below = out.get(word)
        out[word] = _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return out


def _public(config: Config) -> dict[str, Any]:
    """The keys that a file may have."""
    return {item.name: getattr(config, item.name) for item in described(Config)}


def _leaves(table: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for word, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{before}{word}.")
        else:
            yield before + word, value


def _refuse_plain_secrets(table: dict[str, Any]) -> None:
    """In the file; a variable may hold the secret, since that is what env:NAME would look up."""
    for path, value in _leaves(table):
        plain = is_secret_key(path) and value != "" and not is_reference(value)
        if plain or (isinstance(value, str) and _PASSWORD_IN_URL.search(value)):
            raise ConfigurationError(
                "a password is never written here.",
                file=FILE,
                key=path,
                hint=f'Write {path} = "env:NAME" or "file:PATH", or set {variable_of(path)}.',
            )


def _placed(config: Config, home: Path, origins: dict[str, str], environ: Mapping[str, str]) -> Config:
    """With references to URLs looked up, and every folder in its place."""
    urls = {
        name: resolve_secret(value, home, environ) if is_reference(value) else value.replace("{home}", str(home))
        for name, value in (("database", config.database), ("broker", config.broker))
    }
    sftp = msgspec.structs.replace(config.sftp, folder=_folder(config.sftp.folder, home))
    store = msgspec.structs.replace(config.store, payloads=_folder(config.store.payloads, home))
    placed = {"exchange": _folder(config.exchange, home), "sftp": sftp, "store": store}
    return msgspec.structs.replace(config, **urls, **placed, home=home, origins=origins)


def _folder(text: str, home: Path) -> str:
    return str(home / Path(text.replace("{home}", str(home))).expanduser())


def _masked(value: object) -> object:
    return _PASSWORD_IN_URL.sub(r"\g<before>***", value) if isinstance(value, str) else value
