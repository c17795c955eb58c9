"""CompressedData: zlib, bounded, since it may come from anybody before a signature was looked at (RFC 3274)."""

from __future__ import annotations

import zlib
from typing import BinaryIO

from gateway.as2.cms import der
from gateway.as2.cms.algorithms import COMPRESSED_DATA, DATA, ZLIB, algorithm
from gateway.as2.cms.der import Ber, Sink
from gateway.as2.cms.errors import DecompressionError

#: zlib cannot do better than about 1,030 to 1; documents compress 20 to 1, test data of one segment over and over more.
RATIO = 500
_FREE = 1024 * 1024


def decompress(source: BinaryIO, sink: Sink, most: int) -> bool:
    """The content into ``sink``, at most ``most`` bytes and not more than ``RATIO`` times what came (the first MiB is
    free). Returns whether nothing stands behind the structure.

    Raises CmsError for what is no such structure, DecompressionError for the rest.
    """
    reader = Ber(source)
    reader.enter(der.SEQUENCE)
    if reader.element().oid != COMPRESSED_DATA:
        raise DecompressionError("This is no compressed content.")
    reader.enter(0xA0)
    reader.enter(der.SEQUENCE)
    reader.element()
    if reader.element().child(0).oid != ZLIB:
        raise DecompressionError("It is compressed with something else than zlib.")
    reader.enter(der.SEQUENCE)
    reader.element()
    reader.enter(0xA0)
    header = reader.enter(der.OCTETS, der.OCTETS | 0x20)
    inflate = zlib.decompressobj()
    came = gave = 0
    try:
        for piece in reader.pieces(header):
            came += len(piece)
            rest = piece
            while rest:
                out = inflate.decompress(rest, der.PIECE)
                rest = inflate.unconsumed_tail
                gave += len(out)
                if gave > most or gave > max(_FREE, RATIO * came):
                    raise DecompressionError(f"It grows beyond {most} bytes, or more than {RATIO} times.")
                sink.write(out)
        sink.write(inflate.flush())
    except zlib.error as error:
        raise DecompressionError(f"It is no zlib stream: {error}.") from None
    if not inflate.eof:
        raise DecompressionError("It ends in the middle.")
    return reader.is_at_end()


def compress(source: BinaryIO, sink: Sink) -> None:
    """What zlib makes of it, bare: :func:`wrapping` is put before it when its length is known."""
    deflate = zlib.compressobj()
    while piece := source.read(der.PIECE):
        sink.write(deflate.compress(piece))
    sink.write(deflate.flush())


def wrapping(length: int) -> bytes:
    """What stands before ``length`` compressed bytes, as DER; nothing stands behind them."""
    string = der.head(der.OCTETS, length)
    explicit = der.head(0xA0, len(string) + length)
    name = der.oid(DATA)
    encapsulated = der.head(der.SEQUENCE, len(name) + len(explicit) + len(string) + length)
    fixed = der.integer(0) + algorithm(ZLIB)
    inner = len(fixed) + len(encapsulated) + len(name) + len(explicit) + len(string) + length
    sequence = der.head(der.SEQUENCE, inner)
    outer = der.head(0xA0, len(sequence) + inner)
    kind = der.oid(COMPRESSED_DATA)
    whole = der.head(der.SEQUENCE, len(kind) + len(outer) + len(sequence) + inner)
    return b"".join((whole, kind, outer, sequence, fixed, encapsulated, name, explicit, string))
