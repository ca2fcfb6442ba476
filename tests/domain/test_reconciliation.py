"""Two accounts of the same sales are compared by reference, to the last digit."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.money import Money
from pos_app.domain.pricing import LineFigures, PricePolicy
from pos_app.domain.product import ProductKind
from pos_app.domain.reconciliation import (
    FieldDifference,
    Period,
    differences,
    reconcile,
    reconcile_period,
)
from pos_app.domain.sales_feed import (
    FeedDocument,
    FeedHead,
    FeedLine,
    line_of,
    net_discount,
    still_owed,
    summed,
)
from pos_app.domain.shift_report import HELD_KINDS

DAY = date(2026, 6, 1)


def line(name: str = "Chair", net: str = "10.00", quantity: int = 1) -> FeedLine:
    tax = Decimal(net) / 10
    return FeedLine("1", name, name, Decimal(quantity), Decimal(net), tax, Decimal(net) + tax)


def document(reference: str, *lines: FeedLine) -> FeedDocument:
    lines = lines or (line(), line("Table", "5.50"))
    net = sum((one.net for one in lines), Decimal(0))
    tax = sum((one.tax for one in lines), Decimal(0))
    return FeedDocument(
        "", reference, DAY, DAY, "EUR", net, tax, net + tax, Decimal(0), tuple(lines)
    )


def test_what_both_tell_alike_is_the_same_however_many_zeros_they_write():
    ours = document("1-000001")
    theirs = replace(ours, gross=Decimal(str(float(ours.gross))), outstanding=None, due=None)
    found = reconcile([ours], [theirs])
    assert found.is_same
    assert [one.reference for one in found.same] == ["1-000001"]


def test_what_one_side_lacks_is_missing_there():
    found = reconcile([document("a"), document("b")], [document("b"), document("c")])
    assert [one.reference for one in found.missing_there] == ["a"]
    assert [one.reference for one in found.missing_here] == ["c"]
    assert [one.reference for one in found.same] == ["b"]
    assert not found.is_same


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("day", date(2026, 6, 2)),
        ("due", date(2026, 7, 1)),
        ("currency", "GBP"),
        ("net", Decimal("15.51")),
        ("tax", Decimal("1.54")),
        ("gross", Decimal("17.0500001")),
        ("outstanding", Decimal("0.01")),
    ],
)
def test_each_field_of_the_head_that_differs_is_named_with_both_values(field: str, value: object):
    ours = document("a")
    theirs = replace(ours, **{field: value})
    found = reconcile([ours], [theirs])
    assert found.differing[0].reference == "a"
    assert found.differing[0].differences == (FieldDifference(field, getattr(ours, field), value),)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Stool"),
        ("identifier", "1029"),
        ("quantity", Decimal(2)),
        ("net", Decimal("5.51")),
        ("tax", Decimal("0.54")),
        ("gross", Decimal(6)),
    ],
)
def test_a_line_that_differs_is_named_by_its_place(field: str, value: object):
    ours = document("a")
    second = replace(ours.lines[1], **{field: value})
    theirs = replace(ours, lines=(ours.lines[0], second))
    assert differences(ours, theirs) == (
        FieldDifference(f"line 2 {field}", getattr(ours.lines[1], field), value),
    )


def test_lines_in_another_order_are_the_same_lines():
    ours = document("a", line("A"), line("B"), line("B"), line("C", "3.00"))
    theirs = replace(ours, lines=tuple(reversed(ours.lines)))
    assert differences(ours, theirs) == ()


def test_another_number_of_lines_is_one_difference():
    ours = document("a")
    theirs = replace(ours, lines=ours.lines[:1])
    assert differences(ours, theirs) == (FieldDifference("lines", 2, 1),)


def test_a_reference_that_a_side_has_twice_is_told_and_not_compared():
    found = reconcile(
        [document("a"), document("b"), document("b")],
        [document("a"), document("a"), document("b")],
    )
    doubled = [(one.reference, one.here, one.there) for one in found.doubled]
    assert doubled == [("a", 1, 2), ("b", 2, 1)]
    assert [*found.same, *found.missing_here, *found.missing_there, *found.differing] == []


@given(st.lists(st.sampled_from("abcdef")), st.lists(st.sampled_from("abcdef")))
def test_every_reference_ends_in_exactly_one_list(here: list[str], there: list[str]):
    found = reconcile(map(document, here), map(document, there))
    told = [
        *(one.reference for one in (*found.same, *found.missing_here, *found.missing_there)),
        *(one.reference for one in (*found.differing, *found.doubled)),
    ]
    assert sorted(told) == sorted({*here, *there})


@pytest.mark.parametrize("kind", HELD_KINDS)
def test_money_that_is_only_held_for_somebody_is_no_sale(kind: ProductKind):
    none = Money(0, "EUR")
    figures = LineFigures(Money(1000, "EUR"), none, Money(1000, "EUR"), none, none)
    policy = PricePolicy("EUR")
    assert line_of("1", ("Card", "C", kind), Decimal(1), figures, policy, "") is None
    sold_line = line_of("1", ("Pen", "", ProductKind.GOODS), Decimal(1), figures, policy, "")
    assert sold_line is not None
    assert (sold_line.name, sold_line.identifier) == ("Pen", "Pen")
    assert summed(FeedHead("x", "1", DAY, None, "EUR", None), []) is None


def test_a_period_compares_what_either_side_dates_within_it():
    ours = [document("a"), replace(document("b"), day=date(2026, 6, 2))]
    theirs = [replace(document("a"), day=date(2026, 6, 3)), document("c")]
    found = reconcile_period(ours, theirs, Period(DAY, DAY))
    assert [one.reference for one in found.differing] == ["a"]
    assert [one.reference for one in found.missing_here] == ["c"]
    assert found.missing_there == ()
    everything = reconcile_period(ours, theirs, Period())
    assert [one.reference for one in everything.missing_there] == ["b"]


def test_what_was_paid_settles_the_earliest_charges_first():
    charges = [("c", 300), ("b", 200), ("a", 100)]
    assert still_owed(charges, 600) == {"c": 300, "b": 200, "a": 100}
    assert still_owed(charges, 450) == {"c": 300, "b": 150}
    assert still_owed(charges, 0) == {}
    assert still_owed(charges, -50) == {}
    assert still_owed(charges, 10_000) == {"c": 300, "b": 200, "a": 100}


@pytest.mark.parametrize(
    ("discount", "net", "gross", "rate", "is_with_tax", "expected"),
    [
        ("12.00", "100.00", "120.00", "20", True, "10.00"),
        ("12.00", "100.00", "120.00", "20", False, "12.00"),
        ("12.00", "0.00", "0.00", "20", True, "10.00"),
        ("0.00", "0.00", "0.00", "20", True, "0.00"),
        ("-12.00", "-100.00", "-120.00", "20", True, "-10.00"),
    ],
)
def test_a_discount_is_told_without_its_tax(
    discount: str, net: str, gross: str, rate: str, is_with_tax: bool, expected: str
):
    figures = Decimal(net), Decimal(gross)
    found = net_discount(Decimal(discount), figures, Decimal(rate), is_with_tax=is_with_tax)
    assert found == Decimal(expected)
