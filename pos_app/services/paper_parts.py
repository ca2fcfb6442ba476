"""What every paper has of the shop and the customer: addresses, bank, footer, dates."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.dates import format_date

from pos_app.domain.document import Party
from pos_app.domain.document_settings import SellerAddress
from pos_app.domain.money import Money
from pos_app.domain.shop import ShopSettings
from pos_app.printing.amounts import Writing, writing
from pos_app.printing.document_page import Address, Detail, Payment, Transfer
from pos_app.printing.document_qr import grouped_iban
from pos_app.printing.document_words import word
from pos_app.printing.printable import printable

_POSTCODE_LAST = ("GB", "IE", "US", "CA", "AU", "NZ", "IN", "EG", "SA", "AE")
_LARGE_FIRST = ("CN", "JP", "KR", "TW", "HK")


@dataclass(frozen=True, slots=True)
class Pen:
    """Who writes in which language: everything that a paper's texts depend on."""

    language: str
    shop: ShopSettings
    figures: Writing

    def word(self, key: str, **values: str) -> str:
        """Return a word of the paper."""
        return word(self.language, key, **values)

    def day(self, day: date) -> str:
        """Write a date as the reader's language does."""
        return _day(day, self.figures.locale)

    def detail(self, key: str, value: str | date | None) -> tuple[Detail, ...]:
        """Return a detail, or nothing where there is nothing to tell."""
        if not value:
            return ()
        text = self.day(value) if isinstance(value, date) else value
        return (Detail(self.word(key), text),)


def pen_for(language: str, shop: ShopSettings) -> Pen:
    """Return what a paper in a language (ISO 639-1) is written with; figures as in the country."""
    return Pen(language, shop, writing(language, shop.country, shop.time_zone))


def seller_of(shop: ShopSettings) -> Address:
    """Return the shop as letters name it."""
    own = shop.documents.address
    if own.street or own.city:
        return Address(shop.name, (*_given(own.street), *_place(own, shop.country)))
    return Address(shop.name, tuple(line for line in shop.address if line))


def buyer_of(customer: Party, pen: Pen) -> Address:
    """Return the customer's address as a letter has it; the country where it is another."""
    country = customer.country.strip().upper()
    lines = [*_given(customer.contact), *_given(*customer.address.splitlines())]
    lines += _place(customer, country or pen.shop.country)
    if country and country != pen.shop.country:
        lines.append(_country_name(country, pen.figures.locale))
    return Address(customer.name, tuple(lines))


def contact_of(shop: ShopSettings) -> tuple[str, ...]:
    """Return how the shop is reached."""
    return _given(shop.phone, shop.documents.email, shop.documents.website)


def footer_of(pen: Pen) -> tuple[tuple[str, ...], ...]:
    """Return the columns at the foot: the shop, how to reach it, its numbers, its bank."""
    shop, seller = pen.shop, seller_of(pen.shop)
    settings, bank = shop.documents, shop.documents.bank
    numbers = (
        _named(pen, "vat_id", settings.vat_id),
        "" if shop.tax_number == settings.vat_id else _named(pen, "tax_number", shop.tax_number),
        settings.register,
    )
    account = (bank.bank, grouped_iban(bank.iban), _named(pen, "bic", bank.bic))
    columns = (
        (seller.name, *seller.lines),
        contact_of(shop),
        _given(*numbers),
        _given(*account) if bank.iban else (),
    )
    return tuple(column for column in columns if column)


def payment_of(pen: Pen, amount: Money, reference: str) -> Payment | None:
    """Return where to pay an amount, with a code for banks' apps; None without an account."""
    bank = pen.shop.documents.bank
    if not bank.iban.strip() or amount.minor <= 0:
        return None
    holder = bank.holder or pen.shop.name
    details = (
        *pen.detail("holder", holder),
        *pen.detail("iban", grouped_iban(bank.iban)),
        *pen.detail("bic", bank.bic),
        *pen.detail("bank", bank.bank),
        *pen.detail("remittance", reference),
    )
    transfer = Transfer(holder, bank.iban, bank.bic, amount, reference)
    return Payment(pen.word("payment_heading"), details, transfer, pen.word("scan"))


def logo_of(shop: ShopSettings) -> str:
    """Return the path of the logo for papers; the receipt's where they have none of their own."""
    return shop.documents.logo_path or shop.receipt.logo_path


def _named(pen: Pen, key: str, value: str) -> str:
    return f"{pen.word(key)} {value}" if value else ""


def _given(*texts: str) -> tuple[str, ...]:
    return tuple(text.strip() for text in texts if text.strip())


def _place(address: Party | SellerAddress, country: str) -> tuple[str, ...]:
    """Return the lines with the city, in the order that the country's post wants."""
    city, state, postcode = address.city, address.state, address.postcode
    if country in _LARGE_FIRST:
        return _given(" ".join(_given(state, city, postcode)))
    if country in _POSTCODE_LAST:
        return _given(" ".join(_given(city, state, postcode)))
    return _given(" ".join(_given(postcode, city)), state)


def _country_name(country: str, locale: Locale) -> str:
    name = locale.territories.get(country, country)
    return printable(str(name)).upper()


@lru_cache(maxsize=512)
def _day(day: date, locale: Locale) -> str:
    return printable(format_date(day, "medium", locale=locale))
