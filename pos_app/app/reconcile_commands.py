"""`pos-app reconcile`: hold a till's own sales, or head office's, against a sales data feed."""

import argparse
import json
import sys
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pos_app.app.report_commands import day_of

if TYPE_CHECKING:
    from pos_app.domain.reconciliation import Differing, Period, Reconciliation
    from pos_app.domain.sales_feed import FeedDocument

DONE, WRONG = 0, 1
FROM_INPUT = "-"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("--url", required=True, help="the address of the server with the feed")
    parser.add_argument(
        "--key", required=True, help="the feed's key, or - to read it from the input"
    )
    parser.add_argument("--company", required=True, metavar="ID", help="as in the feed's path")
    parser.add_argument("--connection", required=True, metavar="ID", help="as in the feed's path")
    parser.add_argument("--from", dest="start", type=day_of, metavar="DAY", help="first day")
    parser.add_argument("--to", dest="end", type=day_of, metavar="DAY", help="last day")
    parser.add_argument(
        "--others", action="store_true", help="count what other tills made as missing here too"
    )
    parser.add_argument(
        "--database", default="", metavar="URL", help="compare with this head office, not a till"
    )
    parser.add_argument("--of", default="", metavar="NAME", help="which company of head office")


def reconcile(options: argparse.Namespace) -> int:
    """Read the feed, compare it with the store, and say what differs; 0 where nothing does."""
    from pos_app.sync.dialect import Credentials
    from pos_app.sync.feed_reading import FEED_BYTES, read_feed
    from pos_app.sync.http_transport import HttpTransport

    key = sys.stdin.readline().strip() if options.key == FROM_INPUT else options.key
    transport = HttpTransport(answer_bytes=FEED_BYTES)
    try:
        where = Credentials(
            options.url, key, company=options.company, connection=options.connection
        )
        theirs = read_feed(transport, where)
    finally:
        transport.close()
    compare = _with_head_office if options.database else _with_till
    found = compare(options, theirs)
    if options.json:
        print(json.dumps(_plain(found), ensure_ascii=False, indent=2))
    else:
        _print(found)
    return DONE if found.is_same else WRONG


def _with_till(options: argparse.Namespace, theirs: "list[FeedDocument]") -> "Reconciliation":
    from pos_app.services.reconciliation import reconcile_till
    from pos_app.store.store import open_reader

    store = open_reader(options.store)
    try:
        return reconcile_till(store, theirs, _period(options), counts_others=options.others)
    finally:
        store.close()


def _with_head_office(
    options: argparse.Namespace, theirs: "list[FeedDocument]"
) -> "Reconciliation":
    from pos_app.app.server_key_commands import company_named
    from pos_app.domain.reconciliation import reconcile_period
    from pos_app.server.office_feed import feed_documents
    from pos_app.server.setting_up import open_checked_office

    office = open_checked_office(options.database, pool=1)
    try:
        company_id = company_named(office, options.of)
        with office.snapshot(company_id) as looking:
            ours = list(feed_documents(looking, company_id))
    finally:
        office.close()
    return reconcile_period(ours, theirs, _period(options))


def _period(options: argparse.Namespace) -> "Period":
    from pos_app.domain.reconciliation import Period

    return Period(options.start, options.end)


def _print(found: "Reconciliation") -> None:
    for title, documents in (
        ("Missing here", found.missing_here),
        ("Missing there", found.missing_there),
    ):
        for one in documents:
            print(f"{title}: {one.reference} of {one.day}, {one.gross} {one.currency}")
    for differing in found.differing:
        for each in differing.differences:
            values = f"{_value(each.ours)} here, {_value(each.theirs)} there"
            print(f"Differing: {differing.reference}, {each.field}: {values}")
    for doubled in found.doubled:
        print(f"Doubled: {doubled.reference}, {doubled.here} here, {doubled.there} there")
    print(
        f"{len(found.same)} the same, {len(found.missing_here)} missing here, "
        f"{len(found.missing_there)} missing there, {len(found.differing)} differing, "
        f"{len(found.doubled)} doubled."
    )


def _plain(found: "Reconciliation") -> dict[str, Any]:
    return {
        "is_same": found.is_same,
        "same": len(found.same),
        "missing_here": [_document(one) for one in found.missing_here],
        "missing_there": [_document(one) for one in found.missing_there],
        "differing": [_differing(one) for one in found.differing],
        "doubled": [
            {"reference": one.reference, "here": one.here, "there": one.there}
            for one in found.doubled
        ],
    }


def _document(one: "FeedDocument") -> dict[str, Any]:
    return {
        "reference": one.reference,
        "day": one.day.isoformat(),
        "gross": str(one.gross),
        "currency": one.currency,
    }


def _differing(one: "Differing") -> dict[str, Any]:
    return {
        "reference": one.reference,
        "fields": [
            {"field": each.field, "ours": _value(each.ours), "theirs": _value(each.theirs)}
            for each in one.differences
        ],
    }


def _value(value: str | date | Decimal | int | None) -> str | int | None:
    return str(value) if isinstance(value, date | Decimal) else value
