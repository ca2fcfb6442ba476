"""What the machine offers PostgreSQL: its programs, a user to serve, a folder, a port."""

import contextlib
import os
import random
import shutil
import socket
import stat
import sys
import tempfile
from pathlib import Path

from installer.system_packages import program_path

if sys.platform != "win32":
    import pwd

# Below the ports that systems lend to clients: else a client that tries again while the server
# is down may be lent the server's own port, and so keep it from coming back.
PORTS = range(20_000, 32_000)
PREFIX = "pos-app-postgres-"
MEMORY = Path("/dev/shm")
ROOM_IN_MEMORY_BYTES = 1_000_000_000


class PostgresRefusedError(Exception):
    """The server did not start; the message is the end of its log."""


def why_not() -> str | None:
    """Return why there can be no PostgreSQL for tests on this machine, None if there can."""
    if sys.platform == "win32":
        return "the PostgreSQL of the tests is run by Unix means (flock, signals)"
    if program_path("initdb") is None:
        return "PostgreSQL's initdb is not on this machine: installer/check.py brings it in"
    return None


def programs() -> Path:
    """Return the folder of PostgreSQL's programs, which are all of one version."""
    initdb = program_path("initdb")
    if initdb is None:
        raise PostgresRefusedError(why_not())
    return Path(initdb).resolve().parent


def server_user() -> str | None:
    """Return as whom to serve where the tests run as root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def new_folder(*, in_memory: bool) -> Path:
    """Make a folder in reach of the user who serves, in memory if asked for and there is room."""
    places = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]
    if in_memory and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_IN_MEMORY_BYTES:
        places.insert(0, MEMORY)
    reachable = [place for place in places if server_user() is None or _anybody_may_enter(place)]
    if not reachable:
        raise PostgresRefusedError(f"There is no temporary folder that {server_user()} can reach.")
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=reachable[0]))
    hand_over(folder)
    return folder


def hand_over(folder: Path) -> None:
    """Make a folder the property of the user who serves."""
    user = server_user()
    if user is None:
        return
    if not _anybody_may_enter(folder.parent):
        raise PostgresRefusedError(f"{user} cannot reach {folder}.")
    shutil.chown(folder, user)


def _anybody_may_enter(place: Path) -> bool:
    place = place.resolve()
    return all(path.stat().st_mode & stat.S_IXOTH for path in (place, *place.parents))


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nobody listens."""
    while True:
        port = random.SystemRandom().choice(PORTS)
        with socket.socket() as trial, contextlib.suppress(OSError):
            trial.bind(("127.0.0.1", port))
            return port
