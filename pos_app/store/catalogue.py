"""Writing the catalogue: products with their codes and words, one by one or a million at once."""

import json
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from pos_app.domain.payloads import optional_text
from pos_app.domain.product import Category, Product, Unit
from pos_app.domain.tax import Tax
from pos_app.store.connection import Database
from pos_app.store.errors import BarcodeTaken, RowRefused
from pos_app.store.products import Products
from pos_app.store.search import WordIndex, search_text
from pos_app.store.settings import Settings
from pos_app.store.vocabulary import Vocabulary

_VALUES = (
    "id = ?2, code = ?3, name = ?4, price = ?5, unit = ?6, kind = ?7, category_id = ?8, "
    "tax_group = ?9, barcodes = ?10, cost = ?11, min_price = ?12, is_active = ?13, "
    "tile_position = ?14, search_text = ?15"
)
_UPDATE = f"UPDATE products SET {_VALUES} WHERE row = ?1"
_INSERT = "INSERT INTO products VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_CODE = "INSERT INTO product_codes VALUES (?, ?)"
_REMOVE_CODE = "DELETE FROM product_codes WHERE code = ? AND product = ?"
_SAVE_CATEGORY = (
    "INSERT INTO categories VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
    "SET name = excluded.name, colour = excluded.colour, position = excluded.position"
)
CHUNK = 500


class ProductsWriter(Products):
    """The catalogue inside a transaction."""

    def __init__(self, database: Database, vocabulary: Vocabulary, settings: Settings) -> None:
        super().__init__(database, vocabulary, settings)
        self.words = WordIndex(database)

    def save(self, product: Product) -> None:
        """Keep a product, new or changed; raises BarcodeTaken, or RowRefused without category."""
        known = self._db.row(
            "SELECT row, code, barcodes, is_active, search_text FROM products WHERE id = ?",
            (product.id,),
        )
        row = known[0] if known else self._next_row()
        self._check_codes(product, row)
        values = self._values(row, product)
        if known is None:
            self._db.run(_INSERT, values)
        else:
            self._db.run(_UPDATE, values)
            if known[3]:
                old = _codes(known[1], json.loads(known[2]))
                self._db.many(_REMOVE_CODE, [(code, row) for code in old])
        if product.is_active:
            codes = _codes(product.code, product.barcodes)
            self._db.many(_INSERT_CODE, [(code, row) for code in codes])
        if known is None or known[4] != values[-1]:
            self.words.put(row, product.name, _codes(product.code, product.barcodes))

    def save_many(self, products: Iterable[Product]) -> int:
        """Keep any number of products from an iterator and return how many they were.

        Works in chunks, so memory stays flat. Raises BarcodeTaken and leaves it to the caller to
        let the whole transaction go.
        """
        count = 0
        waiting = iter(products)
        while chunk := list(islice(waiting, CHUNK)):
            self._save_chunk(chunk)
            count += len(chunk)
        return count

    def release_codes(self, product_ids: Iterable[str]) -> None:
        """Let nobody be found by the codes of products that are saved anew in this transaction.

        So products can swap codes.
        """
        sql = "DELETE FROM product_codes WHERE product = (SELECT row FROM products WHERE id = ?)"
        self._db.many(sql, [(product_id,) for product_id in product_ids])

    def save_category(self, category: Category) -> None:
        """Keep a category."""
        self._db.run(
            _SAVE_CATEGORY, (category.id, category.name, category.colour, category.position)
        )

    def save_unit(self, unit: Unit) -> None:
        """Keep a unit of measure; products that have its code change with it."""
        self._vocabulary.refresh()
        self._vocabulary.keep_unit(unit)

    def save_tax(self, tax: Tax) -> None:
        """List a tax under its code; products with the one listed before change with it."""
        self._vocabulary.refresh()
        self._vocabulary.save_tax(tax)

    def _save_chunk(self, chunk: Sequence[Product]) -> None:
        """Insert products that are all new at once; anything else goes one by one."""
        marks = ", ".join("?" * len(chunk))
        ids = [product.id for product in chunk]
        known = self._db.row(f"SELECT 1 FROM products WHERE id IN ({marks})", ids)
        if known or len(set(ids)) < len(ids) or self._any_code_taken(chunk):
            for product in chunk:
                self.save(product)
            return
        first = self._next_row()
        rows = [self._values(row, product) for row, product in enumerate(chunk, first)]
        self._db.many(_INSERT, rows)
        self._db.many(
            _INSERT_CODE,
            [
                (code, row)
                for row, product in enumerate(chunk, first)
                if product.is_active
                for code in _codes(product.code, product.barcodes)
            ],
        )
        self.words.put_new(
            (row, product.name, _codes(product.code, product.barcodes))
            for row, product in enumerate(chunk, first)
        )

    def _any_code_taken(self, chunk: Sequence[Product]) -> bool:
        codes = [
            code
            for product in chunk
            if product.is_active
            for code in _codes(product.code, product.barcodes)
        ]
        if len(set(codes)) < len(codes):
            return True
        marks = ", ".join("?" * len(codes))
        sql = f"SELECT 1 FROM product_codes WHERE code IN ({marks})"
        return self._db.row(sql, codes) is not None

    def _next_row(self) -> int:
        return int(self._db.value("SELECT max(row) FROM products") or 0) + 1

    def _check_codes(self, product: Product, row: int) -> None:
        if not product.is_active:
            return
        for code in _codes(product.code, product.barcodes):
            taken = self._db.row(
                "SELECT p.name, p.code FROM product_codes c JOIN products p ON p.row = c.product "
                "WHERE c.code = ? AND c.product <> ?",
                (code, row),
            )
            if taken:
                raise BarcodeTaken(code=code, name=taken[0] or taken[1], product_code=taken[1])

    def _values(self, row: int, product: Product) -> tuple[Any, ...]:
        self._vocabulary.refresh()
        self._vocabulary.keep_unit(product.unit)
        if not product.id:
            raise RowRefused(path=self._db.path, detail="a product needs an id")
        return (
            row,
            product.id,
            product.code,
            product.name,
            optional_text(product.price),
            product.unit.code,
            product.kind.value,
            product.category_id,
            self._vocabulary.group_row(product.taxes),
            json.dumps(product.barcodes, ensure_ascii=False) if product.barcodes else "[]",
            optional_text(product.cost),
            optional_text(product.min_price),
            product.is_active,
            product.tile_position,
            search_text(product.name, product.code, *product.barcodes),
        )


def _codes(code: str, barcodes: Iterable[str]) -> list[str]:
    """Return every code that finds a product, each once."""
    return [known for known in dict.fromkeys((code, *barcodes)) if known]
