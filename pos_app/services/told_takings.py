"""The figures of a shift worked out once more, from nothing but what the journal tells of sales.

It shares no sum with the store, so that `verify` can hold a Z report against it. Money is whole
minor units here, as the journal has it.
"""

from collections.abc import Mapping
from typing import Any

Payload = Mapping[str, Any]
_HELD = ("gift_card", "tip", "deposit", "account_payment", "invoice_payment")
_DOCUMENTS = ("sale", "return", "adjustment", "exchange", "void")
_METHODS = (
    "cash",
    "card",
    "bank_transfer",
    "on_account",
    "mobile",
    "cheque",
    "gift_card",
    "store_credit",
    "deposit",
    "points",
)
_TAX = ("rate", "fixed_per_unit", "included", "affects_next", "name", "code")


class ToldCash:
    """What sales did to the drawer: own cash, and the notes of other currencies."""

    def __init__(self) -> None:
        self.own = 0
        self.foreign: dict[str, list[int]] = {}

    def hear(self, tenders: list[Payload]) -> None:
        """Add the cash among a document's payments."""
        for tender in tenders:
            if tender["method"] != "cash":
                continue
            notes = tender.get("foreign")
            if notes is None:
                self.own += tender["tendered"] - tender["change"]
                continue
            self.own -= tender["change"]
            sums = self.foreign.setdefault(notes["currency"], [0, 0, 0])
            sums[0] += 1
            sums[1] += abs(notes["tendered"]) * (-1 if tender["tendered"] < 0 else 1)
            sums[2] += tender["tendered"]

    def of(self, code: str, own: str) -> int:
        """Return what came of one currency; `own` is the shop's."""
        return self.own if code == own else self.foreign.get(code, [0, 0])[1]


class ToldSales:
    """The sums of a shift's documents of one currency."""

    def __init__(self) -> None:
        self.kinds: dict[str, list[int]] = {}
        self.numbers: list[str] = []
        self.totals = dict.fromkeys(("net", "tax", "gross", "rounding"), 0)
        self.lines = self.discounts = self.shares = self.refunds = self.change = 0
        self.taxes: dict[tuple[Any, ...], list[int]] = {}
        self.tenders: dict[str, list[int]] = {}
        self.held: dict[str, list[int]] = {}
        self.cash = ToldCash()

    @property
    def turnover(self) -> int:
        """What was sold, without money held for others."""
        return self.totals["gross"] - sum(taken - back for taken, back in self.held.values())

    def hear(self, sale: Payload) -> None:
        """Add a document as the journal tells it."""
        kind = self.kinds.setdefault(sale["kind"], [0, 0])
        kind[0] += 1
        kind[1] += sale["gross"]
        self.numbers = [*self.numbers[:1], sale["number"]]
        for name in self.totals:
            self.totals[name] += sale[name]
        for line in sale["lines"]:
            self._hear_line(line, sale["kind"])
        for tax in sale["taxes"]:
            sums = self.taxes.setdefault(tuple(tax[name] for name in _TAX), [0, 0])
            sums[0] += tax["base"]
            sums[1] += tax["amount"]
        for tender in sale["tenders"]:
            paid = self.tenders.setdefault(tender["method"], [0, 0, 0])
            paid[0] += 1
            paid[1 if tender["amount"] > 0 else 2] += abs(tender["amount"])
            if tender["method"] == "cash":
                self.change += tender["change"]
        self.cash.hear(sale["tenders"])

    def _hear_line(self, line: Payload, kind: str) -> None:
        self.lines += 1
        self.discounts += line["discount"]
        self.shares += line["document_discount"]
        if line["gross"] < 0 and kind in ("return", "exchange"):
            self.refunds -= line["gross"]
        if line["kind"] in _HELD:
            sums = self.held.setdefault(line["kind"], [0, 0])
            sums[0 if line["gross"] > 0 else 1] += abs(line["gross"])

    def plain(self, currency: str, elsewhere: Mapping[str, int]) -> dict[str, Any]:
        """Return the sums in the form in which a Z report stands in the journal."""

        def money(minor: int, code: str = currency) -> dict[str, Any]:
            return {"minor": minor, "currency": code}

        return {
            "documents": [
                {"kind": kind, "count": self.kinds[kind][0], "gross": money(self.kinds[kind][1])}
                for kind in _DOCUMENTS
                if kind in self.kinds
            ],
            "line_count": self.lines,
            "first_number": self.numbers[0] if self.numbers else "",
            "last_number": self.numbers[-1] if self.numbers else "",
            "net": money(self.totals["net"]),
            "tax": money(self.totals["tax"]),
            "gross": money(self.totals["gross"]),
            "taxes": self._plain_taxes(currency),
            "tenders": [
                {
                    "method": method,
                    "count": self.tenders[method][0],
                    "taken": money(self.tenders[method][1]),
                    "given_back": money(self.tenders[method][2]),
                }
                for method in _METHODS
                if method in self.tenders
            ],
            "held": [
                {
                    "kind": kind,
                    "taken": money(self.held[kind][0]),
                    "given_back": money(self.held[kind][1]),
                }
                for kind in _HELD
                if kind in self.held
            ],
            "cash": {
                "base": money(self.cash.own),
                "foreign": [
                    {"count": count, "tendered": money(notes, code), "worth": money(worth)}
                    for code, (count, notes, worth) in sorted(self.cash.foreign.items())
                ],
            },
            "change": money(self.change),
            "rounding": money(self.totals["rounding"]),
            "discounts": money(self.discounts),
            "document_discounts": money(self.shares),
            "refunds": money(self.refunds),
            "elsewhere": [money(gross, code) for code, gross in sorted(elsewhere.items())],
        }

    def _plain_taxes(self, currency: str) -> list[dict[str, Any]]:
        def place(key: tuple[Any, ...]) -> tuple[Any, ...]:
            rate, fixed, included, affects_next, name, code = key
            return code, name, str(rate), str(fixed), str(included), affects_next

        return [
            {
                "tax": dict(zip(_TAX, key, strict=True)),
                "base": {"minor": self.taxes[key][0], "currency": currency},
                "amount": {"minor": self.taxes[key][1], "currency": currency},
            }
            for key in sorted(self.taxes, key=place)
        ]
