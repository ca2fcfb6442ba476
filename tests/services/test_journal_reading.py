"""Looking around in the journal: filters, words, days, and everything about one document."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.facts import Fact, FactKind, drawer_opened, receipt_reprinted
from pos_app.domain.journal import Break
from pos_app.domain.payment import TenderRequest
from pos_app.services.journal_chain import ChainBreak, ChainState, check_chain, signature_of
from pos_app.services.journal_reading import (
    GROUPS,
    Asked,
    FactGroup,
    clock_turns,
    entries_of_sale,
    find_all,
    find_page,
    staff_codes,
)
from pos_app.store.store import Store
from tests.services.cash_day import CASH, GOODS, CashDay, euros
from tests.store.shops import behind_our_back

MARCH = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def day(tmp_path: Path) -> Iterator[CashDay]:
    made = CashDay(tmp_path / "shop.db")
    yield made
    made.store.close()


def tell(store: Store, at: datetime, *reasons: str, staff: str = "1") -> None:
    with store.transaction() as tx:
        for reason in reasons:
            tx.journal.append(drawer_opened(reason), at, staff)


def reasons(store: Store, asked: Asked, **more: object) -> list[str]:
    limit = int(more.get("limit", 100))  # type: ignore[call-overload]
    entries, before = [], 0
    while True:
        page = find_page(store, asked, before, **more)  # type: ignore[arg-type]
        entries += page.entries
        if not page.next_before or len(entries) >= limit:
            break
        before = page.next_before
    found = entries[:limit]
    return [json.loads(entry.payload).get("reason", "") for entry in found]


def test_every_kind_of_fact_is_in_one_group() -> None:
    grouped = [kind for kinds in GROUPS.values() for kind in kinds]
    assert sorted(grouped) == sorted(FactKind)


def test_entries_are_found_by_group_kind_and_cashier_newest_first(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    day.sell(GOODS[0])
    tell(day.store, MARCH, "meter", staff="7")
    newest = find_page(day.store, Asked()).entries
    assert [entry.seq for entry in newest] == sorted((e.seq for e in newest), reverse=True)
    assert newest[0].kind == FactKind.DRAWER_OPENED
    cash = find_page(day.store, Asked(groups=(FactGroup.CASH,))).entries
    assert [entry.kind for entry in cash] == ["drawer_opened", "shift_opened"]
    one = find_page(day.store, Asked(kinds=(FactKind.SALE_COMPLETED,))).entries
    assert len(one) == 1
    assert [entry.staff for entry in find_page(day.store, Asked(staff="7")).entries] == ["7"]
    assert staff_codes(day.store) == ("1", "7")


def test_pages_go_on_where_the_one_before_ended_and_miss_nothing(day: CashDay) -> None:
    tell(day.store, MARCH, *(f"no {number}" for number in range(25)))
    asked = Asked(groups=(FactGroup.CASH,))
    before, found, pages = 0, [], 0
    while True:
        page = find_page(day.store, asked, before, limit=10)
        found += [json.loads(entry.payload)["reason"] for entry in page.entries]
        pages += 1
        if not page.next_before:
            break
        before = page.next_before
    assert found == [f"no {number}" for number in reversed(range(25))]
    assert pages == 3
    assert [entry.seq for entry in find_all(day.store, asked)] == sorted(
        (entry.seq for entry in find_all(day.store, asked)), reverse=True
    )


def test_small_windows_and_words_outside_ascii_miss_nothing(
    day: CashDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_app.services.journal_reading._WINDOW", 7)
    told = [f"Zähler {n}" if n % 3 else f"zaehler {n}" for n in range(40)]
    tell(day.store, MARCH, *told)
    found = reasons(day.store, Asked(text="ZÄHLER"), limit=9)
    assert found == [one for one in reversed(told) if one.startswith("Zä")][:9]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("meter", "The METER man"),
        ("man meter", "The METER man"),
        ("100%", "100% sure"),
        ("a_b", "a_b"),
        ('"quoted"', 'He said "quoted"'),
        ("back\\slash", "back\\slash"),
        ("straße", "Hauptstraße"),
        ("مقياس", "قرأ مقياس الماء"),
    ],
)
def test_words_are_found_however_they_are_written(day: CashDay, typed: str, reason: str) -> None:
    tell(day.store, MARCH, "1000 sure axb", reason, "nothing")
    assert reasons(day.store, Asked(text=typed)) == [reason]


def test_an_entry_is_found_by_its_number_and_its_id(day: CashDay) -> None:
    tell(day.store, MARCH, "meter")
    head = day.store.journal.head()
    assert head is not None
    assert find_page(day.store, Asked(text=head.id)).entries == (head,)
    assert head in find_page(day.store, Asked(text=str(head.seq))).entries


def test_days_are_those_of_the_shops_zone(day: CashDay) -> None:
    shop = replace(day.store.settings.shop(), time_zone="Asia/Tokyo")
    with day.store.transaction() as tx:
        tx.settings.save(shop)
    late = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)  # midnight in Tokyo
    tell(day.store, late - timedelta(milliseconds=1), "still the 4th")
    tell(day.store, late, "the 5th")
    tell(day.store, late + timedelta(days=1), "the 6th")
    fifth = Asked((FactGroup.CASH,), start=date(2026, 3, 5), end=date(2026, 3, 5))
    assert reasons(day.store, fifth) == ["the 5th"]
    assert reasons(day.store, replace(fifth, start=None)) == ["the 5th", "still the 4th"]
    assert reasons(day.store, replace(fifth, end=None)) == ["the 6th", "the 5th"]


def test_days_are_exact_where_the_clock_went_back(day: CashDay) -> None:
    for offset in (0, 1, 2, -400, 3, 4, -399, 5):
        tell(day.store, MARCH + timedelta(days=offset), *(f"day {offset}" for _ in range(20)))
    turns = clock_turns(day.store)
    assert len(turns.seqs) == 2
    old = (MARCH - timedelta(days=400)).date()
    asked = Asked(start=old, end=old + timedelta(days=1))
    found = reasons(day.store, asked, turns=turns)
    assert found == ["day -399"] * 20 + ["day -400"] * 20
    third = (MARCH + timedelta(days=3)).date()
    assert reasons(day.store, Asked(start=third, end=third), turns=turns) == ["day 3"] * 20
    tell(day.store, MARCH, "back again")
    more = clock_turns(day.store, turns)
    assert more.seqs[:2] == turns.seqs
    assert len(more.seqs) == 3
    assert more == clock_turns(day.store)


def test_a_search_can_be_stopped(day: CashDay) -> None:
    class Stopped(Exception):
        """Somebody typed another letter."""

    def stop() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        find_page(day.store, Asked(text="x"), check=stop)


def test_everything_about_a_document_is_found(day: CashDay) -> None:
    day.shifts.open([euros(100)])
    other = day.cart(*GOODS)
    other = day.checkout.remove(other, other.lines[0].id)
    cart = day.cart(*GOODS)
    cart = day.checkout.remove(cart, cart.lines[0].id)
    sale = day.checkout.complete(cart, [TenderRequest(CASH)])
    day.checkout.complete(other, [TenderRequest(CASH)])
    back = day.give_back(sale)
    with day.store.transaction() as tx:
        tx.journal.append(receipt_reprinted(sale), day.now(), "1")
    tell(day.store, day.now(), "meter")
    found = entries_of_sale(day.store, sale.id)
    assert [entry.kind for entry in found] == [
        *("line_removed", "sale_completed", "sale_completed"),
        "receipt_reprinted",
    ]
    assert json.loads(found[2].payload)["id"] == back.id
    quick = entries_of_sale(day.store, sale.id, is_quick=True)
    assert [entry.seq for entry in quick] == [entry.seq for entry in found[:3]]


def test_a_cart_that_was_put_into_another_belongs_to_the_document(day: CashDay) -> None:
    first = day.cart(*GOODS)
    first = day.checkout.remove(first, first.lines[0].id)
    day.checkout.park(first)
    into = day.checkout.merge(day.cart(GOODS[0]), first.id)
    sale = day.checkout.complete(into, [TenderRequest(CASH)])
    kinds = [entry.kind for entry in entries_of_sale(day.store, sale.id)]
    assert kinds == ["line_removed", "sale_parked", "sale_recalled", "sale_completed"]


def test_an_approval_that_was_used_stands_beside_what_it_was_for(day: CashDay) -> None:
    cart = day.cart(*GOODS)
    with day.store.transaction() as tx:
        tx.journal.append(Fact(FactKind.APPROVAL_GIVEN, {"state": {}}), day.now(), "1")
        tx.journal.append(
            Fact(FactKind.LINE_REMOVED, {"cart": cart.id, "code": "C1", "name": "x"}),
            day.now(),
            "1",
        )
    kinds = [entry.kind for entry in entries_of_sale(day.store, cart.id)]
    assert kinds == ["approval_given", "line_removed"]


def test_the_chain_is_checked_a_part_at_a_time(day: CashDay) -> None:
    told: list[tuple[int, int]] = []
    state = check_chain(day.store, on_progress=lambda done, total: told.append((done, total)))
    assert state.is_whole
    assert state.up_to == day.store.journal.count()
    assert told[-1] == (state.up_to, state.up_to)
    day.sell(GOODS[0])
    more = check_chain(day.store, state)
    assert (more.up_to, more.is_whole) == (day.store.journal.count(), True)
    head = day.store.journal.head()
    assert head is not None
    assert signature_of(day.store, head) is True
    assert signature_of(day.store, replace(head, hash="ab" * 32)) is False
    assert signature_of(day.store, replace(head, epoch=9)) is None


def test_a_broken_chain_names_the_entries(
    day: CashDay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_app.services.journal_chain._AT_ONCE", 3)
    tell(day.store, MARCH, *"abcdefgh")
    last = day.store.journal.count()
    behind_our_back(
        day.path,
        f'UPDATE journal SET payload = \'{{"reason":"z"}}\' WHERE seq = {last - 5}',
        f"DELETE FROM journal WHERE seq = {last - 2}",
    )
    assert check_chain(day.store).breaks == (
        ChainBreak(last - 5, Break.CHANGED, last - 5),
        ChainBreak(last - 1, Break.GAP, last - 2),
        ChainBreak(last - 1, Break.LOOSE, last - 1),
    )
    assert check_chain(day.store, ChainState()).up_to == last


def test_prices_are_no_words_of_money(day: CashDay) -> None:
    """A search for a price finds the payload's own writing of it."""
    cart = day.cart(GOODS[1])
    cart = day.checkout.override_price(cart, cart.lines[0].id, Decimal("7.77"))
    found = find_page(day.store, Asked(text="7.77")).entries
    assert [entry.kind for entry in found] == ["price_overridden"]
