"""Looking around in the journal: what is asked for, found page by page from the newest entry back.

A million entries are read in windows, so that the first page is there at once, memory stays flat
and the work can be stopped. Words are looked for in the payloads as they were written.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from pos_app.domain.facts import FactKind
from pos_app.domain.journal import JournalEntry
from pos_app.domain.shop import ShopSettings
from pos_app.services.time_zones import shop_zone
from pos_app.store.journal_search import Sought

if TYPE_CHECKING:
    from pos_app.store.store import Store

PAGE = 100
_WINDOW, _TURN_WINDOW = 10_000, 50_000
_WINDOWS_MOST = 5  # a page that finds little ends after so many, so that it can be shown
# What was put into a cart is told after the cart was made; a clock may have been a little off.
_BEFORE_CART = timedelta(hours=1)
Check = Callable[[], None]


class FactGroup(StrEnum):
    """What kinds of facts are filtered by, in the order in which they are offered."""

    SALES = "sales"
    CART = "cart"
    CASH = "cash"
    STAFF = "staff"
    STOCK = "stock"
    DOCUMENTS = "documents"
    CATALOGUE = "catalogue"
    SETTINGS = "settings"
    SYNC = "sync"


_F = FactKind
GROUPS: dict[FactGroup, tuple[FactKind, ...]] = {
    FactGroup.SALES: (
        *(_F.SALE_COMPLETED, _F.RECEIPT_REPRINTED, _F.CARD_ASKED, _F.CARD_APPROVED),
        *(_F.CARD_DECLINED, _F.CARD_USED, _F.CARD_REVERSED, _F.CARD_OWED, _F.CARD_OWED_ENDED),
        *(_F.STORED_VALUE_CHANGED, _F.KITCHEN_TOLD, _F.KITCHEN_SLIP_REPRINTED),
    ),
    FactGroup.CART: (
        *(_F.LINE_REMOVED, _F.PRICE_OVERRIDDEN, _F.QUANTITY_LOWERED, _F.DISCOUNT_GIVEN),
        *(_F.PAYMENT_GIVEN_BACK, _F.SALE_DISCARDED, _F.SALE_PARKED, _F.SALE_RECALLED),
    ),
    FactGroup.CASH: (
        *(_F.DRAWER_OPENED, _F.SHIFT_OPENED, _F.CASH_MOVED, _F.CASH_COUNTED, _F.SHIFT_READ),
        _F.SHIFT_CLOSED,
    ),
    FactGroup.STAFF: (
        *(_F.SIGNED_IN, _F.SIGNED_OUT, _F.SIGN_IN_REFUSED, _F.APPROVAL_GIVEN),
        *(_F.APPROVAL_REFUSED, _F.STAFF_SAVED, _F.ROLE_SAVED),
    ),
    FactGroup.STOCK: (
        *(_F.STOCK_MOVED, _F.STOCK_RULE_SAVED, _F.SUPPLIER_SAVED, _F.BATCH_SAVED),
        *(_F.AVERAGE_COST_CHANGED, _F.GOODS_RECEIVED, _F.STOCK_TAKE_OPENED),
        *(_F.STOCK_TAKE_COUNTED, _F.STOCK_TAKE_CLOSED),
    ),
    FactGroup.DOCUMENTS: (
        *(_F.QUOTATION_SAVED, _F.ORDER_SAVED, _F.DELIVERY_NOTE_SAVED, _F.INVOICE_SAVED),
        *(_F.INVOICE_ISSUED, _F.INVOICE_PAID, _F.INVOICE_CREDITED, _F.INVOICE_REMINDED),
        *(_F.GOODS_TAKEN_BACK, _F.CREDIT_TERMS_SAVED, _F.CREDIT_EVALUATED),
    ),
    FactGroup.CATALOGUE: (
        *(_F.PRODUCT_SAVED, _F.PRODUCTS_IMPORTED, _F.CATEGORY_SAVED, _F.LABELS_MADE),
        *(_F.CUSTOMER_SAVED, _F.CUSTOMERS_IMPORTED, _F.CUSTOMERS_MERGED, _F.CUSTOMER_ERASED),
        *(_F.PRICE_LIST_SAVED, _F.LIST_PRICE_SAVED),
    ),
    FactGroup.SETTINGS: (_F.STORE_OPENED, _F.SETTINGS_CHANGED, _F.STORE_RESTORED, _F.EPOCH_BEGUN),
    FactGroup.SYNC: (_F.RECORD_RECEIVED,),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see; empty means all. Days are the shop's, both within."""

    groups: tuple[FactGroup, ...] = ()
    kinds: tuple[FactKind, ...] = ()
    staff: str = ""
    start: date | None = None
    end: date | None = None
    text: str = ""

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return self == Asked()


@dataclass(frozen=True, slots=True)
class Turns:
    """Entries at which the clock had gone back, as far as the journal was looked through."""

    up_to: int = 0
    seqs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Entries that were found, the newest first; `next_before` goes on, 0 at the end."""

    entries: tuple[JournalEntry, ...]
    next_before: int


def sought(asked: Asked, shop: ShopSettings) -> Sought:
    """Say what is asked for as the store looks for it, days in the shop's zone."""
    kinds = tuple(kind for group in asked.groups for kind in GROUPS[group]) + asked.kinds
    start = "" if asked.start is None else day_start(asked.start, shop)
    end = "" if asked.end is None else day_start(asked.end + timedelta(days=1), shop)
    return Sought(kinds, asked.staff, start, end, tuple(map(_pattern, asked.text.split())))


def day_start(day: date, shop: ShopSettings) -> str:
    """Return when a day begins in the shop's zone, as the journal writes moments (UTC)."""
    local = datetime.combine(day, time(), shop_zone(shop.time_zone))
    return local.astimezone(UTC).isoformat(timespec="milliseconds")


def find_page(
    store: "Store",
    asked: Asked,
    before: int = 0,
    turns: Turns | None = None,
    check: Check = lambda: None,
    limit: int = PAGE,
) -> Page:
    """Return the newest entries before a number (0: from the end) that match what is asked.

    `check` is called between windows and stops the search by raising. Days are found by halving:
    without `turns` (see `clock_turns`) entries of a time when the clock had gone back may be
    missing, with them none is. A page may hold fewer than `limit` although more follow: it ends
    after 50,000 entries, so that what was found is shown while the search goes on. Belongs off
    the counter's thread.
    """
    search, shop = store.journal.search, store.settings.shop()
    wanted, needles = sought(asked, shop), [word.casefold() for word in asked.text.split()]
    found: list[JournalEntry] = []
    windows = 0
    newest = store.journal.count() if before == 0 else before - 1
    for first, last in ranges(store, wanted, turns, newest):
        upper = last
        while upper >= first:
            check()
            if windows == _WINDOWS_MOST:
                return Page(tuple(found), upper + 1)
            windows += 1
            lower = max(first, upper - _WINDOW + 1)
            room = limit - len(found) + 1
            entries = search.window(wanted, lower, upper, room)
            found += [entry for entry in entries if _has(entry, needles)]
            if len(found) > limit:
                return Page(tuple(found[:limit]), found[limit - 1].seq)
            upper = entries[-1].seq - 1 if len(entries) == room else lower - 1
    return Page(tuple(found), 0)


def find_all(
    store: "Store",
    asked: Asked,
    turns: Turns | None = None,
    check: Check = lambda: None,
) -> Iterator[JournalEntry]:
    """Yield everything that matches, the newest first, a page at a time."""
    before = 0
    while True:
        page = find_page(store, asked, before, turns, check, 1_000)
        yield from page.entries
        if not page.next_before:
            return
        before = page.next_before


def ranges(
    store: "Store", wanted: Sought, turns: Turns | None, newest: int
) -> list[tuple[int, int]]:
    """Return the numbers (first, last) between which the days lie, the newest first."""
    if not wanted.start and not wanted.end:
        return [(1, newest)]
    search, found = store.journal.search, []
    borders = [1, *(turns.seqs if turns else ()), store.journal.count() + 1]
    for first, after in pairwise(borders):
        last = after - 1
        begins = search.first_since(wanted.start, first, last) if wanted.start else first
        ends = search.first_since(wanted.end, first, last) - 1 if wanted.end else last
        if begins <= min(ends, newest):
            found.append((begins, min(ends, newest)))
    return found[::-1]


def clock_turns(store: "Store", known: Turns = Turns(), check: Check = lambda: None) -> Turns:
    """Return where the journal's times go back, going on from what is known.

    Reads the time of each entry since then: a moment for a million.
    """
    head, seqs, after = store.journal.count(), list(known.seqs), known.up_to
    while after < head:
        check()
        last = min(after + _TURN_WINDOW, head)
        seqs += store.journal.search.turns(after + 1, last)
        after = last
    return Turns(head, tuple(seqs))


def entries_of_sale(
    store: "Store", sale_id: str, check: Check = lambda: None, *, is_quick: bool = False
) -> list[JournalEntry]:
    """Return what the journal tells of a document of the counter, in order.

    That is its own entry, what was done to its cart before (also to carts that were put into it),
    its card payments, stored values and kitchen slips, approvals that were used up by one of
    them, copies, and the documents that took it back or made it void. `is_quick` leaves out what
    was told later than the document but for those: the whole is read up to the journal's end.
    """
    own = store.journal.of_sale(sale_id)
    head = store.journal.count()
    until = own.seq if own is not None else head
    found: dict[int, JournalEntry] = {}
    first = min(_first_of_cart(store, sale_id), until)
    parts = [sale_id]
    for low, high in _windows(first, until):
        check()
        for entry in store.journal.search.naming(parts, low, high):
            found[entry.seq] = entry
    parts = [part for part in _merged_carts(found.values(), sale_id) if part != sale_id]
    if parts:
        earlier = min((_first_of_cart(store, part) for part in parts), default=first)
        for low, high in _windows(min(earlier, first), until):
            check()
            found |= {entry.seq: entry for entry in store.journal.search.naming(parts, low, high)}
    if is_quick:
        for entry in _consequences(store, sale_id):
            found[entry.seq] = entry
    else:
        for low, high in _windows(until + 1, head):
            check()
            found |= {one.seq: one for one in store.journal.search.naming([sale_id], low, high)}
    _add_approvals(store, found)
    return [found[seq] for seq in sorted(found)]


def staff_codes(store: "Store", check: Check = lambda: None) -> tuple[str, ...]:
    """Return who has written an entry; reads the whole journal in windows."""
    codes: set[str] = set()
    for low, high in _windows(1, store.journal.count()):
        check()
        codes |= store.journal.search.staff_codes(low, high)
    return tuple(sorted(codes - {""}))


def _pattern(word: str) -> str:
    """Return the SQL pattern of a word as canonical JSON writes it.

    SQLite folds the case of ASCII letters alone, so that others match anything here; `_has` looks
    closer.
    """
    escaped = json.dumps(word, ensure_ascii=False)[1:-1]
    signs = ("%" if ord(s) > 127 else f"\\{s}" if s in "%_\\" else s for s in escaped)
    return f"%{''.join(signs)}%"


def _has(entry: JournalEntry, needles: list[str]) -> bool:
    if all(needle.isascii() for needle in needles):
        return True
    folded = entry.payload.casefold()
    return all(
        needle.isascii() or json.dumps(needle, ensure_ascii=False)[1:-1] in folded
        for needle in needles
    )


def _windows(first: int, last: int) -> Iterator[tuple[int, int]]:
    for low in range(first, last + 1, _WINDOW):
        yield low, min(low + _WINDOW - 1, last)


def _first_of_cart(store: "Store", cart_id: str) -> int:
    """Return an entry from which on a cart can have been told of: its id holds when it was made."""
    try:
        made = datetime.fromtimestamp(int(cart_id.replace("-", "")[:12], 16) / 1000, UTC)
        at = (made - _BEFORE_CART).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError, OSError):
        return 1
    return store.journal.search.first_since(at, 1, store.journal.count())


def _merged_carts(entries: Iterable[JournalEntry], sale_id: str) -> set[str]:
    """Return the carts that were put into the one of the sale."""
    carts = set()
    for entry in entries:
        if entry.kind == FactKind.SALE_RECALLED.value:
            told = json.loads(entry.payload)
            if told.get("into") == sale_id:
                carts.add(str(told.get("cart", "")))
    return carts - {""}


def _consequences(store: "Store", sale_id: str) -> Iterator[JournalEntry]:
    """Yield the entries of the documents that took a document back or made it void."""
    void = store.sales.void_of(sale_id)
    later = [*store.sales.returns_of(sale_id), *([] if void is None else [void])]
    for document in later:
        entry = store.journal.of_sale(document.id)
        if entry is not None:
            yield entry


def _add_approvals(store: "Store", found: dict[int, JournalEntry]) -> None:
    """Add the approvals that stand right before an entry: one transaction used and wrote both."""
    for seq in sorted(found):
        before = seq - 1
        while before not in found:
            entry = store.journal.get(before)
            if entry is None or entry.kind != FactKind.APPROVAL_GIVEN.value:
                break
            found[before] = entry
            before -= 1


def with_text(asked: Asked, text: str) -> Asked:
    """Return what is asked with another text, without air around it."""
    return replace(asked, text=" ".join(text.split()))
