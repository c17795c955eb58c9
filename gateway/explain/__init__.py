"""Documents explained to people: what they mean, and what each segment says. Pure: nothing is opened here."""

from gateway.explain.annotate import Annotated, Annotator, Entry
from gateway.explain.overview import Card, Fact, Grid, Overview, overview

__all__ = ["Annotated", "Annotator", "Card", "Entry", "Fact", "Grid", "Overview", "overview"]
