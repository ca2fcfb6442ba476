"""One row of a shop's list read into what it says about a product, or refused with a sentence."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from pos_app.domain.cart import PRICE_LIMIT, PRICE_PLACES, QUANTITY_LIMIT
from pos_app.domain.errors import PosError
from pos_app.domain.product import Product
from pos_app.domain.written_numbers import parse_number
from pos_app.services.product_columns import Field, Mapping
from pos_app.services.product_words import Vocabulary, kind_of, yes_or_no
from pos_app.spreadsheets.table import Row

NAME_LIMIT = 200
CODE_LIMIT = 64
STOCK_PLACES = 4
STOCK_LIMIT = QUANTITY_LIMIT * 1000


# Controls, half characters, private and unassigned ones; joiners and direction marks are text.
_UNSEEN = frozenset({"Cc", "Cs", "Co", "Cn"})


class RowRefused(PosError):
    """A row that cannot be imported; `column` is where, `reason` the sentence that says why."""

    sentence = "{column}: {reason}"

    def __init__(self, column: str, reason: PosError) -> None:
        super().__init__(column=column, reason=reason)


class CellEmpty(PosError):
    """A cell that has to hold something."""

    sentence = "This cell is empty. Fill it in."


class TextHoldsControls(PosError):
    """Text with characters that no label shows, such as printer commands."""

    sentence = "The text holds invisible control characters. Type it again by hand."


class TextTooLongForCell(PosError):
    """A text beyond its limit."""

    sentence = "The text has {length} characters. Shorten it to {limit}."


class DigitsLost(PosError):
    """A number that a spreadsheet has written as 5.01E+12."""

    sentence = (
        "The spreadsheet has shortened {text}. Format the column as text there and "
        "enter the whole number again."
    )


class PriceNotPossible(PosError):
    """A price below zero, beyond the limit, or with more than four places."""

    sentence = "A price of {price} is not possible. Enter 0 or more, with at most 4 decimal places."


class StockNotPossible(PosError):
    """A stock level with more than four places or beyond the limit."""

    sentence = "A stock of {stock} is not possible. Enter a number with at most 4 decimal places."


class MinAbovePrice(PosError):
    """The lowest price is above the price."""

    sentence = "The lowest price {lowest} is above the price {price}. Correct one of them."


class NotWhole(PosError):
    """A tile position that is no whole number above zero."""

    sentence = "“{text}” is not a position. Enter a whole number from 1, or leave it empty."


@dataclass(frozen=True, slots=True)
class ListedProduct:
    """What a row says: `values` are the product's fields that it names, `stock` by location.

    A category in `values` may still be noted as new; see `Vocabulary.category_id`.
    """

    row: Row
    code: str
    barcodes: tuple[str, ...]
    values: dict[str, Any] = field(default_factory=dict)
    stock: dict[str, Decimal] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """Every code by which the row could be known."""
        return tuple(dict.fromkeys(key for key in (self.code, *self.barcodes) if key))


def read_row(row: Row, mapping: Mapping, vocabulary: Vocabulary) -> ListedProduct:
    """Read a row; raises RowRefused, or the row's own fault."""
    if row.fault is not None:
        raise row.fault
    reader = _RowReader(row, mapping, vocabulary)
    values: dict[str, Any] = {}
    code = reader.read(Field.CODE, code_text) if mapping.has(Field.CODE) else ""
    barcodes = reader.barcodes()
    if not code and not barcodes:
        raise RowRefused(Field.CODE.value, CellEmpty())
    if code:
        values["code"] = code
    if mapping.has(Field.BARCODE):
        # A code that is the barcode too finds the product already.
        values["barcodes"] = tuple(barcode for barcode in barcodes if barcode != code)
    for wanted, (name, read) in reader.plain_fields().items():
        if mapping.has(wanted):
            values[name] = reader.read(wanted, read)
    if mapping.has(Field.NAME) and not values["name"]:
        raise RowRefused(Field.NAME.value, CellEmpty())
    _check_min_price(values)
    stock = reader.stock()
    values |= reader.words()
    return ListedProduct(row, code, barcodes, values, stock)


def new_product(listed: ListedProduct, id: str, blank: Product) -> Product:
    """Make the product that a row describes; what it does not name is as in `blank`."""
    values = dict(listed.values)
    if not values.get("name"):
        raise RowRefused(Field.NAME.value, CellEmpty())
    if not listed.code:
        values["code"], *others = listed.barcodes
        values["barcodes"] = tuple(others)
    if values.get("unit") is None:
        values.pop("unit", None)
    return replace(blank, id=id, **values)


def changed_product(known: Product, listed: ListedProduct) -> Product:
    """Apply what a row names to a product; an empty unit changes nothing."""
    values = dict(listed.values)
    if listed.code != known.code and listed.code in known.barcodes:
        values.pop("code", None)  # a list that knows the product by its barcode renames nothing
    if values.get("unit") is None:
        values.pop("unit", None)
    if "barcodes" in values:
        own = values.get("code", known.code)
        values["barcodes"] = tuple(code for code in values["barcodes"] if code != own)
    return replace(known, **values)


def lookup_keys(row: Row, mapping: Mapping) -> set[str]:
    """Return the codes that a row would be read with, quickly and without judging them."""
    keys = {" ".join(cell.split()) for cell in mapping.cells(row, Field.CODE)}
    for cell in mapping.cells(row, Field.BARCODE):
        keys.update((cell,) if cell.isalnum() else split_codes(cell))
    keys.discard("")
    return keys


class _RowReader:
    """Reads the fields of one row and says which column a refusal is about."""

    def __init__(self, row: Row, mapping: Mapping, vocabulary: Vocabulary) -> None:
        self._row = row
        self._mapping = mapping
        self._vocabulary = vocabulary

    def read(self, wanted: Field, read: Callable[[str], Any]) -> Any:
        """Read the field's first column with `read`; its refusal names the column."""
        return self._named(wanted.value, read, self._mapping.cells(self._row, wanted)[0])

    def plain_fields(self) -> dict[Field, tuple[str, Callable[[str], Any]]]:
        """Fields that one cell says without knowing the shop."""
        return {
            Field.NAME: ("name", name_text),
            Field.PRICE: ("price", self._price),
            Field.COST: ("cost", self._price),
            Field.MIN_PRICE: ("min_price", self._price),
            Field.KIND: ("kind", kind_of),
            Field.ACTIVE: ("is_active", yes_or_no),
            Field.TILE: ("tile_position", tile_position),
        }

    def words(self) -> dict[str, Any]:
        """Fields whose words the shop knows; read last, because new ones are noted for saving."""
        values: dict[str, Any] = {}
        if self._mapping.has(Field.UNIT):
            values["unit"] = self.read(Field.UNIT, self._unit)
        if self._mapping.has(Field.TAX):
            cells = self._mapping.cells(self._row, Field.TAX)
            text = "; ".join(cell for cell in cells if cell.strip())
            values["taxes"] = self._named(Field.TAX.value, self._vocabulary.taxes, text)
        if self._mapping.has(Field.CATEGORY):
            values["category_id"] = self.read(Field.CATEGORY, self._category)
        return values

    def barcodes(self) -> tuple[str, ...]:
        """All barcodes of the row, from every column for them, each once."""
        cells = self._mapping.cells(self._row, Field.BARCODE)
        parts = [part for cell in cells for part in split_codes(cell)]
        read = [self._named(Field.BARCODE.value, code_text, part) for part in parts]
        return tuple(dict.fromkeys(code for code in read if code))

    def stock(self) -> dict[str, Decimal]:
        """The stock that the row sets, by location; an empty cell sets nothing."""
        levels = {}
        for column in self._mapping.columns:
            text = self._row.cell(column.index).strip()
            if column.field is Field.STOCK and text:
                title = f"stock:{column.location}" if column.location else "stock"
                levels[column.location] = self._named(title, self._stock, text)
        return levels

    def _named(self, title: str, read: Callable[[str], Any], text: str) -> Any:
        try:
            return read(text)
        except PosError as refusal:
            raise RowRefused(title, refusal) from None

    def _price(self, text: str) -> Decimal | None:
        if not text.strip():
            return None
        price = parse_number(text, self._mapping.decimal_mark)
        if not 0 <= price < PRICE_LIMIT or price != round(price, PRICE_PLACES):
            raise PriceNotPossible(price=text.strip()[:40])
        return _shortest(price)

    def _stock(self, text: str) -> Decimal:
        level = parse_number(text, self._mapping.decimal_mark)
        if abs(level) >= STOCK_LIMIT or level != round(level, STOCK_PLACES):
            raise StockNotPossible(stock=text[:40])
        return _shortest(level)

    def _unit(self, text: str) -> Any:
        return self._vocabulary.unit(text) if text.strip() else None

    def _category(self, text: str) -> str | None:
        return self._vocabulary.category(name_text(text))


def split_codes(text: str) -> list[str]:
    """Split a cell with several barcodes: at `;`, `|` or line ends, else at spaces and commas."""
    if re.search(r"[;|\n]", text):
        return [" ".join(part.split()) for part in re.split(r"[;|\n]", text)]
    return re.split(r"[\s,]+", text.strip())


def code_text(text: str) -> str:
    """Read a code: no control characters, at most 64 long, no number cut short by a sheet."""
    code = name_text(text)
    if re.fullmatch(r"\d(?:[.,]\d+)?E\+\d+", code, re.IGNORECASE):
        raise DigitsLost(text=code)
    if len(code) > CODE_LIMIT:
        raise TextTooLongForCell(length=len(code), limit=CODE_LIMIT)
    return code


def name_text(text: str) -> str:
    """Read a text on one line; formula-looking text stays plain text."""
    line = " ".join(text.split())
    if not line.isprintable() and any(unicodedata.category(c) in _UNSEEN for c in line):
        raise TextHoldsControls()
    if len(line) > NAME_LIMIT:
        raise TextTooLongForCell(length=len(line), limit=NAME_LIMIT)
    return line


def tile_position(text: str) -> int | None:
    """Read where a product's tile stands; nothing means nowhere. Raises NotWhole."""
    bare = text.strip()
    if not bare:
        return None
    if not re.fullmatch(r"[1-9]\d{0,6}", bare, re.ASCII):
        raise NotWhole(text=bare[:40])
    return int(bare)


def _check_min_price(values: dict[str, Any]) -> None:
    lowest, price = values.get("min_price"), values.get("price")
    if lowest is not None and price is not None and lowest > price:
        raise RowRefused(Field.MIN_PRICE.value, MinAbovePrice(lowest=lowest, price=price))


def _shortest(number: Decimal) -> Decimal:
    """Drop zeros behind the point, so that equal figures of two lists are equal values."""
    plain = number.normalize()
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain
