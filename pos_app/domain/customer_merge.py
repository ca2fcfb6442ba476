"""Two records of one customer: which texts stay, and where the other one went."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError

# What of a customer can be taken over from the other record; the number and the card stay codes.
MERGED_FIELDS = (
    "name",
    "contact",
    "phone",
    "email",
    "tax_number",
    "address",
    "postcode",
    "city",
    "state",
    "country",
    "category",
    "region",
    "price_list",
    "note",
)


class SameCustomer(PosError):
    """Both records are the same one."""

    sentence = "{name} cannot be merged with itself. Choose the other record."


class MergedAlready(PosError):
    """One of the records went into another one before."""

    sentence = "{name} was merged into another customer already. Open that one."


@dataclass(frozen=True, slots=True)
class CustomerMerge:
    """One record went into another: whose, which codes it had, by whom and when (UTC).

    Its documents keep the names they were made with and are shown with those of the survivor.
    """

    merged_id: str
    survivor_id: str
    number: str
    name: str
    card_code: str
    staff: str
    at: datetime


def merged_customer(survivor: Customer, other: Customer, chosen: Mapping[str, str]) -> Customer:
    """Return the survivor with the chosen texts; a card it lacks is taken over.

    `chosen` says by field whose text stays: "other" for the other record's. Raises SameCustomer.
    """
    if survivor.id == other.id:
        raise SameCustomer(name=survivor.name)
    taken = {name: getattr(other, name) for name in MERGED_FIELDS if chosen.get(name) == "other"}
    card = survivor.card_code or other.card_code
    return replace(survivor, **taken, card_code=card, is_active=True)


def suggested(survivor: Customer, other: Customer) -> dict[str, str]:
    """Return whose text to keep by field: the survivor's, unless only the other has any."""
    return {
        name: "other" if not getattr(survivor, name) and getattr(other, name) else "survivor"
        for name in MERGED_FIELDS
    }


def put_away(other: Customer, survivor: Customer) -> Customer:
    """Return the other record as it is kept: offered no more.

    Its card goes over to a survivor who has none; otherwise it keeps it and finds the survivor.
    """
    card = other.card_code if survivor.card_code else ""
    return replace(other, is_active=False, card_code=card)
