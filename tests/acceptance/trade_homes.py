"""Three companies: Acme buys and speaks EDIFACT over SFTP, Globex sells and speaks X12 over AS2, a hub is between them.

The hub passes on everything that comes in, in the other language; the ERPs of both ends speak JSON in folders.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.acceptance.newcomer import Newcomer
from tests.as2_doors.gateways import free_port

ACME = ("edifact", "14", "5412345000020")
HUB_EDIFACT = ("edifact", "14", "5412345000037")
HUB_X12 = ("x12", "ZZ", "HUB")
GLOBEX = ("x12", "ZZ", "GLOBEX")

#: By canonical document: type, version and mapping in each language.
X12 = {
    "Order": ("850", "004010", "x12/850"),
    "OrderResponse": ("855", "004010", "x12/855"),
    "DespatchAdvice": ("856", "004010", "x12/856"),
    "Invoice": ("810", "004010", "x12/810"),
}
EDIFACT = {
    "Order": ("ORDERS", "D.96A", "edifact/orders-d96a"),
    "OrderResponse": ("ORDRSP", "D.96A", "edifact/ordrsp-d96a"),
    "DespatchAdvice": ("DESADV", "D.96A", "edifact/desadv-d96a"),
    "Invoice": ("INVOIC", "D.96A", "edifact/invoic-d96a"),
}
OF_SELLER = ("OrderResponse", "DespatchAdvice", "Invoice")


class Homes(NamedTuple):
    """The homes of the three."""

    buyer: Path
    hub: Path
    seller: Path


def make(newcomer: Newcomer) -> Homes:
    """All three, complete, as three people would make them: keys are exchanged as files and fingerprints."""
    homes = Homes(*(newcomer.folder / name for name in ("buyer", "hub", "seller")))
    sftp, hub, seller = free_port(), free_port(), free_port()
    _begin(homes.buyer, "")
    _begin(homes.hub, f'[as2]\nlisten = "127.0.0.1:{hub}"\n[sftp]\nlisten = "127.0.0.1:{sftp}"\n')
    _begin(homes.seller, f'[as2]\nlisten = "127.0.0.1:{seller}"\n')
    keys = _as2_keys(newcomer, homes)
    account = _sftp_key(homes.buyer)
    host_key = json.loads(newcomer.run("--home", homes.hub, "sftp", "fingerprints", "--json").splitlines()[0])
    _buyer(homes.buyer, sftp, host_key["fingerprint"])
    _hub(homes.hub, keys, f"http://127.0.0.1:{seller}/as2", account)
    _seller(homes.seller, keys, f"http://127.0.0.1:{hub}/as2")
    return homes


def _begin(home: Path, settings: str) -> None:
    for name in ("partners", "keys", "certificates", "secrets", "exchange/in/erp", "exchange/out/erp"):
        (home / name).mkdir(parents=True)
    (home / "crossdock.toml").write_text(settings)


def _as2_keys(newcomer: Newcomer, homes: Homes) -> dict[str, dict[str, str]]:
    """What ``crossdock as2 keygen`` made of the two that speak AS2; each has the certificate of the other."""
    found = {}
    for id, home in (("hub", homes.hub), ("globex", homes.seller)):
        (home / "keys/passphrase").write_text(f"of {id} alone")
        (home / "keys/passphrase").chmod(0o600)
        (home / f"partners/{id}.toml").write_text(_party(id, "own", as2=f'id = "{id.upper()}-EDI"'))
        made = ("as2", "keygen", id, "--bits", "2048", "--passphrase", "file:keys/passphrase", "--json")
        found[id] = json.loads(newcomer.run("--home", home, *made))
    for here, there, id in ((homes.hub, homes.seller, "globex"), (homes.seller, homes.hub, "hub")):
        shutil.copy(there / found[id]["certificate"], here / f"certificates/{id}.pem")
    return found


def _sftp_key(home: Path) -> str:
    """The public key of the account by which the buyer calls the hub."""
    file = home / "secrets/hub"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(file)], check=True)
    return file.with_suffix(".pub").read_text().strip()


def _buyer(home: Path, port: int, host_key: str) -> None:
    (home / "partners/acme.toml").write_text(_party("acme", "own", ACME))
    called = f'host = "127.0.0.1"\nport = {port}\nusername = "acme"\nhost_key = ["{host_key}"]\n'
    called += 'key = "file:secrets/hub"\n'
    looks = called + 'complete = "rename"\nafter = "delete"\nevery = 0.2\n'
    text = _party("hub", "external", HUB_EDIFACT)
    text += _door("hub-in", "sftp", "in", looks + 'path = "outbox"\n')
    text += _door("hub-acks", "sftp", "in", looks + 'path = "ack"\n')
    text += _door("hub-out", "sftp", "out", called + 'path = "inbox"\n')
    text += _sent("hub", "acme", "Order", EDIFACT, deadline="CONTRL")
    for kind in OF_SELLER:
        text += _received("hub", "acme", kind, EDIFACT, receipt="CONTRL")
    text += '[agreement.trading]\nawait = ["despatch"]\n'  # of the last, which is on invoices
    (home / "partners/hub.toml").write_text(text)
    (home / "partners/erp.toml").write_text(_erp("acme", sends=("Order",), gets=OF_SELLER))


def _hub(home: Path, keys: dict[str, dict[str, str]], seller: str, account: str) -> None:
    as2 = _own_as2("HUB-EDI", keys["hub"])
    (home / "partners/hub.toml").write_text(_party("hub", "own", HUB_X12, HUB_EDIFACT, as2=as2))
    text = _party("acme", "external", ACME)
    for way, more in (("in", f'keys = ["{account}"]\n'), ("out", "")):
        text += _door(f"acme-{way}", "sftp-server", way, f'username = "acme"\n{more}')
    text += _received("acme", "hub", "Order", EDIFACT, receipt="CONTRL", route="globex-order")
    for kind in OF_SELLER:
        text += _sent("acme", "hub", kind, EDIFACT, deadline="CONTRL")
    (home / "partners/acme.toml").write_text(text)
    text = _party("globex", "external", GLOBEX, as2='id = "GLOBEX-EDI"\ncertificates = ["certificates/globex.pem"]')
    text += _as2_doors("globex", "hub", seller)
    text += _sent("globex", "hub", "Order", X12, deadline="997")
    for kind in OF_SELLER:
        text += _received("globex", "hub", kind, X12, receipt="997", route=f"acme-{kind.lower()}")
    (home / "partners/globex.toml").write_text(text)


def _seller(home: Path, keys: dict[str, dict[str, str]], hub: str) -> None:
    as2 = _own_as2("GLOBEX-EDI", keys["globex"])
    (home / "partners/globex.toml").write_text(_party("globex", "own", GLOBEX, as2=as2))
    text = _party("hub", "external", HUB_X12, as2='id = "HUB-EDI"\ncertificates = ["certificates/hub.pem"]')
    text += _as2_doors("hub", "globex", hub)
    text += _received("hub", "globex", "Order", X12, receipt="997")
    for kind in OF_SELLER:
        text += _sent("hub", "globex", kind, X12, deadline="997")
    (home / "partners/hub.toml").write_text(text)
    (home / "partners/erp.toml").write_text(_erp("globex", sends=OF_SELLER, gets=("Order",)))


def _party(id: str, kind: str, *identities: tuple[str, str, str], as2: str = "") -> str:
    text = f'id = "{id}"\nname = "{id.capitalize()}"\nkind = "{kind}"\n'
    for standard, qualifier, identifier in identities:
        text += f'[[identity]]\nstandard = "{standard}"\nqualifier = "{qualifier}"\nidentifier = "{identifier}"\n'
    return text + (f"[as2]\n{as2}\n" if as2 else "")


def _own_as2(id: str, key: dict[str, str]) -> str:
    return f'id = "{id}"\nkeys = ["{key["key"]}"]\npassphrase = "file:keys/passphrase"'


def _door(name: str, connector: str, way: str, more: str) -> str:
    return f'[[endpoint]]\nname = "{name}"\nconnector = "{connector}"\ndirection = "{way}"\n{more}'


def _as2_doors(party: str, own: str, url: str) -> str:
    door = _door(f"{party}-in", "as2", "in", f'own = "{own}"\n')
    return door + _door(f"{party}-out", "as2", "out", f'own = "{own}"\nurl = "{url}"\n')


def _agreement(party: str, own: str, way: str, kind: str, language: dict[str, tuple[str, str, str]]) -> str:
    type, version, mapping = language[kind]
    standard = mapping.partition("/")[0]
    text = f'[[agreement]]\nname = "{party}-{kind.lower()}"\nwith = "{own}"\ndirection = "{way}"\n'
    return text + f'standard = "{standard}"\nversion = "{version}"\ntype = "{type}"\nmapping = "{mapping}"\n'


def _sent(party: str, own: str, kind: str, language: dict[str, tuple[str, str, str]], *, deadline: str) -> str:
    text = _agreement(party, own, "out", kind, language)
    return (
        text
        + f'document = "{kind}"\nendpoint = "{party}-out"\nunmapped = "report"\ndeadlines = {{ {deadline} = "1h" }}\n'
    )


def _received(
    party: str, own: str, kind: str, language: dict[str, tuple[str, str, str]], *, receipt: str, route: str = ""
) -> str:
    text = _agreement(party, own, "in", kind, language)
    text += f'acknowledgments = ["{receipt}"]\nacknowledge_through = "{party}-out"\n'
    return text + (f'route = "{route}"\n' if route else "")


def _erp(own: str, *, sends: tuple[str, ...], gets: tuple[str, ...]) -> str:
    text = _party("erp", "own") + _door("erp-in", "directory", "in", 'path = "in/erp"\ncomplete = "rename"\n')
    text += _door("erp-out", "directory", "out", 'path = "out/erp"\n')
    for way, kinds in (("in", sends), ("out", gets)):
        for kind in kinds:
            text += (
                f'[[agreement]]\nname = "erp-{kind.lower()}"\nwith = "{own}"\ndirection = "{way}"\nstandard = "json"\n'
            )
            text += f'document = "{kind}"\n' + ('endpoint = "erp-out"\n' if way == "out" else "")
    return text
