"""What people call the parts of a customer's record, risks, and what moves an account."""

from pos_app.domain.credit import Risk
from pos_app.domain.statement import EntryKind
from pos_app.services.customer_merges import Likeness
from pos_app.texts import t


def customer_field_words() -> dict[str, str]:
    """Return the label of each field of a customer."""
    return {
        "name": t("Name"),
        "number": t("Number"),
        "contact": t("Contact"),
        "phone": t("Phone"),
        "email": t("E-mail"),
        "card_code": t("Card"),
        "address": t("Address"),
        "postcode": t("Postcode"),
        "city": t("Town"),
        "state": t("State or province"),
        "country": t("Country"),
        "tax_number": t("Tax number"),
        "category": t("Customer group"),
        "region": t("Region"),
        "price_list": t("Price list"),
        "note": t("Note"),
        "is_active": t("Active"),
        "credit_limit": t("Credit limit"),
        "credit_days": t("Days to pay"),
        "bank_name": t("Bank"),
        "bank_account": t("Bank account"),
        "payment_terms": t("Payment terms"),
    }


def risk_words() -> dict[Risk, str]:
    """Return the word for each risk."""
    return {Risk.LOW: t("Low"), Risk.MEDIUM: t("Medium"), Risk.HIGH: t("High")}


def entry_words() -> dict[EntryKind, str]:
    """Return the word for what moves an account."""
    return {
        EntryKind.INVOICE: t("Invoice"),
        EntryKind.PAYMENT: t("Payment"),
        EntryKind.PAID_BACK: t("Paid back"),
        EntryKind.CREDIT_NOTE: t("Credit note"),
        EntryKind.ACCOUNT_SALE: t("Bought on account"),
        EntryKind.ACCOUNT_RETURN: t("Returned to the account"),
        EntryKind.ACCOUNT_PAYMENT: t("Paid to the account"),
    }


def age_words() -> tuple[str, ...]:
    """Return the titles of the ages of what is owed, the youngest first."""
    return (
        t("Not due yet"),
        t("1 to 30 days late"),
        t("31 to 60 days late"),
        t("61 to 90 days late"),
        t("Over 90 days late"),
    )


def likeness_words() -> dict[Likeness, str]:
    """Return why two records may be one customer."""
    return {
        Likeness.EMAIL: t("Same e-mail"),
        Likeness.PHONE: t("Same phone"),
        Likeness.TAX_NUMBER: t("Same tax number"),
        Likeness.NAME_AND_POSTCODE: t("Same name and postcode"),
    }


def status_word(*, is_active: bool) -> str:
    """Return whether a customer is still offered."""
    return t("Active") if is_active else t("Inactive")
