"""The OpenAPI description is of this server: schemathesis asks it for what is described, and for what is not."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from gateway.web.problems import KINDS
from gateway.web.routes import ROUTES
from tests.cli.running import x12
from tests.web.serving import Desk

ROOT = Path(__file__).parents[2]


def test_schemathesis_finds_no_answer_that_is_not_described(desk: Desk, tmp_path: Path) -> None:
    """Bounded: a few cases for each operation, always the same ones."""
    desk.client("partner", party="globex").post("/api/documents", content=x12(1, "4711"))
    desk.work()
    token = desk.token("admin", party="globex")
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{desk.url}/api/openapi.json"]
    options = ["--header", f"Authorization: Bearer {token}", "--max-examples", "3", "--generation-deterministic"]
    # What stands against a request that is well formed (a token of that name is there) is in no schema.
    options += ["--phases", "examples,fuzzing", "--exclude-checks", "positive_data_acceptance", "--no-color"]
    stop = threading.Event()
    worker = threading.Thread(target=desk.service.worker().run, args=(stop,))
    worker.start()
    try:
        environment = os.environ | {"SCHEMATHESIS_HOOKS": "tests.web.edi_bodies", "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [*command, *options],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=110,
            check=False,
        )
    finally:
        stop.set()
        worker.join()
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-1000:]


def test_every_route_and_every_problem_is_described(desk: Desk) -> None:
    described = desk.client().get("/api/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    rows = {(route.method.lower(), route.path) for route in ROUTES if route.tag != "about"}
    assert {(method, path) for path, methods in described["paths"].items() for method in methods} == rows
    page = desk.client().get("/api/problems").text
    assert all(f'id="{name}"' in page for name in KINDS)
    assert "/api/documents" in desk.client().get("/api").text
