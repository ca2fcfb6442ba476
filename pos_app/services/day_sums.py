"""Keeping the sums of business days up to the present, some hundred documents at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from pos_app.domain.shop import ShopSettings
from pos_app.services.document_reports import go_on
from pos_app.services.time_zones import shop_zone

if TYPE_CHECKING:
    from pos_app.store.day_span import Span
    from pos_app.store.day_sums import DaySums
    from pos_app.store.store import Store

_MANY = 5_000  # documents


def catch_up(store: "Store", check: Callable[[], None] = go_on) -> int:
    """Add every document and fact that the sums do not have yet; return in how many steps.

    Not in the screen's thread. Each step is one short transaction, before each `check` is called
    and may raise to stop. Sums whose shop had another currency before its first sale, and sums
    beyond the last document, are made anew.
    """
    currency = store.settings.shop().policy.currency
    steps, behind = 0, store.day_sums.behind
    mark = store.day_sums.mark
    if (mark.currency and mark.currency != currency) or behind < 0:
        make_anew(store)
    if behind > _MANY:
        store.read_unmapped()
    while (part := store.day_sums.gather(currency)) is not None:
        check()
        with store.transaction() as tx:
            tx.day_sums.add(part)
        steps += 1
    return steps


@contextmanager
def present_sums(
    store: "Store", since: date, check: Callable[[], None] = go_on
) -> "Iterator[DaySums]":
    """Give the sums as they are now, those of days since one.

    A store that is open for reading only cannot keep them: there what is missing is added beside.
    """
    if not store.is_read_only:
        catch_up(store, check)
    elif store.day_sums.is_behind:
        from pos_app.store.day_recount import beside, bring_up  # noqa: PLC0415 - seldom
        from pos_app.store.day_sums import DaySums  # noqa: PLC0415 - selling needs none

        with beside(store.path) as database:
            bring_up(database, since, store.settings.shop().policy.currency)
            yield DaySums(database)
        return
    yield store.day_sums


def make_anew(store: "Store") -> None:
    """Forget all sums; they are made anew when they are asked for, or when the till is quiet."""
    with store.transaction() as tx:
        tx.day_sums.forget()


def span_of(shop: ShopSettings, start: date, end: date, currency: str) -> "Span":
    """Return some business days with the quarter hours of the shop's clock that they are."""
    from pos_app.store.day_span import Span, slot_of  # noqa: PLC0415 - selling needs none

    zone = shop_zone(shop.time_zone)

    def midnight(day: date) -> int:
        return slot_of(datetime.combine(day, time(0), zone).astimezone(zone))

    return Span(start, end, currency, midnight(start), midnight(end + timedelta(days=1)))
