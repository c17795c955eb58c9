"""Invented health care claims as X12 837 005010X222A1 (professional): the same number is the same claim everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

VERSION = "005010X222A1"

#: Claims of one transaction set of a large file.
TOGETHER = 50

_NAMES = ("ARCHER", "LINDQVIST", "MENDES", "AYDIN", "ANAND", "WHITFIELD", "OKAFOR", "NOWAK")
_GIVEN = ("ANN", "BO", "CARLA", "DENIZ", "RAVI", "DANA", "CHI", "EWA")
_STREETS = ("1400 HARBOR ROAD", "88 FOUNDRY STREET", "12 LAKESIDE AVENUE", "3 MILLRACE LANE")
_PLACES = (("NEWARK", "NJ", "071140001"), ("DALLAS", "TX", "752010002"), ("CHICAGO", "IL", "606070003"))
_PAYERS = (("GLOBEX HEALTH", "77001"), ("INITECH MUTUAL", "77002"))
_DIAGNOSES = ("J020", "Z1159", "M545", "E119", "I10", "R51")
_PROCEDURES = ("99213", "87070", "99214", "86663", "99396")


def interchange(control: int, sets: Iterable[range]) -> bytes:
    """One interchange; a transaction set for each range of claim numbers."""
    return "".join(_parts(control, (_837(numbers, place) for place, numbers in enumerate(sets, 1)))).encode("ascii")


def write_file(path: Path, size: int) -> int:
    """One interchange of at least ``size`` bytes; returns how many transaction sets. Memory is constant."""
    count, written = 0, 0
    with path.open("w", encoding="ascii", newline="") as file:

        def sets() -> Iterator[str]:
            nonlocal count
            while written < size:
                count += 1
                yield _837(range(count * TOGETHER, (count + 1) * TOGETHER), count)

        for part in _parts(1, sets()):
            written += file.write(part)
    return count


def _parts(control: int, sets: Iterable[str]) -> Iterator[str]:
    blank = " " * 10
    yield f"ISA*00*{blank}*00*{blank}*ZZ*{'ACMECLINIC':<15}*ZZ*{'GLOBEXHEALTH':<15}*260115*0815*^*00501*"
    yield f"{control:09d}*0*T*:~GS*HC*ACMECLINIC*GLOBEXHEALTH*20260115*0815*1*X*{VERSION}~"
    count = 0
    for text in sets:
        count += 1
        yield text
    yield f"GE*{count}*1~IEA*1*{control:09d}~"


def _837(numbers: Iterable[int], number: int) -> str:
    segments = [
        f"ST*837*{number:04d}*{VERSION}",
        f"BHT*0019*00*{number:06d}*20260115*0815*CH",
        "NM1*41*2*ACME CLINIC*****46*ACMECLINIC",
        "PER*IC*BILLING OFFICE*TE*5550100*EM*billing@acme.example",
        "NM1*40*2*GLOBEX HEALTH*****46*GLOBEXHEALTH",
        "HL*1**20*1",
        "PRV*BI*PXC*207Q00000X",
        "NM1*85*2*ACME CLINIC*****XX*1999999984",
        "N3*700 EXCHANGE BOULEVARD",
        "N4*COLUMBUS*OH*432150000",
        "REF*EI*999999999",
        "PER*IC*DANA WHITFIELD*TE*5550101",
    ]
    for level, claim in enumerate(numbers, 2):
        segments += _subscriber(claim, level)
    segments.append(f"SE*{len(segments) + 1}*{number:04d}")
    return "~".join(segments) + "~"


def _subscriber(number: int, level: int) -> Iterator[str]:
    """A person and the claim for one visit."""
    random = Random(number)  # noqa: S311 - invented, not secret
    payer, payer_id = random.choice(_PAYERS)
    city, state, zone = random.choice(_PLACES)
    day = f"2026{random.randrange(1, 13):02d}{random.randrange(1, 29):02d}"
    services = [(random.choice(_PROCEDURES), random.randrange(2000, 20000)) for _ in range(random.randrange(1, 5))]
    yield f"HL*{level}*1*22*0"
    yield f"SBR*P*18*G{number % 9000 + 1000}******CI"
    yield f"NM1*IL*1*{random.choice(_NAMES)}*{random.choice(_GIVEN)}****MI*M{number:08d}"
    yield f"N3*{random.choice(_STREETS)}"
    yield f"N4*{city}*{state}*{zone}"
    yield f"DMG*D8*{random.randrange(1940, 2010)}{random.randrange(1, 13):02d}15*{random.choice('FM')}"
    yield f"NM1*PR*2*{payer}*****PI*{payer_id}"
    yield f"CLM*C{number:07d}*{_money(sum(cents for _, cents in services))}***11:B:1*Y*A*Y*Y"
    if random.random() < 0.3:
        yield f"REF*G1*A{number:06d}"
    yield f"REF*D9*{number:010d}"
    yield f"HI*ABK:{random.choice(_DIAGNOSES)}*ABF:{random.choice(_DIAGNOSES)}"
    yield f"NM1*82*1*{random.choice(_NAMES)}*{random.choice(_GIVEN)}****XX*1999999976"
    yield "PRV*PE*PXC*208D00000X"
    for place, (procedure, cents) in enumerate(services, 1):
        yield f"LX*{place}"
        yield f"SV1*HC:{procedure}*{_money(cents)}*UN*1***1"
        yield f"DTP*472*D8*{day}"
        yield f"REF*6R*{number:07d}{place:02d}"


def _money(cents: int) -> str:
    whole, part = divmod(cents, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") if part else str(whole)
