"""Why a drawer differs: each cause is found by its arithmetic and names its receipts."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from pos_app.domain.cart import SaleKind
from pos_app.domain.cash_count import CashCount, Pieces
from pos_app.domain.cash_movement import CashMovement, MovementKind
from pos_app.domain.denominations import denominations_of
from pos_app.domain.difference import (
    MOST_CAUSES,
    MOST_RECEIPTS,
    Cause,
    CauseKind,
    Evidence,
    PaymentTrace,
    likely_causes,
)
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
EURO = denominations_of("EUR")


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def paid(
    number: int,
    amount: str,
    tendered: str = "",
    method: TenderMethod = TenderMethod.CASH,
    foreign: Money | None = None,
) -> PaymentTrace:
    given = eur(tendered or amount)
    change = given - eur(amount)
    return PaymentTrace(
        f"id{number}", f"1-{number}", SaleKind.SALE, AT, method, eur(amount), given, change, foreign
    )


def moved(kind: MovementKind, amount: str, reason: str = "window cleaner") -> CashMovement:
    return CashMovement("m", "s", 1, kind, eur(amount), reason, AT, "1")


def found(difference: str, **known: Any) -> tuple[Cause, ...]:
    evidence = Evidence(eur(difference), CashCount("EUR"), EURO)
    return likely_causes(replace(evidence, **known))


def kinds(difference: str, **known: Any) -> list[CauseKind]:
    return [cause.kind for cause in found(difference, **known)]


def test_no_difference_needs_no_cause() -> None:
    assert found("0", payments=[paid(1, "5")]) == ()


def test_a_card_sale_rung_as_cash_leaves_its_amount_missing() -> None:
    first = found("-23.47", payments=[paid(1, "23.47"), paid(2, "8.00")])[0]
    assert first.kind is CauseKind.CARD_RUNG_AS_CASH
    assert [receipt.number for receipt in first.receipts] == ["1-1"]


def test_a_cash_sale_rung_as_card_is_too_much_cash() -> None:
    first = found("23.47", payments=[paid(1, "23.47", method=TenderMethod.CARD)])[0]
    assert first.kind is CauseKind.CASH_RUNG_AS_CARD


def test_swapped_digits_of_what_was_handed_over() -> None:
    # 54.00 was typed, 45.00 was handed over, and change was given on 54.00.
    cause = found("-9", payments=[paid(1, "40", "54"), paid(2, "40", "50")])[0]
    assert cause.kind is CauseKind.DIGITS_SWAPPED
    assert (cause.amount, cause.other) == (eur("54"), eur("45"))
    assert [receipt.number for receipt in cause.receipts] == ["1-1"]


@pytest.mark.parametrize(
    ("kind", "difference"), [(MovementKind.PAY_OUT, "-18"), (MovementKind.PAY_IN, "18")]
)
def test_swapped_digits_of_a_movement(kind: MovementKind, difference: str) -> None:
    causes = found(difference, movements=[moved(kind, "13")])
    cause = next(one for one in causes if one.kind is CauseKind.DIGITS_SWAPPED)
    assert (cause.amount, cause.other) == (eur("13"), eur("31"))
    assert cause.reason == "window cleaner"


def test_swapped_digits_of_a_count() -> None:
    count = CashCount("EUR", (Pieces(Decimal(5), 21),))
    cause = next(c for c in found("45", count=count) if c.kind is CauseKind.DIGITS_SWAPPED)
    assert (cause.amount, cause.pieces) == (eur("5"), 21)


@pytest.mark.parametrize(
    ("kind", "difference", "wanted"),
    [
        (MovementKind.PAY_OUT, "17.30", CauseKind.MOVEMENT_NOT_MADE),
        (MovementKind.PAY_OUT, "-17.30", CauseKind.MOVEMENT_MADE_TWICE),
        (MovementKind.PAY_IN, "-17.30", CauseKind.MOVEMENT_NOT_MADE),
        (MovementKind.PAY_IN, "17.30", CauseKind.MOVEMENT_MADE_TWICE),
    ],
)
def test_a_movement_not_made_or_made_twice(
    kind: MovementKind, difference: str, wanted: CauseKind
) -> None:
    assert kinds(difference, movements=[moved(kind, "17.30")])[0] is wanted


def test_a_missing_pay_out_is_likelier_when_the_same_was_paid_before() -> None:
    plain = next(c for c in found("-40") if c.kind is CauseKind.PAY_OUT_MISSING)
    known = found("-40", earlier=[moved(MovementKind.PAY_OUT, "40")])[0]
    assert known.kind is CauseKind.PAY_OUT_MISSING
    assert known.rank > plain.rank
    assert known.reason == "window cleaner"
    assert CauseKind.PAY_OUT_MISSING not in kinds("-40.13")
    assert CauseKind.PAY_IN_MISSING in kinds("40")


def test_change_on_a_foreign_note_as_if_it_were_our_own() -> None:
    note = paid(7, "5.00", "18.40", foreign=Money.of(20, "USD"))
    cause = found("-1.60", payments=[note, paid(8, "1.20")])[0]
    assert cause.kind is CauseKind.FOREIGN_CHANGE
    assert cause.other == Money.of(20, "USD")
    assert cause.receipts[0].number == "1-7"


def test_foreign_notes_counted_among_our_own() -> None:
    first = found("20", others=(Money.of(-20, "USD"),))[0]
    assert first.kind is CauseKind.FOREIGN_COUNTED_AS_OWN


def test_an_opening_count_that_was_wrong_the_other_way() -> None:
    assert kinds("-30", opening_difference=eur("30"))[0] is CauseKind.OPENING_MISCOUNTED


def test_a_refund_that_nobody_took() -> None:
    back = replace(paid(3, "12.34"), amount=eur("-12.34"), kind=SaleKind.RETURN)
    assert kinds("12.34", payments=[back])[0] is CauseKind.REFUND_NOT_GIVEN


def test_a_note_taken_for_a_larger_one() -> None:
    causes = found("-30", payments=[paid(1, "12", "50"), paid(2, "18", "20")])
    cause = next(one for one in causes if one.kind is CauseKind.WRONG_NOTE)
    assert (cause.amount, cause.other) == (eur("50"), eur("20"))
    assert [receipt.number for receipt in cause.receipts] == ["1-1"]


def test_one_bundle_miscounted() -> None:
    causes = found("-500")
    bundles = [(c.amount, c.pieces) for c in causes if c.kind is CauseKind.BUNDLE_MISCOUNTED]
    assert (eur("20"), 25) in bundles
    assert (eur("50"), 10) in bundles


def test_too_much_of_a_bundle_needs_that_many_in_the_count() -> None:
    few = CashCount("EUR", (Pieces(Decimal(20), 3),))
    many = CashCount("EUR", (Pieces(Decimal(20), 40),))
    assert CauseKind.BUNDLE_MISCOUNTED not in kinds("500", count=few)
    assert CauseKind.BUNDLE_MISCOUNTED in kinds("500", count=many)


def test_a_single_coin_and_small_change() -> None:
    assert kinds("-0.50")[0] is CauseKind.PIECE_MISCOUNTED
    assert kinds("-0.13") == [CauseKind.SMALL_CHANGE]


def test_many_fitting_receipts_make_a_cause_less_likely() -> None:
    one = found("-5", payments=[paid(1, "5")])[0]
    many = next(
        cause
        for cause in found("-5", payments=[paid(number, "5") for number in range(30)])
        if cause.kind is CauseKind.CARD_RUNG_AS_CASH
    )
    assert many.rank < one.rank
    assert len(many.receipts) == MOST_RECEIPTS


def test_the_likeliest_come_first_and_never_too_many() -> None:
    causes = found(
        "-100",
        payments=[paid(1, "100"), paid(2, "12", "200")],
        movements=[moved(MovementKind.PAY_OUT, "100")],
        opening_difference=eur("100"),
    )
    assert [cause.rank for cause in causes] == sorted((c.rank for c in causes), reverse=True)
    assert len(causes) <= MOST_CAUSES
