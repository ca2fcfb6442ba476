"""Setting the shop up: its settings saved and journalled, and its taxes shown by an example."""

from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from pos_app.domain.catalogue_rules import FieldRefusal, Refusals
from pos_app.domain.facts import Fact, FactKind
from pos_app.domain.money import Money
from pos_app.domain.payloads import cash_rounding_payload, text
from pos_app.domain.payment import CashRounding, TenderMethod, TenderRequest, settle
from pos_app.domain.pricing import PriceLine, PricePolicy, price
from pos_app.domain.settings_rules import SettingRefused, rule_refusals
from pos_app.domain.shop import ShopSettings
from pos_app.domain.tax import Tax
from pos_app.services.catalogue import tax_saved
from pos_app.services.checkout import Clock
from pos_app.services.country_presets import CountryPreset
from pos_app.services.device_setup import device_refusals
from pos_app.services.document_rules import document_refusals
from pos_app.services.time_zones import known_zone

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

EXAMPLE_QUANTITY = Decimal(3)


class CurrencyIsInUse(FieldRefusal):
    """The shop has sold in another currency already."""

    sentence = (
        "This shop has already sold in {currency}, so its currency cannot change. "
        "Start a new shop for {wanted}."
    )


class SaleIsOpen(FieldRefusal):
    """A sale that was priced by the old rules is on the screen or parked."""

    sentence = (
        "A sale is open or parked. Finish or cancel it before currency, tax or rounding change."
    )


class TimeZoneUnknown(FieldRefusal):
    """A time zone that this machine does not know."""

    sentence = "{name} is not a time zone. Write it like Europe/Dublin, or leave it empty."


class PrinterNameTwice(FieldRefusal):
    """Two printers are called the same."""

    sentence = "There is already a printer called {name}. Choose another name."


class SlipPrinterMissing(FieldRefusal):
    """A kitchen slip goes to a printer that the shop does not have."""

    sentence = (
        "The slip {title} prints on {printer}, which is not on the list. "
        "Choose another printer for the slip first."
    )


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """A sale reckoned as the shop would: what is rung up, and every figure of it."""

    quantity: Decimal
    unit_price: Decimal
    tax: Tax | None
    net: Money
    tax_amount: Money
    gross: Money
    cash_rounding: Money
    cash_due: Money


class ShopSetup:
    """The settings' use cases; every change is one transaction with its fact."""

    def __init__(self, store: "Store", now: Clock, staff: str = "1") -> None:
        self._store = store
        self._now = now
        self.staff = staff

    def save(self, shop: ShopSettings) -> ShopSettings:
        """Save the settings and journal what changed; raises a FieldRefusal."""
        before = self._store.settings.shop()
        for refusal in settings_refusals(shop).values():
            raise refusal
        check_policy(self._store, before, shop)
        changed = changed_settings(before, shop)
        if changed:
            with self._store.transaction() as tx:
                tx.settings.save(shop)
                tx.journal.append(Fact(FactKind.SETTINGS_CHANGED, changed), self._now(), self.staff)
        return shop

    def start(self, shop: ShopSettings, preset: CountryPreset) -> ShopSettings:
        """Set a new shop up for its country: settings and taxes in one transaction."""
        before = self._store.settings.shop()
        ready = for_country(shop, preset)
        for refusal in settings_refusals(ready).values():
            raise refusal
        check_policy(self._store, before, ready)
        changed = changed_settings(before, ready)
        with self._store.transaction() as tx:
            tx.settings.save(ready)
            if changed:
                tx.journal.append(Fact(FactKind.SETTINGS_CHANGED, changed), self._now(), self.staff)
            known = tx.products.taxes()
            for tax in preset.taxes:
                if tax not in known:
                    tx.products.save_tax(tax)
                    tx.journal.append(tax_saved(tax), self._now(), self.staff)
        return ready


def check_policy(source: "Store | Transaction", before: ShopSettings, after: ShopSettings) -> None:
    """Refuse other rules for prices while something is priced by the old ones.

    Raises CurrencyIsInUse or SaleIsOpen.
    """
    used, wanted = before.policy.currency, after.policy.currency
    if used != wanted and source.sales.last() is not None:
        raise CurrencyIsInUse("currency", currency=used, wanted=wanted)
    if before.policy != after.policy and _has_open_sale(source):
        raise SaleIsOpen("currency")


def _has_open_sale(source: "Store | Transaction") -> bool:
    """Whether a cart on the screen or a parked one holds prices of the rules in force."""
    draft = source.draft.get()
    return bool(source.parked.list()) or (draft is not None and draft.has_prices)


def for_country(shop: ShopSettings, preset: CountryPreset) -> ShopSettings:
    """Return the settings with what the country fixes: currency, taxes, rounding, banknotes."""
    return replace(
        shop,
        country=preset.code,
        policy=PricePolicy(preset.currency, prices_include_tax=preset.prices_include_tax),
        cash_rounding=preset.cash_rounding,
        quick_amounts=preset.banknotes,
    )


def worked_example(
    policy: PricePolicy,
    cash_rounding: CashRounding | None,
    tax: Tax | None,
    unit_price: Decimal,
    quantity: Decimal = EXAMPLE_QUANTITY,
) -> WorkedExample:
    """Reckon one line with one tax, paid in cash, by the same rules as at the till."""
    taxes = (tax,) if tax is not None else ()
    priced = price([PriceLine(quantity, unit_price, taxes=taxes)], policy)
    settled = settle(priced.gross, [TenderRequest(TenderMethod.CASH)], cash_rounding)
    return WorkedExample(
        quantity=quantity,
        unit_price=unit_price,
        tax=tax,
        net=priced.net,
        tax_amount=priced.tax,
        gross=priced.gross,
        cash_rounding=settled.rounding,
        cash_due=settled.amount_due,
    )


def settings_refusals(shop: ShopSettings) -> Refusals:
    """Return what is wrong with the settings, by field; empty when they can be saved."""
    refusals = rule_refusals(shop)
    if shop.time_zone and known_zone(shop.time_zone) is None:
        refusals.setdefault("time_zone", TimeZoneUnknown("time_zone", name=shop.time_zone[:60]))
    names = [printer.name.casefold() for printer in shop.printers]
    for printer in shop.printers:
        if names.count(printer.name.casefold()) > 1:
            refusals["printer_name"] = PrinterNameTwice("printer_name", name=printer.name)
    known = {printer.name for printer in shop.printers}
    for route in shop.kitchen:
        if route.printer not in known:
            refusals["kitchen"] = SlipPrinterMissing(
                "kitchen", title=route.title, printer=route.printer
            )
    found = device_refusals(shop.devices) | document_refusals(shop.documents)
    for field, refusal in found.items():
        refusals[field] = SettingRefused(field, reason=refusal)
    return refusals


def changed_settings(before: ShopSettings, after: ShopSettings) -> dict[str, Any]:
    """Return the new values of the settings that differ, as the journal holds them."""
    return {
        field.name: plain(getattr(after, field.name))
        for field in fields(ShopSettings)
        if getattr(before, field.name) != getattr(after, field.name)
    }


def plain(value: Any) -> Any:
    """Turn a settings value into strings, integers, booleans, lists and maps."""
    if isinstance(value, CashRounding):
        return cash_rounding_payload(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Decimal):
        return text(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value
