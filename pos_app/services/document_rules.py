"""What is wrong with the settings of sales documents, by field."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from re import fullmatch

from pos_app.domain.catalogue_rules import COLOUR_FORM, ColourWrong, check_line
from pos_app.domain.document import TEXT_LIMIT, check_text
from pos_app.domain.document_settings import DocumentSettings, check_prefix
from pos_app.domain.errors import PosError
from pos_app.domain.iban import check_bic, check_iban, compact
from pos_app.services.customers import MailAddressWrong
from pos_app.services.device_setup import NoSuchPicture

MOST_DAYS = 3650  # ten years
MOST_REMINDERS = 9
LONGEST_LINE = 200
SERIES_FIELDS = (
    "quotation_prefix",
    "order_prefix",
    "delivery_note_prefix",
    "invoice_prefix",
    "return_prefix",
)
_LONG_TEXTS = ("payment_terms", "shipping_terms", "invoice_note")
_DAYS = ("valid_days", "due_days", "early_days")
_VAT_ID = r"[A-Z]{2}[A-Z0-9+*]{2,13}"
_MAIL = r"[^@\s]+@[^@\s]+\.[^@\s.]+"


class PrefixTwice(PosError):
    """Two series whose numbers could not be told apart."""

    sentence = "{prefix} begins two kinds of numbers. Give each its own letters."


class DaysWrong(PosError):
    """A number of days that is not possible."""

    sentence = "{days} days are not possible. Enter a whole number from 0 to {limit}."


class ReminderDaysWrong(PosError):
    """Days of reminders that do not follow one another."""

    sentence = (
        "Write the days after the last day to pay in rising order, such as 7 14 21, at most "
        "{limit} of them."
    )


class PercentWrong(PosError):
    """A discount for paying early that is none."""

    sentence = "{percent} percent are not possible. Enter a number from 0 to below 100."


class VatIdWrong(PosError):
    """A VAT number that does not begin with its country."""

    sentence = "{number} is not a VAT number. It begins with two letters, such as DE123456789."


def document_refusals(documents: DocumentSettings) -> dict[str, PosError]:
    """Return what is wrong, by field of the settings; empty when they can be saved."""
    found: dict[str, PosError] = {}
    for field, check in _checks(documents):
        try:
            check()
        except PosError as refusal:
            found.setdefault(field, refusal)
    return found


def picture_refusal(path: str) -> PosError | None:
    """Return why a logo cannot be shown; one that vanishes later is left out, not refused."""
    if not path or Path(path).is_file():
        return None
    return NoSuchPicture(path=path[:120])


def tidied(documents: DocumentSettings) -> DocumentSettings:
    """Return the settings as they are kept: codes in capitals without spaces."""
    bank = documents.bank
    return replace(
        documents,
        vat_id=compact(documents.vat_id),
        colour=documents.colour.upper(),
        bank=replace(bank, iban=compact(bank.iban), bic=compact(bank.bic)),
    )


def _checks(documents: DocumentSettings) -> list[tuple[str, Callable[[], None]]]:
    bank = documents.bank
    return [
        *((name, partial(_check_prefix, documents, name)) for name in SERIES_FIELDS),
        ("customer_prefix", lambda: check_prefix(documents.customer_prefix)),
        *((name, partial(_check_days, getattr(documents, name))) for name in _DAYS),
        ("reminder_days", lambda: _check_reminders(documents.reminder_days)),
        ("early_percent", lambda: _check_percent(documents.early_percent)),
        ("colour", lambda: _check_colour(documents.colour)),
        ("iban", lambda: None if not bank.iban.strip() else check_iban(bank.iban)),
        ("bic", lambda: None if not bank.bic.strip() else check_bic(bank.bic)),
        ("vat_id", lambda: _check_vat_id(documents.vat_id)),
        ("email", lambda: _check_mail(documents.email)),
        *(
            (name, partial(check_text, getattr(documents, name), TEXT_LIMIT))
            for name in _LONG_TEXTS
        ),
        *(
            (name, partial(check_line, name, line, LONGEST_LINE))
            for name, line in _lines(documents)
        ),
    ]


def _lines(documents: DocumentSettings) -> list[tuple[str, str]]:
    address, bank = documents.address, documents.bank
    return [
        *((name, getattr(address, name)) for name in ("street", "postcode", "city", "state")),
        *((name, getattr(bank, name)) for name in ("holder", "bank")),
        *((name, getattr(documents, name)) for name in ("register", "website", "contact")),
    ]


def _check_prefix(documents: DocumentSettings, field: str) -> None:
    prefix = getattr(documents, field)
    check_prefix(prefix)
    if [getattr(documents, name) for name in SERIES_FIELDS].count(prefix) > 1:
        raise PrefixTwice(prefix=prefix or "–")


def _check_days(days: int) -> None:
    if not 0 <= days <= MOST_DAYS:
        raise DaysWrong(days=days, limit=MOST_DAYS)


def _check_reminders(days: tuple[int, ...]) -> None:
    is_rising = all(before < after for before, after in zip((0, *days), days, strict=False))
    if not is_rising or len(days) > MOST_REMINDERS or any(day > MOST_DAYS for day in days):
        raise ReminderDaysWrong(limit=MOST_REMINDERS)


def _check_percent(percent: Decimal) -> None:
    if not percent.is_finite() or not 0 <= percent < 100:
        raise PercentWrong(percent=percent)


def _check_colour(colour: str) -> None:
    if not fullmatch(COLOUR_FORM, colour):
        raise ColourWrong("colour", colour=colour[:20])


def _check_vat_id(number: str) -> None:
    if number.strip() and not fullmatch(_VAT_ID, compact(number)):
        raise VatIdWrong(number=number.strip()[:30])


def _check_mail(email: str) -> None:
    if email and (len(email) > LONGEST_LINE or not fullmatch(_MAIL, email)):
        raise MailAddressWrong("email", email=email[:60])
