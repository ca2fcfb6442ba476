"""Head office's reports over what a till told: the same figures as the till's own reports.

The till sums its tables in another way, so that the same mistake on both sides is unlikely.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.customer import Customer
from pos_app.domain.document import DayOutOfRange
from pos_app.domain.held_lines import add_account_payment, add_gift_card, add_tip
from pos_app.domain.money import Money
from pos_app.domain.report_period import Grain, PeriodTurned, ReportPeriod
from pos_app.domain.sale import Sale
from pos_app.domain.taking_back import Back
from pos_app.server.database import Office as HeadOffice
from pos_app.server.office_reports import (
    Asked,
    customer_analysis,
    order_execution,
    product_trend,
)
from pos_app.services import document_reports
from pos_app.services.customer_merges import CustomerMerges
from pos_app.services.customers import Customers
from pos_app.services.document_reports import ReportAsked
from tests.server.offices import enrolled_till
from tests.server.told_tills import judge_all, push_store, waiting
from tests.services.document_office import LAPTOP, PAPER, Office
from tests.services.held_shop import card_number
from tests.services.test_document_reports import CASH, accounts, act, sell

YEAR = ReportPeriod(date(2023, 1, 1), date(2023, 12, 31))
JUNE = ReportPeriod(date(2023, 6, 1), date(2023, 6, 30))
# Everything that a till's documents can do, twice, so that some of it falls into another month.
DEEDS = "sell named account back void invoice pay credit part ofsale".split() * 2


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A till with a history of sales and documents of every kind."""
    monkeypatch.setenv("POS_APP_KEYS", "file")
    made = accounts(tmp_path)
    write_history(made)
    yield made
    made.store.close()


def write_history(till: Office) -> None:
    """Let everything happen that a report has to count, or to leave out."""
    sales: list[Sale] = []
    for deed in DEEDS:
        act(till, deed, sales)
        till.pass_days(3)
    hold_money(till)
    customers = Customers(till.store, till.clock)
    other = customers.save(Customer(customers.new_id(), "CUS002", "Rye and Sons"))
    sell(till, customer=other, units=3)
    whole, part = till.order(), till.order(4)
    till.notes.deliver(whole, {"1": Decimal(10), "2": Decimal(3)})
    till.notes.deliver(part, {"1": Decimal(3)})
    till.returns.take_back(till.now(part), {"1": Back(Decimal(1))})
    till.orders.cancel(till.order(2), "too dear")
    CustomerMerges(till.store, till.clock).merge(till.customer, other)


def hold_money(till: Office) -> None:
    """Take money that is no turnover, alone and beside what was sold."""
    new = till.checkout.new_cart
    till.checkout.complete(add_gift_card(new(), card_number(1), Money(2_500, "EUR")), (CASH,))
    mixed = till.checkout.add(new(), LAPTOP.id, Decimal(2))
    till.checkout.complete(add_tip(mixed, Money(300, "EUR")), (CASH,))
    paying = replace(new(), customer=till.customer)
    till.checkout.complete(add_account_payment(paying, Money(1_000, "EUR")), (CASH,))


def told(office: HeadOffice, company_id: str, till: Office) -> None:
    """Tell head office everything."""
    push_store(office, enrolled_till(office, company_id, till.store), till.store)
    judge_all(office, company_id)
    assert waiting(office, company_id) == []


def test_the_reports_are_those_of_the_till_that_told_everything(
    office: HeadOffice, company_id: str, till: Office
) -> None:
    told(office, company_id, till)
    with office.company(company_id) as connection:
        for period in (YEAR, JUNE, ReportPeriod(date(2023, 7, 1), date(2023, 7, 31))):
            span = period.start, period.end
            asked = Asked(*span)
            here = customer_analysis(connection, company_id, asked)
            there = document_reports.customer_analysis(till.store, ReportAsked(period))
            assert here.customers == there.customers
            assert here.unnamed == there.unnamed
            for product_id in ("", LAPTOP.id, PAPER.id):
                mine = product_trend(connection, company_id, replace(asked, product_id=product_id))
                theirs = document_reports.product_trend(
                    till.store, ReportAsked(period, product_id=product_id, grain=Grain.MONTH)
                )
                assert [one.amount for one in mine.trend] == [one.amount for one in theirs.trend]
                assert [one.net for one in mine.trend] == [one.net for one in theirs.trend]
                assert [sum(one.quantities) for one in mine.trend] == [
                    sum(one.quantities) for one in theirs.trend
                ]
                orders = order_execution(
                    connection, company_id, replace(asked, product_id=product_id)
                )
                narrowed = ReportAsked(period, product_id=product_id)
                assert orders == document_reports.order_execution(till.store, narrowed)


def test_there_is_something_in_every_report(
    sqlite_office: HeadOffice, company_id: str, till: Office
) -> None:
    told(sqlite_office, company_id, till)
    with sqlite_office.company(company_id) as connection:
        asked = Asked(YEAR.start, YEAR.end)
        analysis = customer_analysis(connection, company_id, asked)
        trend = product_trend(connection, company_id, asked)
        orders = order_execution(connection, company_id, asked)
        of_customer = order_execution(
            connection, company_id, replace(asked, customer_id=till.customer.id)
        )
    assert analysis.customers[0].unpaid.minor > 0
    assert analysis.unnamed.amount.minor > 0
    assert analysis.total.amount == trend.total.amount, "what customers bought is what was sold"
    assert {len(one.quantities) for one in trend.trend} == {1}
    assert sum(1 for one in trend.trend if one.amount.minor) >= 2
    assert {one.delivered_rate for one in orders.orders} >= {Decimal(100)}
    assert any(0 < (one.delivered_rate or 0) < 100 for one in orders.orders)
    assert of_customer == orders
    assert orders.left_out == 1


def test_a_company_without_documents_has_empty_reports(
    sqlite_office: HeadOffice, company_id: str
) -> None:
    asked = Asked(date(2023, 1, 1), date(2023, 3, 31))
    with sqlite_office.company(company_id) as connection:
        assert order_execution(connection, company_id, asked).orders == ()
        assert customer_analysis(connection, company_id, asked).customers == ()
        trend = product_trend(connection, company_id, asked)
        assert [one.amount.minor for one in trend.trend] == [0, 0, 0]


@pytest.mark.parametrize(
    ("start", "end", "refusal"),
    [
        (date(2023, 2, 1), date(2023, 1, 31), PeriodTurned),
        (date.min, date(2023, 1, 31), DayOutOfRange),
        (date(2023, 1, 1), date.max, DayOutOfRange),
    ],
)
def test_periods_that_are_none_are_refused(
    sqlite_office: HeadOffice, company_id: str, start: date, end: date, refusal: type[Exception]
) -> None:
    with sqlite_office.company(company_id) as connection:
        for report in (order_execution, customer_analysis, product_trend):
            with pytest.raises(refusal):
                report(connection, company_id, Asked(start, end))  # type: ignore[operator]
