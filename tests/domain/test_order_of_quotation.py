"""The order that a quotation becomes, and how much money a document may name."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pos_app.domain.document import AMOUNT_LIMIT, DocumentTooLarge, check_lines, price_lines
from pos_app.domain.order import OrderState
from pos_app.domain.order_of_quotation import head_anew, order_of_quotation
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.quotation import QuotationState
from tests.domain.sales_documents import quotation

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


def test_an_order_has_its_quotations_customer_lines_and_prices() -> None:
    quoted = quotation(QuotationState.APPROVED)
    head = head_anew(quoted.head, "o1", date(2026, 6, 1), NOW, "7")
    order = order_of_quotation(quoted, head, date(2026, 6, 9), "back room")
    assert [line.line for line in order.lines] == list(quoted.lines)
    assert order.priced == quoted.priced
    assert order.head.customer == quoted.head.customer
    assert order.head.policy == quoted.head.policy
    assert (order.quotation_id, order.quotation_number) == (quoted.head.id, quoted.head.number)
    assert (order.state, order.deliver_by, order.location) == (
        OrderState.DRAFT,
        date(2026, 6, 9),
        "back room",
    )


def test_a_head_anew_is_of_now_and_has_no_number_yet() -> None:
    old = replace(quotation(QuotationState.APPROVED).head, version=5)
    head = head_anew(old, "o1", date(2026, 6, 1), NOW, "7")
    assert (head.id, head.number, head.version, head.day) == ("o1", "", 1, date(2026, 6, 1))
    assert (head.created_by, head.updated_by) == ("7", "7")
    assert head.created_at == head.updated_at == NOW


def test_a_document_names_no_more_money_than_can_be_kept() -> None:
    line = replace(
        quotation(QuotationState.APPROVED).lines[0],
        quantity=Decimal(999_999),
        unit_price=Decimal(99_999_999),
    )
    lines = [replace(line, id=str(number)) for number in range(10)]
    check_lines(lines)
    assert price_lines(lines, PricePolicy("KWD")).gross.minor < 2**63  # three places
    with pytest.raises(DocumentTooLarge, match=f"{AMOUNT_LIMIT:,}"):
        check_lines([*lines, replace(line, id="11")])
