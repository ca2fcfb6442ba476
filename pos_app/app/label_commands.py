"""The command that makes labels, as a PDF or as a file for a label printer."""

import argparse
import json
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_app.app.progress_line import ProgressLine
from pos_app.domain.errors import PosError

if TYPE_CHECKING:
    from pos_app.domain.label_order import LabelOrder
    from pos_app.services.labels import LabelReport
    from pos_app.store.store import Store

DONE = 0
ZPL = ".zpl"


class LabelDateWrong(PosError):
    """A day that is none."""

    sentence = "--changed-since {given} is not a day. Write it like 2026-05-31, or write: last."


class LabelsNeverMade(PosError):
    """Nobody has made labels for changed prices in this shop."""

    sentence = "No labels were made for changed prices yet. Name a day: --changed-since 2026-05-31."


class LabelCountWrong(PosError):
    """A count behind a product's code that is none."""

    sentence = "--products {given} does not fit. Write a code, or CODE=3 for three labels of it."


class LabelFormatUnknown(PosError):
    """A label paper that the program does not know."""

    sentence = "--format {given} is not known. Choose one of {known}."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the options of the command."""
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument(
        "--products", nargs="+", metavar="CODE[=COUNT]", help="own codes or barcodes"
    )
    chosen.add_argument("--category", metavar="NAME", help="all products of a category")
    chosen.add_argument(
        "--changed-since", metavar="DATE", help="products whose price changed (a day, or: last)"
    )
    chosen.add_argument("--all", action="store_true", help="every product for sale")
    parser.add_argument("--format", default="a4-3x8", metavar="NAME", help="default: %(default)s")
    parser.add_argument("--out", type=Path, required=True, help="the file to write (.pdf or .zpl)")
    parser.add_argument("--copies", type=_positive, default=1, help="labels of each product")
    parser.add_argument("--start", type=_positive, default=1, help="first free label of the sheet")
    parser.add_argument("--cut-marks", action="store_true", help="marks for plain paper")
    parser.add_argument("--date", action="store_true", help="print the date on each label")
    parser.add_argument("--no-price", action="store_true", help="leave the price out")
    parser.add_argument(
        "--dpi", type=int, default=203, choices=(203, 300, 600), help="of the label printer"
    )


def labels(options: argparse.Namespace) -> int:
    """Make labels; the store is only read, so this works while the till sells."""
    from pos_app.printing.label_formats import FORMATS, format_named
    from pos_app.services.checkout import utc_now
    from pos_app.services.labels import LabelJob, LabelReport, printer_job, write_pdf
    from pos_app.spreadsheets.writing import FileNotWritable
    from pos_app.store.store import open_reader

    paper = format_named(options.format)
    if paper is None:
        known = ", ".join(one.key for one in FORMATS)
        raise LabelFormatUnknown(given=options.format[:40], known=known)
    job = LabelJob(
        paper,
        options.start,
        options.copies,
        cut_marks=options.cut_marks,
        shows_price=not options.no_price,
        shows_date=options.date,
    )
    with open_reader(options.store) as store:
        orders, shop = _orders(store, options), store.settings.shop()
    if options.out.suffix.lower() != ZPL:
        report = write_pdf(orders, job, shop, utc_now(), options.out, ProgressLine("Drawing"))
    else:
        payload = printer_job(orders, job, shop, utc_now(), options.dpi)
        count = sum(order.copies for order in orders) * job.copies
        report = LabelReport(count, len(orders), count)
        try:
            options.out.write_bytes(payload)
        except OSError:
            raise FileNotWritable(name=options.out.name) from None
    return _told(options, report)


def _orders(store: "Store", options: argparse.Namespace) -> "tuple[LabelOrder, ...]":
    from pos_app.services import label_choices

    if options.products:
        return label_choices.by_codes(store, dict(_counted(one) for one in options.products))
    if options.category is not None:
        category = label_choices.category_named(store, options.category)
        return label_choices.of_category(store, category)
    if options.changed_since is not None:
        return label_choices.price_changed_since(store, _moment(store, options.changed_since))
    return label_choices.of_category(store)


def _counted(given: str) -> tuple[str, int]:
    code, mark, count = given.rpartition("=")
    if not mark:
        return given, 1
    if not code or not count.isdecimal() or not 0 < int(count) < 10_000:
        raise LabelCountWrong(given=given[:60])
    return code, int(count)


def _moment(store: "Store", given: str) -> datetime:
    """Return the beginning of a day in the shop's zone, or when changed prices last got labels."""
    from pos_app.services.labels import LABELS_MADE, LAST
    from pos_app.services.time_zones import shop_zone

    if given == LAST:
        made = store.records.get(LABELS_MADE, LAST)
        if made is None or made.changes_seen is None:
            raise LabelsNeverMade()
        return made.changes_seen
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise LabelDateWrong(given=given[:40]) from None
    zone = shop_zone(store.settings.shop().time_zone)
    return datetime.combine(day, time(), zone).astimezone()


def _told(options: argparse.Namespace, report: "LabelReport") -> int:
    plain: dict[str, Any] = {
        "file": str(options.out),
        "labels": report.labels,
        "products": report.products,
        "pages": report.pages,
    }
    words = (
        f"{report.labels} labels for {report.products} products written to {options.out} "
        f"({report.pages} pages)."
    )
    print(json.dumps(plain, ensure_ascii=False, indent=2) if options.json else words)
    return DONE


def _positive(text: str) -> int:
    number = int(text)
    if not 0 < number < 10_000:
        raise argparse.ArgumentTypeError("a number from 1 to 9999")
    return number
