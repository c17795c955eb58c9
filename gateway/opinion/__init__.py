"""A second opinion on X12 documents: pyx12 judges them too, and the two verdicts are compared.

Nobody needs it to run a gateway: it tells whether a complaint is ours alone. pyx12 is loaded only here.
"""

from gateway.opinion.compare import Comparison, compared
from gateway.opinion.judge import Judge, Opinion
from gateway.opinion.said import Said

__all__ = ["Comparison", "Judge", "Opinion", "Said", "compared"]
