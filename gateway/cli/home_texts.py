"""What ``crossdock init`` writes beside the bundled parties: a worked example with invented names."""

from __future__ import annotations

CONFIGURATION_HEAD = """\
# Crossdock's configuration. Everything may be left out: what is commented out here holds by default.
# A variable overrides a key: CROSSDOCK_DATABASE, CROSSDOCK_LIMITS__DOCUMENT_BYTES. Secrets are references
# ("env:NAME", "file:PATH"). crossdock doctor shows what holds, and where it was set.
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

A message here stands in front of the bundled one of that name. Segments, composites, elements and codes here are added
to the bundled ones, or replace them one by one.

    crossdock schemas list x12 004010
    crossdock schemas show x12 004010 850
    crossdock schemas codes x12 004010 355 --import units.csv
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

_ANSWER = """\
{
  "document": "OrderResponse",
  "issue_date": "2026-11-20",
  "order_response_code": "accepted",
  "order_reference": {"id": "4500017301", "issue_date": "2026-11-20"},
  "order_lines": [
    {
      "id": "1",
      "quantity": {"value": "24", "unit_code": "EA"},
      "item": {"sellers_item_identification": "AT-1001"},
      "statuses": [{"status_code": "accepted", "quantity": {"value": "24", "unit_code": "EA"}}]
    }
  ]
}
"""

_IGNORED = """\
crossdock.db*
exchange/
sftp/
"""

#: Name in the home → text.
FILES: dict[str, str] = {
    "mappings/README.md": _MAPPINGS,
    "schemas/README.md": _SCHEMAS,
    "examples/order.x12": _ORDER,
    "examples/answer.json": _ANSWER,
    ".gitignore": _IGNORED,
}
