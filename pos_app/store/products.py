"""The catalogue: products, their codes, categories, units and taxes."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pos_app.domain.product import Category, Product, ProductKind, Unit
from pos_app.domain.tax import Tax
from pos_app.store.connection import Database, Row
from pos_app.store.search import found_products
from pos_app.store.settings import Settings
from pos_app.store.stock import quantity_of
from pos_app.store.vocabulary import Vocabulary, decimal_or_none

COLUMNS = (
    "p.row, p.id, p.code, p.name, p.price, p.unit, p.kind, p.category_id, p.tax_group, p.barcodes, "
    "p.cost, p.min_price, p.is_active, p.tile_position"
)
_FIND = (
    f"SELECT {COLUMNS} FROM product_codes c JOIN products p ON p.row = c.product WHERE c.code = ?"
)
_GET = f"SELECT {COLUMNS} FROM products p WHERE p.id = ?"
_WITH_STOCK = (
    f"SELECT {COLUMNS}, l.level_micro FROM products p LEFT JOIN stock_levels l "
    "ON l.product_id = p.id AND l.location = ?"
)
_KINDS = {kind.value: kind for kind in ProductKind}
# No shop's code or barcode is longer; what is longer is not looked up.
LONGEST_CODE = 200


@dataclass(frozen=True, slots=True)
class Found:
    """A product as a list shows it, with its stock at the till's own location."""

    product: Product
    stock: Decimal


class Products:
    """The catalogue for reading."""

    def __init__(self, database: Database, vocabulary: Vocabulary, settings: Settings) -> None:
        self._db = database
        self._vocabulary = vocabulary
        self._settings = settings

    def find(self, code: str) -> Product | None:
        """Return the active product with this barcode or own code, exactly."""
        if len(code) > LONGEST_CODE or not is_storable(code):
            return None
        row = self._db.row(_FIND, (code,))
        return None if row is None else self._product(row)

    def get(self, product_id: str) -> Product | None:
        """Return a product by its id, active or not."""
        row = self._db.row(_GET, (product_id,))
        return None if row is None else self._product(row)

    def owners(self, codes: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Return whose codes these are: id and name of the active product, by code."""
        marks = ", ".join("?" * len(codes))
        rows = self._db.rows(
            "SELECT c.code, p.id, p.name FROM product_codes c JOIN products p ON p.row = c.product "
            f"WHERE c.code IN ({marks})",
            codes,
        )
        return {code: (product_id, name) for code, product_id, name in rows}

    def count(self, category_id: str | None = None) -> int:
        """Return how many products there are (in a category), inactive ones too."""
        if category_id is None:  # products are never removed, so their rows have no gaps
            return int(self._db.value("SELECT max(row) FROM products") or 0)
        counted = "SELECT count(*) FROM products WHERE category_id = ?"
        return int(self._db.value(counted, (category_id,)))

    def search(self, text: str, limit: int = 30, offset: int = 0) -> list[Found]:
        """Return active products for what was typed, best first (see `store.search`)."""
        rows = self._rows_for(text, offset + limit)[offset:]
        return self._found_by_row(rows)

    def tiles(self, category_id: str | None = None, limit: int = 60) -> list[Product]:
        """Return the products for the tiles of a category, or the favourites where it is None.

        Products with a tile position come first, then the others by name.
        """
        placed = self._db.rows(
            f"SELECT {COLUMNS} FROM products p WHERE p.tile_position IS NOT NULL "
            "AND p.is_active = 1 AND (?1 IS NULL OR p.category_id = ?1) "
            "ORDER BY p.tile_position, p.search_text LIMIT ?2",
            (category_id, limit),
        )
        rest = limit - len(placed)
        where = "1 = 1" if category_id is None else "p.category_id = ?1"
        others = self._db.rows(
            f"SELECT {COLUMNS} FROM products p WHERE {where} AND p.tile_position IS NULL "
            "AND p.is_active = 1 ORDER BY p.search_text LIMIT ?2",
            (category_id, rest),
        )
        return [self._product(row) for row in (*placed, *others)]

    def page(
        self, offset: int, limit: int, text: str = "", category_id: str | None = None
    ) -> list[Found]:
        """Return a page of the catalogue by name, inactive products too, or of a search."""
        if text.strip():
            return self.search(text, limit, offset)
        # The rows of the page are found in the index alone: a jump to the end of a million
        # products takes a thirtieth of a second instead of one.
        where = "" if category_id is None else "WHERE category_id = ?1"
        keys = self._db.rows(
            f"SELECT row FROM products {where} ORDER BY search_text LIMIT ?2 OFFSET ?3",
            (category_id, limit, offset),
        )
        return self._found_by_row([key for (key,) in keys])

    def every(self) -> Iterator[Product]:
        """Yield the whole catalogue in the order in which it was made; memory stays flat."""
        after = 0
        while rows := self._db.rows(
            f"SELECT {COLUMNS} FROM products p WHERE p.row > ? ORDER BY p.row LIMIT 500", (after,)
        ):
            yield from (self._product(row) for row in rows)
            after = rows[-1][0]

    def inactive_ids(self) -> dict[str, str]:
        """Return the ids of products that are not sold any more, by code and by barcode."""
        ids: dict[str, str] = {}
        rows = self._db.stream("SELECT id, code, barcodes FROM products WHERE is_active = 0")
        for product_id, code, barcodes in rows:
            ids.update(dict.fromkeys((code, *json.loads(barcodes)), product_id))
        return ids

    def categories(self) -> list[Category]:
        """Return the categories in their order."""
        rows = self._db.rows(
            "SELECT id, name, colour, position FROM categories ORDER BY position, name"
        )
        return [Category(*row) for row in rows]

    def units(self) -> list[Unit]:
        """Return the units of measure."""
        return self._vocabulary.units()

    def taxes(self) -> list[Tax]:
        """Return the shop's taxes by code."""
        self._vocabulary.refresh()
        return self._vocabulary.listed_taxes()

    def _rows_for(self, text: str, wanted: int) -> list[int]:
        exact = []
        codes = [code for code in code_spellings(text) if is_storable(code)]
        for code in codes:
            row = self._db.value("SELECT product FROM product_codes WHERE code = ?", (code,))
            if row is not None:
                exact.append(int(row))
        return found_products(self._db, text, codes, wanted, exact)

    def _found_by_row(self, rows: list[int]) -> list[Found]:
        marks = ", ".join("?" * len(rows))
        found = self._db.rows(f"{_WITH_STOCK} WHERE p.row IN ({marks})", (self._location(), *rows))
        by_row = {row[0]: row for row in found}
        return [self._found(by_row[row]) for row in rows if row in by_row]

    def _location(self) -> str:
        return self._settings.shop().location

    def _found(self, row: Row) -> Found:
        return Found(self._product(row[:-1]), quantity_of(row[-1] or 0))

    def _product(self, row: Row) -> Product:
        self._vocabulary.refresh()
        return Product(
            id=row[1],
            code=row[2],
            name=row[3],
            price=decimal_or_none(row[4]),
            unit=self._vocabulary.unit(row[5]),
            kind=_KINDS[row[6]],
            category_id=row[7],
            taxes=self._vocabulary.group(row[8]),
            barcodes=() if row[9] == "[]" else tuple(json.loads(row[9])),
            cost=decimal_or_none(row[10]),
            min_price=decimal_or_none(row[11]),
            is_active=bool(row[12]),
            tile_position=row[13],
        )


def code_spellings(text: str) -> list[str]:
    """Return the ways in which a typed code may be written: as typed, small, capital."""
    code = text.strip()
    if not code or len(code) > LONGEST_CODE:
        return []
    return list(dict.fromkeys((code, code.lower(), code.upper())))


def is_storable(text: str) -> bool:
    """Whether a text can be looked up at all: no half characters (lone surrogates)."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)
