"""Credit terms, price lists and statements as arithmetic."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pos_app.domain.credit import (
    CreditDaysWrong,
    CreditEvaluation,
    CreditLimitWrong,
    CreditTerms,
    CreditTextWrong,
    CustomerOverLimit,
    CustomerPastDue,
    EvaluationInFuture,
    Risk,
    ScoreWrong,
    check_credit,
    checked_terms,
    evaluated,
)
from pos_app.domain.money import Money
from pos_app.domain.price_list import (
    ListPriceWrong,
    PercentOffWrong,
    PriceList,
    PriceListNameMissing,
    check_price,
    checked_list,
    price_for,
)
from pos_app.domain.product import Product
from pos_app.domain.statement import (
    EntryKind,
    Movement,
    ages_of,
    open_items,
    with_balances,
)

TODAY = date(2026, 6, 15)
AT = datetime(2026, 6, 15, 9, tzinfo=UTC)
TERMS = CreditTerms("c", Money(10_000, "EUR"), 30)


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.mark.parametrize(
    ("terms", "owed", "due", "adding", "refusal"),
    [
        (None, 99_999, date(2020, 1, 1), 1, None),
        (TERMS, 9_000, None, 1_000, None),
        (TERMS, 9_000, None, 1_001, CustomerOverLimit),
        (TERMS, 10_001, None, 1, CustomerOverLimit),
        (TERMS, 20_000, date(2020, 1, 1), 0, None),
        (TERMS, 20_000, date(2020, 1, 1), -5, None),
        (TERMS, 100, TODAY, 1, None),
        (TERMS, 100, date(2026, 6, 14), 1, CustomerPastDue),
        (replace(TERMS, credit_days=None), 100, date(2020, 1, 1), 1, None),
        (replace(TERMS, credit_limit=None), 10**9, None, 1, None),
        (replace(TERMS, credit_limit=euro(0)), 0, None, 1, CustomerOverLimit),
        (TERMS, -5_000, None, 15_000, None),
    ],
)
def test_credit_is_refused_past_the_limit_and_past_the_day(
    terms: CreditTerms | None,
    owed: int,
    due: date | None,
    adding: int,
    refusal: type[Exception] | None,
) -> None:
    if refusal is None:
        check_credit(terms, euro(owed), due, TODAY, euro(adding))
        return
    with pytest.raises(refusal):
        check_credit(terms, euro(owed), due, TODAY, euro(adding))


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        (replace(TERMS, credit_limit=euro(-1)), CreditLimitWrong),
        (replace(TERMS, credit_days=-1), CreditDaysWrong),
        (replace(TERMS, credit_days=4_000), CreditDaysWrong),
        (replace(TERMS, bank_name="x" * 201), CreditTextWrong),
        (replace(TERMS, payment_terms="\ud800"), CreditTextWrong),
    ],
)
def test_terms_that_make_no_sense_are_refused(terms: CreditTerms, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        checked_terms(terms)


def test_the_evaluation_of_the_latest_day_counts() -> None:
    old = CreditEvaluation(date(2026, 1, 1), 80, Risk.LOW, "", "1", AT)
    new = CreditEvaluation(date(2026, 6, 1), 40, Risk.HIGH, "pays late", "1", AT)
    terms = evaluated(evaluated(TERMS, new, TODAY), old, TODAY)
    assert terms.evaluations == (new, old)
    assert terms.latest == new
    with pytest.raises(ScoreWrong):
        evaluated(terms, replace(new, score=101), TODAY)
    with pytest.raises(EvaluationInFuture):
        evaluated(terms, replace(new, day=date(2026, 6, 16)), TODAY)


TEA = Product("p", "P1", "Tea", Decimal("9.99"), min_price=Decimal(5))
TRADE = PriceList("Trade", Decimal(10))


@pytest.mark.parametrize(
    ("product", "price_list", "own", "price"),
    [
        (TEA, None, None, "9.99"),
        (TEA, TRADE, None, "8.99"),
        (TEA, TRADE, Decimal("7.5"), "7.5"),
        (TEA, replace(TRADE, is_active=False), Decimal("7.5"), "9.99"),
        (TEA, replace(TRADE, percent=Decimal(60)), None, "5"),
        (replace(TEA, min_price=Decimal(12)), TRADE, None, "9.99"),
        (replace(TEA, price=None), TRADE, None, None),
        (replace(TEA, price=Decimal("0.0125")), TRADE, None, "0.0113"),
        (TEA, replace(TRADE, percent=Decimal("12.5")), None, "8.74"),
    ],
)
def test_a_price_on_a_list(
    product: Product, price_list: PriceList | None, own: Decimal | None, price: str | None
) -> None:
    if product.price == Decimal("0.0125"):
        product = replace(product, min_price=None)
    found = price_for(product, price_list, own, 2)
    assert found == (None if price is None else Decimal(price))


def test_a_list_that_no_customer_can_have_is_refused() -> None:
    assert checked_list(PriceList("  Trade   West ")).name == "Trade West"
    with pytest.raises(PriceListNameMissing):
        checked_list(PriceList(" "))
    with pytest.raises(PercentOffWrong):
        checked_list(replace(TRADE, percent=Decimal(101)))
    for price in ("-1", "10000000", "1.00001", "NaN"):
        with pytest.raises(ListPriceWrong):
            check_price(Decimal(price))


def _move(day: date, minor: int, document: str = "account", due: date | None = None) -> Movement:
    kind = EntryKind.INVOICE if minor > 0 else EntryKind.PAYMENT
    return Movement(day, kind, document, euro(minor), document, due=due)


def test_payments_settle_the_oldest_charges_of_their_document() -> None:
    moves = [
        _move(date(2026, 1, 1), 5_000, due=date(2026, 1, 31)),
        _move(date(2026, 3, 1), 4_000, due=date(2026, 3, 31)),
        _move(date(2026, 4, 1), -6_000),
        _move(date(2026, 6, 10), 700, "INV2", due=date(2026, 7, 10)),
        _move(date(2026, 5, 1), 300, "INV1", due=date(2026, 6, 14)),
        _move(date(2026, 7, 1), 999, "INV3", due=date(2026, 7, 2)),
    ]
    items = open_items(moves, TODAY)
    assert [(item.number, item.amount.minor, item.days_late) for item in items] == [
        ("account", 3_000, 76),
        ("INV1", 300, 1),
        ("INV2", 700, 0),
    ]
    ages = ages_of(items, "EUR")
    assert (ages.not_due, ages.to_30, ages.to_60, ages.to_90, ages.older) == tuple(
        map(euro, (700, 300, 0, 3_000, 0))
    )
    assert ages.overdue == euro(3_300)
    assert ages.all == euro(4_000)


@pytest.mark.parametrize(
    ("late", "place"), [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4)]
)
def test_ages_turn_on_their_day(late: int, place: int) -> None:
    due = date.fromordinal(TODAY.toordinal() - late)
    ages = ages_of(open_items([_move(due, 100, due=due)], TODAY), "EUR")
    sums = (ages.not_due, ages.to_30, ages.to_60, ages.to_90, ages.older)
    assert [amount.minor for amount in sums].index(100) == place


def test_a_statement_runs_from_its_opening_balance() -> None:
    entries = with_balances([_move(TODAY, -300), _move(TODAY, 500)], euro(100))
    assert [entry.balance.minor for entry in entries] == [600, 300]
