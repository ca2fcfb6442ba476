"""The text of a payment reminder, ready to be sent: which level, in which language, to whom."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from babel.dates import format_date

from pos_app.domain.invoice import Invoice
from pos_app.domain.shop import ShopSettings
from pos_app.printing.amounts import writing
from pos_app.printing.document_page import LANGUAGES
from pos_app.printing.document_text import isolated
from pos_app.printing.document_words import word
from pos_app.services.paper_language import paper_language

DAYS_TO_PAY = 7
_MARKS = dict.fromkeys(range(0x2066, 0x206A))
_LEVELS = ("reminder", "second_reminder", "last_reminder")


@dataclass(frozen=True, slots=True)
class ReminderText:
    """A reminder as it goes out; the first has level 1, and `body` has lines."""

    level: int
    language: str
    to: str
    subject: str
    body: str


def reminder_language(invoice: Invoice, shop: ShopSettings) -> str:
    """Return the language that a customer is written to in (ISO 639-1).

    It is that of the invoice's paper, else the customer's country's, else the shop's.
    """
    return paper_language(invoice.head, shop)


def reminder_text(
    invoice: Invoice, shop: ShopSettings, today: date, language: str = ""
) -> ReminderText:
    """Return the next reminder of an invoice, to be paid within a week; see the level's words.

    The first is friendly, the second plain, every later one the last.
    """
    tongue = language if language in LANGUAGES else reminder_language(invoice, shop)
    level = len(invoice.reminders) + 1
    name = _LEVELS[min(level, len(_LEVELS)) - 1]
    write = writing(tongue, shop.country)
    last = max(today + timedelta(days=DAYS_TO_PAY), invoice.due)
    pay_by = format_date(last, "medium", locale=write.locale)
    issued = format_date(invoice.head.day, "medium", locale=write.locale)
    due = format_date(invoice.due, "medium", locale=write.locale)
    title = word(tongue, name)
    facts = (
        (word(tongue, "invoice"), invoice.head.number),
        (word(tongue, "date"), issued),
        (word(tongue, "due"), due),
        (word(tongue, "total"), write.money_with_currency(invoice.total)),
        (word(tongue, "amount_due"), write.money_with_currency(invoice.balance)),
    )
    bank = shop.documents.bank
    account = (
        (word(tongue, "holder"), bank.holder or shop.name),
        ("IBAN", bank.iban),
        ("BIC", bank.bic),
        (word(tongue, "remittance"), invoice.head.number),
    )
    parts = (
        word(tongue, "salutation"),
        word(tongue, f"{name}_text", day=pay_by),
        _table(facts),
        _table(account) if bank.iban else "",
        "\n".join(part for part in (shop.documents.contact, shop.name) if part),
    )
    body = "\n\n".join(part for part in parts if part)
    if tongue != "ar":  # only a text from the right needs marks around its figures
        body = body.translate(_MARKS)
    return ReminderText(
        level=level,
        language=tongue,
        to=invoice.head.customer.email,
        subject=f"{title}: {invoice.head.number}",
        body=body,
    )


def mail_address(reminder: ReminderText, body: str) -> str:
    """Return the address that opens a mail program with the letter (RFC 6068)."""
    lines = body.replace("\r\n", "\n").replace("\n", "\r\n")
    return (
        f"mailto:{quote(reminder.to, safe='@')}"
        f"?subject={quote(reminder.subject, safe='')}&body={quote(lines, safe='')}"
    )


def _table(facts: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(f"{name}: {isolated(value)}" for name, value in facts if value)
