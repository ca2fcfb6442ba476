"""Records: what changes with time is kept with its fact, and an auditor compares the two."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pos_app.domain.facts import FactKind
from pos_app.domain.shop import ShopSettings
from pos_app.services.verification import verify
from pos_app.store.errors import StoreRefusal
from pos_app.store.records import RecordKind
from pos_app.store.store import Store, create_store
from tests.store.shops import behind_our_back

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Drawer:
    """A thing to keep."""

    id: str
    code: str | None
    opened: str
    is_open: bool = True
    notes: tuple[str, ...] = ()


DRAWER = RecordKind(
    "drawer",
    Drawer,
    id_of=lambda drawer: drawer.id,
    code_of=lambda drawer: drawer.code,
    place_of=lambda drawer: drawer.opened,
    is_open_of=lambda drawer: drawer.is_open,
)
FIRST = Drawer("a", "B1", "2026-11-20", notes=("5 × 20",))
SECOND = Drawer("b", None, "2026-11-21")


def new_store(path: Path) -> Store:
    return create_store(path, ShopSettings(), now=AT)


def test_a_record_is_found_by_id_by_code_by_place_and_while_it_is_open(tmp_path: Path) -> None:
    with new_store(tmp_path / "shop.db") as store:
        with store.transaction() as tx:
            for drawer in (SECOND, FIRST):
                tx.records.put(DRAWER, drawer, FactKind.SHIFT_OPENED, AT, "1")
        with store.transaction() as tx:
            closed = replace(FIRST, is_open=False)
            entry = tx.records.put(DRAWER, closed, FactKind.SHIFT_CLOSED, AT, "1", {"by": "Mo"})
        records = store.records
        assert records.get(DRAWER, "a") == closed
        assert records.by_code(DRAWER, "B1") == closed
        assert records.in_progress(DRAWER) == [SECOND]
        assert records.all(DRAWER) == [closed, SECOND]
        assert records.latest(DRAWER, 1) == [SECOND]
        assert records.latest(DRAWER, 5, before="2026-11-21") == [closed]
        assert records.starting_with(DRAWER, "2026-11-2") == [closed, SECOND]
        assert records.count(DRAWER) == 2
        assert '"by":"Mo"' in entry.payload
    assert verify(tmp_path / "shop.db").is_sound


def test_two_records_never_share_a_code(tmp_path: Path) -> None:
    with new_store(tmp_path / "shop.db") as store:
        with store.transaction() as tx:
            tx.records.put(DRAWER, FIRST, FactKind.SHIFT_OPENED, AT, "1")
        with pytest.raises(StoreRefusal), store.transaction() as tx:
            tx.records.put(DRAWER, replace(SECOND, code="B1"), FactKind.SHIFT_OPENED, AT, "1")
        assert store.records.count(DRAWER) == 1
        assert store.journal.count() == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE records SET state = replace(state, '20', '50') WHERE id = 'a'", "drawer a"),
        ("UPDATE records SET code = 'B2' WHERE id = 'a'", "drawer a"),
        ("UPDATE records SET is_open = 0 WHERE id = 'b'", "drawer b"),
        ("UPDATE records SET place = '2025' WHERE id = 'b'", "drawer b"),
        ("DELETE FROM records WHERE id = 'b'", "drawer b"),
        ("INSERT INTO records VALUES ('drawer', 'c', NULL, '', 0, '{}', 3)", "drawer c"),
    ],
)
def test_a_record_changed_behind_the_till_is_found(tmp_path: Path, change: str, told: str) -> None:
    path = tmp_path / "shop.db"
    with new_store(path) as store, store.transaction() as tx:
        for drawer in (FIRST, SECOND):
            tx.records.put(DRAWER, drawer, FactKind.SHIFT_OPENED, AT, "1")
    assert verify(path).is_sound
    behind_our_back(path, change)
    assert told in [fault.where for fault in verify(path).faults]
