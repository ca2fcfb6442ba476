"""The PostgreSQL of the tests: databases apart, kills survived, nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.server.conftest import skip_without_postgres
from tests.server.postgres import (
    KEPT,
    OWNER,
    SUPERUSER,
    Cluster,
    PostgresDatabase,
    PostgresServer,
    cluster_folder,
    shared_server,
)
from tests.server.postgres_machine import PostgresRefusedError, new_folder

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 120
# A process that tells its server's port and stays until its standard input ends.
USER_OF_THE_SHARED = """
import sys
from pathlib import Path
from tests.server.postgres import shared_server
with shared_server(Path(sys.argv[1])) as server:
    print(server.port, flush=True)
    sys.stdin.read()
"""
OWNER_OF_A_CLUSTER = """
import sys
from pathlib import Path
from tests.server.postgres import Cluster
with Cluster(Path(sys.argv[1])) as cluster:
    print(cluster.server.port, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def cluster(postgres_cluster: Cluster) -> Iterator[Cluster]:
    with postgres_cluster:
        yield postgres_cluster


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + LIMIT_S
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def answers(server: PostgresServer) -> bool:
    try:
        psycopg.connect(server.conninfo("postgres", SUPERUSER)).close()
    except psycopg.OperationalError:
        return False
    return True


def processes_of(data: Path) -> list[str]:
    """Every process of a PostgreSQL server works in its data folder."""
    there = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink().is_relative_to(data):
                there.append((process / "cmdline").read_text())
        except OSError:
            continue
    return there


def data_of(server: PostgresServer) -> Path:
    with psycopg.connect(server.conninfo("postgres", SUPERUSER)) as admin:
        [path] = admin.execute("SHOW data_directory").fetchone() or [""]
    return Path(path)


def process(program: str, folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def server_of(process: "subprocess.Popen[str]") -> PostgresServer:
    assert process.stdout is not None
    return PostgresServer(int(process.stdout.readline()))


def test_two_databases_know_nothing_of_each_other(postgres_server: PostgresServer) -> None:
    with (
        postgres_server.database() as one,
        postgres_server.database() as other,
        psycopg.connect(one.conninfo) as here,
        psycopg.connect(other.conninfo) as there,
    ):
        here.execute("CREATE TABLE sales (id int)")
        here.commit()
        assert there.execute("SELECT to_regclass('sales')").fetchone() == (None,)


def test_a_database_may_be_made_from_another(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as pattern:
        with psycopg.connect(pattern.conninfo) as here:
            here.execute("CREATE TABLE sales AS SELECT 7 AS id")
        with (
            postgres_server.database(template=pattern.name) as copy,
            psycopg.connect(copy.conninfo) as there,
        ):
            assert there.execute("SELECT id FROM sales").fetchone() == (7,)


def test_a_database_goes_even_while_somebody_is_connected(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as database:
        forgotten = psycopg.connect(database.conninfo)
    with psycopg.connect(postgres_server.conninfo("postgres", SUPERUSER)) as admin:
        names = admin.execute("SELECT datname FROM pg_database").fetchall()
    assert (database.name,) not in names
    forgotten.close()


def test_row_security_binds_the_user_of_a_database(postgres_database: PostgresDatabase) -> None:
    with psycopg.connect(postgres_database.conninfo) as connection:
        connection.execute("CREATE TABLE sales AS SELECT 7 AS id")
        connection.execute("ALTER TABLE sales ENABLE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE sales FORCE ROW LEVEL SECURITY")
        assert connection.execute("SELECT id FROM sales").fetchall() == []
        assert connection.execute("SELECT current_user").fetchone() == (OWNER,)


def test_only_the_cluster_to_be_killed_waits_for_the_disk(
    cluster: Cluster, postgres_server: PostgresServer
) -> None:
    for server, there in ((cluster.server, "on"), (postgres_server, "off")):
        with psycopg.connect(server.conninfo("postgres", SUPERUSER)) as admin:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                assert admin.execute(f"SHOW {setting}").fetchone() == (there,)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_stopped_cluster_leaves_no_process(cluster: Cluster) -> None:
    data = data_of(cluster.server)
    assert processes_of(data)
    cluster.stop()
    assert processes_of(data) == []
    with pytest.raises(PostgresRefusedError, match="not running"):
        cluster.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_the_shared_server_stays_for_the_second_user_and_ends_with_the_last(tmp_path: Path) -> None:
    skip_without_postgres()
    folder = tmp_path / "postgres"
    with process(USER_OF_THE_SHARED, folder) as first, shared_server(folder) as server:
        assert server_of(first) == server
        data = data_of(server)
        first.communicate()
        assert first.returncode == 0
        assert answers(server)
    assert processes_of(data) == []
    assert not data.parent.exists()


def test_a_folder_whose_owner_was_killed_goes_when_the_next_is_lent() -> None:
    skip_without_postgres()
    abandoned = new_folder(in_memory=True)
    (abandoned / KEPT).touch()
    with cluster_folder(in_memory=True) as one, cluster_folder(in_memory=True) as other:
        assert not abandoned.exists()
        assert one.exists()
        assert other.exists()
    assert not one.exists()


def test_why_a_server_does_not_start_is_told(cluster: Cluster) -> None:
    cluster.stop()
    version = cluster.folder / "data" / "PG_VERSION"
    right = version.read_text()
    version.write_text("1\n")
    with pytest.raises(PostgresRefusedError, match="initialized by PostgreSQL version 1"):
        cluster.start()
    version.write_text(right)


def test_what_was_committed_outlives_a_kill_and_nothing_else_does(cluster: Cluster) -> None:
    conninfo = cluster.server.conninfo("postgres", SUPERUSER)
    with psycopg.connect(conninfo) as connection:
        connection.execute("CREATE TABLE sales AS SELECT 1 AS id")
    unfinished = psycopg.connect(conninfo)
    unfinished.execute("INSERT INTO sales VALUES (2)")
    cluster.kill()
    assert not answers(cluster.server)
    with pytest.raises(psycopg.OperationalError):
        unfinished.execute("SELECT 1")
    unfinished.close()
    cluster.start()
    with psycopg.connect(conninfo) as connection:
        assert connection.execute("SELECT id FROM sales").fetchall() == [(1,)]


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_server_ends_when_its_owner_is_killed(postgres_cluster: Cluster) -> None:
    with process(OWNER_OF_A_CLUSTER, postgres_cluster.folder) as owner:
        data = data_of(server_of(owner))
        owner.kill()
    wait_until(lambda: not processes_of(data))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of that")
def test_a_server_ends_when_its_watcher_is_killed(cluster: Cluster) -> None:
    data = data_of(cluster.server)
    assert cluster._watcher is not None
    os.kill(cluster._watcher.pid, signal.SIGKILL)
    wait_until(lambda: not processes_of(data))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="root's case only")
def test_a_folder_out_of_reach_is_refused_before_anything_is_started(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "cluster").mkdir()
    with pytest.raises(PostgresRefusedError, match="cannot reach"):
        Cluster(tmp_path / "cluster")
