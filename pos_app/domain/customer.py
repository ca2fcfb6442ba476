"""A customer as the till knows one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Customer:
    """Who buys: the number is the shop's, the id (UUIDv7) is ours.

    `region` is the shop's own word for where customers are, `state` the part of a country in an
    address. A customer who is not active is kept for the documents and offered no more.
    """

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
    contact: str = ""
    state: str = ""
    category: str = ""
    region: str = ""
    price_list: str = ""
    is_active: bool = True
