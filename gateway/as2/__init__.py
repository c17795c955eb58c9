"""The AS2 protocol (RFC 4130), without I/O: readers and scratch space are handed in."""
