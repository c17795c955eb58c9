"""``crossdock acknowledge``: the receipt that an interchange earns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import click

from gateway.cli.inputs import FILE, opened, shown, watched
from gateway.cli.output import Output, Record, results
from gateway.cli.session import Session, pass_session

if TYPE_CHECKING:
    from gateway.cli.verdicts import Judged

_COUNT = click.IntRange(1, 999_999_999)


@click.command()
@click.argument("file", type=FILE, help="The interchange; - is standard input.")
@click.option("--partner", metavar="PARTY", help="By what was agreed with this party: which receipts, how strict.")
@click.option(
    "--receipt",
    "kinds",
    type=click.Choice(("TA1", "997", "999", "CONTRL")),
    multiple=True,
    help="This kind of receipt, whatever was agreed; several times for several. 999 is for versions from 005010 on.",
)
@click.option("--control-number", type=_COUNT, default=1, show_default=True, help="Of the first answer.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, writable=True), help="Write the receipts to this file.")
@results
@pass_session
def acknowledge(
    session: Session,
    file: str,
    partner: str | None,
    kinds: tuple[str, ...],
    control_number: int,
    output: str | None,
    out: Output,
) -> None:
    """Write the TA1, 997 (or 999) or CONTRL that an interchange earns, as an interchange, to stdout or a file.

    TA1 is written when the interchange asks for it or its envelope is refused; a file of receipts earns nothing.
    Nothing is stored or sent.

    Example:

    \b
        crossdock acknowledge order.edi
        crossdock acknowledge claim.edi --receipt 999
        crossdock acknowledge order.edi --control-number 17 -o 997.edi
    """
    from gateway.cli.checks import Checker
    from gateway.cli.verdicts import judged

    checker = Checker.of(session.knowledge, partner)
    with opened(file) as stream:
        _refuse_others(stream, file)
        with watched(stream, f"Reading {shown(file)}", quiet=True) as source:
            records = [_answer(one, shown(file), control_number, kinds) for one in judged(source, checker)]
    for record in records:
        out.record(_told(record), lambda _: None)
        _tell_others(record, kinds)
    if output is not None or not out.as_json:
        _write(b"".join(record["interchange"] for record in records), output)


def _refuse_others(stream: BinaryIO, file: str) -> None:
    from gateway.codecs import detect
    from gateway.core.errors import UnreadableError

    found = detect(stream.read(8192))
    stream.seek(0)
    if found.format not in ("x12", "edifact"):
        what = " ".join(filter(None, (found.format.replace("unknown", ""), found.detail)))
        raise UnreadableError(f"{shown(file)} is no X12 or EDIFACT interchange; it looks like: {what}.")


def _answer(one: Judged, file: str, first: int, kinds: tuple[str, ...]) -> dict[str, Any]:
    """The receipts of one interchange of the file, in their own envelope."""
    import time

    import msgspec

    from gateway.pipeline.conclude import status_of
    from gateway.pipeline.envelope import sheet_of_receipts, write
    from gateway.pipeline.receipts import earned

    agreement = one.agreement
    if kinds:
        agreement = msgspec.structs.replace(agreement, acknowledgments=kinds)
    receipts = earned(agreement, one.verdict)
    header, control = one.verdict.header, first + one.position
    now = time.time_ns() // 1000
    return {
        "file": file,
        "standard": header.standard,
        "control_number": header.control_number,
        "status": status_of(one.verdict),
        "receipts": [{"type": receipt.type, "segments": receipt.body} for receipt in receipts],
        "interchange": write(sheet_of_receipts(header, agreement, receipts), control, now) if receipts else b"",
    }


def _tell_others(record: Record, kinds: tuple[str, ...]) -> None:
    """On stderr, where what was asked for is not what is written."""
    written = {receipt["type"] for receipt in record["receipts"]}
    if "999" in kinds and "999" not in written and "997" in written:
        click.echo("999 is for versions from 005010 on: 997 is written.", err=True)


def _told(record: Record) -> dict[str, Any]:
    return {**record, "interchange": record["interchange"].decode("utf-8", "surrogateescape")}


def _write(body: bytes, output: str | None) -> None:
    if not body:
        click.echo("No receipt is earned.", err=True)
    with click.open_file(output or "-", "wb") as stream:
        stream.write(body)
