"""The command about reports: print one, or write it as an Excel workbook."""

import argparse
import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money

if TYPE_CHECKING:
    from pos_app.services.document_reports import ReportAsked
    from pos_app.services.report_sheet import ReportSheet
    from pos_app.spreadsheets.sheet import Value
    from pos_app.store.store import Store

DONE = 0
KINDS = ("order-execution", "customer-analysis", "product-trend", "receivables")
GRAINS = ("day", "week", "month", "year")


class NobodyHasNumber(PosError):
    """No customer or product has what was given."""

    sentence = "Nothing in this shop has the number {number}. Check it and try again."


def report(options: argparse.Namespace) -> int:
    """Print a report or write it to a file; see the options."""
    from pos_app.services.checkout import utc_now
    from pos_app.services.report_runs import make_report, save_report
    from pos_app.services.report_sheet import ReportKind
    from pos_app.services.time_zones import business_day
    from pos_app.store.store import open_reader

    store = open_reader(options.store)
    try:
        now = utc_now()
        today = business_day(now, store.settings.shop())
        kind = ReportKind(options.what.replace("-", "_"))
        made = make_report(store, kind, _asked(store, options, today), today)
        if options.file is not None:
            count = save_report(store, made.sheet, options.file, now)
            print(f"{count} rows are in {options.file}.")
        elif options.json:
            print(json.dumps(_as_plain(made.sheet), ensure_ascii=False, indent=2))
        else:
            _print(made.sheet)
    finally:
        store.close()
    return DONE


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("what", choices=KINDS, help="which report")
    parser.add_argument(
        "--from", dest="start", type=day_of, metavar="DAY",
        help="first day, such as 2026-01-31 (default: this year's first)",
    )  # fmt: skip
    parser.add_argument(
        "--to", dest="end", type=day_of, metavar="DAY", help="last day (default: today)"
    )
    parser.add_argument("--customer", default="", metavar="NUMBER", help="orders of one customer")
    parser.add_argument("--product", default="", metavar="CODE", help="one product only")
    parser.add_argument("--by", choices=GRAINS, help="how long the pieces of a trend are")
    parser.add_argument("--currency", default="", help="where a shop has several")
    parser.add_argument("--file", type=Path, help="write an Excel workbook (.xlsx) here")


def day_of(text: str) -> date:
    """Read a day such as 2026-01-31; raises ArgumentTypeError."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        problem = f"{text!r} is not a day; write it like 2026-01-31"
        raise argparse.ArgumentTypeError(problem) from None


def _asked(store: "Store", options: argparse.Namespace, today: date) -> "ReportAsked":
    from pos_app.domain.report_period import Grain, period_of
    from pos_app.services.document_reports import ReportAsked

    end = options.end or today
    start = options.start or min(date(today.year, 1, 1), end)
    customer_id = product_id = ""
    if options.customer:
        customer = store.customers.find(options.customer)
        if customer is None:
            raise NobodyHasNumber(number=options.customer)
        customer_id = customer.id
    if options.product:
        product = store.products.find(options.product)
        if product is None:
            raise NobodyHasNumber(number=options.product)
        product_id = product.id
    grain = Grain(options.by) if options.by else None
    currency = options.currency.upper()
    return ReportAsked(period_of(start, end), currency, customer_id, product_id, grain)


def _as_plain(sheet: "ReportSheet") -> dict[str, Any]:
    keys = [column.key for column in sheet.columns]
    return {
        "report": sheet.kind.value,
        "currency": sheet.currency,
        "about": dict(sheet.about),
        "rows": [dict(zip(keys, map(_plain, row), strict=True)) for row in sheet.rows],
        "totals": dict(zip(keys, map(_plain, sheet.totals), strict=True)),
    }


def _print(sheet: "ReportSheet") -> None:
    print(f"{sheet.title}, {sheet.currency}: " + ", ".join(f"{a} {b}" for a, b in sheet.about))
    print("\t".join(column.title for column in sheet.columns))
    for row in (*sheet.rows, sheet.totals):
        print("\t".join(_plain(value) or "" for value in row))


def _plain(value: "Value") -> str | None:
    if value is None:
        return None
    if isinstance(value, Money):
        return f"{value.amount:f}"
    return value.isoformat() if isinstance(value, date) else f"{value}"
