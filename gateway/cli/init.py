"""``crossdock init``: a home of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.output import Output, plain, results

if TYPE_CHECKING:
    from gateway.core.strict import Described

#: Folders that are made even while nothing is in them.
_FOLDERS = (
    *("mappings", "schemas"),
    *(f"exchange/{way}/{party}" for way in ("in", "out") for party in ("globex", "initech", "acme-erp")),
)


#: What a new home has that no default says.
_SET = {"web.listen": '"127.0.0.1:8470"'}


@click.command()
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR", help="A new or empty folder.")
@results
def init(directory: Path, out: Output) -> None:
    """Make a home of your own: configuration, parties with a worked example, and the folders that documents cross.

    Nothing that exists is replaced: DIR must be new or empty.

    Example:

    \b
        crossdock init dock
        crossdock --home dock receive dock/examples/order.x12
        crossdock --home dock serve
    """
    from gateway.core.errors import UsageError

    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(f"{directory} exists and is not an empty folder.", hint="Name a new one: nothing is replaced.")
    for folder in _FOLDERS:
        (directory / folder).mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in _files():
        place = directory / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        written.append(name)
    out.record({"home": str(directory.resolve()), "files": written}, lambda _: plain(_next_steps(directory)))


def _files() -> Iterator[tuple[str, str]]:
    from gateway.cli import home_texts
    from gateway.example import parties

    yield "crossdock.toml", configuration()
    yield from parties().items()
    yield from home_texts.FILES.items()


def configuration() -> str:
    """``crossdock.toml`` with every key, its meaning and its default, nearly all of them commented out."""
    import msgspec

    from gateway.cli.home_texts import CONFIGURATION_HEAD
    from gateway.core.strict import described
    from gateway.settings import Config

    plain_keys: list[str] = []
    tables: list[str] = []
    for item in described(Config):
        value = getattr(Config(), item.name)
        if isinstance(value, msgspec.Struct):
            tables.append(f"\n# {item.text}\n[{item.name}]\n")
            tables += [_line(f"{item.name}.{key.name}", key) for key in described(type(value))]
        else:
            plain_keys.append(f"\n# {item.text}\n# {item.name} = {item.default}\n")
    return CONFIGURATION_HEAD + "".join([*plain_keys, *tables])


def _line(path: str, key: Described) -> str:
    """A key that holds by default is commented out."""
    if path in _SET:
        return f"\n# {key.text}\n{key.name} = {_SET[path]}\n"
    return f"\n# {key.text}\n# {key.name} = {key.default}\n"


def _next_steps(directory: Path) -> str:
    return f"""\
{directory} is a home of Crossdock.

  Try it:         crossdock --home {directory} receive {directory}/examples/order.x12
                  crossdock --home {directory} send {directory}/examples/answer.json --to globex
                  crossdock --home {directory} documents
  Run it:         crossdock --home {directory} serve
                  … and put files into {directory}/exchange/in/globex
  Ask it:         crossdock --home {directory} tokens add me --role operator
                  … and open http://127.0.0.1:8470/api (docs/how-to/http-api.md)
  Make it yours:  {directory}/partners/*.toml, then crossdock --home {directory} partners check

With CROSSDOCK_HOME={directory.resolve()} you need not write --home."""
