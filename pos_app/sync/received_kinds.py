"""How each kind of thing from head office is read, compared and written at a till.

Every write goes through the store's own writers and is told to the journal with `received`, so
that the store still proves itself, and head office knows that it is no change of the till's.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pos_app.domain.catalogue_rules import product_refusals
from pos_app.domain.errors import PosError
from pos_app.domain.facts import Fact, FactKind
from pos_app.domain.machine_settings import with_machine_of
from pos_app.domain.payload_reading import category_of, customer_of, product_of, tax_of, unit_of
from pos_app.domain.payloads import customer_payload, product_payload
from pos_app.domain.product import Product
from pos_app.domain.shop import ShopSettings
from pos_app.services.catalogue import category_saved, tax_saved, unit_saved
from pos_app.services.product_import import unit_payloads
from pos_app.services.shop_setup import changed_settings, check_policy, settings_refusals
from pos_app.store.base_revision import RECEIVED
from pos_app.store.plain import from_plain, to_plain
from pos_app.sync.connections import office_connection_in, put_office_connection
from pos_app.sync.entered_connections import office_connection
from pos_app.sync.received_refusals import GroupNotHere
from pos_app.sync.wire import Thing

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

    Source = Store | Transaction

Told = Mapping[str, Any]
Owners = Mapping[str, tuple[str, str]]  # whose a code is: id and name, by code


@dataclass(frozen=True, slots=True)
class Coming:
    """A thing on its way in: what the till has of it (or None), and what shall stand."""

    thing: Thing
    known: Any
    value: Any


@dataclass(frozen=True, slots=True)
class Moment:
    """When things are written, and the latest revision among them."""

    now: datetime
    revision: int


Write = Callable[["Transaction", Sequence[Coming], Moment], None]


def _no_codes(_value: Any) -> tuple[str, ...]:
    return ()


def _no_owners(_source: "Source", _codes: Sequence[str]) -> Owners:
    return {}


def _nothing_to_release(_tx: "Transaction", _ids: Iterable[str]) -> None:
    return None


def _stays(known: Any) -> Any:
    return known


def _nobody_refused(_source: "Source", _coming: Sequence[Coming]) -> Mapping[str, PosError]:
    return {}


@dataclass(frozen=True, slots=True)
class ThingKind:
    """How a kind is handled.

    `read` makes what shall stand from what was told and what is known; it raises what
    `store.plain.UNREADABLE` lists, or gives None for what this till does not need. `gone` is what
    is left of a thing that head office has no more. No two things of a kind have one code.
    `read_early` reads without the store, before the turn to write is taken.
    """

    known: Callable[["Source", str], Any]
    read: Callable[["Source", Told, Any], Any]
    write: Write
    gone: Callable[[Any], Any] = _stays
    codes: Callable[[Any], tuple[str, ...]] = _no_codes
    owners: Callable[["Source", Sequence[str]], Owners] = _no_owners
    release: Callable[["Transaction", Iterable[str]], None] = _nothing_to_release
    refuse: Callable[["Source", Sequence[Coming]], Mapping[str, PosError]] = _nobody_refused
    read_early: Callable[[Told], Any] | None = None


def told_as_received(fact: Fact, revision: int) -> Fact:
    """Return a fact that says of itself that it came from head office."""
    return Fact(fact.kind, {**fact.payload, RECEIVED: revision})


def inactive(known: Any) -> Any:
    """Return a thing that is kept for the documents and offered no more."""
    return replace(known, is_active=False)


def _append(tx: "Transaction", fact: Fact, moment: Moment) -> None:
    tx.journal.append(told_as_received(fact, moment.revision), moment.now, "")


def _write_units(tx: "Transaction", coming: Sequence[Coming], moment: Moment) -> None:
    for one in coming:
        tx.products.save_unit(one.value)
        _append(tx, unit_saved(one.value), moment)


def _write_taxes(tx: "Transaction", coming: Sequence[Coming], moment: Moment) -> None:
    for one in coming:
        tx.products.save_tax(one.value)
        _append(tx, tax_saved(one.value), moment)


def _write_categories(tx: "Transaction", coming: Sequence[Coming], moment: Moment) -> None:
    for one in coming:
        tx.products.save_category(one.value)
        _append(tx, category_saved(one.value), moment)


def _read_settings(source: "Source", told: Told, known: ShopSettings) -> ShopSettings:
    shop: ShopSettings = from_plain(ShopSettings, with_machine_of(to_plain(known), told))
    for refusal in settings_refusals(shop).values():
        raise refusal
    check_policy(source, known, shop)
    return shop


def _write_settings(tx: "Transaction", coming: Sequence[Coming], moment: Moment) -> None:
    for one in coming:
        tx.settings.save(one.value)
        changed = changed_settings(one.known, one.value)
        _append(tx, Fact(FactKind.SETTINGS_CHANGED, changed), moment)


def _read_product(source: "Source", told: Told, _known: Any) -> Product:
    return _checked(product_of(told, () if told.get("units") else source.products.units()))


def _checked(product: Product) -> Product:
    for refusal in product_refusals(product).values():
        raise refusal
    return product


def _without_group(source: "Source", coming: Sequence[Coming]) -> Mapping[str, PosError]:
    groups = {category.id for category in source.products.categories()}
    return {
        one.thing.id: GroupNotHere(name=one.value.name)
        for one in coming
        if one.value.category_id is not None and one.value.category_id not in groups
    }


def _write_products(tx: "Transaction", coming: Sequence[Coming], moment: Moment) -> None:
    products = [one.value for one in coming]
    tx.products.save_many(products)
    payload = {
        "units": unit_payloads(product.unit for product in products),
        "products": [product_payload(product) for product in products],
    }
    _append(tx, Fact(FactKind.PRODUCTS_IMPORTED, payload), moment)


def _write_customers(tx: "Transaction", coming: Sequence[Coming], moment: Moment) -> None:
    for one in coming:
        tx.customers.save(one.value)
    payload = {"customers": [customer_payload(one.value) for one in coming]}
    _append(tx, Fact(FactKind.CUSTOMERS_IMPORTED, payload), moment)


def _read_connection(_source: "Source", told: Told, known: Any) -> Any:
    """A connection that stands keeps its beginning: what was sent since stays sent."""
    coming = office_connection(told)
    if coming is None or known is None:
        return coming
    return replace(coming, connection=replace(coming.connection, since=known.connection.since))


def _write_connections(tx: "Transaction", coming: Sequence[Coming], moment: Moment) -> None:
    """Keep lines to other systems; as with the till's own, the journal is not told of them."""
    for one in coming:
        put_office_connection(tx, one.thing.id, one.value, moment.now)


def _of_code(values: Iterable[Any], code: str) -> Any:
    return next((value for value in values if value.code == code), None)


UNIT = ThingKind(
    known=lambda source, code: _of_code(source.products.units(), code),
    read=lambda _source, told, _known: unit_of(told),
    write=_write_units,
)
TAX = ThingKind(
    known=lambda source, code: _of_code(source.products.taxes(), code),
    read=lambda _source, told, _known: tax_of(told),
    write=_write_taxes,
)
CATEGORY = ThingKind(
    known=lambda source, category_id: next(
        (one for one in source.products.categories() if one.id == category_id), None
    ),
    read=lambda _source, told, _known: category_of(told),
    write=_write_categories,
)
SETTINGS = ThingKind(
    known=lambda source, _id: source.settings.shop(),
    read=_read_settings,
    write=_write_settings,
)
PRODUCT = ThingKind(
    known=lambda source, product_id: source.products.get(product_id),
    read=_read_product,
    write=_write_products,
    gone=inactive,
    codes=lambda product: (product.code, *product.barcodes) if product.is_active else (),
    owners=lambda source, codes: source.products.owners(codes),
    release=lambda tx, ids: tx.products.release_codes(ids),
    refuse=_without_group,
    read_early=lambda told: _checked(product_of(told)),
)
CUSTOMER = ThingKind(
    known=lambda source, customer_id: source.customers.get(customer_id),
    read=lambda _source, told, _known: customer_of(told),
    write=_write_customers,
    gone=inactive,
    codes=lambda customer: (customer.number, customer.card_code),
    owners=lambda source, codes: source.customers.owners(codes),
    release=lambda tx, ids: tx.customers.release_codes(ids),
    read_early=customer_of,
)
CONNECTION = ThingKind(
    known=office_connection_in,
    read=_read_connection,
    write=_write_connections,
    gone=lambda _known: None,
)
