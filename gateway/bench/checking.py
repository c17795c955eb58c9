"""Did every order arrive, and arrive once? A benchmark that loses orders fails, however fast it was."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import func, select

from gateway.acknowledgments import read_997
from gateway.bench.figures import BenchmarkError
from gateway.bench.home import Home
from gateway.bench.orders import purchase_id
from gateway.codecs import RawDocument, read
from gateway.handlers.trading import orders
from gateway.store import open_database
from gateway.store.queries import open_work


def check(home: Home, numbers: Iterable[int]) -> None:
    """Exactly these orders are in the ERP's folder, in the trading records and in the 997s, and no work is left.

    Raises BenchmarkError naming what is missing, doubled or too much.
    """
    wanted = Counter(purchase_id(number) for number in numbers)
    _equal("in the ERP's folder", Counter(ids_in(home.erp)), wanted)
    _equal("in the trading records", *_recorded(home, wanted))
    accepted = accepted_in(home.receipts)
    if accepted != wanted.total():
        raise BenchmarkError(f"The 997s accept {accepted} orders, {wanted.total()} were sent.")


def ids_in(folder: Path) -> list[str]:
    """The id of every order in the ERP's files, one on each line."""
    return [id for file in delivered(folder) for id in order_ids(file)]


def order_ids(file: Path) -> list[str]:
    """The ids of the orders in one of the ERP's files."""
    return [json.loads(line)["id"] for line in file.read_bytes().splitlines()]


def delivered(folder: Path) -> list[Path]:
    """The files that have their final names."""
    return [file for file in folder.iterdir() if not file.name.startswith(".")]


def accepted_in(folder: Path) -> int:
    """Documents that the 997s of a folder say were accepted."""
    raws = (event for file in delivered(folder) for event in read(file.read_bytes()) if isinstance(event, RawDocument))
    return sum(read_997(raw.segments(), raw.delimiters).accepted or 0 for raw in raws if raw.type == "997")


def _recorded(home: Home, wanted: Counter[str]) -> tuple[Counter[str], Counter[str]]:
    database = open_database(home.database)
    try:
        with database.read() as connection:
            found = connection.execute(select(orders.c.number, func.count()).group_by(orders.c.number)).all()
            left = open_work(connection)
    finally:
        database.close()
    if left:
        raise BenchmarkError(f"{sum(row.number for row in left)} rows of work are left.")
    return Counter({str(row[0]): int(row[1]) for row in found}), wanted


def _equal(where: str, found: Counter[str], wanted: Counter[str]) -> None:
    if found == wanted:
        return
    missing, extra = wanted - found, found - wanted
    named = ", ".join(sorted(missing or extra)[:5])
    raise BenchmarkError(f"Orders {where}: {missing.total()} are missing, {extra.total()} are too many ({named} …).")
