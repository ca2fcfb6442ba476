"""One schedule of a sales data feed: it is read in bad weather and held against the till's sales.

What differs between the two sides is planted, so that what a reconciliation has to find is known.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from pos_app.domain.errors import PosError
from pos_app.domain.reconciliation import Reconciliation
from pos_app.domain.sale import Sale
from pos_app.server.tables import api_keys
from pos_app.services.reconciliation import Period, reconcile_till
from pos_app.sync.dialect import Credentials
from pos_app.sync.feed_reading import read_feed
from tests.proofs.foreign_world.remotes import Independent, OfficeShelf, Remote
from tests.proofs.foreign_world.shop import MADE
from tests.proofs.foreign_world.till import URL, Till
from tests.proofs.foreign_world.weather import CALM, draw_weather
from tests.proofs.foreign_world.wire import Killed
from tests.proofs.foreign_world.world import World
from tests.server.offices import enrolled_till
from tests.server.told_tills import judge_all, push_store
from tests.simulators.apis.data_feed import DataFeed, FeedLine, sale

COMPANY, CONNECTION = "company", "connection"
TRIES = 60


@dataclass(slots=True)
class Planted:
    """What a reconciliation has to find, by number."""

    same: set[str] = field(default_factory=set)
    missing_here: set[str] = field(default_factory=set)
    missing_there: set[str] = field(default_factory=set)
    differing: dict[str, str] = field(default_factory=dict)  # and in which field
    doubled: set[str] = field(default_factory=set)


def run_feed(world: World, till: Till, dice: random.Random) -> list[str]:
    """Sell, tell the remote with differences, read its feed until it was read well once."""
    for _ in range(dice.randint(1, 6)):
        till.do(dice.choice((Till.sell, Till.sell, Till.void, Till.give_back)))
    world.now += timedelta(hours=1)
    if world.office is None:
        planted = _plant(world.remote, till.sales(), dice)
        where = Credentials(URL, "key", company=COMPANY, connection=CONNECTION)
    else:
        planted = _push(world.office, till, dice)
        where = Credentials(URL, world.remote.key, company=world.office.company_id,
                            connection=_key_id(world.office))  # fmt: skip
    till.wire.weather = draw_weather(dice)
    faults = []
    for turn in range(TRIES):
        if turn == TRIES // 2:
            till.wire.weather = CALM
        try:
            found = read_feed(till.wire, where)
        except (PosError, Killed):
            continue  # nothing was read; whoever wants the feed asks again
        assert till.store is not None
        result = reconcile_till(till.store, found, Period(), counts_others=True)
        faults += _compared(result, planted)
        if till.wire.sent[-1].mishap in {"half", "lie", "page"}:
            faults.append(f"something was read of {till.wire.sent[-1].mishap}")
        if dice.random() < 0.5 or turn >= TRIES // 2:
            return faults
    return [*faults, "the feed was never read"]


def _compared(found: Reconciliation, planted: Planted) -> Iterator[str]:
    for name in ("same", "missing_here", "missing_there", "doubled"):
        told = {one.reference for one in getattr(found, name)}
        wanted = getattr(planted, name)
        if told != wanted:
            yield f"{name}: {sorted(told)} instead of {sorted(wanted)}"
    differing = {one.reference: one.differences[0].field for one in found.differing}
    if differing != planted.differing:
        yield f"differing: {differing} instead of {planted.differing}"


def _plant(remote: Remote, sales: list[Sale], dice: random.Random) -> Planted:
    """Put a till's sales into the small server's feed, some of them otherwise."""
    assert isinstance(remote, Independent)
    feed: DataFeed = remote.server
    feed.connect(COMPANY, CONNECTION, "key")
    planted = Planted()
    for one in sales:
        match dice.choice(("same", "same", "same", "lost", "other", "twice")):
            case "lost":
                planted.missing_there.add(one.number)
            case "other":
                name = dice.choice(tuple(_OTHERWISE))
                planted.differing[one.number] = name
                feed.add(COMPANY, CONNECTION, _told(one) | _otherwise(one, name))
            case "twice":
                planted.doubled.add(one.number)
                feed.add(COMPANY, CONNECTION, _told(one))
                feed.add(COMPANY, CONNECTION, _told(one))
            case _:
                planted.same.add(one.number)
                feed.add(COMPANY, CONNECTION, _told(one))
    for number in range(dice.choice((0, 0, 1, 2))):
        line = FeedLine("9", "Something", Decimal(1), Decimal(5), Decimal(1))
        feed.add(COMPANY, CONNECTION, sale(f"X-{number}", f"{MADE:%Y-%m-%d}T00:00:00.000Z", line,
                                           currency="EUR"))  # fmt: skip
        planted.missing_here.add(f"X-{number}")
    return planted


def _told(one: Sale) -> dict[str, Any]:
    lines = (
        FeedLine(
            line.code, line.name, line.quantity, line.figures.net.amount, line.figures.tax.amount
        )
        for line in one.lines
    )
    day = one.stamp.business_day
    return sale(one.number, f"{day}T00:00:00.000Z", *lines, currency=one.currency)


# What the other side tells otherwise, and which field a reconciliation names for it.
_OTHERWISE = {
    "day": {"transaction_date": "2026-05-30T00:00:00.000Z"},
    "currency": {"transaction_currency": "NZD"},
    "line 1 name": None,
}


def _otherwise(one: Sale, name: str) -> dict[str, Any]:
    changed = _OTHERWISE[name]
    if changed is not None:
        return changed
    items = _told(one)["line_items"]
    return {"line_items": [{**items[0], "product_name": "Something else"}, *items[1:]]}


def _push(office: OfficeShelf, till: Till, dice: random.Random) -> Planted:
    """Let the till's journal reach head office, and sell on after that."""
    assert till.store is not None
    known = enrolled_till(office.office, office.company_id, till.store, MADE)
    push_store(office.office, known, till.store)
    judge_all(office.office, office.company_id)
    planted = Planted(same={one.number for one in till.sales()})
    for _ in range(dice.randint(0, 2)):
        till.do(Till.sell)
    planted.missing_there = {one.number for one in till.sales()} - planted.same
    return planted


def _key_id(office: OfficeShelf) -> str:
    with office.office.company(office.company_id) as connection:
        mine = (api_keys.c.company_id == office.company_id, api_keys.c.api == "feed")
        return str(connection.execute(select(api_keys.c.id).where(*mine)).scalar_one())
