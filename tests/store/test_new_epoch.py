"""A till whose copy told other entries goes on under a new key, whatever happens on the way."""

import json
from pathlib import Path

import pytest

from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.services.verification import verify
from pos_app.store.epochs import all_epochs
from pos_app.store.keys import KeyName, new_key
from pos_app.store.store import Store, open_store
from tests.store.shops import START, Counter, PowerGone, behind_our_back, new_shop


def test_the_journal_goes_on_under_a_new_key_and_proves_itself(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with new_shop(path) as store:
        old = store.identity
        Counter(store).sell(1)
        before = store.journal.count()
        new = store.begin_epoch("forked", START)
        assert (new.epoch, new.store_id) == (2, old.store_id)
        assert new.public_key != old.public_key
        assert store.identity == new
        assert Counter(store).sell(2).number == "1.2-000002"
        begun = store.journal.get(before + 1)
        assert begun is not None
        assert (begun.kind, begun.epoch, begun.seq) == (FactKind.EPOCH_BEGUN, 2, before + 1)
        assert json.loads(begun.payload)["reason"] == "forked"
    assert verify(path).faults == ()
    with open_store(path) as store:
        assert store.identity == new
        Counter(store).sell(3)
    assert verify(path).faults == ()


def test_each_fork_has_an_epoch_of_its_own_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with new_shop(path) as store:
        store.begin_epoch("forked", START)
        store.begin_epoch("forked again", START)
        assert [one.epoch for one in all_epochs(store._own.database)] == [1, 2, 3]
    assert verify(path).faults == ()
    behind_our_back(path, "UPDATE till_epochs SET reason = 'restored' WHERE epoch = 2")
    assert any("reason is another" in fault.sentence for fault in verify(path).faults)


def test_a_key_that_was_made_before_the_power_went_is_not_used_again(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with new_shop(path) as store:
        lost, _ = new_key(KeyName(store.identity.store_id, 2, path))
        Counter(store).sell(1)
        new = store.begin_epoch("forked", START)
        assert new.epoch == 3
        assert new.public_key != lost.public_key
    assert verify(path).faults == ()


def test_a_lost_key_in_a_keyring_is_not_used_again_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: dict[tuple[str, str], str] = {}
    monkeypatch.setenv("POS_APP_KEYS", "keyring")
    monkeypatch.setattr("keyring.set_password", lambda s, u, secret: held.update({(s, u): secret}))
    monkeypatch.setattr("keyring.get_password", lambda s, u: held.get((s, u)))
    with new_shop(tmp_path / "shop.db") as store:
        lost, place = new_key(KeyName(store.identity.store_id, 2, store.path))
        new = store.begin_epoch("forked", START)
        assert (place, new.epoch, new.key_place) == ("keyring", 3, "keyring")
        assert new.public_key != lost.public_key
        Counter(store).sell(1)


def test_an_epoch_that_was_let_go_leaves_the_old_key_in_charge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shop.db"
    with new_shop(path) as store:
        old = store.identity
        monkeypatch.setattr("pos_app.store.new_epoch.Fact", _power_goes)
        with pytest.raises(PowerGone):
            store.begin_epoch("forked", START)
        monkeypatch.undo()
        monkeypatch.setenv("POS_APP_KEYS", "file")
        assert store.identity == old
        assert Counter(store).sell(1).number == "1-000001"
        assert store.begin_epoch("forked", START).epoch == 3
        assert Counter(store).sell(1).number == "1.3-000002"
    assert verify(path).faults == ()


def test_every_connection_writes_under_the_new_key(tmp_path: Path) -> None:
    with new_shop(tmp_path / "shop.db") as store:
        _in_another_thread(store)
        assert store.identity.epoch == 2
        Counter(store).sell(1)
        head = store.journal.head()
        assert head is not None
        assert head.epoch == 2


def _in_another_thread(store: Store) -> None:
    from threading import Thread

    failures: list[PosError] = []

    def begin() -> None:
        try:
            store.begin_epoch("forked", START)
        except PosError as failure:
            failures.append(failure)

    thread = Thread(target=begin)
    thread.start()
    thread.join()
    assert failures == []


def _power_goes(*_: object) -> None:
    raise PowerGone
