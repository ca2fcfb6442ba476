"""Tills with a head office in memory; keys stay in files, never in the user's keyring."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.store.store import Store, open_store
from pos_app.sync.engine import SyncEngine
from pos_app.sync.enrolment import enrol
from tests.store.shops import Counter, new_store
from tests.sync.office_stand_in import URL, Clock, Office, chance


@pytest.fixture(autouse=True)
def _keys_in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_APP_KEYS", "file")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small shop that each test has a copy of."""
    folder = tmp_path_factory.mktemp("template")
    new_store(folder / "shop.db").close()
    return folder


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copytree(template, tmp_path / "shop")
    with open_store(tmp_path / "shop" / "shop.db") as opened:
        yield opened


@pytest.fixture
def counter(store: Store) -> Counter:
    return Counter(store)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(clock: Clock) -> Office:
    return Office(clock)


@pytest.fixture
def engine(store: Store, office: Office, clock: Clock) -> SyncEngine:
    enrol(store, URL, office.code, office, clock())
    office.asked.clear()
    return SyncEngine(store, office, clock, chance())
