"""Exporting the catalogue as a list that people can edit and that imports back unchanged."""

from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.product import Product
from pos_app.services.product_columns import Field
from pos_app.services.product_words import tax_words
from pos_app.services.progress import Progress, unwatched
from pos_app.spreadsheets.table import TableFormat
from pos_app.spreadsheets.writing import Cell, open_writer

if TYPE_CHECKING:
    from pos_app.store.store import Store

PROGRESS_ROWS = 500
COLUMNS = (
    Field.CODE,
    Field.NAME,
    Field.BARCODE,
    Field.PRICE,
    Field.COST,
    Field.MIN_PRICE,
    Field.UNIT,
    Field.CATEGORY,
    Field.TAX,
    Field.KIND,
    Field.ACTIVE,
    Field.TILE,
)


def export_products(
    store: "Store",
    path: Path,
    format: TableFormat | None = None,
    with_mark: bool = True,
    on_progress: Progress = unwatched,
) -> int:
    """Write every product to `path` and return how many; the format follows the name's ending.

    Stock stands in one column per location. Raises FileNotWritable or TooManyRowsForSheet.
    """
    if format is None:
        format = TableFormat.XLSX if path.suffix.lower() == ".xlsx" else TableFormat.CSV
    locations = _locations(store)
    categories = {category.id: category.name for category in store.products.categories()}
    total = store.products.count()
    done = 0
    with open_writer(path, format, with_mark=with_mark) as writer:
        titles = [*(column.value for column in COLUMNS), *(f"stock:{name}" for name in locations)]
        writer.write(titles)
        for product in store.products.every():
            levels = store.stock.levels(product.id) if product.is_stocked else {}
            category = categories.get(product.category_id or "", "")
            writer.write(_cells(product, category) + [levels.get(name) for name in locations])
            done += 1
            if done % PROGRESS_ROWS == 0:
                on_progress(done, total)
    on_progress(done, done)
    return done


def _cells(product: Product, category: str) -> list[Cell]:
    return [
        product.code,
        product.name,
        joined_codes(product.barcodes),
        product.price,
        product.cost,
        product.min_price,
        product.unit.code,
        category,
        tax_words(product.taxes) or "none",
        product.kind.value,
        "yes" if product.is_active else "no",
        product.tile_position,
    ]


def joined_codes(codes: tuple[str, ...]) -> str:
    """Write several barcodes into one cell; one that holds a space gets the separator too."""
    joined = "; ".join(codes)
    return f"{joined};" if len(codes) == 1 and (" " in joined or "," in joined) else joined


def _locations(store: "Store") -> list[str]:
    own = store.settings.shop().location
    return [own, *sorted(set(store.stock.locations()) - {own})]
