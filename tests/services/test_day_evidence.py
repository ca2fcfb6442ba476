"""What a cashier did without leaving a document: as many times as the day's figure says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.cart import discount_line
from pos_app.domain.day_figures import ReceiptQuery, Watched
from pos_app.domain.discount import LineDiscount
from pos_app.domain.facts import FactKind
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.report_period import ReportPeriod
from pos_app.services.day_evidence import evidence_of
from pos_app.services.day_review import receipts_of, review_day
from pos_app.store.store import open_reader
from tests.services.cash_day import CASH, GOODS, START, CashDay

DAY = START.date()
QUERY = ReceiptQuery(DAY, DAY, "EUR")


@pytest.fixture
def till(tmp_path: Path) -> Iterator[CashDay]:
    day = CashDay(tmp_path / "shop.db")
    yield day
    day.store.close()


def busy(till: CashDay) -> str:
    """Do one of everything, some of it twice; return the receipt that a changed cart became."""
    checkout = till.checkout
    checkout.open_drawer("change")
    till.moment += timedelta(minutes=20)
    checkout.open_drawer("change again")
    given_up = checkout.remove(till.cart(GOODS[0], GOODS[1]), 1)
    checkout.discard(given_up)
    kept = checkout.override_price(till.cart(GOODS[1], GOODS[0]), 1, Decimal(10))
    kept = checkout.remove(kept, 2)
    kept = discount_line(kept, 1, LineDiscount(percent=Decimal(10)))
    sale = checkout.complete(kept, [TenderRequest(CASH)])
    return sale.id


def watched(kind: Watched, staff: str = "") -> ReceiptQuery:
    return replace(QUERY, watched=kind, staff=staff)


def test_every_figure_has_as_many_times_behind_it_and_the_same_amount(till: CashDay) -> None:
    busy(till)
    review = review_day(till.store, ReportPeriod(DAY, DAY), now=till.now())
    (cashier,) = review.staff
    kinds = {one.kind for one in cashier.exceptions}
    assert kinds >= {
        Watched.NO_SALE, Watched.LINE_REMOVED, Watched.SALE_DISCARDED,
        Watched.PRICE_OVERRIDE, Watched.DISCOUNT,
    }  # fmt: skip
    for figure in cashier.exceptions:
        found = evidence_of(till.store, watched(figure.kind, cashier.staff))
        assert (len(found), sum(one.amount.minor for one in found)) == (
            figure.count,
            figure.amount,
        ), figure


def test_each_leads_to_its_entry_or_to_the_receipt_that_the_cart_became(till: CashDay) -> None:
    sale_id = busy(till)
    sold, given_up = evidence_of(till.store, watched(Watched.LINE_REMOVED))
    assert (sold.sale_id, given_up.sale_id) == (sale_id, "")
    assert given_up.entry is not None
    assert given_up.entry.kind == FactKind.LINE_REMOVED
    assert given_up.entry == till.store.journal.get(given_up.entry.seq)
    (discount,) = evidence_of(till.store, watched(Watched.DISCOUNT))
    assert (discount.sale_id, discount.entry, discount.product) == (sale_id, None, GOODS[1].name)
    latest, before = evidence_of(till.store, watched(Watched.NO_SALE))
    assert latest.at - before.at > timedelta(minutes=19)


def test_pages_join_up_and_other_days_and_cashiers_stay_out(till: CashDay) -> None:
    for _ in range(7):
        till.checkout.open_drawer("change")
    whole = evidence_of(till.store, watched(Watched.NO_SALE))
    assert len(whole) == 7
    paged = evidence_of(till.store, watched(Watched.NO_SALE), limit=3)
    for _ in range(2):
        paged += evidence_of(till.store, watched(Watched.NO_SALE), paged[-1].place, 3)
    assert paged == whole
    assert evidence_of(till.store, watched(Watched.NO_SALE, "somebody else")) == []
    assert evidence_of(till.store, replace(watched(Watched.NO_SALE), is_unnamed=True)) == []
    later = replace(watched(Watched.NO_SALE), start=DAY + timedelta(days=1))
    assert evidence_of(till.store, replace(later, end=later.start)) == []


def test_documents_are_no_such_evidence(till: CashDay) -> None:
    with pytest.raises(ValueError, match="no document"):
        evidence_of(till.store, watched(Watched.VOID))


def test_a_view_for_reading_finds_the_same(till: CashDay) -> None:
    busy(till)
    query = watched(Watched.LINE_REMOVED)
    with open_reader(till.path) as reader:
        assert reader.day_sums.is_behind
        seen = evidence_of(reader, query)
    assert seen == evidence_of(till.store, query)
    assert len(seen) == 2


def test_a_drawer_has_the_receipts_of_its_own_shift(till: CashDay) -> None:
    def cash(review_of: int) -> list[str]:
        day = review_day(till.store, ReportPeriod(DAY, DAY), now=till.now())
        one = day.cash[review_of]
        query = replace(
            QUERY, method=TenderMethod.CASH.value, after_row=one.after_row, up_to_row=one.up_to_row
        )
        return [found.id for found in receipts_of(till.store, query)]

    till.shifts.open(())
    early = till.sell(GOODS[0])
    till.close_as_counted()
    between = till.sell(GOODS[2])
    till.shifts.open(())
    late = till.sell(GOODS[1])
    assert cash(0) == [late.id]
    assert cash(1) == [early.id]
    assert between.id not in cash(0) + cash(1)
