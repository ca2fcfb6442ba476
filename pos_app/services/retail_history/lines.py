"""Lines of a retailer's invoice file, read one at a time from CSV or gzipped CSV."""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal
from pathlib import Path
from typing import IO

from pos_app.domain.cart import PRICE_LIMIT, PRICE_PLACES, QUANTITY_LIMIT
from pos_app.domain.errors import PosError
from pos_app.spreadsheets.table import FileIsEmpty, FileMissing, FileUnreadable, NotATable

_GZIP = b"\x1f\x8b"
# The columns of Online Retail (2015) and, after the slash, of Online Retail II (2019).
_COLUMNS = {
    "invoice": ("invoiceno", "invoice"),
    "code": ("stockcode",),
    "description": ("description",),
    "quantity": ("quantity",),
    "at": ("invoicedate",),
    "price": ("unitprice", "price"),
    "customer": ("customerid",),
    "country": ("country",),
}
_TITLES = {
    "invoice": "InvoiceNo",
    "code": "StockCode",
    "description": "Description",
    "quantity": "Quantity",
    "at": "InvoiceDate",
    "price": "UnitPrice",
    "customer": "CustomerID",
    "country": "Country",
}
# Room for the product of any two numbers that are read, and for the sum of all of them.
EXACT = Context(prec=100)
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?", re.ASCII)
_CODE = re.compile(r"[^\x00-\x1f\x7f]{1,40}")
TEXT_LIMIT = 200


class HistoryColumnsMissing(PosError):
    """The file is not an invoice file: it lacks columns."""

    sentence = (
        "{name} has no column {missing}. An invoice file has the columns InvoiceNo, StockCode, "
        "Description, Quantity, InvoiceDate, UnitPrice, CustomerID and Country."
    )


class HistoryDamaged(PosError):
    """The file breaks off, or its packing is broken."""

    sentence = "{name} is damaged or cut off after line {line}. Fetch the file again."


class HistoryEncodingWrong(PosError):
    """The file is not UTF-8."""

    sentence = "{name} is not in UTF-8 (after line {line}). Save it again as CSV in UTF-8."


class LineTooShort(PosError):
    """A line with fewer cells than the header, or more."""

    sentence = "The line has {found} cells where the header has {expected}."


class CellUnreadable(PosError):
    """A cell that is not what its column holds."""

    sentence = "{column} holds “{text}”, which is not {wanted}."


class QuantityIsZero(PosError):
    """A line that sells nothing."""

    sentence = "The quantity is zero: nothing was sold, returned or moved."


class BeyondLimit(PosError):
    """A quantity or price that no shop has."""

    sentence = "{column} {text} is beyond what a document may hold ({limit})."


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the file; `at` is the shop's local time, `price` before tax, `number` from 1.

    A line with a `refusal` cannot be rung up; its `amount` counts as far as it can be read.
    """

    number: int
    invoice: str
    code: str
    description: str
    quantity: Decimal
    at: datetime
    price: Decimal
    customer: str
    country: str
    refusal: PosError | None = None

    @property
    def amount(self) -> Decimal:
        """Quantity times unit price, exact."""
        return EXACT.multiply(self.quantity, self.price)

    @property
    def key(self) -> str:
        """The code as it is compared: the file writes the same code in small and capitals."""
        return self.code.upper()


def read_history(path: Path) -> Iterator[HistoryLine]:
    """Yield every line below the header.

    Raises FileMissing, FileUnreadable, FileIsEmpty, NotATable, HistoryColumnsMissing,
    HistoryEncodingWrong or HistoryDamaged.
    """
    number = 0
    try:
        with _opened(path) as text:
            rows = csv.reader(text)
            header = next(rows, None)
            if not header or not any(header):
                raise FileIsEmpty(name=path.name)
            columns = _columns(header, path)
            for cells in rows:
                if cells:
                    number += 1
                    yield _line(number, cells, columns, len(header))
    except UnicodeDecodeError:
        raise HistoryEncodingWrong(name=path.name, line=number) from None
    except (EOFError, zlib.error, gzip.BadGzipFile, csv.Error):
        raise HistoryDamaged(name=path.name, line=number) from None


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    try:
        raw = path.open("rb")
    except FileNotFoundError:
        raise FileMissing(name=path.name) from None
    except OSError:
        raise FileUnreadable(name=path.name) from None
    with raw:
        head = raw.read(1024)
        raw.seek(0)
        if not head:
            raise FileIsEmpty(name=path.name)
        if head.startswith(_GZIP):
            packed = gzip.GzipFile(fileobj=raw)
            yield io.TextIOWrapper(packed, encoding="utf-8-sig", newline="")
        elif b"\0" in head:
            raise NotATable(name=path.name)
        else:
            yield io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")


def _columns(header: list[str], path: Path) -> dict[str, int]:
    titles = {re.sub(r"[\s_]", "", title).lower(): index for index, title in enumerate(header)}
    found = {
        name: next((titles[word] for word in words if word in titles), None)
        for name, words in _COLUMNS.items()
    }
    missing = [_TITLES[name] for name, index in found.items() if index is None]
    if missing:
        raise HistoryColumnsMissing(name=path.name, missing=", ".join(missing))
    return {name: index for name, index in found.items() if index is not None}


_ZERO = Decimal(0)
_NO_TIME = datetime(1, 1, 1)  # noqa: DTZ001 - local time, as the whole file


def _line(number: int, cells: list[str], columns: dict[str, int], width: int) -> HistoryLine:
    if len(cells) != width:
        refusal = LineTooShort(found=len(cells), expected=width)
        cells = (cells + [""] * width)[:width]
        return _refused(number, cells, columns, refusal)
    cell = {name: cells[index] for name, index in columns.items()}
    try:
        line = HistoryLine(
            number=number,
            invoice=_code(cell["invoice"], "invoice"),
            code=_code(cell["code"], "code"),
            description=_text(cell["description"]),
            quantity=_number(cell["quantity"], "quantity"),
            at=_moment(cell["at"]),
            price=_number(cell["price"], "price"),
            customer=_customer(cell["customer"]),
            country=_text(cell["country"]),
        )
        _check_limits(line)
    except PosError as refusal:
        return _refused(number, cells, columns, refusal)
    return line


def _refused(
    number: int, cells: list[str], columns: dict[str, int], refusal: PosError
) -> HistoryLine:
    """A line that is only named; what can be read of it still counts in the file's sum."""
    texts = {name: cells[index].strip() for name, index in columns.items()}
    quantity, price = texts["quantity"], texts["price"]
    countable = _NUMBER.fullmatch(quantity) and _NUMBER.fullmatch(price)
    return HistoryLine(
        number=number,
        invoice=texts["invoice"][:40],
        code=texts["code"][:40],
        description=texts["description"][:TEXT_LIMIT],
        quantity=Decimal(quantity) if countable else _ZERO,
        at=_NO_TIME,
        price=Decimal(price) if countable else _ZERO,
        customer="",
        country="",
        refusal=refusal,
    )


def _code(text: str, name: str) -> str:
    code = text.strip()
    if not _CODE.fullmatch(code):
        raise CellUnreadable(column=_TITLES[name], text=code[:40], wanted="a short code")
    return code


def _number(text: str, name: str) -> Decimal:
    bare = text.strip()
    if not _NUMBER.fullmatch(bare):
        raise CellUnreadable(column=_TITLES[name], text=bare[:40], wanted="a plain number")
    return Decimal(bare)


def _moment(text: str) -> datetime:
    bare = text.strip()
    try:
        if _MOMENT.fullmatch(bare):
            return datetime.fromisoformat(bare)
    except ValueError:
        pass
    wanted = "a date and time such as 2010-12-01 08:26:00"
    raise CellUnreadable(column=_TITLES["at"], text=bare[:40], wanted=wanted)


def _customer(text: str) -> str:
    """The customer's number; the file writes 17850 as 17850.0."""
    bare = text.strip()
    if not bare:
        return ""
    return _code(bare.removesuffix(".0"), "customer")


def _text(text: str) -> str:
    line = " ".join(text.split())
    if line.isprintable() and len(line) <= TEXT_LIMIT:
        return line
    return "".join(char for char in line if char.isprintable())[:TEXT_LIMIT]


def _check_limits(line: HistoryLine) -> None:
    if line.quantity == 0:
        raise QuantityIsZero()
    if line.quantity != line.quantity.to_integral_value():
        wanted = "a whole number of pieces"
        raise CellUnreadable(column=_TITLES["quantity"], text=line.quantity, wanted=wanted)
    if abs(line.quantity) >= QUANTITY_LIMIT:
        raise BeyondLimit(column=_TITLES["quantity"], text=line.quantity, limit=QUANTITY_LIMIT)
    if abs(line.price) >= PRICE_LIMIT:
        raise BeyondLimit(column=_TITLES["price"], text=line.price, limit=PRICE_LIMIT)
    if line.price != round(line.price, PRICE_PLACES):
        wanted = f"a price with at most {PRICE_PLACES} places"
        raise CellUnreadable(column=_TITLES["price"], text=line.price, wanted=wanted)
