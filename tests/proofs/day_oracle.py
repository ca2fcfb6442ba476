"""The day's figures once more, straight from the journal: texts, `Decimal` and plain sums.

Nothing of the program is used but the values that are compared in the end. It reads the file with
the standard library's own SQLite.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pos_app.domain.day_figures import (
    CategorySum,
    DayTotals,
    ExceptionSum,
    HourFigure,
    ProductSum,
    StaffSum,
    TaxSum,
    TenderSum,
    Watched,
)

HELD = {"gift_card", "tip", "deposit", "account_payment", "invoice_payment"}
PLACES = {"EUR": 2, "GBP": 2, "JPY": 0, "USD": 2}
Told = dict[str, Any]


@dataclass
class Document:
    """One document as the journal tells of it."""

    told: Told
    voided_kind: str = ""
    sold: list[Told] = field(default_factory=list)

    @property
    def day(self) -> date:
        return date.fromisoformat(self.told["business_day"])

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.told["at"])

    @property
    def kind(self) -> str:
        return str(self.told["kind"])

    @property
    def tickets(self) -> int:
        if self.kind == "void":
            return -1 if self.voided_kind in ("sale", "exchange") else 0
        return 1 if self.kind in ("sale", "exchange") else 0

    @property
    def takings(self) -> int:
        return sum(line["gross"] for line in self.sold)

    @property
    def came_back(self) -> list[int]:
        if self.kind not in ("return", "exchange"):
            return []
        return [-line["gross"] for line in self.told["lines"] if line["gross"] < 0]

    @property
    def discounts(self) -> list[int]:
        return [line["discount"] for line in self.sold if line["discount"] > 0]


@dataclass
class WatchedFact:
    """A fact that is worth a look."""

    at: datetime
    staff: str
    kind: Watched
    amount: int
    currency: str
    cart: str


class Oracle:
    """Everything the journal of one store tells; `zone` and `currency` are the shop's."""

    def __init__(self, path: Path, zone: str, currency: str) -> None:
        self.zone, self.currency = ZoneInfo(zone), currency
        self.documents: list[Document] = []
        self.facts: list[WatchedFact] = []
        self.products: dict[str, Told] = {}
        self.categories: dict[str, str] = {}
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            kinds: dict[str, str] = {}
            for kind, at, staff, payload in database.execute(
                "SELECT kind, at, staff, payload FROM journal ORDER BY seq"
            ):
                told = json.loads(payload)
                if kind == "sale_completed":
                    kinds[told["id"]] = told["kind"]
                    sold = [line for line in told["lines"] if line["kind"] not in HELD]
                    voided = kinds.get(told.get("voids", ""), "")
                    self.documents.append(Document(told, voided, sold))
                elif kind == "product_saved":
                    self.products[told["id"]] = told
                elif kind == "products_imported":
                    self.products |= {one["id"]: one for one in told["products"]}
                elif kind == "category_saved":
                    self.categories[told["id"]] = told["name"]
                else:
                    self._hear(kind, datetime.fromisoformat(at), staff, told)
        finally:
            database.close()

    def _hear(self, kind: str, at: datetime, staff: str, told: Told) -> None:
        currency = told.get("currency", self.currency)
        step = Decimal(1).scaleb(-PLACES[currency])

        def minor(amount: Decimal) -> int:
            return int(abs(amount).quantize(step, ROUND_HALF_UP) / step)

        quantity = Decimal(told.get("quantity") or 1)
        match kind:
            case "price_overridden":
                prices = told["list_price"], told["unit_price"]
                amount = minor((Decimal(prices[0]) - Decimal(prices[1])) * quantity)
            case "line_removed":
                amount = minor(Decimal(told["unit_price"] or 0) * quantity)
            case "quantity_lowered":
                amount = abs(told["amount"])
            case "sale_discarded":
                amount = abs(told["gross"])
            case "drawer_opened":
                amount = 0
            case _:
                return
        watched = {
            "price_overridden": Watched.PRICE_OVERRIDE,
            "line_removed": Watched.LINE_REMOVED,
            "quantity_lowered": Watched.QUANTITY_LOWERED,
            "sale_discarded": Watched.SALE_DISCARDED,
            "drawer_opened": Watched.NO_SALE,
        }[kind]
        self.facts.append(WatchedFact(at, staff, watched, amount, currency, told.get("cart", "")))

    def days(self) -> list[date]:
        return sorted({one.day for one in self.documents})

    def of(self, start: date, end: date, currency: str) -> "Figures":
        chosen = [
            one
            for one in self.documents
            if start <= one.day <= end and one.told["currency"] == currency
        ]
        facts = [
            one
            for one in self.facts
            if start <= one.at.astimezone(self.zone).date() <= end and one.currency == currency
        ]
        return Figures(self, chosen, facts, currency)


@dataclass
class Figures:
    """What some documents and facts come to."""

    oracle: Oracle
    documents: list[Document]
    facts: list[WatchedFact]
    currency: str

    def lines(self) -> Iterator[Told]:
        for document in self.documents:
            yield from document.sold

    def pieces(self, line: Told) -> int:
        quantity = Decimal(line["quantity"])
        if line["unit_decimals"] == 0:
            return int(quantity)
        return 1 if quantity > 0 else -1

    def cost(self, line: Told) -> int:
        if line["cost"] is None:
            return 0
        exact = Decimal(line["cost"]) * Decimal(line["quantity"])
        return int(exact.scaleb(PLACES[self.currency]).quantize(Decimal(1), ROUND_HALF_UP))

    def totals(self) -> DayTotals:
        lines = list(self.lines())
        voids = [one for one in self.documents if one.kind == "void"]
        held = [
            line["gross"]
            for one in self.documents
            for line in one.told["lines"]
            if line["kind"] in HELD
        ]
        costed = [line for line in lines if line["cost"] is not None]
        return DayTotals(
            self.currency,
            tickets=sum(one.tickets for one in self.documents),
            documents=len(self.documents),
            items=sum(self.pieces(line) for line in lines),
            takings=sum(line["gross"] for line in lines),
            net=sum(line["net"] for line in lines),
            tax=sum(line["tax"] for line in lines),
            discounts=sum(line["discount"] for line in lines),
            refund_count=sum(bool(one.came_back) for one in self.documents),
            refunds=sum(sum(one.came_back) for one in self.documents),
            void_count=len(voids),
            voids=sum(abs(one.told["gross"]) for one in voids),
            held=sum(held),
            rounding=sum(one.told["rounding"] for one in self.documents),
            cost=sum(self.cost(line) for line in costed),
            costed_net=sum(line["net"] for line in costed),
        )

    def hours(self) -> tuple[HourFigure, ...]:
        found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for one in self.documents:
            sums = found[one.at.astimezone(self.oracle.zone).hour]
            sums[0] += one.tickets
            sums[1] += one.takings
        if not found:
            return ()
        every = range(min(found), max(found) + 1)
        return tuple(HourFigure(hour, *found.get(hour, [0, 0])) for hour in every)

    def so_far(self, day: date, clock: datetime) -> DayTotals:
        """Tickets and takings up to the moment at which the shop's clock showed the same."""
        zone = self.oracle.zone
        until = datetime.combine(day, clock.astimezone(zone).time(), zone).astimezone(UTC)
        early = [one for one in self.documents if one.at <= until]
        return DayTotals(
            self.currency,
            tickets=sum(one.tickets for one in early),
            takings=sum(one.takings for one in early),
        )

    def tenders(self) -> tuple[TenderSum, ...]:
        found: dict[str, list[int]] = defaultdict(list)
        for one in self.documents:
            for tender in one.told["tenders"]:
                found[tender["method"]].append(tender["amount"])
        sums = [
            TenderSum(
                method,
                len(amounts),
                sum(amount for amount in amounts if amount > 0),
                -sum(amount for amount in amounts if amount < 0),
            )
            for method, amounts in found.items()
        ]
        return tuple(sorted(sums, key=lambda one: one.method))

    def taxes(self) -> tuple[TaxSum, ...]:
        found: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
        for one in self.documents:
            for tax in one.told["taxes"]:
                sums = found[tax["code"], tax["name"], tax["rate"] or ""]
                sums[0] += tax["base"]
                sums[1] += tax["amount"]
        return tuple(TaxSum(*key, *sums) for key, sums in sorted(found.items()))

    def products(self) -> list[ProductSum]:
        """All products, the one that brought most first."""
        found: dict[tuple[str, str, str], list[Told]] = defaultdict(list)
        for line in self.lines():
            known = line["product"]
            found[(known, "", "") if known else ("", line["code"], line["name"])].append(line)
        sums = []
        for key, lines in found.items():
            today = self.oracle.products.get(key[0], {})
            costed = [line for line in lines if line["cost"] is not None]
            product = ProductSum(
                key[0],
                today.get("code", key[1]),
                today.get("name", key[2]),
                sum((Decimal(line["quantity"]) for line in lines), Decimal(0)),
                sum(line["gross"] for line in lines),
                sum(line["net"] for line in lines),
                sum(self.cost(line) for line in costed),
                sum(line["net"] for line in costed),
            )
            sums.append((-product.takings, *key, product))
        return [one[-1] for one in sorted(sums, key=lambda one: one[:-1])]

    def categories(self) -> tuple[CategorySum, ...]:
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for line in self.lines():
            sums = found[self.category_of(line)]
            for place, value in enumerate((self.pieces(line), line["gross"], line["net"])):
                sums[place] += value
        named = [
            CategorySum(key, self.oracle.categories.get(key, ""), Decimal(items), takings, net)
            for key, (items, takings, net) in found.items()
        ]
        return tuple(sorted(named, key=lambda one: (-one.takings, one.category_id)))

    def category_of(self, line: Told) -> str:
        product = self.oracle.products.get(line["product"] or "")
        return (product or {}).get("category") or ""

    def staff(self) -> tuple[StaffSum, ...]:
        counts: Counter[tuple[str, Watched]] = Counter()
        amounts: Counter[tuple[str, Watched]] = Counter()
        for who, kind, count, amount in self._exceptions():
            counts[who, kind] += count
            amounts[who, kind] += amount
        codes = {one.told["staff"] for one in self.documents} | {one.staff for one in self.facts}
        sums = []
        for code in codes:
            own = [one for one in self.documents if one.told["staff"] == code]
            exceptions = tuple(
                ExceptionSum(kind, counts[code, kind], amounts[code, kind])
                for kind in Watched
                if counts[code, kind]
            )
            tickets, takings = sum(one.tickets for one in own), sum(one.takings for one in own)
            sums.append(StaffSum(code, tickets, takings, exceptions))
        return tuple(sorted(sums, key=lambda one: (-one.takings, one.staff)))

    def _exceptions(self) -> Iterator[tuple[str, Watched, int, int]]:
        for one in self.documents:
            who = one.told["staff"]
            if one.kind == "void":
                yield who, Watched.VOID, 1, abs(one.told["gross"])
            if one.came_back:
                yield who, Watched.REFUND, 1, sum(one.came_back)
            yield who, Watched.DISCOUNT, len(one.discounts), sum(one.discounts)
        for fact in self.facts:
            yield fact.staff, fact.kind, 1, fact.amount

    def mean(self, days: int) -> DayTotals | None:
        """The totals shared by some days, each half up."""
        if not days:
            return None
        totals = self.totals()
        shared = {
            name: int((Decimal(getattr(totals, name)) / days).quantize(Decimal(1), ROUND_HALF_UP))
            for name in DayTotals.__slots__
            if name != "currency"
        }
        return DayTotals(self.currency, **shared)


def differences(
    review: Any, oracle: Oracle, compare: Callable[[str, object, object], None]
) -> None:
    """Call `compare` with the name, our figure and the oracle's of all that a review says."""
    period, before, currency = review.period, review.before, review.currency
    mine = oracle.of(period.start, period.end, currency)
    compare("totals", review.totals, mine.totals())
    compare("hours", review.hours, mine.hours())
    compare("taxes", review.taxes, mine.taxes())
    compare("staff", review.staff, mine.staff())
    compare("categories", review.categories, mine.categories())
    tenders = tuple(sorted(review.tenders, key=lambda one: one.method))
    compare("tenders", tenders, mine.tenders())
    best = [one for one in mine.products() if one.takings > 0][:10]
    compare("products", list(review.top_products), best)
    earlier = oracle.of(before.period.start, before.period.end, currency)
    compare("before", before.totals, earlier.totals())
    compare("hours before", before.hours, earlier.hours())
    if before.so_far is not None:
        compare("so far", before.so_far, earlier.so_far(before.period.start, review.made_at))
    for day in (*review.days, *before.days):
        compare(f"day {day.day}", day.totals, oracle.of(day.day, day.day, currency).totals())
    if period.start == period.end:
        weeks = [period.start - timedelta(days=7 * week) for week in range(1, 5)]
        known = [
            (day, found) for day in weeks if (found := oracle.of(day, day, currency)).documents
        ]
        together = Figures(oracle, [d for _, f in known for d in f.documents], [], currency)
        compare("mean", review.mean, together.mean(len(known)))
        compare("mean days", review.mean_days, len(known))
