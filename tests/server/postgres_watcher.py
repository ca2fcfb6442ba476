"""Runs one PostgreSQL server for as long as somebody needs it: `python postgres_watcher.py ORDER`.

A process of its own, so that the server ends however its users end, a `kill -9` included: they
share a lock on a file, the system lets go of it when they die, and then the watcher gets it.
Standard library only. It says one line when the server is ready, or why it is not.
"""

import ctypes
import fcntl
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any, NoReturn

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LOG_TAIL_CHARACTERS = 600


def main() -> NoReturn:
    """Do what the order in the first argument says; see `tests/server/postgres.py`."""
    order = json.loads(sys.argv[1])
    if order["detached"] and os.fork():
        os._exit(0)
    with Path(order["alive"]).open("a") as alive, Path(order["log"]).open("ab") as log:
        fcntl.flock(alive, fcntl.LOCK_EX)
        began = log.tell()
        try:
            _serve(order, log)
        except (OSError, subprocess.CalledProcessError) as failure:
            _answer(failure=_said(log, began) or str(failure))
        finally:
            if order["remove"]:
                shutil.rmtree(order["folder"], ignore_errors=True)
    os._exit(0)  # without waiting for the thread


def _serve(order: dict[str, Any], log: IO[bytes]) -> None:
    how = {
        "cwd": order["folder"],
        "stdin": subprocess.DEVNULL,
        "stdout": log,
        "stderr": subprocess.STDOUT,
        "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        **_as_user(order["user"]),
    }
    if order["initdb"]:
        subprocess.run(order["initdb"], check=True, **how)
    server = subprocess.Popen(
        order["postgres"],
        preexec_fn=_end_with_the_watcher,  # noqa: PLW1509 - no thread runs yet
        **how,
    )
    threading.Thread(target=_end_unneeded, args=(server, order["needed"]), daemon=True).start()
    while server.poll() is None and not _is_ready(Path(order["data"]), server.pid):
        time.sleep(0.01)
    if server.poll() is not None:
        raise ChildProcessError(f"PostgreSQL ended with {server.returncode}.")
    _answer(pid=server.pid)
    server.wait()


def _as_user(name: str | None) -> dict[str, Any]:
    if name is None:
        return {}
    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}


def _end_with_the_watcher() -> None:
    """Let the system end the server should the watcher itself be killed; Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def _end_unneeded(server: subprocess.Popen[bytes], needed: str) -> None:
    """Wait until nobody shares the lock any more, then stop the server at once."""
    with Path(needed).open("a") as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        server.send_signal(signal.SIGQUIT)
        server.wait()
        threading.Event().wait()  # keeps the lock until the watcher is gone


def _is_ready(data: Path, pid: int) -> bool:
    """Tell whether the server takes connections: the last line of its postmaster.pid says so."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    # A killed server's file may still be there: the first line is whose it is.
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _answer(**words: object) -> None:
    try:
        print(json.dumps(words), flush=True)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - nobody listens any more


def _said(log: IO[bytes], began: int) -> str:
    """Return the end of what was logged since the log had `began` bytes."""
    return Path(log.name).read_bytes()[began:].decode(errors="replace")[-LOG_TAIL_CHARACTERS:]


if __name__ == "__main__":
    main()
