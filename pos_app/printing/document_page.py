"""What stands on the paper of a sales document, whichever document it is.

Everything is text as the reader sees it, written with `amounts.Writing`; only what the renderer
has to add up or to put into a payment code is kept as `Money`.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from pos_app.domain.money import Money
from pos_app.printing.amounts import Writing

LANGUAGES = ("en", "de", "fr", "zh", "ar")


class PaperSize(Enum):
    """A page's width and height in millimetres."""

    A4 = (210.0, 297.0)
    LETTER = (215.9, 279.4)


class Align(Enum):
    """Where text stands in its column; figures stand at the right in every script."""

    START = "start"
    FIGURE = "figure"


class Weight(Enum):
    """How much a total weighs: what is due stands in the document's colour."""

    PLAIN = "plain"
    STRONG = "strong"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Detail:
    """A value with its label: a date, a number, a line of the bank details."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Address:
    """A name and the lines below it; `heading` says whose where that is not plain."""

    name: str
    lines: tuple[str, ...] = ()
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table; the one that `grows` takes the room that the others leave."""

    label: str
    align: Align = Align.START
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table, a cell for each column.

    `below` stands smaller under the growing column. `amount` is what the line adds to the total
    that is carried from page to page; None where nothing is carried.
    """

    cells: tuple[str, ...]
    below: str = ""
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of a document with the heads of their columns; `opening` is carried from before."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    opening: Money | None = None


@dataclass(frozen=True, slots=True)
class TaxTable:
    """The taxes by rate: heads and rows of rate, net amount and tax."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Total:
    """One row of the totals."""

    label: str
    amount: str
    weight: Weight = Weight.PLAIN


@dataclass(frozen=True, slots=True)
class Transfer:
    """What a SEPA credit transfer needs; `text` is the remittance information."""

    name: str
    iban: str
    bic: str
    amount: Money
    text: str


@dataclass(frozen=True, slots=True)
class Payment:
    """Where to pay; with a transfer that a bank's app can scan, a code with its caption."""

    heading: str
    details: tuple[Detail, ...]
    transfer: Transfer | None = None
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Running text under an optional heading; line ends in it are kept."""

    text: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """The whole paper.

    `day` is the document's date, which is also that of the file. `colour` is #RRGGBB, `logo_path`
    a picture or empty. `figures` are key figures in a row, such as ages of what is owed; `mark` is
    written large across each page ("Draft"); `signatures` are lines to sign on.
    """

    language: str
    title: str
    number: str
    day: date
    writing: Writing
    seller: Address
    buyer: Address
    contact: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()
    delivery: Address | None = None
    opening: tuple[Passage, ...] = ()
    table: Table | None = None
    taxes: TaxTable | None = None
    totals: tuple[Total, ...] = ()
    figures: tuple[Detail, ...] = ()
    payment: Payment | None = None
    closing: tuple[Passage, ...] = ()
    signatures: tuple[str, ...] = ()
    footer: tuple[tuple[str, ...], ...] = ()
    colour: str = "#1D4E89"
    logo_path: str = ""
    mark: str = ""
    size: PaperSize = PaperSize.A4
