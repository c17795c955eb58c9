"""The command as a process: start, pipes, signals, exit codes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.running import Command, x12

CROSSDOCK = [sys.executable, "-m", "gateway.cli"]
ROOT = Path(__file__).parents[2]


def run(*arguments: object, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    options = ["--home", str(home)] if home else []
    return subprocess.run(
        [*CROSSDOCK, *options, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )


class TestCommand:
    def test_it_says_its_version_and_its_commands(self) -> None:
        assert run("--version").stdout.startswith("crossdock 0.")
        assert "validate" in run("--help").stdout

    def test_every_command_has_help_with_an_example(self, crossdock: Command) -> None:
        from tests.docs.commands_page import page

        sections = (page() or "").split("\n## ")[2:]
        explained = {section.splitlines()[0] for section in sections if "Example:" in section}
        leaves = [section.splitlines()[0] for section in sections if "COMMAND [ARGS]" not in section]
        assert len(leaves) > 25
        assert [leaf for leaf in leaves if not {leaf, leaf.rpartition(" ")[0]} & explained] == []

    def test_what_there_is_not_is_wrong_usage(self, crossdock: Command) -> None:
        assert crossdock("poem").code == 2
        assert crossdock("detect").code == 2

    def test_looking_at_a_file_loads_neither_database_nor_broker(self, tmp_path: Path) -> None:
        file = tmp_path / "order.x12"
        file.write_bytes(x12())
        program = (
            "import sys; from gateway.cli.main import root\n"
            f"root(['detect', '--json', {str(file)!r}], standalone_mode=False)\n"
            "print([name for name in ('sqlalchemy', 'kombu', 'alembic', 'rich', 'structlog') if name in sys.modules])"
        )
        ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
        assert ran.stdout.splitlines()[-1] == "[]"

    def test_errors_go_to_stderr_without_a_traceback(self, tmp_path: Path) -> None:
        ran = run("partners", "list", home=tmp_path / "nowhere")
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr.startswith("Error: The home ")
        assert "Traceback" not in ran.stderr

    @pytest.mark.parametrize("options", [("--json",), ()])
    def test_a_reader_that_goes_away_ends_it_quietly(self, tmp_path: Path, options: tuple[str, ...]) -> None:
        file = tmp_path / "many.x12"
        file.write_bytes(x12(1, *(f"K{number}" for number in range(3000))))
        arguments = [*CROSSDOCK, "validate", *options, str(file)]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == b""
            assert process.wait(30) == 141


@contextmanager
def serving(home: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """``crossdock serve`` or ``worker``; it is at work when this is entered."""
    command = [*CROSSDOCK, "--home", str(home), *arguments]
    environ = os.environ | {"CROSSDOCK_LOG__FORMAT": "json"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ) as process:
        try:
            if arguments[0] == "serve":
                assert process.stderr is not None
                assert "serve.started" in process.stderr.readline()
            yield process
        finally:
            process.kill()


def wait_for(folder: Path, pattern: str, seconds: float = 30) -> Path:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for file in folder.glob(pattern):
            return file
        time.sleep(0.05)
    raise AssertionError(f"no {pattern} in {folder}")


class TestServe:
    @pytest.fixture(autouse=True)
    def _at_once(self, home: Path) -> None:
        file = home / "partners/globex.toml"
        file.write_text(file.read_text().replace('path = "in/globex"', 'path = "in/globex"\ncomplete = "rename"'))

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_files_cross_the_dock_until_it_is_told_to_stop(self, home: Path, number: signal.Signals) -> None:
        with serving(home, "serve") as process:
            (home / "exchange/in/globex/order.x12").write_bytes(x12(1, "4711"))
            wait_for(home / "exchange/out/acme-erp", "*.jsonl")
            wait_for(home / "exchange/out/globex", "997-*")
            process.send_signal(number)
            assert process.wait(20) == 0

    def test_who_tells_it_twice_does_not_stop_it_from_stopping(self, home: Path) -> None:
        with serving(home, "serve") as process:
            for _ in range(50):
                process.terminate()
            assert process.wait(20) == 0

    def test_workers_are_processes_that_end_with_it(self, home: Path) -> None:
        with serving(home, "serve", "--workers", "2") as process:
            children = _children(process.pid)
            assert len(children) == 2
            (home / "exchange/in/globex/order.x12").write_bytes(x12(1, "4711"))
            wait_for(home / "exchange/out/acme-erp", "*.jsonl")
            process.terminate()
            assert process.wait(20) == 0
            assert not any(Path(f"/proc/{child}").exists() for child in children)

    def test_a_worker_does_not_outlive_who_started_it(self, home: Path) -> None:
        with serving(home, "serve") as process:
            [child] = _children(process.pid)
            process.kill()
            process.wait(10)
            end = time.monotonic() + 20
            while _runs(child) and time.monotonic() < end:
                time.sleep(0.1)
            assert not _runs(child)

    def test_a_worker_alone_works_on_what_is_stored(self, dock: Command, home: Path, tmp_path: Path) -> None:
        file = tmp_path / "order.x12"
        file.write_bytes(x12(1, "4711"))
        dock("receive", file, "--no-process")
        with serving(home, "worker") as process:
            wait_for(home / "exchange/out/acme-erp", "*.jsonl")
            process.terminate()
            assert process.wait(20) == 0

    def test_a_configuration_that_is_wrong_keeps_it_from_starting(self, home: Path) -> None:
        (home / "partners/acme.toml").write_text("id = ")
        ran = run("serve", home=home)
        assert ran.returncode == 2
        assert "partners/acme.toml" in ran.stderr


def _children(pid: int) -> list[int]:
    """The processes that a process started, on Linux."""
    folder = Path(f"/proc/{pid}/task")
    if not folder.is_dir():
        pytest.skip("needs /proc")
    text = " ".join((task / "children").read_text() for task in folder.iterdir())
    return [int(word) for word in text.split()]


def _runs(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
