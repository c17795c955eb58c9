"""docs/reference/second-opinion.md: where pyx12 and we differ, from the reasons that the oracle's tests accept."""

from __future__ import annotations

from tests.docs.markdown import head, table
from tests.oracle.justified import REASONS

_INTRODUCTION = """
The tests change valid documents, one mutation each (a segment deleted, doubled, moved or renamed; an element dropped,
altered, lengthened; a wrong code, a bad date, a broken count …), and let both judge: X12 850 and 837, and EDIFACT
ORDERS, which pyx12 is given in the syntax of X12. 850 and ORDERS are judged by pyx12 with maps made from our tables,
837 with its own. Findings are compared by segment, element, component and code. A test fails on a difference that is
none of these.

"May decide": one says that the document is valid, and the other does not. In all other differences both refuse it.
"""

_RIGHT = {"ours": "we", "pyx12": "pyx12", "both": "either"}

_END = """
Not compared: envelopes (ISA, GS and their trailers), which pyx12 is not given, and words. pyx12 reports a segment that
it finds no place for with AK304 1, whatever the reason; we report 2, 6 or 7 where it exists: this is taken as the same.

`python -m tests.oracle.account 850 5000` runs five thousand mutations and prints how often each reason was met (also
`ORDERS`, `837`; a third argument is the seed).
"""


def page() -> str:
    """The page."""
    rows = [(one.name, one.why, _RIGHT[one.right], "yes" if one.alone else "") for one in REASONS]
    columns = ("difference", "why", "right is", "may decide")
    title = head("Where pyx12 and we differ", "`tests/oracle/justified.py`")
    return f"{title}{_INTRODUCTION}\n{table(columns, rows)}{_END}"
