"""Kitchen and pick-up slips: made in the transaction of the sale, printed when their turn comes."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from pos_app.domain.cart import Cart, SaleKind
from pos_app.domain.facts import Fact, FactKind
from pos_app.domain.kitchen import (
    KitchenItem,
    KitchenOrder,
    KitchenRoute,
    KitchenSlip,
    NothingForTheKitchen,
    items_for,
    items_of,
    still_to_tell,
)
from pos_app.domain.plain import UNREADABLE, from_text, to_text
from pos_app.domain.sale import Sale
from pos_app.domain.shop import PrinterSettings, ShopSettings
from pos_app.services.print_jobs import JobKind
from pos_app.store.products import Products
from pos_app.store.records import RecordKind
from pos_app.store.spool import PrintJob
from pos_app.store.transaction import Transaction

log = logging.getLogger(__name__)

KITCHEN_ORDER = RecordKind("kitchen_order", KitchenOrder, id_of=lambda order: order.id)
# What is taken back was made already; an adjustment moves no plate.
_IS_MADE = (SaleKind.SALE, SaleKind.EXCHANGE)

Categories = dict[str, str | None]


def has_slips(sale: Sale, shop: ShopSettings, products: Products) -> bool:
    """Tell whether something of a sale goes to the kitchen."""
    items = items_of(sale.lines) if shop.kitchen and sale.kind in _IS_MADE else ()
    category_of = _categories(products, items)
    return any(items_for(route, items, category_of) for route in shop.kitchen)


def keep_sold(tx: Transaction, sale: Sale, at: datetime) -> list[str]:
    """Keep the slips of a finished sale; return the names of the printers they wait for.

    What was told when the sale was put aside is not told again: only what differs is.
    """
    if sale.kind is SaleKind.VOID:
        return _keep_undone(tx, sale, at)
    if sale.kind not in _IS_MADE:
        return []
    order = _known(tx, sale.id)
    slip = _slip(sale, order.name, at)
    return _keep(tx, _slips(tx, tx.settings.shop().kitchen, items_of(sale.lines), order, slip))


def keep_parked(tx: Transaction, cart: Cart, name: str, at: datetime, staff: str) -> list[str]:
    """Keep the slips of a sale that is put aside, and remember its name and what was told."""
    known = _known(tx, cart.id)
    items = items_of(cart.lines) if cart.kind in _IS_MADE else ()
    order = replace(known, name=name)
    slip = KitchenSlip("", (), at, staff, name=name, note=cart.note)
    return _tell_parked(tx, items, order, known, slip)


def keep_discarded(tx: Transaction, cart: Cart, at: datetime, staff: str) -> list[str]:
    """Tell the kitchen that what it was told of a sale is not wanted any more."""
    known = _known(tx, cart.id)
    if not known.told:
        return []
    slip = KitchenSlip("", (), at, staff, name=known.name)
    return _tell_parked(tx, (), known, known, slip)


def keep_copies(tx: Transaction, sale: Sale, at: datetime, staff: str) -> list[str]:
    """Keep all slips of a sale once more, marked as copies, and write that down.

    Raises NothingForTheKitchen where no line belongs on one.
    """
    items = items_of(sale.lines) if sale.kind in _IS_MADE else ()
    order = _known(tx, sale.id)
    slip = replace(_slip(sale, order.name, sale.stamp.at), is_copy=True)
    routes = [replace(route, copies=1) for route in tx.settings.shop().kitchen]
    printers = _keep(tx, _slips(tx, routes, items, KitchenOrder(sale.id), slip), at)
    if not printers:
        raise NothingForTheKitchen()
    told = {"sale": sale.id, "number": sale.number}
    tx.journal.append(Fact(FactKind.KITCHEN_SLIP_REPRINTED, told), at, staff)
    return printers


def slip_bytes(job: PrintJob, shop: ShopSettings, printer: PrinterSettings) -> bytes:
    """Return the bytes of a slip that waited as plain values."""
    from pos_app.printing.kitchen_slip import render_kitchen_slip  # noqa: PLC0415 - at the first one

    slip = from_text(KitchenSlip, job.payload.decode())
    return render_kitchen_slip(slip, shop, printer)


def _keep_undone(tx: Transaction, void: Sale, at: datetime) -> list[str]:
    """Tell the kitchen that a sale of the same day was undone, by the number that it knows."""
    original = tx.sales.get(void.voids or "")
    if original is None or original.stamp.business_day != void.stamp.business_day:
        return []
    gone = [replace(item, quantity=-item.quantity) for item in items_of(original.lines)]
    slip = replace(_slip(void, _known(tx, original.id).name, at), number=original.number)
    routes = tx.settings.shop().kitchen
    slips = _slips(tx, routes, gone, KitchenOrder(void.id), slip)
    return _keep(tx, [(route, replace(one, is_change=True)) for route, one in slips])


def _known(tx: Transaction, sale_id: str) -> KitchenOrder:
    """What the kitchen knows of a sale; a damaged record must not keep a sale from ending."""
    try:
        return tx.records.get(KITCHEN_ORDER, sale_id) or KitchenOrder(sale_id)
    except UNREADABLE:
        log.exception("the kitchen's record of %s cannot be read", sale_id)
        return KitchenOrder(sale_id)


def _tell_parked(
    tx: Transaction,
    items: Sequence[KitchenItem],
    order: KitchenOrder,
    known: KitchenOrder,
    slip: KitchenSlip,
) -> list[str]:
    routes = [route for route in tx.settings.shop().kitchen if route.prints_when_parked]
    printers = _keep(tx, _slips(tx, routes, items, known, slip))
    told = replace(order, told=tuple(items) if routes else ())
    if told != known:
        tx.records.put(KITCHEN_ORDER, told, FactKind.KITCHEN_TOLD, slip.at, slip.staff)
    return printers


def _slips(
    tx: Transaction,
    routes: Iterable[KitchenRoute],
    items: Sequence[KitchenItem],
    order: KitchenOrder,
    slip: KitchenSlip,
) -> Iterator[tuple[KitchenRoute, KitchenSlip]]:
    """Yield the slip of each route that has something to tell."""
    category_of = _categories(tx.products, (*items, *order.told))
    for route in routes:
        mine = items_for(route, items, category_of)
        told = items_for(route, order.told, category_of) if route.prints_when_parked else ()
        news = still_to_tell(mine, told)
        if news:
            yield route, replace(slip, title=route.title, items=news, is_change=bool(told))


def _keep(
    tx: Transaction,
    slips: Iterable[tuple[KitchenRoute, KitchenSlip]],
    at: datetime | None = None,
) -> list[str]:
    printers = []
    for route, slip in slips:
        payload = to_text(slip).encode()
        kind = JobKind.SLIP_COPY if slip.is_copy else JobKind.SLIP
        for _ in range(max(route.copies, 1)):
            tx.spool.add(PrintJob(route.printer, kind.value, payload, at or slip.at))
        printers.append(route.printer)
    return printers


def _slip(sale: Sale, name: str, at: datetime) -> KitchenSlip:
    """What stands on every slip of a sale, before it is known whose slip it is."""
    return KitchenSlip("", (), at, sale.stamp.staff, sale.number, name, sale.note)


def _categories(products: Products, items: Iterable[KitchenItem]) -> Categories:
    found: Categories = {}
    for item in items:
        if item.product_id not in found:
            product = products.get(item.product_id)
            found[item.product_id] = None if product is None else product.category_id
    return found
