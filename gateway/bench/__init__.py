"""Figures that anybody can measure again: how fast documents are read, and how fast orders cross the dock.

:mod:`gateway.bench.corpus` invents the documents, :mod:`gateway.bench.parse` and :mod:`gateway.bench.pipeline` measure.
Machines differ and are shared: what counts is the ratio to a peer that was measured in the same run.
"""

from __future__ import annotations
