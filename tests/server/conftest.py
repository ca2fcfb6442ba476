"""PostgreSQL for the tests of head office: one server a run, a new database for whoever asks."""

import os
from collections.abc import Iterator

import pytest

from tests.server.offices import (  # noqa: F401 - fixtures, for every test of this folder
    company_id,
    founded,
    office,
    office_url,
    postgresql_office,
    postgresql_template,
    postgresql_url,
    sqlite_office,
    sqlite_template,
    sqlite_url,
)
from tests.server.paper_tills import shared_office  # noqa: F401 - as above
from tests.server.postgres import (
    Cluster,
    PostgresDatabase,
    PostgresServer,
    cluster_folder,
    shared_server,
)
from tests.server.postgres_machine import why_not


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """The run's one throw-away server, shared by all its workers."""
    skip_without_postgres()
    base = tmp_path_factory.getbasetemp()
    # A worker's own folder lies in the run's; without workers there is only the run's.
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with shared_server(run / "postgres") as server:
        yield server


@pytest.fixture
def postgres_database(postgres_server: PostgresServer) -> Iterator[PostgresDatabase]:
    """A new, empty database for one test."""
    with postgres_server.database() as database:
        yield database


@pytest.fixture(scope="module")
def postgres_database_of_file(postgres_server: PostgresServer) -> Iterator[PostgresDatabase]:
    """A new, empty database for all tests of one file."""
    with postgres_server.database() as database:
        yield database


@pytest.fixture(scope="module")
def postgres_cluster() -> Iterator[Cluster]:
    """A durable server in memory for one file, which starts and kills it; not started yet."""
    skip_without_postgres()
    with cluster_folder(in_memory=True) as folder:
        cluster = Cluster(folder)
        yield cluster
        cluster.end()


def skip_without_postgres() -> None:
    """Skip where there can be no PostgreSQL; where the set-up brings it in, there always is."""
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)
