"""Verify is silent about honest stores and finds what was changed behind our back, in words."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pysqlite3
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.domain.facts import canonical
from pos_app.domain.journal import GENESIS, entry_hash
from pos_app.services.verification import FaultKind, Verification, verify
from pos_app.store.errors import StoreDamaged, StoreMissing
from pos_app.store.store import open_store
from tests.store.shops import Counter, behind_our_back, new_shop

Change = Callable[[Any], None]
KEYS = {"sales": "row", "sale_lines": "sale", "sale_taxes": "sale", "tenders": "sale"}


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A closed store with sales, a delivery, returns, a parked cart and a customer."""
    monkeypatch.setenv("POS_APP_KEYS", "file")
    path = tmp_path / "shop.db"
    with new_shop(path) as store:
        counter = Counter(store)
        sales = [counter.sell(1, 2, 3), counter.sell(4), counter.sell(2, 2, 5)]
        counter.deliver(3, "12.5")
        counter.give_back(sales[0], 2)
        counter.give_back(sales[2], 1, "2")
        counter.checkout.park(counter.cart(1), "Table 4")
        counter.sell(1)
    return path


def found(path: Path) -> str:
    """Return all faults of a store as one text."""
    return "\n".join(f"{fault.where}: {fault.sentence}" for fault in verify(path).faults)


def test_an_honest_store_is_sound_and_everything_was_counted(path: Path) -> None:
    result = verify(path)
    assert result.faults == ()
    assert result.notes == ()
    assert (result.documents, result.movements) == (6, 10)
    with open_store(path) as store:
        head = store.journal.head()
        assert head is not None
        assert (result.head_seq, result.head_hash) == (head.seq, head.hash)
        assert verify(path).is_sound  # while it is open for selling


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE sale_lines SET gross = gross + 50, net = net + 50 WHERE code = 'P2'",
            "sale 1-000001, line 2: gross is 2.99 in the rows and 2.49 in the journal",
        ),
        (
            "UPDATE sale_lines SET name = 'Gold' WHERE sale = 2",
            "sale 1-000002, line 1: name is Gold",
        ),
        ("UPDATE sale_lines SET quantity = '7' WHERE sale = 2", "quantity is 7"),
        ("UPDATE sale_lines SET quantity = 'many' WHERE sale = 2", "sale 1-000002 cannot be read"),
        ("UPDATE sale_lines SET unit_name = 'box' WHERE sale = 2", "sale 1-000002"),
        ("UPDATE sales SET note = 'paid later' WHERE row = 3", "sale 1-000003 note is paid later"),
        ("UPDATE sales SET at = '2026-03-04T12:00:00+00:00' WHERE row = 3", "at is 2026-03-04T12"),
        ("UPDATE sales SET business_day = '2026-03-05' WHERE row = 3", "business_day"),
        ("UPDATE sales SET customer_name = 'X' WHERE row = 3", "sale 1-000003"),
        ("UPDATE sales SET number = '1-000099' WHERE row = 2", "number is 1-000099 in the rows"),
        ("UPDATE tenders SET method = 'card' WHERE sale = 1", "payment 1: method is card"),
        ("UPDATE sale_taxes SET amount = amount - 1 WHERE sale = 1", "tax 1"),
        ("UPDATE taxes SET rate = '19' WHERE code = 'A'", "rate is 19 in the rows and 20"),
        ("DELETE FROM tenders WHERE sale = 4", "sale 1-000004"),
        ("DELETE FROM sale_lines WHERE sale = 3 AND line_no = 2", "sale 1-000003"),
        ("UPDATE stock_levels SET level_micro = 5", "the level is 0.000005, its movements sum to"),
        ("DELETE FROM stock_moves WHERE row = 2", "sale 1-000001"),
        ("UPDATE stock_moves SET quantity_micro = 0 WHERE reason = 'receipt'", "stock movement"),
        ("UPDATE stock_moves SET document_id = 'x' WHERE row = 1", "movement 1"),
        ("UPDATE stock_moves SET at = '2020-01-01T00:00:00+00:00' WHERE row = 1", "another time"),
        ("UPDATE sequences SET last = 9", "9 numbers were taken, but there are 6 documents"),
        ("UPDATE journal SET payload = '{}' WHERE seq = 8", "entry 8 was changed"),
        ("UPDATE journal SET at = '2026-03-04T09:00:00.000+00:00' WHERE seq = 9", "entry 9 was"),
        ("UPDATE journal SET staff = '2' WHERE seq = 9", "entry 9 was changed"),
        ("UPDATE journal SET signature = zeroblob(64) WHERE seq = 9", "entry 9 is not signed"),
        ("DELETE FROM journal WHERE seq = 10", "entry 10 is missing before entry 11"),
        ("DELETE FROM journal WHERE seq = 1", "the journal begins with entry 2"),
        ("UPDATE till_epochs SET till = '2'", "is of till 1, not of till 2"),
        ("DROP TRIGGER journal_no_update", "trigger journal_no_update is missing"),
        ("DROP INDEX sales_by_day", "index sales_by_day is missing"),
        ("CREATE TRIGGER t AFTER INSERT ON sales BEGIN SELECT 1; END", "trigger t does not belong"),
        ("UPDATE products SET is_active = -999", "products_is_active_is_flag"),
        ("UPDATE draft SET cart = '{' ", ""),
        ("UPDATE parked_sales SET cart = '{'", "parked"),
    ],
)
def test_a_changed_row_is_found_and_named(path: Path, statement: str, words: str) -> None:
    if "TRIGGER" in statement:
        database = pysqlite3.connect(path, isolation_level=None)
        database.execute(statement)
        database.close()
    else:
        behind_our_back(path, "PRAGMA ignore_check_constraints = ON", statement)
    assert words in found(path)


def test_a_header_that_was_changed_is_told_as_page_1(path: Path) -> None:
    with path.open("rb+") as file:
        file.seek(64)  # whether the file gives back pages by and by (SQLite file format, 1.3)
        file.write(b"\0\0\0\1")
    assert "page 1, the file's header" in found(path)


def test_a_document_without_an_entry_and_an_entry_without_a_document_are_told(path: Path) -> None:
    behind_our_back(
        path,
        "PRAGMA foreign_keys = OFF",
        *(
            f"DELETE FROM {table} WHERE sale = 2"
            for table in ("sale_lines", "sale_taxes", "tenders")
        ),
        "DELETE FROM sales WHERE row = 2",
    )
    assert "sale 1-000002 is in the journal (entry 9) but its rows are missing" in found(path)


def test_an_inserted_document_is_told(path: Path) -> None:
    copy = (
        "INSERT INTO sales SELECT 7, 'x', '1-000007', kind, till, shop, staff, at, business_day, "
        "currency, prices_include_tax, tax_rounding, rounding_mode, step, cash_step, cash_mode, "
        "cash_only, customer_id, customer_name, customer, discounts, line_count, net, tax, gross, "
        "rounding, amount_due, paid, change, note, voids_sale_id FROM sales WHERE row = 2"
    )
    behind_our_back(path, copy, "UPDATE sequences SET last = 7")
    assert "sale 1-000007 has rows, but the journal does not tell of it" in found(path)


def test_two_swapped_documents_are_told(path: Path) -> None:
    behind_our_back(
        path,
        "PRAGMA foreign_keys = OFF",
        *(
            f"UPDATE {table} SET {key} = CASE {key} WHEN 1 THEN -2 ELSE -1 END WHERE {key} < 3"
            for table, key in KEYS.items()
        ),
        *(f"UPDATE {table} SET {key} = -{key} WHERE {key} < 0" for table, key in KEYS.items()),
    )
    assert "sale 1-000002 has rows where the journal tells of another" in found(path)


def rewrite(path: Path, change: Change, *, key: Ed25519PrivateKey | None = None) -> None:
    """Change payloads, hash the whole chain anew and, with a key, sign it anew."""
    database = pysqlite3.connect(path, isolation_level=None)
    rows = database.execute(
        "SELECT till, epoch, seq, id, kind, at, staff, payload, signature FROM journal ORDER BY seq"
    ).fetchall()
    database.close()
    prev = GENESIS
    statements = []
    for *head, text, signature in rows:
        payload = json.loads(text)
        change(payload)
        if key is not None and payload.get("public_key"):
            payload["public_key"] = key.public_key().public_bytes_raw().hex()
        plain = canonical(payload)
        digest = entry_hash(*head, plain, prev)
        signed = signature if key is None else key.sign(bytes.fromhex(digest))
        sql = "UPDATE journal SET payload = ?, prev = ?, hash = ?, signature = ? WHERE seq = ?"
        values = (plain, bytes.fromhex(prev), bytes.fromhex(digest), signed, head[2])
        statements.append((sql, values))
        prev = digest
    if key is not None:
        public = key.public_key().public_bytes_raw()
        statements.append(("UPDATE till_epochs SET public_key = ?", (public,)))
    behind_our_back(path, *statements)


def cheapen(payload: Any) -> None:
    if payload.get("number") == "1-000002":
        payload["note"] = "friend"


def test_a_rewritten_and_rehashed_journal_fails_by_its_signatures(path: Path) -> None:
    rewrite(path, cheapen)
    behind_our_back(path, "UPDATE sales SET note = 'friend' WHERE row = 2")
    faults = verify(path).faults
    assert faults[0].kind is FaultKind.SIGNATURE
    assert faults[0].sentence == "entry 9 is not signed by this till's key"


def test_a_journal_signed_anew_with_a_strangers_key_is_found_by_the_key_outside(
    path: Path,
) -> None:
    rewrite(path, cheapen, key=Ed25519PrivateKey.generate())
    behind_our_back(path, "UPDATE sales SET note = 'friend' WHERE row = 2")
    result = verify(path)
    assert result.faults[0].kind is FaultKind.SIGNATURE
    words = "the key of epoch 1 inside the store is not the till's own key"
    assert result.faults[0].sentence == words


def test_without_the_outside_key_the_note_says_what_was_not_checked(path: Path) -> None:
    path.with_name("shop.db.key").unlink()
    result = verify(path)
    assert result.is_sound
    assert "not on this machine" in result.notes[0]


def test_a_flipped_byte_in_a_page_is_found(path: Path) -> None:
    content = bytearray(path.read_bytes())
    place = content.index(b"Caf\xc3\xa9 cr\xc3\xa8me", content.index(b"sale_completed"))
    content[place] ^= 0x20
    path.write_bytes(content)
    assert not verify(path).is_sound


def test_a_truncated_store_is_found(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40_000])
    try:
        result: Verification | None = verify(path)
    except StoreDamaged:
        result = None
    assert result is None or not result.is_sound


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        verify(tmp_path / "nothing.db")
    (tmp_path / "text.db").write_text("hello " * 1000)
    with pytest.raises(StoreDamaged):
        verify(tmp_path / "text.db")
