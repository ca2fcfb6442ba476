"""Looking at a list before it is imported: its columns guessed, its first rows read."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.services.product_columns import (
    Field,
    Mapping,
    check_mapping,
    guess_mapping,
    header_score,
)
from pos_app.services.product_rows import read_row
from pos_app.services.product_words import Vocabulary, tax_words
from pos_app.spreadsheets.reading import read_table
from pos_app.spreadsheets.table import Row, Table

if TYPE_CHECKING:
    from pos_app.store.store import Store

SAMPLE_ROWS = 200


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as it would be imported: `shown` by field, or the `refusal`."""

    number: int
    shown: dict[str, str]
    refusal: PosError | None = None


def open_product_list(path: Path) -> tuple[Table, Mapping]:
    """Open a list and guess its columns; raises what `read_table` raises."""
    table = read_table(path, header_score)
    return table, guess_mapping(table.header, _readable(islice(table.rows(), SAMPLE_ROWS)))


def preview(
    table: Table, mapping: Mapping, limit: int = 20, vocabulary: Vocabulary | None = None
) -> list[PreviewRow]:
    """Show the first rows as they would be imported, without writing anything.

    Raises ColumnsMissing or ColumnUsedTwice where the mapping cannot work.
    """
    check_mapping(mapping, table.header)
    words = vocabulary or Vocabulary()
    return [_previewed(row, mapping, words) for row in islice(table.rows(), limit)]


def shop_vocabulary(store: "Store") -> Vocabulary:
    """The units, taxes and categories that the shop has."""
    products = store.products
    return Vocabulary(products.units(), products.taxes(), products.categories())


def _readable(rows: Iterator[Row]) -> Iterator[Row]:
    return (row for row in rows if row.fault is None)


def _previewed(row: Row, mapping: Mapping, vocabulary: Vocabulary) -> PreviewRow:
    try:
        listed = read_row(row, mapping, vocabulary)
    except PosError as refusal:
        shown = {c.field.value: row.cell(c.index) for c in mapping.columns}
        return PreviewRow(row.number, shown, refusal)
    values = listed.values
    shown = {
        Field.CODE.value: listed.code,
        Field.BARCODE.value: "; ".join(listed.barcodes),
        Field.TAX.value: tax_words(values.get("taxes", ())),
        Field.CATEGORY.value: (values.get("category_id") or "").removeprefix("new:"),
    }
    for name in ("name", "price", "cost", "min_price", "kind"):
        value = values.get(name)
        shown[name.replace("_", " ")] = "" if value is None else str(value)
    unit = values.get("unit")
    shown[Field.UNIT.value] = "" if unit is None else unit.code
    shown |= {f"stock:{place}".rstrip(":"): str(held) for place, held in listed.stock.items()}
    return PreviewRow(row.number, {k: v for k, v in shown.items() if v})
