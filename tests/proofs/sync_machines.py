"""The machines of a company as real processes: tills, a head office, all of them to be killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TILL = Path(__file__).with_name("sync_till.py")
LIMIT_S = 120.0


class MachineStuck(Exception):
    """Something that had to happen did not, within a generous time."""


def wait_until(is_true: Callable[[], bool], what: str, limit_s: float = LIMIT_S) -> None:
    """Wait for something; raises MachineStuck with its name."""
    until = time.monotonic() + limit_s
    while not is_true():
        if time.monotonic() > until:
            raise MachineStuck(f"{what}: not within {limit_s:.0f} s")
        time.sleep(0.05)


def environment() -> dict[str, str]:
    """The variables of a process that leaves this user's own till alone."""
    kept = {name: value for name, value in os.environ.items() if "POS_APP" not in name}
    return kept | {"POS_APP_KEYS": "file", "PYTHONPATH": str(ROOT)}


@dataclass(slots=True)
class Heard:
    """What a till told so far, over all its lives."""

    sold: dict[str, int] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)
    status: dict[str, Any] = field(default_factory=dict)
    is_done: bool = False

    def take(self, line: dict[str, Any]) -> None:
        """Take one line of a till."""
        match line["what"]:
            case "sold":
                if line["number"] in self.sold:
                    self.twice.append(line["number"])
                self.sold[line["number"]] = line["due"]
            case "status":
                self.status = line
            case "sold all":
                self.is_done = True

    @property
    def has_healed(self) -> bool:
        """Whether the till says that head office has everything, and has proof of it."""
        told = self.status
        return (
            self.is_done
            and told.get("phase") == "up to date"
            and told["unsent"] == 0
            and told["heads"] == "equal"
            and told["is_genuine"]
        )


class TillProcess:
    """One till on a store of its own."""

    def __init__(self, name: str, store: Path, words: list[str], log: Path) -> None:
        self.name, self.store, self.heard, self.kills = name, store, Heard(), 0
        self._command = [sys.executable, str(TILL), "--store", str(store), *words]
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        self.heard.status = {}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=ROOT,
                env=environment(),
            )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()

    def kill(self) -> None:
        """Kill it as `kill -9` does; what it told until then counts."""
        assert self._process is not None
        self._process.kill()
        self._ended()
        self.kills += 1

    def end(self) -> None:
        """Let it close its store and end; raises MachineStuck where it does not end well."""
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            status = self._process.wait(LIMIT_S)
        except subprocess.TimeoutExpired as failure:
            raise MachineStuck(f"{self.name} does not end") from failure
        self._ended()
        if status:
            raise MachineStuck(f"{self.name} ended with {status}: {self.last_words()}")

    def put_away(self) -> None:
        """End it in any case."""
        if self._process is not None:
            self._process.kill()
            self._ended()

    def last_words(self) -> str:
        return self._log.read_text(errors="replace")[-1_500:]

    def _ended(self) -> None:
        assert self._process is not None
        assert self._reader is not None
        self._process.wait()
        self._reader.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process = None

    def _read(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.endswith(b"\n"):  # the last one may be cut
                self.heard.take(json.loads(line))


class OfficeProcess:
    """`pos-app server run`, on a port that stays the same over its lives.

    `settings` are its `POS_APP_OFFICE_…`, by the rest of their names.
    """

    def __init__(
        self,
        database: str,
        log: Path,
        workers: int = 1,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.port = free_port()
        self.kills = 0
        self._workers = workers
        self._settings = {f"POS_APP_OFFICE_{name}": text for name, text in (settings or {}).items()}
        self._database = database
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def command(self, *words: str) -> Any:
        """Run another command of head office's and return what it says as JSON."""
        done = subprocess.run(
            [*_POS_APP, "server", *words, "--database", self._database, "--json"],
            capture_output=True, cwd=ROOT, env=environment(), check=False,
        )  # fmt: skip
        if done.returncode:
            raise MachineStuck(f"server {words[0]}: {done.stderr.decode()[-1_500:]}")
        return json.loads(done.stdout)

    def start(self, *, is_waited_for: bool = True) -> None:
        """Start it, and wait until it answers where the database is there too."""
        words = ["server", "run", "--port", str(self.port), "--database", self._database]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*_POS_APP, *words, "--workers", str(self._workers)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env=environment() | self._settings,
                start_new_session=True,
            )
        if is_waited_for:
            self.wait()

    def wait(self) -> None:
        """Wait until it serves."""
        wait_until(lambda: self.answers() or self._fell(), "head office starts")

    def answers(self) -> bool:
        """Whether head office is ready to serve."""
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=10) as answer:
                return int(answer.status) == 200
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """Kill it with its workers, as `kill -9` does."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None
        self.kills += 1

    def stop(self) -> None:
        """Tell it to stop, and wait."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(LIMIT_S)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None

    def check_alive(self) -> None:
        """Raise MachineStuck where it ended by itself."""
        if self._process is not None and self._process.poll() is not None:
            last = self._log.read_text(errors="replace")[-1_500:]
            raise MachineStuck(f"head office ended by itself: {last}")

    def _fell(self) -> bool:
        self.check_alive()
        return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


_POS_APP = [sys.executable, "-m", "pos_app"]
