"""A shop that holds value for its customers: gift cards, store credit, points and accounts."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from pos_app.domain.customer import Customer
from pos_app.domain.payment import TenderMethod
from pos_app.domain.shop import ShopSettings
from pos_app.domain.stored_value import ValueKind
from pos_app.domain.tender_settings import HeldValueSettings, PointsSettings, TenderSettings
from pos_app.domain.value_numbers import number_of
from pos_app.services.customers import Customers
from pos_app.services.shop_setup import ShopSetup
from pos_app.store.store import Store
from tests.store.shops import START, new_shop

ANNA = Customer("01900000-0000-7000-a000-000000000001", "C1", "Quayside Hotel")
BERT = Customer("01900000-0000-7000-a000-000000000002", "C2", "Quarry Works")
ALL_ON = TenderSettings(
    methods=tuple(m for m in TenderMethod if m not in (TenderMethod.CASH, TenderMethod.CARD)),
    points=PointsSettings(Decimal("0.3"), Decimal("0.07")),
    tips=True,
    keeps_accounts=True,
    credit_limit=Decimal(100),
    held=HeldValueSettings(),
)


def held_shop(path: Path, tenders: TenderSettings = ALL_ON) -> Store:
    """A small shop with customers and everything switched on."""
    store = new_shop(path)
    setup = ShopSetup(store, lambda: START)
    setup.save(replace(store.settings.shop(), tenders=tenders))
    for customer in (ANNA, BERT):
        Customers(store, lambda: START).save(customer)
    return store


def card_number(serial: int, kind: ValueKind = ValueKind.GIFT_CARD) -> str:
    """The number with a serial, or the next one that may be used."""
    return number_of(kind, serial) or card_number(serial + 100_000, kind)


def shop_with(tenders: TenderSettings) -> ShopSettings:
    return ShopSettings(tenders=tenders)
