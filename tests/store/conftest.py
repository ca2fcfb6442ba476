"""Stores for the tests of this room; keys stay in files, never in the user's keyring."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.store.store import Store
from tests.store.shops import Counter, new_store


@pytest.fixture(autouse=True)
def _keys_in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_APP_KEYS", "file")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "shop.db") as opened:
        yield opened


@pytest.fixture
def counter(store: Store) -> Counter:
    return Counter(store)
