"""A sale of the Retail Sale API as head office's own: numbers become things, texts become moments.

What no table of ours has a place for is kept in a note: names as they were sent, the offset of the
date, what the lines called warehouse and category.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from pos_app.domain.customer import Customer
from pos_app.domain.document import FIRST_YEAR, LAST_YEAR, LineWithoutName
from pos_app.domain.errors import PosError
from pos_app.domain.given_sale import GivenLine, GivenSale, GivenTax
from pos_app.domain.money import Money
from pos_app.domain.payload_reading import tax_of
from pos_app.domain.payment import TenderMethod
from pos_app.domain.product import Product
from pos_app.domain.tax import Tax
from pos_app.server.apis.retail_shapes import ItemSent, PaymentMethod, SaleSent, TaxSent
from pos_app.server.companies import shop_of
from pos_app.server.number_kinds import LOCATION, PRODUCT, WAREHOUSE
from pos_app.server.office_desk import CustomerUnknown, OfficeDesk
from pos_app.server.office_sales import products_of, stamp_of
from pos_app.server.series import ids_of_numbers, number_of
from pos_app.server.tables import listed, things
from pos_app.server.thing_kinds import CUSTOMER, TAX

TENDERS = {
    PaymentMethod.CASH: TenderMethod.CASH,
    PaymentMethod.CARD: TenderMethod.CARD,
    PaymentMethod.CREDIT: TenderMethod.ON_ACCOUNT,
    PaymentMethod.TRANSFER: TenderMethod.BANK_TRANSFER,
}
_DATE = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII
)


class ItemUnknown(PosError):
    """An item that the company does not have."""

    sentence = "There is no item {id}. Look at the catalogue, or leave itemId out for a free line."


class PlaceUnknown(PosError):
    """A stock location that the company does not have."""

    sentence = "There is no stock location {id}. Look at the stock of the item, or leave it out."


class WarehouseUnknown(PosError):
    """A warehouse that is not the key's shop."""

    sentence = "Warehouse {id} is not that of this key, which is {own}. Send that, or leave it out."


class SaleDateWrong(PosError):
    """A date that cannot be read, or of another age."""

    sentence = "{date} is no date of a sale. Write it like 2026-02-20T10:30:00.000+0530."


@dataclass(frozen=True, slots=True)
class _Known:
    """What the lines of a sale name: products and places by number, taxes by name and rate."""

    products: dict[int, Product]
    locations: dict[int, str]
    taxes: dict[tuple[str, Decimal], Tax]


@dataclass(frozen=True, slots=True)
class SaleMoment:
    """When a sale was: the moment (UTC), the day that was written, and both as they are shown."""

    at: datetime
    day: date
    shown: str


def given_sale(desk: OfficeDesk, sent: SaleSent) -> tuple[GivenSale, dict[str, Any]]:
    """Return a sale in our own terms, and the note to be kept with it.

    Raises ItemUnknown, PlaceUnknown, WarehouseUnknown, SaleDateWrong, LineWithoutName,
    NotWholeMinorUnits, TaxOutOfRange.
    """
    moment = moment_of(sent.sale_date, desk)
    currency = desk.currency
    known = _known(desk, sent)
    warehouse = number_of(desk.connection, desk.company_id, WAREHOUSE, desk.shop_code)
    for item in sent.items:
        if item.warehouse_id not in (None, warehouse):
            raise WarehouseUnknown(id=item.warehouse_id, own=warehouse)
    given = GivenSale(
        id=desk.new_id(),
        number=sent.sale_number,
        stamp=stamp_of(desk, moment.at, moment.day, sent.created_by or ""),
        lines=tuple(_line(item, known, currency) for item in sent.items),
        method=TENDERS[sent.payment_method],
        discount=Money.of(sent.discount or Decimal(0), currency),
        total=_money(sent.total_amount, currency),
        customer=_customer_of(desk, sent.customer_phone or ""),
        note=sent.notes or "",
    )
    return given, {
        "digest": digest_of(sent),
        "customerName": sent.customer_name or "",
        "customerPhone": sent.customer_phone or "",
        "saleDate": moment.shown,
        "paymentMethod": sent.payment_method.value,
        "createdBy": sent.created_by or desk.staff,
        "items": [
            {"categoryId": item.category_id, "categoryName": item.category_name}
            for item in sent.items
        ],
    }


def digest_of(sent: SaleSent) -> str:
    """Return the SHA-256 (hex) of what a sale says, however it was written."""
    plain = sent.model_dump(mode="python")
    written = json.dumps(plain, sort_keys=True, default=_written)
    return hashlib.sha256(written.encode()).hexdigest()


def moment_of(written: str | None, desk: OfficeDesk) -> SaleMoment:
    """Return when a sale was; without a date now, without an offset by the shop's clock.

    Raises SaleDateWrong.
    """
    zone = ZoneInfo(shop_of(desk.connection, desk.company_id, desk.shop_code).time_zone)
    if written is None:
        return _moment(desk.now.astimezone(zone))
    moment = _read_moment(written.strip())
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise SaleDateWrong(date=written[:40])
    return _moment(moment.replace(tzinfo=zone) if moment.tzinfo is None else moment)


def shown_moment(moment: datetime) -> str:
    """Write a moment as the API does: 2026-02-20T10:30:00.000+0530."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}{moment:%z}"


def _read_moment(written: str) -> datetime | None:
    found = _DATE.fullmatch(written)
    if found is None:
        return None
    day, time, fraction, offset = found.groups()
    milliseconds = f"{(fraction or '.')[1:]:0<3}"[:3]
    try:
        return datetime.fromisoformat(f"{day}T{time or '00:00:00'}.{milliseconds}{offset or ''}")
    except ValueError:  # the 30th of February, an hour 25
        return None


def _moment(moment: datetime) -> SaleMoment:
    at = moment.astimezone(UTC)
    whole = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return SaleMoment(whole, moment.date(), shown_moment(moment))


def _known(desk: OfficeDesk, sent: SaleSent) -> _Known:
    """Read everything that the lines name; raises ItemUnknown or PlaceUnknown."""
    where = desk.connection, desk.company_id
    items = {item.item_id for item in sent.items if item.item_id is not None}
    places = {item.stock_location_id for item in sent.items if item.stock_location_id is not None}
    ids = ids_of_numbers(*where, PRODUCT, items)
    found = products_of(*where, ids.values())
    products = {number: found[ids[number]] for number in items if ids.get(number) in found}
    locations = ids_of_numbers(*where, LOCATION, places)
    for number in sorted(items - set(products)):
        raise ItemUnknown(id=number)
    for number in sorted(places - set(locations)):
        raise PlaceUnknown(id=number)
    has_taxes = any(item.taxes for item in sent.items)
    return _Known(products, locations, _known_taxes(desk) if has_taxes else {})


def _line(item: ItemSent, known: _Known, currency: str) -> GivenLine:
    product = None if item.item_id is None else known.products[item.item_id]
    name = item.item_name or ("" if product is None else product.name)
    if not name.strip():
        raise LineWithoutName(price=item.unit_price)
    taxes = None
    if item.taxes is not None:
        taxes = tuple(_tax(one, known.taxes, currency) for one in item.taxes)
    return GivenLine(
        name=name,
        quantity=item.quantity,
        unit_price=item.unit_price,
        subtotal=_money(item.sub_total, currency),
        product=product,
        taxes=taxes,
        tax=_money(item.tax_amount, currency),
        location=known.locations.get(item.stock_location_id or 0, ""),
    )


def _tax(sent: TaxSent, known: dict[tuple[str, Decimal], Tax], currency: str) -> GivenTax:
    tax = known.get((sent.tax_name.casefold(), sent.tax_percentage))
    if tax is None:
        tax = Tax(rate=sent.tax_percentage, included=False, name=sent.tax_name)
    return GivenTax(tax, _money(sent.tax_amount, currency))


def _known_taxes(desk: OfficeDesk) -> dict[tuple[str, Decimal], Tax]:
    """Return the company's taxes by name and rate, beside the price whatever they usually are."""
    states = desk.connection.execute(
        select(things.c.state)
        .where(things.c.company_id == desk.company_id, things.c.kind == TAX)
        .order_by(things.c.id.desc())
    ).scalars()
    found = {}
    for state in states:
        tax = tax_of({**json.loads(state), "included": False})
        if tax.rate is not None:
            found[tax.name.casefold(), tax.rate] = tax
    return found


def _customer_of(desk: OfficeDesk, phone: str) -> Customer | None:
    """Return the one customer with a phone number; nobody where there are several or none."""
    if not phone.strip():
        return None
    ids = desk.connection.execute(
        select(listed.c.id)
        .where(
            listed.c.company_id == desk.company_id,
            listed.c.kind == CUSTOMER,
            listed.c.phone == phone.strip(),
        )
        .limit(2)
    ).scalars()
    found = list(ids)
    if len(found) != 1:
        return None
    try:
        return desk.customer(found[0])
    except CustomerUnknown:
        return None


def _money(amount: Decimal | None, currency: str) -> Money | None:
    return None if amount is None else Money.of(amount, currency)


def _written(value: object) -> str:
    """Write an amount the same way however many zeros it came with."""
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:f}"
    return str(value)
