"""The lines of docs/how-to/http-api.md, run by bash and curl as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
import threading
from pathlib import Path

from gateway.cli.home_texts import FILES
from tests.web.serving import make_home, serving

PAGE = Path(__file__).parents[2] / "docs/how-to/http-api.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_page_can_be_copied(tmp_path: Path, migrated_sqlite: Path) -> None:
    for program in ("curl", "jq"):
        subprocess.run([program, "--version"], check=True, capture_output=True)
    bare = make_home(tmp_path / "dock", migrated_sqlite, doors=False)
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    (toml,) = [text for kind, text in blocks if kind == "toml"]
    partner = bare / "partners/globex.toml"
    partner.write_text(partner.read_text() + "\n" + toml)
    example = tmp_path / "examples/order.x12"
    example.parent.mkdir()
    example.write_text(FILES["examples/order.x12"])
    with serving(bare) as desk:
        stop = threading.Event()
        worker = threading.Thread(target=desk.service.worker().run, args=(stop,))
        worker.start()
        try:
            lines = "".join(text for kind, text in blocks if kind == "sh").replace(
                "127.0.0.1:8470", f"127.0.0.1:{desk.port}"
            )
            path = f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}"
            ran = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", lines],
                cwd=tmp_path,
                env={"PATH": path, "CROSSDOCK_HOME": str(bare), "HOME": str(tmp_path), "LANG": "C.UTF-8"},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        finally:
            stop.set()
            worker.join()
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.rstrip().endswith('"There is no such thing"')
