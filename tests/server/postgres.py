"""PostgreSQL for tests and proofs: one throw-away server a run, or a durable one to be killed.

Nothing stays behind: each server has a watcher (`postgres_watcher.py`) that ends it when its
users are gone, however they went.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from tests.server.postgres_machine import (
    PREFIX,
    PostgresRefusedError,
    free_port,
    hand_over,
    new_folder,
    programs,
    server_user,
)

if sys.platform != "win32":
    import fcntl

SUPERUSER = "postgres"
OWNER = "pos"
KEPT = "kept.lock"
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
if sys.platform == "linux":
    # As safe as a sync of each of a thousand files, and seconds faster after a kill.
    DURABLE |= {"recovery_init_sync_method": "syncfs"}
RECOVERY_LIMIT_S = 120


@dataclass(frozen=True, slots=True)
class PostgresDatabase:
    """One database: `url` for SQLAlchemy and the server, `conninfo` for psycopg.

    Its user owns the database and may make roles, but is no superuser: row-level security binds
    it as it binds people. The `admin_` ones are the superuser's.
    """

    name: str
    url: str
    conninfo: str
    admin_url: str
    admin_conninfo: str


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server on 127.0.0.1, which trusts whoever asks."""

    port: int

    def url(self, database: str, user: str = OWNER) -> str:
        """Return SQLAlchemy's address of a database."""
        return self.conninfo(database, user).replace("postgresql:", "postgresql+psycopg:", 1)

    def conninfo(self, database: str, user: str = OWNER) -> str:
        """Return libpq's address of a database."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    @property
    def admin_url(self) -> str:
        """SQLAlchemy's address for the superuser, in the database that every server has."""
        return self.url("postgres", SUPERUSER)

    @contextlib.contextmanager
    def database(self, template: str = "template0") -> Iterator[PostgresDatabase]:
        """Lend a new database, a copy of `template`; it is dropped whoever is still connected."""
        made = self.create_database(f"test_{uuid.uuid4().hex}", template)
        try:
            yield made
        finally:
            self.drop_database(made.name)

    def create_database(self, name: str, template: str = "template0") -> PostgresDatabase:
        """Make a database that `OWNER` owns."""
        self._as_superuser(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
            )
        )
        return PostgresDatabase(
            name,
            self.url(name),
            self.conninfo(name),
            self.url(name, SUPERUSER),
            self.conninfo(name, SUPERUSER),
        )

    def drop_database(self, name: str) -> None:
        """Drop a database and end the connections to it."""
        self._as_superuser(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def make_owner(self) -> None:
        """Make the role that owns the databases, where it is not there yet."""
        there = sql.SQL("SELECT 1 FROM pg_roles WHERE rolname = {}").format(sql.Literal(OWNER))
        make = sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE").format(sql.Identifier(OWNER))
        with psycopg.connect(self.conninfo("postgres", SUPERUSER), autocommit=True) as admin:
            if admin.execute(there).fetchone() is None:
                admin.execute(make)

    def _as_superuser(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.conninfo("postgres", SUPERUSER), autocommit=True) as admin:
            admin.execute(statement)


@contextlib.contextmanager
def shared_server(folder: Path) -> Iterator[PostgresServer]:
    """Join the throw-away server of all who name this folder; the first starts, the last stops it.

    Raises `PostgresRefusedError`. The folder holds the locks and the log, not the data.
    """
    folder.mkdir(exist_ok=True)
    with (folder / "users.lock").open("a") as users:
        with _held(folder / "turn.lock"):
            fcntl.flock(users, fcntl.LOCK_SH)  # waits while a server is being stopped
            if _is_free(folder / "alive.lock"):
                _start_shared(folder)
            server = PostgresServer(int((folder / "port").read_text()))
        try:
            yield server
        finally:
            with _held(folder / "turn.lock"):
                fcntl.flock(users, fcntl.LOCK_UN)
                last = _is_last(users)
                users.close()
                if last:
                    with _held(folder / "alive.lock"):
                        pass


class Cluster:
    """A durable server of one's own, to be killed and started again on the same port.

    Raises `PostgresRefusedError` for a `folder` out of reach of the user who serves, as pytest's
    own are for root: take one from `cluster_folder`.
    """

    def __init__(self, folder: Path) -> None:
        hand_over(folder)
        self.folder = folder
        self.server = PostgresServer(free_port())
        self._users: IO[str] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None
        self._pid = 0

    def url(self, database: str) -> str:
        """Return SQLAlchemy's address of a database; the same after each start."""
        return self.server.url(database)

    def start(self) -> None:
        """Start and wait until it takes connections, recovered; raises `PostgresRefusedError`."""
        if self._watcher is not None:
            raise PostgresRefusedError("It is running already.")
        self._users = (self.folder / "users.lock").open("a")
        fcntl.flock(self._users, fcntl.LOCK_SH)
        order = _order(self.folder, self.folder, self.server.port, DURABLE, detached=False)
        until = time.monotonic() + RECOVERY_LIMIT_S
        while True:
            self._watcher, answer = _watch(order)
            if "pid" in answer:
                break
            self._ended()
            # What a killed server was doing goes on until it notices.
            if "shared memory block" not in answer["failure"] or time.monotonic() > until:
                self._users.close()
                raise PostgresRefusedError(answer["failure"])
            time.sleep(0.05)
        self._pid = answer["pid"]
        self.server.make_owner()

    def stop(self) -> None:
        """Shut down in order: connections are ended, everything is written."""
        self._signal(signal.SIGINT)

    def kill(self) -> None:
        """Kill the server's first process, as `kill -9` does; the others end by themselves."""
        self._signal(signal.SIGKILL)

    def end(self) -> None:
        """Stop it if it runs."""
        if self._watcher is not None:
            self.stop()

    def __enter__(self) -> "Cluster":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def _signal(self, number: signal.Signals) -> None:
        if self._watcher is None or self._users is None:
            raise PostgresRefusedError("It is not running.")
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, number)
        self._ended()
        self._users.close()

    def _ended(self) -> None:
        if self._watcher is not None and self._watcher.stdout is not None:
            self._watcher.stdout.close()
            self._watcher.wait()
        self._watcher = None


@contextlib.contextmanager
def cluster_folder(*, in_memory: bool = False) -> Iterator[Path]:
    """Lend a new folder that the user who serves can reach; removed afterwards.

    In memory (where there is room) a kill takes as little as on a disk, and it is faster: for
    tests of what outlives a kill, not for measuring.
    """
    folder = new_folder(in_memory=in_memory)
    _remove_abandoned(folder.parent)
    with (folder / "new.lock").open("a") as kept:
        fcntl.flock(kept, fcntl.LOCK_EX)
        (folder / "new.lock").rename(folder / KEPT)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned(place: Path) -> None:
    """Remove the folders of those who were killed before they could do it themselves."""
    for kept in place.glob(f"{PREFIX}*/{KEPT}"):
        with contextlib.suppress(OSError):
            if _is_free(kept):
                shutil.rmtree(kept.parent, ignore_errors=True)


def _start_shared(folder: Path) -> None:
    server = PostgresServer(free_port())
    order = _order(folder, new_folder(in_memory=True), server.port, THROW_AWAY, detached=True)
    (folder / "port").write_text(str(server.port))
    watcher, answer = _watch(order)
    with watcher:
        if "pid" not in answer:
            raise PostgresRefusedError(answer["failure"])
    server.make_owner()


def _order(
    locks: Path, folder: Path, port: int, settings: dict[str, str], *, detached: bool
) -> dict[str, Any]:
    """Return what the watcher is told: what to run, as whom, and when it is no longer needed."""
    data = folder / "data"
    settings = settings | {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "port": str(port),
        "max_connections": "200",
        "shared_buffers": "64MB",
        "timezone": "UTC",
        # In the data folder, so that a killed server leaves nothing in /dev/shm.
        "dynamic_shared_memory_type": "mmap",
    }
    make = [str(programs() / "initdb"), "-D", str(data), "--no-sync", "--auth=trust"]
    make += ["--encoding=UTF8", "--locale=C", f"--username={SUPERUSER}"]
    run = [str(programs() / "postgres"), "-D", str(data)]
    run += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return {
        "initdb": None if (data / "PG_VERSION").exists() else make,
        "postgres": run,
        "user": server_user(),
        "folder": str(folder),
        "data": str(data),
        "log": str(locks / "log"),
        "needed": str(locks / "users.lock"),
        "alive": str(locks / "alive.lock"),
        "detached": detached,
        "remove": detached,
    }


def _watch(order: dict[str, Any]) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    """Start a watcher and return it with its answer: `pid` of the server, or its `failure`."""
    program = str(Path(__file__).with_name("postgres_watcher.py"))
    with Path(order["log"]).open("ab") as log:
        watcher = subprocess.Popen(
            [sys.executable, "-I", program, json.dumps(order)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # Ctrl+C is for the tests, which then let go of it
        )
    line = watcher.stdout.readline() if watcher.stdout else b""
    return watcher, json.loads(line) if line else {"failure": "The watcher died."}


@contextlib.contextmanager
def _held(path: Path) -> Iterator[None]:
    """Hold a file's lock alone; wait for whoever has it."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_free(path: Path) -> bool:
    with path.open("a") as file:
        return _takes(file, fcntl.LOCK_EX)


def _is_last(users: IO[str]) -> bool:
    """Tell whether nobody else shares the lock that this process has just given back.

    Asked in turn. The watcher may already have it for itself: then it cannot be shared either.
    """
    return _takes(users, fcntl.LOCK_EX) or not _takes(users, fcntl.LOCK_SH)


def _takes(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
