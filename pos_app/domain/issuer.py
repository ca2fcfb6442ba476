"""Who issued a document: the shop as it was that day, so that an old invoice prints as it did."""

from dataclasses import dataclass, fields, replace
from typing import Any

from pos_app.domain.document_settings import BankDetails, DocumentSettings, SellerAddress
from pos_app.domain.shop import ShopSettings


@dataclass(frozen=True, slots=True)
class Issuer:
    """What of a shop stands on its invoices and credit notes."""

    name: str
    address: tuple[str, ...]
    phone: str
    tax_number: str
    country: str
    documents: DocumentSettings


def issuer_of(shop: ShopSettings) -> Issuer:
    """Return the shop as a document issued now names it."""
    return Issuer(
        shop.name, shop.address, shop.phone, shop.tax_number, shop.country, shop.documents
    )


def shop_of(shop: ShopSettings, issuer: Issuer | None) -> ShopSettings:
    """Return the settings with the shop as it was when a document was issued.

    What the shop had not filled in then is as it is now: a missing VAT number is no reason to
    credit an invoice and write it again.
    """
    if issuer is None:
        return shop
    documents = replace(shop.documents, **_filled_in(issuer.documents))
    return replace(shop, **{**_filled_in(issuer), "documents": documents})


def _filled_in(known: Any) -> dict[str, Any]:
    """Return the fields that say something, by name."""
    values = {field.name: getattr(known, field.name) for field in fields(known)}
    return {name: value for name, value in values.items() if value not in _NOTHING}


_NOTHING = ("", (), SellerAddress(), BankDetails())
