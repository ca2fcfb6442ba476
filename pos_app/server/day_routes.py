"""Routes for the manager's day: its figures, the shops and tills behind them, every document."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import StringConstraints

from pos_app.domain.day_figures import ReceiptQuery, Watched
from pos_app.domain.day_review import DayReview
from pos_app.domain.document import check_dates
from pos_app.domain.errors import PosError
from pos_app.domain.money import MINOR_DIGITS
from pos_app.domain.report_period import ReportPeriod, period_of
from pos_app.server.companies import company_of
from pos_app.server.office_day import (
    ShopTotals,
    office_review,
    shop_totals,
    till_states,
)
from pos_app.server.office_receipt import EntrySeen, Receipt, receipt_of
from pos_app.server.office_receipts import ReceiptPage, ReceiptRow, receipts_of
from pos_app.server.office_shapes import After, Code, Key
from pos_app.server.refusals import answers
from pos_app.server.roles import Action
from pos_app.server.till_states import TillState
from pos_app.server.visitors import Visitor, may

router = APIRouter(prefix="/office/v1", tags=["day"])
_See = Annotated[Visitor, may(Action.SEE)]
_Shops = Annotated[list[Code] | None, Query(description="Codes of shops; all where none is named.")]
_Currency = Annotated[str, StringConstraints(pattern="^([A-Z]{3})?$")]
_Hour = Annotated[int | None, Query(ge=0, le=23)]
_PAGE_MOST = 200


class CurrencyStrange(PosError):
    """A currency that nobody knows."""

    sentence = "There is no currency {currency}. Write one like EUR."


class CompareHalf(PosError):
    """One end of a period to compare with, and not the other."""

    sentence = "Say both the first and the last day of the period to compare with."


@dataclass(frozen=True, slots=True)
class ReceiptShown:
    """A document whole: its row, what its journal entry tells, why it cost that, and its past."""

    row: ReceiptRow
    told: dict[str, Any]
    why: tuple[str, ...]
    voided_by: ReceiptRow | None
    voids: ReceiptRow | None
    returns: tuple[ReceiptRow, ...]
    entries: tuple[EntrySeen, ...]


@dataclass(frozen=True, slots=True)
class _Days:
    """Which days are asked for and what they are compared with, in which currency, of whom."""

    period: ReportPeriod
    compare_with: ReportPeriod | None
    currency: str | None
    shops: list[str] | None


@dataclass(frozen=True, slots=True)
class _Narrowed:
    """Everything that the documents behind a figure can be narrowed by."""

    hour: _Hour = None
    method: Key = ""
    tax_code: Key = ""
    product_id: Key = ""
    product_name: Key = ""
    category_id: Key | None = None
    staff: Key = ""
    watched: Watched | None = None
    only: Literal["", "discounted", "costed"] = ""


def _asked(
    start: date,
    end: date,
    shop: _Shops = None,
    currency: _Currency = "",
    compare_start: date | None = None,
    compare_end: date | None = None,
) -> _Days:
    """Read what is asked for; raises PeriodTurned, DayOutOfRange, CompareHalf, CurrencyStrange."""
    for day in (start, end, compare_start, compare_end):
        if day is not None:
            check_dates(day, None)
    compare = None
    if compare_start is not None and compare_end is not None:
        compare = period_of(compare_start, compare_end)
    elif compare_start is not None or compare_end is not None:
        raise CompareHalf()
    return _Days(period_of(start, end), compare, _currency(currency), shop)


def _currency(code: str) -> str | None:
    if code and code not in MINOR_DIGITS:
        raise CurrencyStrange(currency=code)
    return code or None


@router.get("/day", responses=answers(401, 403, 404, 409, 422))
def day(visitor: _See, asked: Annotated[_Days, Depends(_asked)]) -> DayReview:
    """Show what some business days came to, over all shops or some, and what needs a look."""
    with visitor.serving.office.snapshot(visitor.company_id) as connection:
        return office_review(
            connection,
            visitor.company_id,
            asked.shops,
            asked.period,
            asked.currency,
            asked.compare_with,
            visitor.now,
        )


@router.get("/day/shops", responses=answers(401, 403, 404, 409, 422))
def day_by_shop(visitor: _See, asked: Annotated[_Days, Depends(_asked)]) -> list[ShopTotals]:
    """Show what each shop came to, who took most first."""
    with visitor.serving.office.snapshot(visitor.company_id) as connection:
        return shop_totals(
            connection,
            visitor.company_id,
            asked.period,
            asked.currency,
            asked.compare_with,
            asked.shops,
        )


@router.get("/day/tills", responses=answers(401, 403, 422))
def day_tills(visitor: _See, shop: _Shops = None) -> list[TillState]:
    """Show how complete head office's knowledge of each till is."""
    with visitor.serving.office.snapshot(visitor.company_id) as connection:
        return till_states(connection, visitor.company_id, visitor.now, shop)


@router.get("/day/receipts", responses=answers(401, 403, 404, 409, 422))
def day_receipts(
    visitor: _See,
    asked: Annotated[_Days, Depends(_asked)],
    narrowed: Annotated[_Narrowed, Depends()],
    after: After = "",
    limit: Annotated[int, Query(ge=1, le=_PAGE_MOST)] = 50,
) -> ReceiptPage:
    """List the documents behind a figure, the latest first."""
    company_id, period = visitor.company_id, asked.period
    with visitor.serving.office.snapshot(company_id) as connection:
        query = ReceiptQuery(
            start=period.start,
            end=period.end,
            currency=asked.currency or company_of(connection, company_id).currency,
            hour=narrowed.hour,
            method=narrowed.method,
            tax_code=narrowed.tax_code,
            product_id=narrowed.product_id,
            product_name=narrowed.product_name,
            category_id=narrowed.category_id,
            staff=narrowed.staff,
            watched=narrowed.watched,
            only_discounted=narrowed.only == "discounted",
            only_costed=narrowed.only == "costed",
        )
        return receipts_of(connection, company_id, query, asked.shops, after, limit)


@router.get("/receipts/{sale_id}", responses=answers(401, 403, 404, 422))
def receipt(sale_id: Key, visitor: _See) -> ReceiptShown:
    """Show a document whole, with why it cost that and what its journal says around it."""
    with visitor.serving.office.snapshot(visitor.company_id) as connection:
        return _shown(receipt_of(connection, visitor.company_id, sale_id))


def _shown(found: Receipt) -> ReceiptShown:
    return ReceiptShown(
        row=found.row,
        told=found.told,
        why=found.why(),
        voided_by=found.voided_by,
        voids=found.voids,
        returns=found.returns,
        entries=found.entries,
    )
