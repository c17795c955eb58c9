"""Bytes to segments and elements, and back. No I/O beyond the stream that is handed in."""
