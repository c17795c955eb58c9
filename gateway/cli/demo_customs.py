"""``crossdock demo --customs``: a merchant, its ERP, who is paid, who carries, and the port, in a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.rule import Rule

from gateway import example_customs as samples
from gateway.core.errors import CrossdockError
from gateway.example_home import drop, open_home, work
from gateway.handlers.customs.view import declarations
from gateway.observe import configure
from gateway.service import Service
from gateway.simulate.port import Port

_LEFT_OUT = """\
What this leaves out: the declarations are written by the ERP. That they are made of an order (850), its answer
and its ship notice (856), or of a web shop's order, is not there yet; nor are CUSDEC and American manifests."""


def run(home: Path, *, kept: bool) -> bool:
    """Plays it; whether everything came out as it is told."""
    configure("auto", "error")
    console = Console(highlight=False)
    service = open_home(home, samples.files())
    try:
        console.print(f"A merchant in China's cross-border trade, in {home if kept else 'a folder of its own'}.")
        good = [
            _export(console, service, home),
            _import(console, service, home),
            _unmatched(console, service, home),
        ]
        console.print(Rule(style="dim"))
        console.print(_LEFT_OUT, soft_wrap=True)
        if kept:
            console.print(f"\nLook further: crossdock --home {home} declarations, declaration IM-1, trace tx_…")
        return all(good)
    finally:
        service.close()


def _export(console: Console, service: Service, home: Path) -> bool:
    console.print(Rule("1. An export to a business, small enough for a list (9710)", align="left"))
    _put(service, home, "hooli-erp", "ex-1.json", samples.exported())
    _tell(console, service, "EX-1", "The ERP declares; order (303), waybill (505) and list (603) leave signed.")
    _port(service, home)
    return _tell(console, service, "EX-1", "The port answers until it is closed.") == "cleared"


def _import(console: Console, service: Service, home: Path) -> bool:
    console.print(Rule("2. A parcel to somebody in China (9610)", align="left"))
    _put(service, home, "hooli-erp", "im-1.json", samples.imported("IM-1"))
    _tell(console, service, "IM-1", "The order (311) leaves; the list waits for what proves it.")
    _put(service, home, "initech-pay", "411.xml", samples.copy(service.knowledge.schemas, "411", "IM-1"))
    _put(service, home, "globex-express", "511.xml", samples.copy(service.knowledge.schemas, "511", "IM-1"))
    _tell(console, service, "IM-1", "Payment (411) and waybill (511) are there and agree: the list (621) leaves.")
    _port(service, home)
    return _tell(console, service, "IM-1", "The port taxes it (816), releases and closes it.") == "cleared"


def _unmatched(console: Console, service: Service, home: Path) -> bool:
    console.print(Rule("3. A parcel that was not paid in full", align="left"))
    _put(service, home, "hooli-erp", "im-2.json", samples.imported("IM-2"))
    _put(service, home, "initech-pay", "411-2.xml", samples.copy(service.knowledge.schemas, "411", "IM-2", paid="271"))
    _put(service, home, "globex-express", "511-2.xml", samples.copy(service.knowledge.schemas, "511", "IM-2"))
    return _tell(console, service, "IM-2", "The list stays here until order and payment agree.") == "draft"


def _tell(console: Console, service: Service, number: str, words: str) -> str:
    from gateway.cli.declaration import difference

    found = _found(service, number)
    console.print(f"\n{words}")
    console.print(f"  {number}: [bold]{found['state']}[/bold]")
    for each in found["documents"]:
        console.print(f"    {each['message']}  {each['key']}  {each['state']}  ({each['evidence']})", markup=False)
    for slot in found["waits_for"]:
        console.print(f"    waits for: {slot}", style="yellow")
    for each in found["differences"]:
        console.print(f"    {difference(each)}", style="yellow", markup=False, soft_wrap=True)
    for each in found["taxes"]:
        console.print(f"    tax bill {each['number']}: VAT {each['valueAddedTax']}")
    return str(found["state"])


def _found(service: Service, number: str) -> dict[str, Any]:
    with service.database.read() as connection:
        found = declarations(connection, number, service.context.agreements)
    if not found:
        raise CrossdockError(f"{number} was not declared.")
    return found[0]


def _port(service: Service, home: Path) -> None:
    """The port takes what was left for it, and answers."""
    port = Port(service.knowledge.schemas)
    folder = home / "exchange" / "out" / "customs"
    for file in sorted(folder.glob("*.xml")):
        for each in port.answer(file.read_bytes()):
            drop(home, "customs", each.name, each.body)
        file.rename(file.with_suffix(".taken"))
    work(service)


def _put(service: Service, home: Path, party: str, name: str, body: bytes) -> None:
    drop(home, party, name, body)
    work(service)
