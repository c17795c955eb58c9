"""Implementation guides as pyx12 writes them down, one XML file each: read into message tables, and made from them.

Texts are handed in, as everywhere in the grammar; the files are those of the installed package.
"""

from gateway.grammar.maps.emit import emitted
from gateway.grammar.maps.source import Guide, Guides

__all__ = ["Guide", "Guides", "emitted"]
