"""What a store holds after a crash, read the way the till reads it."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pos_app.domain.cart import Cart
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind, canonical, sale_completed
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.sale import Sale
from pos_app.domain.shift import Shift
from pos_app.services.checkout import SALE_SERIES, Checkout
from pos_app.services.scanning import Outcome
from pos_app.services.shift_records import SHIFT
from pos_app.services.shifts import Z_SERIES
from pos_app.services.verification import verify
from pos_app.store.plain import to_text
from pos_app.store.store import Store, open_store
from tests.proofs.small_shop import CODES, now


@dataclass(frozen=True, slots=True)
class Found:
    """What a store holds after a crash."""

    sales: Mapping[str, str]
    numbers: tuple[str, ...]
    last_number: int
    cart: str | None
    parked: Mapping[str, str]
    moves: int
    entries: int
    waiting: frozenset[str]
    number_of: Mapping[str, str]
    records: Mapping[str, str]
    closings: tuple[int, ...]
    last_closing: int
    undone: tuple[str, ...]


def cart_text(cart: Cart | None) -> str | None:
    """A cart as text; one without lines is as good as none."""
    return None if cart is None or cart.is_empty else to_text(cart)


def sale_text(sale: Sale) -> str:
    return canonical(sale_completed(sale).payload)


def found_in(store: Store) -> Found:
    """Read what a store holds."""
    sales = [sale for _, sale in store.sales.stream()]
    parked = {p.id: store.parked.get(p.id) for p in store.parked.list()}
    journal = store.journal.entries(limit=1_000_000)
    return Found(
        sales={sale.id: sale_text(sale) for sale in sales},
        numbers=tuple(sale.number for sale in sales),
        last_number=store.sequences.last(SALE_SERIES),
        cart=cart_text(store.draft.get()),
        parked={key: cart_text(cart) or "" for key, cart in parked.items()},
        moves=sum(entry.kind == FactKind.STOCK_MOVED for entry in journal),
        entries=len(journal),
        waiting=frozenset(job.sale_id for job in store.spool.waiting() if job.sale_id),
        number_of={sale.id: sale.number for sale in sales},
        records=records_in(store),
        closings=tuple(sorted(shift.z_number for shift in _closed(store))),
        last_closing=store.sequences.last(Z_SERIES),
        undone=tuple(sale.voids for sale in sales if sale.voids),
    )


def records_in(store: Store) -> dict[str, str]:
    """What stands of everything that changes with time: a short mark of each record's state."""
    rows = store._own.database.rows("SELECT record, id, state FROM records")
    return {f"{kind}/{key}": f"{zlib.crc32(state.encode()):08x}" for kind, key, state in rows}


def _closed(store: Store) -> list[Shift]:
    return [shift for shift in store.records.all(SHIFT) if shift.is_closed]


def verified(path: Path) -> list[str]:
    """What the product's own `verify` finds wrong."""
    return [f"verify: {fault.where}: {fault.sentence}" for fault in verify(path).faults]


def goes_on(path: Path) -> list[str]:
    """What goes wrong when the next sale is rung up."""
    with open_store(path) as store:
        checkout = Checkout(store, now)
        scanned = checkout.scan(checkout.new_cart(), CODES[0])
        if scanned.outcome is Outcome.UNKNOWN:  # the shop has no catalogue yet
            return []
        try:
            checkout.complete(scanned.cart, [TenderRequest(TenderMethod.CARD)])
        except PosError as refusal:
            return [f"nothing can be sold any more: {refusal}"]
    return verified(path)
