"""What ``crossdock init`` writes: a worked example with invented names."""

from __future__ import annotations

CONFIGURATION_HEAD = """\
# Crossdock's configuration. Everything may be left out: what is commented out here holds by default.
# A variable overrides a key: CROSSDOCK_DATABASE, CROSSDOCK_LIMITS__DOCUMENT_BYTES. Secrets are references
# ("env:NAME", "file:PATH"). crossdock doctor shows what holds, and where it was set.
"""

_ACME = """\
# Your own company: the side of all agreements on which documents are handled.
id = "acme"
name = "Acme Tools Inc."
kind = "own"

# How partners address you in X12: ISA07 and ISA08.
[[identity]]
standard = "x12"
qualifier = "ZZ"
identifier = "ACME"

# And in EDIFACT: UNB 0007 and 0010.
[[identity]]
standard = "edifact"
qualifier = "14"
identifier = "5412345000020"
"""

_ERP = """\
# Your ERP: a party like any other. It gets orders as JSON, a file for all orders of one interchange.
id = "acme-erp"
name = "Acme ERP"
kind = "own"

[[endpoint]]
name = "erp-out"
connector = "directory"
direction = "out"
path = "out/acme-erp"

[[agreement]]
name = "acme-erp-orders"
with = "acme"
direction = "out"
standard = "json"
document = "Order"
endpoint = "erp-out"
batch = "interchange"
"""

_GLOBEX = """\
# A partner: sends purchase orders in X12 and gets a 997 for them. One file for each partner.
id = "globex"
name = "Globex Retail"

# ISA05 and ISA06 of what they send.
[[identity]]
standard = "x12"
qualifier = "ZZ"
identifier = "GLOBEX"

# Their documents come in here: exchange/in/globex, as soon as a file does not change any more.
[[endpoint]]
name = "globex-in"
connector = "directory"
direction = "in"
path = "in/globex"

# And receipts leave here.
[[endpoint]]
name = "globex-out"
connector = "directory"
direction = "out"
path = "out/globex"

[[agreement]]
name = "globex-orders"
with = "acme"
direction = "in"
standard = "x12"
version = "004010"            # 004010VICS is admitted too
type = "850"
mapping = "x12/850"
acknowledgments = ["997"]     # add "TA1" when they want the envelope answered, too
acknowledge_through = "globex-out"
# reject = "document"         # what is refused because of one bad document: document, group, interchange
# unmapped = "report"         # data that the mapping does not carry: report, hold, ignore
# severities = { "X12-E07" = "warning" }
"""

_MAPPINGS = """\
# Mappings of your own

A file here stands in front of the bundled one of that name. A partner's peculiarities are a small file that extends
another: `extends = "x12/850"` and the lines that differ.

    crossdock mappings list
    crossdock mappings show x12/850
    crossdock mappings test
"""

_SCHEMAS = """\
# Tables of your own

A file here stands in front of the bundled one of that name.

    crossdock schemas list
    crossdock schemas show x12 004010 850
    crossdock schemas convert FACTS.json --message 850 --into schemas
"""

_ORDER = """\
ISA*00*          *00*          *ZZ*GLOBEX         *ZZ*ACME           *261120*0815*U*00401*000000001*0*P*>~
GS*PO*GLOBEX*ACME*20261120*0815*1*X*004010~
ST*850*0001~
BEG*00*SA*4500017301**20261120~
DTM*002*20261204~
N1*BY*Globex Retail*92*0042~
N1*ST*Globex Distribution Center 7*92*DC07~
N3*1400 Harbor Road~
N4*Newark*NJ*07114*US~
PO1*1*24*EA*18.5**VP*AT-1001~
PID*F****Torque wrench 1/2 inch~
PO1*2*100*EA*2.35**VP*AT-2040~
PID*F****Hex key set, 9 pieces~
CTT*2~
SE*13*0001~
GE*1*1~
IEA*1*000000001~
"""

_IGNORED = """\
crossdock.db*
exchange/
"""

#: Name in the home → text.
FILES: dict[str, str] = {
    "partners/acme.toml": _ACME,
    "partners/acme-erp.toml": _ERP,
    "partners/globex.toml": _GLOBEX,
    "mappings/README.md": _MAPPINGS,
    "schemas/README.md": _SCHEMAS,
    "examples/order.x12": _ORDER,
    ".gitignore": _IGNORED,
}
