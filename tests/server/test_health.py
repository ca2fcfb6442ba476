"""Health, readiness and metrics of head office."""

from pathlib import Path

import pytest

from pos_app.server.database import Office
from pos_app.server.settings import ServerSettings
from tests.server.serving import serve


def test_a_whole_head_office_is_live_and_ready(office: Office):
    with serve(office) as served, served.client() as client:
        assert client.get("/health/live").json() == {"state": "live", "checks": {}}
        ready = client.get("/health/ready")
    assert ready.json() == {
        "state": "ready",
        "checks": {"database": "ok", "schema": "ok", "disk": "ok"},
    }


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        (ServerSettings(disk_least=1 << 60), "nearly full"),
        (ServerSettings(disk_folder=Path("/no/such/folder")), "cannot be read"),
    ],
)
def test_a_full_disk_makes_it_live_but_not_ready(
    sqlite_office: Office, settings: ServerSettings, problem: str
):
    with serve(sqlite_office, settings) as served, served.client() as client:
        ready = client.get("/health/ready")
        assert (ready.status_code, ready.json()["checks"]["disk"]) == (503, problem)
        assert ready.headers["Retry-After"] == "5"
        assert client.get("/health/live").status_code == 200


def test_a_database_of_another_version_makes_it_not_ready(office: Office):
    with serve(office) as served, served.client() as client:
        with office.engine.begin() as connection:
            if office.is_postgresql:
                connection.exec_driver_sql("RESET ROLE")
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        ready = client.get("/health/ready")
    assert ready.status_code == 503
    assert "9999" in ready.json()["checks"]["schema"]


def test_metrics_count_by_route_and_never_by_id(sqlite_office: Office):
    with serve(sqlite_office) as served, served.as_owner() as owner:
        for number in range(3):
            owner.get(f"/office/v1/tills/{number}")
            owner.get(f"/made-up/{number}")
        told = owner.get("/metrics")
    assert told.headers["Content-Type"].startswith("text/plain")
    words = told.text
    assert 'route="/office/v1/tills/{till_id}",status="404"} 3.0' in words
    assert 'route="(no route)",status="404"} 3.0' in words
    assert "made-up" not in words
    assert "pos_app_request_seconds_bucket" in words


def test_metrics_are_only_for_this_machine_or_for_who_has_the_token(sqlite_office: Office):
    with serve(sqlite_office) as served, served.client() as client:
        assert client.get("/metrics").status_code == 200
        behind_proxy = client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"})
        assert behind_proxy.status_code == 404
    settings = ServerSettings(metrics_token="let me count")
    with (
        serve(sqlite_office, settings) as served,
        served.client() as nobody,
        served.client("let me count") as counter,
    ):
        assert nobody.get("/metrics").status_code == 404
        assert counter.get("/metrics").status_code == 200
