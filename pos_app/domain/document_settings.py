"""How a shop writes its sales documents: numbers, terms, bank, look."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.errors import PosError

_PREFIX_MOST = 8
_FIGURES_LEAST = 10  # four for the year, two for the month, four to count


class Series(StrEnum):
    """The series that sales documents are numbered in."""

    QUOTATION = "quotation"
    ORDER = "order"
    DELIVERY_NOTE = "delivery_note"
    INVOICE = "invoice"
    RETURN = "return"


class PrefixWrong(PosError):
    """A prefix that cannot begin a number."""

    sentence = (
        "{prefix} cannot begin a number. Use up to 8 letters, figures or dashes, and no figure at "
        "the end."
    )


@dataclass(frozen=True, slots=True)
class BankDetails:
    """Where customers send money; the IBAN (ISO 13616) may be typed with spaces."""

    holder: str = ""
    iban: str = ""
    bic: str = ""
    bank: str = ""


@dataclass(frozen=True, slots=True)
class SellerAddress:
    """The shop's address in parts, as e-invoices want it."""

    street: str = ""
    postcode: str = ""
    city: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class DocumentSettings:
    """Everything about documents that a shop decides once.

    Days are counted from the document's date. `colour` is #RRGGBB. `early_percent` off is granted
    for paying within `early_days` (0: none). `language` is that of papers for customers whose
    country does not tell a better one; empty means the shop's own.
    """

    quotation_prefix: str = "QT"
    order_prefix: str = "SO"
    delivery_note_prefix: str = "DL"
    invoice_prefix: str = "INV"
    return_prefix: str = "RTN"
    customer_prefix: str = "CUS"
    valid_days: int = 30
    due_days: int = 30
    reminder_days: tuple[int, ...] = (7, 14, 21)
    early_days: int = 0
    early_percent: Decimal = Decimal(0)
    payment_terms: str = ""
    shipping_terms: str = ""
    invoice_note: str = ""
    colour: str = "#1D4E89"
    language: str = ""
    logo_path: str = ""
    address: SellerAddress = SellerAddress()
    bank: BankDetails = BankDetails()
    vat_id: str = ""
    register: str = ""
    email: str = ""
    website: str = ""
    contact: str = ""


def prefix_of(settings: DocumentSettings, series: Series) -> str:
    """Return the letters that begin the numbers of a series."""
    prefixes = {
        Series.QUOTATION: settings.quotation_prefix,
        Series.ORDER: settings.order_prefix,
        Series.DELIVERY_NOTE: settings.delivery_note_prefix,
        Series.INVOICE: settings.invoice_prefix,
        Series.RETURN: settings.return_prefix,
    }
    return prefixes[series]


def document_number(prefix: str, till: str, epoch: int, month: str, serial: int) -> str:
    """Write a number like INV2023060001: prefix, year and month, four digits that count on.

    The first till of a shop writes no more than that, as in the published ERP contract; another
    till, and a store that was restored, name themselves, because numbers must differ: INV2-…,
    INV1.2-…. `month` is YYYYMM.
    """
    is_plain = till == "1" and epoch == 1
    series = "" if is_plain else f"{till}-" if epoch == 1 else f"{till}.{epoch}-"
    return f"{prefix}{series}{month}{serial:04d}"


def month_of(number: str) -> str:
    """Return the year and month in which a number was taken, YYYYMM; empty where it names none."""
    figures = number[len(number.rstrip("0123456789")) :]
    return figures[:6] if len(figures) >= _FIGURES_LEAST else ""


def check_prefix(prefix: str) -> None:
    """Refuse a prefix that would not stand in a file name or a bar code; raises PrefixWrong.

    It does not end with a figure, so that the month behind it can be read.
    """
    is_plain = all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in prefix)
    if not is_plain or len(prefix) > _PREFIX_MOST or prefix[-1:].isdigit():
        raise PrefixWrong(prefix=prefix[:20] or "?")
