"""A customer as the till knows one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Customer:
    """Who buys: the number is the shop's, the id (UUIDv7) is ours."""

    id: str
    number: str
    name: str
    phone: str = ""
    email: str = ""
    tax_number: str = ""
    address: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""
    card_code: str = ""
    note: str = ""
