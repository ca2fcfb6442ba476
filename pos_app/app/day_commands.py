"""The command about the manager's day: print its figures, put it on paper, or save it."""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pos_app.app.report_commands import day_of
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money

if TYPE_CHECKING:
    from pos_app.domain.day_review import DayReview
    from pos_app.domain.report_period import ReportPeriod
    from pos_app.spreadsheets.sheet import Sheet, Value
    from pos_app.store.store import Store

DONE, WRONG = 0, 1


class NotPrintedYet(PosError):
    """The slip is in the store and waits for its printer."""

    sentence = "The slip waits for the printer {name}. It comes out as soon as the till reaches it."


def day(options: argparse.Namespace) -> int:
    """Print the figures of some days, save them as files, or print them as a slip."""
    from pos_app.services.checkout import utc_now
    from pos_app.services.day_papers import DayFile, save_day
    from pos_app.services.day_review import review_day
    from pos_app.services.day_sums import make_anew
    from pos_app.services.time_zones import business_day

    with _opened(options.store, must_write=options.print or options.anew) as store:
        if options.anew:
            make_anew(store)
        now, shop = utc_now(), store.settings.shop()
        today = business_day(now, shop)
        period = _period(options.start, options.end, today) or _one_day(today)
        compared = _period(options.compare_start, options.compare_end, today)
        review = review_day(store, period, options.currency.upper() or None, compared, now=now)
        saved = [
            (kind, path) for kind in DayFile if (path := getattr(options, kind.value)) is not None
        ]
        for kind, path in saved:
            save_day(review, path, kind, shop)
        if options.print:
            _print_slip(store, review, now)
    if options.json:
        _tell_json(review)
    elif saved:
        print("\n".join(f"The day is in {path}." for _, path in saved))
    elif not options.print:
        _tell(review)
    return DONE


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument(
        "--from", dest="start", type=day_of, metavar="DAY",
        help="first business day, such as 2026-01-31 (default: today)",
    )  # fmt: skip
    parser.add_argument(
        "--to", dest="end", type=day_of, metavar="DAY", help="last day (default: the first)"
    )
    parser.add_argument(
        "--compare-from", dest="compare_start", type=day_of, metavar="DAY",
        help="first day of what it is compared with (default: the same weekdays before)",
    )  # fmt: skip
    parser.add_argument(
        "--compare-to", dest="compare_end", type=day_of, metavar="DAY", help="last day of that"
    )
    parser.add_argument("--currency", default="", help="where a shop sells in several")
    parser.add_argument("--pdf", type=Path, metavar="FILE", help="write one page to pin up")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write a table for programs")
    parser.add_argument("--xlsx", type=Path, metavar="FILE", help="write an Excel workbook")
    parser.add_argument(
        "--anew", action="store_true", help="first make all sums anew, where `verify` says so"
    )
    parser.add_argument("--print", action="store_true", help="print it on the receipt printer")


@contextmanager
def _opened(path: Path, *, must_write: bool) -> "Iterator[Store]":
    """Open the store; while the till has it, a copy, because sums may still have to be added."""
    from pos_app.store.backup import backup_store
    from pos_app.store.errors import StoreInUse
    from pos_app.store.store import open_store

    try:
        store = open_store(path)
    except StoreInUse:
        if must_write:
            raise
        with TemporaryDirectory(prefix="pos-app-day-") as folder:
            copy = Path(folder) / "copy.db"
            backup_store(path, copy)
            with open_store(copy) as store:
                yield store
        return
    with store:
        yield store


def _period(start: date | None, end: date | None, today: date) -> "ReportPeriod | None":
    from pos_app.domain.report_period import period_of

    if start is None and end is None:
        return None
    first = start or end or today
    return period_of(first, end or first)


def _one_day(today: date) -> "ReportPeriod":
    from pos_app.domain.report_period import ReportPeriod

    return ReportPeriod(today, today)


def _print_slip(store: "Store", review: "DayReview", now: datetime) -> None:
    """Put the slip into the spool and print what waits there; raises NotPrintedYet, NoPrinter."""
    from pos_app.services.checkout import utc_now
    from pos_app.services.day_papers import print_day_slip
    from pos_app.services.receipts import Receipts

    names = print_day_slip(store, review, now)
    receipts = Receipts(store, utc_now)
    receipts.work_once()
    if receipts.waiting():
        raise NotPrintedYet(name=", ".join(names))
    print(f"Printed on {', '.join(names)}.")


def _tell_json(review: "DayReview") -> None:
    """Print everything; amounts are whole numbers of the currency's smallest unit."""
    from pos_app.domain.plain import to_plain

    print(json.dumps(to_plain(review), ensure_ascii=False, indent=2))


def _tell(review: "DayReview") -> None:
    from pos_app.spreadsheets.day_sheets import day_sheets

    for number, sheet in enumerate(day_sheets(review, "en")):
        if sheet.rows:
            print("" if number else f"{review.shop}, {review.currency}")
            _tell_sheet(sheet)


def _tell_sheet(sheet: "Sheet") -> None:
    from pos_app.spreadsheets.sheet import value_of

    print(sheet.title)
    print("\t".join(column.title for column in sheet.columns))
    for row in sheet.rows:
        print("\t".join(_plain(value_of(cell)) for cell in row))
    if sheet.totals:
        print("\t".join(_plain(value) for value in sheet.totals))


def _plain(value: "Value") -> str:
    if value is None:
        return ""
    if isinstance(value, Money):
        return f"{value.amount:f}"
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date) else f"{value}"
