"""What a customer must be before they are saved; refusals name their field."""

from dataclasses import fields, replace

from pos_app.domain.catalogue_rules import FieldRefusal, Refusals, check_line
from pos_app.domain.customer import Customer

NOTE_LIMIT = 500
_NEEDED = frozenset({"name"})


class MailAddressWrong(FieldRefusal):
    """An e-mail address without the sign in its middle."""

    sentence = (
        "{email} is not an e-mail address. Write it like shop@example.org, or leave it empty."
    )


def customer_refusals(customer: Customer) -> Refusals:
    """Return what is wrong with a customer, by field; empty when it can be saved."""
    refusals: Refusals = {}
    for field in fields(Customer)[:-1]:
        limit = NOTE_LIMIT if field.name in ("note", "address") else 200
        text = getattr(customer, field.name)
        try:
            # A note and an address may have several lines.
            flat = text.replace("\n", " ") if field.name in ("note", "address") else text
            check_line(field.name, flat, limit, is_needed=field.name in _NEEDED)
        except FieldRefusal as refusal:
            refusals[field.name] = refusal
    if customer.email and not _is_mail_address(customer.email):
        refusals.setdefault("email", MailAddressWrong("email", email=customer.email[:60]))
    return refusals


def tidied(customer: Customer) -> Customer:
    """The customer without spaces around what was typed."""
    names = [name for name in Customer.__slots__ if name != "is_active"]
    return replace(customer, **{name: getattr(customer, name).strip() for name in names})


def _is_mail_address(text: str) -> bool:
    before, at, after = text.rpartition("@")
    return bool(at and before and after) and " " not in text
