"""The homes of the two companies of ``crossdock demo --as2``: a retailer who orders, and a manufacturer.

Each is made as a person would make it: keys by ``crossdock as2 keygen``, certificates handed over as files, a file for
each party. All names are invented.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from gateway.config import without_settings
from gateway.core.errors import CrossdockError

_SETTINGS = """\
[as2]
listen = "127.0.0.1:{port}"
url = "{url}"     # where partners send asynchronous MDNs
"""

_OWN = """\
id = "{id}"
name = "{name}"
kind = "own"

[[identity]]
standard = "x12"
qualifier = "ZZ"
identifier = "{x12}"

[as2]
id = "{as2}"
"""

_PARTNER = """\
id = "{id}"
name = "{name}"

[[identity]]
standard = "x12"
qualifier = "ZZ"
identifier = "{x12}"

[as2]
id = "{as2}"
certificates = ["{certificate}"]

# They call us: what comes in is signed and encrypted, or it is refused.
[[endpoint]]
name = "{id}-in"
connector = "as2"
direction = "in"
own = "{own}"
mdn_urls = ["{url}"]     # asynchronous MDNs go there, and nowhere else

# We call them: signed with SHA-256 and encrypted with AES-256, unless something else stands here.
[[endpoint]]
name = "{id}-out"
connector = "as2"
direction = "out"
own = "{own}"
url = "{url}"
mdn = "sync"

"""

_SENDS_ORDERS = """\
[[agreement]]
name = "acme-orders"
with = "globex"
direction = "out"
standard = "x12"
version = "004010"
type = "850"
document = "Order"
mapping = "x12/850"
endpoint = "acme-out"
deadlines = { "997" = "24h" }
"""

_GETS_ORDERS = """\
[[agreement]]
name = "globex-orders"
with = "acme"
direction = "in"
standard = "x12"
version = "004010"
type = "850"
mapping = "x12/850"
acknowledgments = ["TA1", "997"]
acknowledge_through = "globex-out"
"""

_ERP = """\
id = "{id}-erp"
name = "{name}'s ERP"
kind = "own"

[[endpoint]]
name = "erp"
connector = "directory"
direction = "{direction}"
path = "{direction}/{id}-erp"
{how}
[[agreement]]
name = "erp-orders"
with = "{id}"
direction = "{direction}"
standard = "json"
document = "Order"
{by}"""


class Company(NamedTuple):
    """One of the two. ``port``: where its gateway listens; ``sends``: it is the one that orders."""

    id: str
    name: str
    x12: str
    as2: str
    home: Path
    port: int
    sends: bool

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/as2"

    @property
    def erp(self) -> Path:
        """The folder between its gateway and its ERP."""
        return self.home / "exchange" / ("in" if self.sends else "out") / f"{self.id}-erp"


class Identity(NamedTuple):
    """What ``crossdock as2 keygen`` made: paths within the home, and the fingerprint of the certificate."""

    key: str
    certificate: str
    sha256: str


def companies(folder: Path) -> tuple[Company, Company]:
    """The one that orders, and the one that delivers."""
    first, second = _free_ports()
    return (
        Company("globex", "Globex Retail", "GLOBEX", "GLOBEX-EDI", folder / "globex", first, sends=True),
        Company("acme", "Acme Tools Inc.", "ACME", "ACME-EDI", folder / "acme", second, sends=False),
    )


def make_homes(one: Company, other: Company) -> list[Identity]:
    """Both homes, complete. Returns the identities in the same order. Raises CrossdockError when no key can be made."""
    for company in (one, other):
        _begin(company)
    with ExitStack() as stack:  # at the same time
        made = [stack.enter_context(_keygen(company)) for company in (one, other)]
        identities = [_identity(process) for process in made]
    first, second = identities
    _finish(one, other, first, second)
    _finish(other, one, second, first)
    return identities


def order(number: str, date: str, wanted: str) -> bytes:
    """The order as the retailer's ERP writes it: canonical JSON."""
    party = {"id": {"value": "DC07", "scheme_id": "buyer-assigned"}, "name": "Globex Distribution Center 7"}
    lines = (("24", "18.5", "Torque wrench 1/2 inch", "AT-1001"), ("100", "2.35", "Hex key set, 9 pieces", "AT-2040"))
    document: dict[str, Any] = {
        "document": "Order",
        "id": number,
        "issue_date": date,
        "order_type_code": "220",
        "buyer_customer_party": {"id": {"value": "0042", "scheme_id": "buyer-assigned"}, "name": "Globex Retail"},
        "delivery_party": party,
        "requested_delivery": {"start_date": wanted},
        "order_lines": [
            {
                "id": str(line),
                "quantity": {"value": quantity, "unit_code": "EA"},
                "price": {"price_amount": price},
                "item": {"description": text, "sellers_item_identification": item},
            }
            for line, (quantity, price, text, item) in enumerate(lines, 1)
        ],
    }
    return json.dumps(document).encode() + b"\n"


def answer_by(company: Company, partner: Company, mdn: str) -> str:
    """The company asks for MDNs of this kind from now on. Returns the line of its partner's file."""
    file = company.home / "partners" / f"{partner.id}.toml"
    line = f'mdn = "{mdn}"'
    text = file.read_text(encoding="utf-8").replace('mdn = "sync"', line)
    part = file.with_suffix(".tmp")
    part.write_text(text, encoding="utf-8")
    part.replace(file)
    return line


def _begin(company: Company) -> None:
    """Who it is: enough to make keys."""
    for name in ("partners", "keys", "certificates"):
        (company.home / name).mkdir(parents=True)
    _write(company, "crossdock.toml", _SETTINGS)
    _write(company, f"partners/{company.id}.toml", _OWN)
    passphrase = company.home / "keys" / "passphrase"
    passphrase.touch(mode=0o600)
    passphrase.write_text(os.urandom(18).hex(), encoding="ascii")


def _keygen(company: Company) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "gateway.cli", "--home", str(company.home), "as2", "keygen", company.id]
    return subprocess.Popen(  # noqa: S603 - our own program
        [*command, "--bits", "2048", "--passphrase", "file:keys/passphrase", "--json"],
        env=without_settings(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _identity(process: subprocess.Popen[str]) -> Identity:
    said, wrong = process.communicate()
    if process.returncode:
        raise CrossdockError(f"crossdock as2 keygen failed: {wrong.strip()}")
    found = json.loads(said)
    return Identity(found["key"], found["certificate"], found["sha256"])


def _finish(company: Company, partner: Company, mine: Identity, theirs: Identity) -> None:
    """The key is named, the partner's certificate handed over, and what was agreed written down."""
    own = company.home / "partners" / f"{company.id}.toml"
    lines = f'keys = ["{mine.key}"]\npassphrase = "file:keys/passphrase"\n'
    own.write_text(own.read_text(encoding="utf-8") + lines, encoding="utf-8")
    certificate = f"certificates/{Path(theirs.certificate).name}"
    shutil.copy(partner.home / theirs.certificate, company.home / certificate)
    agreed = _SENDS_ORDERS if company.sends else _GETS_ORDERS
    _write(partner, f"partners/{partner.id}.toml", _PARTNER, company.home, own=company.id, certificate=certificate)
    with (company.home / "partners" / f"{partner.id}.toml").open("a", encoding="utf-8") as file:
        file.write(agreed)
    how, by = ('complete = "rename"\n', "") if company.sends else ("", 'endpoint = "erp"\n')
    direction = "in" if company.sends else "out"
    _write(company, f"partners/{company.id}-erp.toml", _ERP, direction=direction, how=how, by=by)
    company.erp.mkdir(parents=True)


def _write(company: Company, name: str, text: str, home: Path | None = None, **words: str) -> None:
    told = text.format_map({**company._asdict(), "url": company.url, **words})
    ((home or company.home) / name).write_text(told, encoding="utf-8")


def _free_ports() -> tuple[int, int]:
    """Two that nobody listens on."""
    with socket.socket() as one, socket.socket() as other:
        for each in (one, other):
            each.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])
