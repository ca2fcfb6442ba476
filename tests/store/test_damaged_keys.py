"""A key file that a power cut or a hand has damaged: the till says that its key is missing."""

from pathlib import Path

import pytest

from pos_app.domain.facts import drawer_opened
from pos_app.services.verification import verify
from pos_app.store.errors import KeyMissing
from pos_app.store.keys import FORCE_VARIABLE, KeyPlace
from pos_app.store.store import open_store
from tests.proofs.small_shop import now, open_shop


@pytest.fixture(autouse=True)
def keys_in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FORCE_VARIABLE, KeyPlace.FILE)


@pytest.mark.parametrize(
    "left", [b"", b"\0" * 178, b"{", b"[]", b'{"a": 1}', b"\xff\xfe", None], ids=repr
)
def test_a_damaged_key_file_is_a_missing_key_and_no_crash(
    tmp_path: Path, left: bytes | None
) -> None:
    path = tmp_path / "shop.db"
    open_shop(path).close()
    key = tmp_path / "shop.db.key"
    key.write_bytes(key.read_bytes()[:60] if left is None else left)
    with open_store(path) as store:
        with pytest.raises(KeyMissing, match="signing key"), store.transaction() as tx:
            tx.journal.append(drawer_opened(""), now(), "1")
        assert any("key" in note for note in verify(path).notes)
