"""Sales documents as files: which kinds there are, what they are called, and writing them."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING
from unicodedata import category

from pos_app.domain.delivery_note import DeliveryNote
from pos_app.domain.errors import PosError
from pos_app.domain.invoice import (
    Invoice,
    InvoiceAction,
    InvoiceState,
    actions_of,
    check_action,
)
from pos_app.domain.order import Order
from pos_app.domain.quotation import Quotation
from pos_app.domain.sales_return import SalesReturn
from pos_app.domain.shop import ShopSettings
from pos_app.services.document_records import INVOICE
from pos_app.spreadsheets.writing import FileNotWritable

if TYPE_CHECKING:
    from pos_app.store.store import Store

Paper = Quotation | Order | DeliveryNote | Invoice | SalesReturn

# What Windows, which is the strictest, does not take in a name.
_FORBIDDEN = set('<>:"/\\|?*')
_RESERVED = {"CON", "PRN", "AUX", "NUL"} | {f"{p}{n}" for p in ("COM", "LPT") for n in range(1, 10)}
_NAME_BYTES = 120  # a file system takes 255, and ` (2)` and the ending have to fit behind it
_MOST_TRIES = 10_000


class FileForm(StrEnum):
    """What a document can be written as."""

    PDF = "pdf"
    FACTUR_X = "factur-x"
    XRECHNUNG = "xrechnung"
    PEPPOL = "peppol"
    REMINDER = "reminder"  # the next reminder of an invoice, as a letter


class NoEInvoice(PosError):
    """A document that is no invoice, or none yet."""

    sentence = "{number} is no invoice that was issued. Only those and credit notes are e-invoices."


class EInvoiceLacks(PosError):
    """All that an e-invoice lacks at once; `faults` are refusals with a sentence each."""

    sentence = "{first}"

    def __init__(self, faults: Sequence[PosError]) -> None:
        super().__init__(first=faults[0])
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class PaperOrder:
    """A document to be made: everything that the maker needs, so that it can work elsewhere.

    `credited` are the invoices that a credit note names; `day` is that of a letter.
    """

    document: Paper
    shop: ShopSettings
    form: FileForm = FileForm.PDF
    credited: tuple[Invoice, ...] = ()
    day: date | None = None


XML_FORMS = (FileForm.XRECHNUNG, FileForm.PEPPOL)
MakePaper = Callable[[PaperOrder], bytes]


def paper_order(
    store: "Store", document: Paper, form: FileForm = FileForm.PDF, day: date | None = None
) -> PaperOrder:
    """Return what it takes to make a document, read from the store; letters need the `day`."""
    credited: tuple[Invoice, ...] = ()
    if isinstance(document, SalesReturn) and form is not FileForm.PDF:
        ids = dict.fromkeys(line.invoice_id for line in document.credited)
        found = (store.records.get(INVOICE, one) for one in ids)
        credited = tuple(one for one in found if one is not None)
    return PaperOrder(document, store.settings.shop(), form, credited, day)


def made(order: PaperOrder) -> bytes:
    """Return the file of a document; the same order always gives the same bytes.

    Raises EInvoiceLacks, which says what is missing and where, NoEInvoice, or for a reminder
    InvoiceSettled and InvoiceNotIssued.
    """
    if order.form is FileForm.PDF:
        return _paper(order.document, order.shop)
    if order.form is FileForm.REMINDER:
        return _reminder(order)
    if not can_be_e_invoice(order.document):
        head = order.document.head
        raise NoEInvoice(number=head.number or head.customer.name)
    return _e_invoice(order)


def can_be_e_invoice(document: Paper) -> bool:
    """Whether a document is one that e-invoices are made of."""
    if isinstance(document, Invoice):
        return document.state not in (InvoiceState.DRAFT, InvoiceState.DELETED)
    return isinstance(document, SalesReturn) and document.is_credit_note


def can_be_reminded(document: Paper) -> bool:
    """Whether a reminder can be written for a document: an invoice on which something is owed."""
    return isinstance(document, Invoice) and InvoiceAction.REMIND in actions_of(document)


def file_name(document: Paper, form: FileForm = FileForm.PDF) -> str:
    """Return what a file of a document is called: its number and its customer."""
    head = document.head
    number = head.number or head.id[-8:]
    if form is FileForm.REMINDER and isinstance(document, Invoice):
        number = f"{number}-R{len(document.reminders) + 1}"
    stem = safe_name(f"{number} {head.customer.name}".strip())
    return f"{stem}.xml" if form in XML_FORMS else f"{stem}.pdf"


def safe_name(text: str) -> str:
    """Return a text as a file's name on every system; what cannot stand there becomes a dash."""
    plain = "".join(" " if category(sign)[0] in "CZ" else sign for sign in text)
    signs = "".join("-" if sign in _FORBIDDEN else sign for sign in " ".join(plain.split()))
    cut = signs.encode("utf-8", "ignore")[:_NAME_BYTES].decode("utf-8", "ignore").strip(" .")
    stem = cut or "document"
    return f"{stem}-" if stem.split(".")[0].upper() in _RESERVED else stem


def write_file(path: Path, content: bytes) -> None:
    """Write a file; one of that name is replaced only when the new one is whole.

    Raises FileNotWritable.
    """
    half = _half_written(path, content)
    try:
        half.replace(path)
    except OSError as failure:
        _away(half)
        raise FileNotWritable(name=path.name) from failure


def write_new(folder: Path, name: str, content: bytes) -> Path:
    """Write a file into a folder without replacing any; a second one is called `name (2)`.

    Raises FileNotWritable.
    """
    half = _half_written(folder / name, content)
    try:
        for number in range(1, _MOST_TRIES):
            path = folder / (name if number == 1 else _numbered(name, number))
            if _took(half, path):
                return path
    except OSError as failure:
        raise FileNotWritable(name=name) from failure
    finally:
        _away(half)
    raise FileNotWritable(name=name)


def _numbered(name: str, number: int) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"{stem} ({number}){dot}{ending}" if stem else f"{name} ({number})"


def _took(half: Path, path: Path) -> bool:
    """Give a file its name unless another has it, in one step where the disk can."""
    try:
        os.link(half, path)
    except FileExistsError:
        return False
    except OSError:
        # A disk without links, such as a stick: claim the name first, then put the file there.
        try:
            path.touch(exist_ok=False)
        except FileExistsError:
            return False
        half.replace(path)
    return True


def _half_written(path: Path, content: bytes) -> Path:
    try:
        with NamedTemporaryFile(
            "wb", dir=path.parent, prefix=".", suffix=".part", delete=False
        ) as file:
            half = Path(file.name)
            try:
                file.write(content)
            except OSError:
                _away(half)
                raise
        half.chmod(0o644)
    except OSError as failure:
        raise FileNotWritable(name=path.name) from failure
    return half


def _away(half: Path) -> None:
    with suppress(OSError):
        half.unlink(missing_ok=True)


def _paper(document: Paper, shop: ShopSettings) -> bytes:
    from pos_app.services.document_papers import render_paper  # noqa: PLC0415 - loads reportlab

    return render_paper(document, shop)


def _reminder(order: PaperOrder) -> bytes:
    from pos_app.services.account_papers import render_reminder  # noqa: PLC0415 - loads reportlab

    invoice = order.document
    if not isinstance(invoice, Invoice):
        raise NoEInvoice(number=invoice.head.number or invoice.head.customer.name)
    check_action(invoice, InvoiceAction.REMIND)
    level = len(invoice.reminders) + 1
    return render_reminder([invoice], order.shop, order.day or invoice.due, level)


def _e_invoice(order: PaperOrder) -> bytes:
    from pos_app.printing.e_invoice import EInvoiceRules  # noqa: PLC0415 - loads lxml
    from pos_app.printing.e_invoice_check import checked  # noqa: PLC0415 - as above
    from pos_app.printing.e_invoice_problems import EInvoiceIncomplete  # noqa: PLC0415 - as above
    from pos_app.services import e_invoices  # noqa: PLC0415 - as above

    document, shop = order.document, order.shop
    if isinstance(document, Invoice):
        document = e_invoices.as_issued(document)
        told = e_invoices.e_invoice_of(document, shop)
    elif isinstance(document, SalesReturn):
        told = e_invoices.e_credit_note_of(document, order.credited, shop)
    else:
        raise NoEInvoice(number=document.head.number)
    rules = {
        FileForm.XRECHNUNG: EInvoiceRules.XRECHNUNG,
        FileForm.PEPPOL: EInvoiceRules.PEPPOL,
    }.get(order.form, EInvoiceRules.EN_16931)
    try:
        if order.form is FileForm.FACTUR_X:
            return e_invoices.factur_x(told, _paper(document, shop))
        return e_invoices.ubl_file(told, rules)
    except EInvoiceIncomplete as first:
        raise EInvoiceLacks(checked(told, rules) or [first]) from first
