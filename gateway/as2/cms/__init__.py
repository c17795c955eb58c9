"""Cryptographic Message Syntax (RFC 5652): taken off and put on, in constant memory."""
