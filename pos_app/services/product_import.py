"""Importing products from a list: previewed, in transactions of some hundred rows, repairable."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.catalogue_rules import product_refusals
from pos_app.domain.errors import PosError
from pos_app.domain.facts import Fact, FactKind, stock_moved
from pos_app.domain.ids import uuid7
from pos_app.domain.payloads import product_payload, unit_payload
from pos_app.domain.product import PIECE, Category, Product, Unit
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.domain.tax import Tax
from pos_app.services.catalogue import category_saved, tax_saved, unit_saved
from pos_app.services.list_import import (
    CodeListedTwice,
    ImportReport,
    ImportRun,
    Refused,
    codes_listed_twice,
    finished_fact,
    import_rows,
)
from pos_app.services.product_columns import (
    Field,
    Mapping,
    check_mapping,
)
from pos_app.services.product_preview import shop_vocabulary
from pos_app.services.product_rows import (
    ListedProduct,
    RowRefused,
    changed_product,
    lookup_keys,
    new_product,
    read_row,
)
from pos_app.services.progress import Progress, never, unwatched
from pos_app.spreadsheets.table import Row, Table

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

Clock = Callable[[], datetime]


class CodeBelongsToAnother(PosError):
    """A barcode of the row is another product's."""

    sentence = "{code} already belongs to {name} ({owner}). Remove it from one of them."


class ProductImport:
    """Imports one list into the catalogue; each chunk of rows is one transaction of `store`.

    Products are found again by code, then by barcode, so importing a list twice changes nothing.
    `default_taxes` go to new products of lists without a tax column; `repair_folder` is the
    list's own folder unless given.
    """

    def __init__(
        self,
        store: "Store",
        now: Clock,
        staff: str = "1",
        default_taxes: tuple[Tax, ...] = (),
        repair_folder: Path | None = None,
    ) -> None:
        self._store = store
        self._now = now
        self._staff = staff
        self._repair_folder = repair_folder
        self._location = store.settings.shop().location
        self._vocabulary = shop_vocabulary(store)
        piece = self._vocabulary.unit(PIECE.code)
        self._blank = Product("", "", "", None, unit=piece, taxes=default_taxes)
        self._inactive = store.products.inactive_ids()

    def run(
        self,
        table: Table,
        mapping: Mapping,
        on_progress: Progress = unwatched,
        cancelled: Callable[[], bool] = never,
    ) -> ImportReport:
        """Import every row; what was refused goes to the repair file.

        `on_progress` is told rows done and rows to expect. When `cancelled` says so, the import
        stops between two chunks and keeps what it has. Raises ColumnsMissing, ColumnUsedTwice,
        FileNotWritable, or a refusal of the store; earlier chunks stay and are recognised.
        """
        check_mapping(mapping, table.header)
        run = ImportRun()
        on_progress(0, table.row_estimate)
        suspects = codes_listed_twice(table, mapping, lookup_keys, cancelled)

        def write(chunk: list[Row]) -> Refused:
            return self._import_chunk(chunk, table, mapping, run, suspects)

        report = import_rows(table, run, write, self._repair_folder, on_progress, cancelled)
        with self._store.transaction() as tx:
            told = finished_fact(report, table, FactKind.PRODUCTS_IMPORTED, "products")
            tx.journal.append(told, self._now(), self._staff)
        return report

    def _import_chunk(
        self, chunk: list[Row], table: Table, mapping: Mapping, run: ImportRun, suspects: set[str]
    ) -> Refused:
        """Write one chunk and return the rows that were refused."""
        refused: Refused = []
        listed: list[ListedProduct] = []
        for row in chunk:
            try:
                product = read_row(row, mapping, self._vocabulary)
                _check_listed_once(product, run.first_rows, suspects)
                listed.append(product)
            except PosError as reason:
                refused.append((row, reason))
        counts = ImportRun()
        with self._store.transaction() as tx:
            self._save_words(tx)
            batch = _Batch()
            for product in listed:
                try:
                    self._place(tx, product, batch, counts)
                except PosError as reason:
                    refused.append((product.row, reason))
            self._save(tx, batch, table)
        run.added += counts.added
        run.changed += counts.changed
        run.unchanged += counts.unchanged
        return sorted(refused, key=lambda pair: pair[0].number)

    def _save_words(self, tx: "Transaction") -> None:
        """Save units, taxes and categories that the rows have named for the first time."""
        words = self._vocabulary
        for unit in words.new_units:
            tx.products.save_unit(unit)
            tx.journal.append(unit_saved(unit), self._now(), self._staff)
        for tax in words.new_taxes:
            tx.products.save_tax(tax)
            tx.journal.append(tax_saved(tax), self._now(), self._staff)
        for name in words.new_categories:
            category = Category(id=self._new_id(), name=name)
            tx.products.save_category(category)
            words.learn_category(category)
            tx.journal.append(category_saved(category), self._now(), self._staff)
        words.new_units.clear()
        words.new_taxes.clear()
        words.new_categories.clear()

    def _place(
        self, tx: "Transaction", listed: ListedProduct, batch: "_Batch", counts: ImportRun
    ) -> None:
        """Decide whether a row adds, changes or repeats a product, and what it does to stock."""
        if "category_id" in listed.values:
            noted = listed.values["category_id"]
            listed.values["category_id"] = self._vocabulary.category_id(noted)
        known = self._find(tx, listed)
        if known is not None and known.id in batch.rows:
            reason = CodeListedTwice(code=known.code, row=batch.rows[known.id])
            raise RowRefused(Field.CODE.value, reason)
        if known is None:
            product = new_product(listed, self._new_id(), self._blank)
        else:
            product = changed_product(known, listed)
        for refusal in product_refusals(product).values():
            raise RowRefused(refusal.field.replace("_", " "), refusal)
        _check_owners(tx, product, batch, is_new=known is None)
        moves = self._moves(tx, product, listed, known is None)
        if known is None:
            counts.added += 1
        elif product != known or moves:
            counts.changed += 1
        else:
            counts.unchanged += 1
        batch.rows[product.id] = listed.row.number
        if product != known:
            batch.products.append(product)
        batch.moves.extend(moves)
        codes = (product.code, *product.barcodes)
        if product.is_active:
            batch.owners.update(dict.fromkeys(codes, product))
        else:
            self._inactive.update(dict.fromkeys(codes, product.id))

    def _find(self, tx: "Transaction", listed: ListedProduct) -> Product | None:
        """Find the product of a row by code, then by barcode; what is not sold any more last."""
        for key in listed.keys:
            known = tx.products.find(key)
            if known is not None:
                return known
        for key in listed.keys:
            if key in self._inactive:
                return tx.products.get(self._inactive[key])
        return None

    def _moves(
        self, tx: "Transaction", product: Product, listed: ListedProduct, is_new: bool
    ) -> list[StockMove]:
        """The movements that bring the stock to what the list says."""
        if not product.is_stocked:
            return []
        reason = MoveReason.OPENING if is_new else MoveReason.COUNT
        moves = []
        for place, wanted in listed.stock.items():
            location = place or self._location
            held = 0 if is_new else tx.stock.shop_level(product.id, location)
            if wanted != held:
                moves.append(StockMove(product.id, location, wanted - held, reason))
        return moves

    def _save(self, tx: "Transaction", batch: "_Batch", table: Table) -> None:
        at = self._now()
        if batch.products:
            tx.products.save_many(batch.products)
            payload = {
                "file": table.name,
                "sha256": table.sha256,
                "units": unit_payloads(product.unit for product in batch.products),
                "products": [product_payload(product) for product in batch.products],
            }
            tx.journal.append(Fact(FactKind.PRODUCTS_IMPORTED, payload), at, self._staff)
        if batch.moves:
            moves = tuple(batch.moves)
            entry = tx.journal.append(stock_moved(moves), at, self._staff)
            tx.stock.move(moves, at, entry.id)

    def _new_id(self) -> str:
        return uuid7(int(self._now().timestamp() * 1000), secrets.randbits(74))


@dataclass
class _Batch:
    """What one chunk writes; `owners` says whose each code is, for codes not saved yet."""

    products: list[Product] = field(default_factory=list)
    moves: list[StockMove] = field(default_factory=list)
    owners: dict[str, Product] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


def unit_payloads(units: Iterable[Unit]) -> list[dict[str, str | int]]:
    """Each unit once as plain values; a product's payload names its unit only by the code."""
    known = {unit.code: unit for unit in units}
    return [unit_payload(unit) for unit in known.values()]


def _check_owners(tx: "Transaction", product: Product, batch: _Batch, *, is_new: bool) -> None:
    """Refuse a code that another product has, in the shop or earlier in this chunk.

    The codes of a new product were looked up a moment ago: nobody in the shop has them.
    """
    if not product.is_active:
        return
    for key in (product.code, *product.barcodes):
        owner = batch.owners.get(key) or (None if is_new else tx.products.find(key))
        if owner is not None and owner.id != product.id:
            column = Field.CODE if key == product.code else Field.BARCODE
            reason = CodeBelongsToAnother(code=key, name=owner.name, owner=owner.code)
            raise RowRefused(column.value, reason)


def _check_listed_once(
    listed: ListedProduct, first_rows: dict[str, int], suspects: set[str]
) -> None:
    doubtful = [key for key in listed.keys if key in suspects]
    for key in doubtful:
        if key in first_rows:
            reason = CodeListedTwice(code=key, row=first_rows[key])
            raise RowRefused(Field.CODE.value, reason)
    for key in doubtful:
        first_rows[key] = listed.row.number
