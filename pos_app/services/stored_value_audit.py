"""Whether balances held for customers are what the documents in the journal made of them.

Each change is held against the document before it, and each balance against the one before; only
the balances themselves are in memory, however many sales there were.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pos_app.domain.facts import FactKind
from pos_app.domain.plain import UNREADABLE, from_plain
from pos_app.domain.points import PointsOfSale
from pos_app.services.heard import Heard
from pos_app.store.inspection import Inspection

Payload = Mapping[str, Any]
Located = tuple[str, str]
_MOST_FAULTS = 20
_LINES = {"gift_card": "gift_card", "deposit": "deposit", "account_payment": "account"}
_TENDERS = {
    "gift_card": "gift_card",
    "store_credit": "store_credit",
    "deposit": "deposit",
    "on_account": "account",
}
_HELD_LINES = ("gift_card", "tip", "deposit", "account_payment", "invoice_payment")


class StoredValueAudit:
    """Hears every entry in order; a wrong payload is left to other checks."""

    def __init__(self, inspection: Inspection) -> None:
        self._inspection = inspection
        self._found: list[Located] = []
        self._balances: dict[str, int] = {}
        self._sale: Payload = {}
        self._due: dict[str, int] = {}  # what the last document has still to move
        self._points: dict[str, int] = {}  # what its points have to move
        self._keeps_accounts = False
        self._hearers: dict[str, Callable[[Payload], None]] = {
            FactKind.STORE_OPENED: lambda told: self._hear_settings(told.get("settings") or {}),
            FactKind.SETTINGS_CHANGED: self._hear_settings,
            FactKind.SALE_COMPLETED: self._hear_sale,
            FactKind.STORED_VALUE_CHANGED: self._hear_change,
            FactKind.RECORD_RECEIVED: self._hear_received,
        }

    def hear(self, heard: Heard) -> None:
        """Take note of an entry."""
        hearer = self._hearers.get(heard.entry.kind)
        if hearer is None or not heard.told:
            return
        try:
            hearer(heard.told)
        except UNREADABLE:
            return  # the entry was changed, and its hash says so

    def faults(self) -> Iterator[Located]:
        """Yield what does not agree, the first document first."""
        self._settle()
        yield from self._found

    def _hear_settings(self, told: Payload) -> None:
        tenders = told.get("tenders")
        if tenders is not None:
            self._keeps_accounts = bool(tenders.get("keeps_accounts"))

    def _hear_sale(self, sale: Payload) -> None:
        self._settle()
        self._sale = sale
        owner = (sale["customer"] or {}).get("id", "")
        for line in sale["lines"]:
            self._expect(_LINES.get(line["kind"]), line["code"], owner, line["gross"])
        for tender in sale["tenders"]:
            kind = _TENDERS.get(tender["method"])
            self._expect(kind, tender["reference"], owner, -tender["amount"])

    def _expect(self, kind: str | None, reference: str, owner: str, units: int) -> None:
        if kind is None or not units or (kind == "account" and not self._keeps_accounts):
            return
        key = f"{kind}:{owner if kind == 'account' else reference}"
        self._due[key] = self._due.get(key, 0) + units

    def _hear_change(self, told: Payload) -> None:
        if told["record"] == "points_of_sale":
            self._hear_points(told)
        elif told["record"] == "stored_value":
            self._hear_balance(told)

    def _hear_balance(self, told: Payload) -> None:
        state, account = told["state"], told["id"]
        before = self._balances.get(account, 0)
        units = told.get("units", 0)
        self._compare(account, "balance before", told.get("before"), before)
        self._compare(account, "balance", state["balance"], before + units)
        self._balances[account] = state["balance"]
        if told.get("sale") is None:
            return
        if told["sale"] != self._sale.get("id"):
            self._fault(account, "moved for a document that was not just finished")
        moved = self._points if state["kind"] == "points" else self._due
        moved[account] = moved.get(account, 0) - units

    def _hear_received(self, told: Payload) -> None:
        """Head office has said what a balance is, with what other tills did to it."""
        if told["record"] == "stored_value":
            self._balances[told["id"]] = told["state"]["balance"]

    def _hear_points(self, told: Payload) -> None:
        """The points of a sale: what the document says of them, and what they are then."""
        state, before = told["state"], told["before"]
        now = from_plain(PointsOfSale, state)
        was = from_plain(PointsOfSale, {**state, **before})
        where = f"points of {told['number']}"
        self._compare(where, "earned", told["earned"], now.earned - was.earned)
        self._compare(where, "spent", told["spent"], now.spent - was.spent)
        units = now.earned - was.earned - now.spent + was.spent
        account = now.account_id
        self._points[account] = self._points.get(account, 0) + units
        if told["by"] != self._sale.get("id"):
            self._fault(where, "moved for a document that was not just finished")
        elif self._sale["kind"] in ("sale", "return", "exchange"):
            self._check_effect(where, now, was)

    def _check_effect(self, where: str, now: PointsOfSale, was: PointsOfSale) -> None:
        sale = self._sale
        is_own = now.sale_id == sale["id"]
        worth = sum(
            line["gross"]
            for line in sale["lines"]
            if line["kind"] not in _HELD_LINES
            and _origin(line) == (None if is_own else now.sale_id)
        )
        points = [t["amount"] for t in sale["tenders"] if t["method"] == "points"]
        paid, refunded = sum(a for a in points if a > 0), -sum(a for a in points if a < 0)
        if is_own:
            base = max(worth - paid, 0) if worth > 0 else worth
            self._compare(where, "base", now.base - was.base, base)
            self._compare(where, "payment", now.paid - was.paid, paid)
            self._check_rate(where, now)
        else:
            returned = now.returned - was.returned + now.refunded - was.refunded
            self._compare(where, "returned amount", returned, -worth)
            if now.refunded - was.refunded not in (0, refunded):
                self._fault(where, f"gives {now.refunded - was.refunded} back, not {refunded}")

    def _check_rate(self, where: str, now: PointsOfSale) -> None:
        if now.rate <= Decimal(0):
            self._fault(where, f"were earned at a rate of {now.rate}")

    def _settle(self) -> None:
        """The document before has to have moved all that it says by now."""
        number = self._sale.get("number", "")
        for moves in (self._due, self._points):
            for account, units in moves.items():
                if units:
                    self._fault(account, f"was not moved by {units} more, as {number} says")
            moves.clear()

    def _compare(self, where: str, name: str, told: object, wanted: object) -> None:
        if told != wanted:
            self._fault(where, f"has a {name} of {told}; the journal gives {wanted}")

    def _fault(self, where: str, sentence: str) -> None:
        if len(self._found) < _MOST_FAULTS:
            self._found.append((where, f"{where} {sentence}"))


def _origin(line: Payload) -> str | None:
    returns = line["returns"]
    return None if returns is None else returns["sale"]
