"""``python -m gateway.cli``: the same command, for processes that start others."""

from __future__ import annotations

from gateway.cli.main import main

main()
