"""Invented purchase orders: the same number is the same order, on every machine."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from stdnum import ean

_THINGS = ("bracket", "valve", "pump", "filter", "gasket", "bearing", "cable", "sensor", "spring", "relay", "hinge")
_KINDS = ("steel", "brass", "nylon", "hex", "zinc", "sealed", "heavy-duty", "24 V", "insulated", "stainless")
_PEOPLE = ("Dana Whitfield", "Ann Archer", "Bo Lindqvist", "Carla Mendes", "Deniz Aydin", "Ravi Anand")
_UNITS = ("EA", "CS", "PCE", "BX", "DZN")


class Place(NamedTuple):
    """Where goods go."""

    name: str
    street: str
    city: str
    region: str
    zone: str


_PLACES = (
    Place("Distribution Center 7", "1400 Harbor Road", "Newark", "NJ", "07114"),
    Place("Distribution Center 2", "88 Foundry Street", "Dallas", "TX", "75201"),
    Place("Store 118", "12 Lakeside Avenue", "Chicago", "IL", "60607"),
    Place("Plant Northwest", "3 Millrace Lane", "Seattle", "WA", "98101"),
)


class Line(NamedTuple):
    """``unit`` is UN/ECE Recommendation 20, ``cents`` the price of one. ``serial``: ten digits of its GTIN."""

    quantity: int
    unit: str
    cents: int
    buyers_item: str
    sellers_item: str
    serial: str
    description: str
    reference: str
    delivery: str | None
    pack: int | None

    @property
    def amount(self) -> int:
        """In cents."""
        return self.quantity * self.cents


class Purchase(NamedTuple):
    """Dates are CCYYMMDD."""

    id: str
    issued: str
    delivery: str
    department: str
    contract: str
    contact: str
    telephone: str
    mail: str
    place: Place
    note: str | None
    net_days: int | None
    lines: tuple[Line, ...]

    @property
    def cents(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def quantity(self) -> int:
        return sum(line.quantity for line in self.lines)


def purchase_id(number: int) -> str:
    """What order ``number`` is called by its buyer."""
    return f"PO-{number:08d}"


def invent(number: int, lines: int | None = None) -> Purchase:
    """Order ``number``. ``lines`` left out: five to ten."""
    random = Random(number)  # noqa: S311 - nothing secret is drawn
    count = 5 + number % 6 if lines is None else lines
    contact = random.choice(_PEOPLE)
    return Purchase(
        id=purchase_id(number),
        issued=_date(random),
        delivery=_date(random),
        department=f"{random.randint(1, 999):03d}",
        contract=f"C-{random.randint(1000, 9999)}",
        contact=contact,
        telephone=f"555-{random.randint(0, 9999):04d}",
        mail=contact.lower().replace(" ", ".") + "@globex.example",
        place=random.choice(_PLACES),
        note="Call ahead: gate 4, 08:00 to 16:00" if number % 10 == 0 else None,
        net_days=random.choice((30, 45, 60)) if number % 2 else None,
        lines=tuple(_line(random) for _ in range(count)),
    )


def checked(digits: str) -> str:
    """Digits with the check digit of GS1 behind them."""
    return digits + str(ean.calc_check_digit(digits))


def money(cents: int) -> str:
    """``1250`` is 12.50."""
    return f"{cents // 100}.{cents % 100:02d}"


def _line(random: Random) -> Line:
    chance = random.random()
    return Line(
        quantity=random.randint(1, 500),
        unit=random.choice(_UNITS),
        cents=random.randint(50, 99999),
        buyers_item=str(random.randint(100000, 999999)),
        sellers_item=f"AT-{random.randint(1000, 9999)}",
        serial=f"{random.randint(0, 9999999999):010d}",
        description=f"{random.choice(_KINDS)} {random.choice(_THINGS)}, {random.randint(1, 99)} mm",
        reference=f"R-{random.randint(10000, 99999)}",
        delivery=_date(random) if chance > 0.6 else None,
        pack=random.randint(2, 48) if chance < 0.3 else None,
    )


def _date(random: Random) -> str:
    return f"2026{random.randint(1, 12):02d}{random.randint(1, 28):02d}"
