"""The manager's day over all shops, and its receipts: every figure leads to those behind it."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from pos_app.domain.cart import SaleKind
from pos_app.domain.day_figures import change_percent, share
from pos_app.domain.day_words import WATCHED_WORDS, method_words
from pos_app.domain.fact_names import fact_name
from pos_app.domain.money import Money
from pos_app.domain.words import later
from pos_app.server.companies import list_shops
from pos_app.server.office_day import (
    currencies_of,
    shop_totals,
    today_of,
)
from pos_app.server.office_receipt import receipt_of
from pos_app.server.office_receipts import receipts_of
from pos_app.server.roles import Action
from pos_app.server.web import figures
from pos_app.server.web.day_choice import (
    CHOICE_WORDS,
    COMPARISON_WORDS,
    DayAsked,
    day_asked,
    receipt_query,
)
from pos_app.server.web.day_shown import (
    FIGURES,
    attention_shown,
    cause_shown,
    figure_shown,
    narrowed_to,
    pieces_of,
    review_of,
    short_amount,
)
from pos_app.server.web.forms import page_router
from pos_app.server.web.hours_chart import NARROW, WIDE, chart_of
from pos_app.server.web.overview import MOST
from pos_app.server.web.showing import PAGE_HEADERS, show
from pos_app.server.web.visits import Visit, page_for
from pos_app.spreadsheets.day_workbook import day_csv, day_workbook

router = page_router()
_See = Annotated[Visit, page_for(Action.SEE)]
_Text = Annotated[str, Query(max_length=200)]
RECEIPTS = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KIND_WORDS = {
    SaleKind.SALE: later("Sale"),
    SaleKind.RETURN: later("Return"),
    SaleKind.EXCHANGE: later("Exchange"),
    SaleKind.VOID: later("Void"),
}
_FILTERS = "hour method tax product name category staff watched only".split()


def _asked_of(request: Request, visit: Visit, connection: Connection) -> DayAsked:
    said = {name: value[:200] for name, value in request.query_params.items()}
    today = today_of(connection, visit.company_id, None, visit.now)
    own = ("start", "end", "compare", "shop", "currency")
    return day_asked(today, *(said.get(name, "") for name in own))


@router.get("/day")
def day(request: Request, visit: _See) -> Response:
    """Show what some days came to."""
    with visit.visitor.company() as connection:
        asked = _asked_of(request, visit, connection)
        review = review_of(connection, visit, asked)
        by_shop = shop_totals(
            connection, visit.company_id, asked.period, review.currency, asked.compared, asked.shops
        )
        currencies = currencies_of(connection, visit.company_id, asked.period, asked.shops)
        shops = list_shops(connection, visit.company_id, "", MOST)
    pieces = pieces_of(visit, asked, review)
    return show(
        visit,
        "day.html",
        active="day",
        asked=asked,
        review=review,
        figures=[figure_shown(visit, asked, review, one) for one in FIGURES],
        attention=[attention_shown(visit, asked, one) for one in review.attention],
        pieces=pieces,
        charts=[chart_of(pieces, WIDE, 56), chart_of(pieces, NARROW, 44)],
        by_shop=by_shop,
        shops=shops,
        currencies=currencies,
        choices=CHOICE_WORDS,
        comparisons=COMPARISON_WORDS,
        watched=WATCHED_WORDS,
        method_words=method_words,
        cause=lambda one: cause_shown(visit, one),
        short=lambda minor: short_amount(visit, Money(minor, review.currency)),
        share=share,
        changed=change_percent,
    )


@router.get("/day/figures.{kind}")
def day_file(kind: str, request: Request, visit: _See) -> Response:
    """Give the figures as a file for a spreadsheet."""
    if kind not in {"csv", "xlsx"}:
        raise HTTPException(404)
    with visit.visitor.company() as connection:
        asked = _asked_of(request, visit, connection)
        review = review_of(connection, visit, asked)
    name = f"day-{asked.period.start}-{asked.period.end}"
    if kind == "xlsx":
        return _file(day_workbook(review, visit.language, visit.zone), f"{name}.xlsx", XLSX)
    return _file(day_csv(review, visit.language, visit.zone), f"{name}.csv", "text/csv")


@router.get("/day/receipts")
def receipts(request: Request, visit: _See, after: _Text = "") -> Response:
    """List the receipts behind a figure."""
    filters = {name: request.query_params[name][:200] for name in _FILTERS
               if name in request.query_params}  # fmt: skip
    with visit.visitor.company() as connection:
        asked = _asked_of(request, visit, connection)
        currencies = currencies_of(connection, visit.company_id, asked.period, asked.shops)
        currency = asked.currency or currencies[0]
        query = receipt_query(asked, currency, filters)
        page = receipts_of(connection, visit.company_id, query, asked.shops, after, RECEIPTS)
    return show(
        visit,
        "receipts.html",
        active="day",
        asked=asked,
        query=query,
        page=page,
        after=after,
        told=narrowed_to(visit, filters),
        kinds=KIND_WORDS,
        first=asked.path("/receipts", **filters) if after else "",
        more=asked.path("/receipts", **filters, after=page.after) if page.after else "",
    )


@router.get("/day/receipts/{sale_id}")
def receipt(sale_id: str, visit: _See) -> Response:
    """Show one receipt: its lines, why they cost that, and what its journal says."""
    with visit.visitor.company() as connection:
        found = receipt_of(connection, visit.company_id, sale_id)
    decimal = "," if visit.language == "de" else "."
    return show(
        visit,
        "receipt.html",
        active="day",
        receipt=found,
        sale=found.sale,
        why=found.why(visit.t, decimal),
        kinds=KIND_WORDS,
        method_words=method_words,
        fact_name=fact_name,
    )


@router.get("/live")
def live(visit: _See) -> Response:
    """Give today's figures of all shops, for the small script that keeps a page fresh."""
    with visit.visitor.company() as connection:
        today = today_of(connection, visit.company_id, None, visit.now)
        asked = day_asked(today, "", "", "", "", "")
        review = review_of(connection, visit, asked)
    shown = {one.key: figure_shown(visit, asked, review, one) for one in FIGURES[:3]}
    told = {
        name: {"value": one.value, "change": one.change, "is_more": one.is_more}
        for name, one in shown.items()
    }
    at = figures.moment_words(visit.now, visit.zone, visit.language)
    return JSONResponse({"figures": told, "at": at}, headers=PAGE_HEADERS)


def _file(content: bytes, name: str, kind: str) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=named)
