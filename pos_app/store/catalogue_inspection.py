"""What stands in the store beside documents and journal, as an auditor reads it.

Products, customers, groups, units, taxes, parked sales, cursors, and the codes and words by which
products and customers are found.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pos_app.domain.customer import Customer
from pos_app.domain.payloads import optional_text
from pos_app.domain.plain import UNREADABLE, to_plain
from pos_app.domain.product import Category, Product, Unit
from pos_app.domain.tax import Tax
from pos_app.store.connection import Database
from pos_app.store.customers import FIELDS, customer_of, customer_text
from pos_app.store.parked import Parked, ParkedSale
from pos_app.store.products import Products
from pos_app.store.schema import WORD_INDEXES
from pos_app.store.settings import Settings
from pos_app.store.state import StoreState
from pos_app.store.vocabulary import Vocabulary
from pos_app.store.words import fold, search_text, words_of

# Beyond these many rows the words are counted and not compared: it would take minutes.
COMPARED_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Standing:
    """One product or customer; `value` is None where its row cannot be read, `why` says so."""

    id: str
    name: str
    value: Product | Customer | None
    why: str = ""


class CatalogueInspection:
    """Reads what stands in the store, row by row."""

    def __init__(self, database: Database, state: StoreState, vocabulary: Vocabulary) -> None:
        self._db = database
        self._vocabulary = vocabulary
        self.settings = Settings(database, state)
        self._products = Products(database, vocabulary, self.settings)

    def products(self) -> Iterator[Standing]:
        """Yield every product with what is wrong about how it is found."""
        for row, product_id, name, *columns in self._db.stream(f"SELECT {_COLUMNS} FROM products"):
            try:
                product = self._products.get(product_id)
                if product is None:
                    raise KeyError(product_id)
                codes = (product.code, *product.barcodes)
                why = self._lost(row, "product", codes if product.is_active else ())
                if columns != _columns(product):
                    why = why or "has a row that the till does not write so"
            except UNREADABLE as failure:
                yield Standing(product_id, name, None, f"cannot be read: {failure}")
                continue
            yield Standing(product_id, name, product, why)

    def customers(self) -> Iterator[Standing]:
        """Yield every customer with what is wrong about how it is found."""
        columns = ", ".join(FIELDS)
        rows = self._db.stream(f"SELECT row, search_text, {columns} FROM customers")
        for row, words, *values in rows:
            one = customer_of(values)
            why = self._lost(row, "customer", (one.number, one.card_code))
            if words != customer_text(one):
                why = why or f"is searched by other words than its own: {words}"
            yield Standing(one.id, one.name, one, why)

    def _lost(self, row: int, what: str, codes: tuple[str, ...]) -> str:
        for code in codes:
            sql = f"SELECT {what} FROM {what}_codes WHERE code = ?"
            if code and self._db.value(sql, (code,)) != row:
                return f"is not found by its code {code}"
        return ""

    def stray_codes(self) -> Iterator[str]:
        """Yield codes that find a product or customer which does not have them."""
        rows = self._db.stream(
            "SELECT k.code, p.name, p.is_active, p.code, p.barcodes FROM product_codes k "
            "LEFT JOIN products p ON p.row = k.product"
        )
        for code, name, is_active, own, barcodes in rows:
            if not is_active or (code != own and code not in _listed(barcodes)):
                yield f"product {name} is found by the code {code}, which is not its own"
        yield from (
            f"customer {name} is found by the code {code}, which is not its own"
            for code, name in self._db.stream(
                "SELECT k.code, c.name FROM customer_codes k LEFT JOIN customers c "
                "ON c.row = k.customer WHERE k.code NOT IN (c.number, c.card_code) "
                "OR c.row IS NULL"
            )
        )

    def settings_fault(self) -> str:
        """Say what of the settings is written otherwise than the till writes it, or nothing."""
        written = str(self._db.value("SELECT value FROM settings WHERE key = 'shop'") or "{}")
        plain, whole = json.loads(written), to_plain(self.settings.shop())
        if written != json.dumps(plain, separators=(",", ":"), ensure_ascii=False):
            return "the settings are not written as the till writes them"
        strange = _strange_key(plain, whole)
        return f"the settings have {strange}, which the till does not know" if strange else ""

    def categories(self) -> list[Category]:
        """Return the groups of products."""
        return self._products.categories()

    def units(self) -> list[Unit]:
        """Return the units of measure."""
        return self._vocabulary.units()

    def listed_taxes(self) -> Iterator[tuple[str, Tax]]:
        """Yield the shop's taxes with the code that each is listed under."""
        for code, row in self._db.rows("SELECT code, tax FROM listed_taxes ORDER BY code"):
            yield code, self._vocabulary.tax(row)

    def taxes_ever(self) -> list[Tax]:
        """Return every tax that was ever in use."""
        return [self._vocabulary.tax(row) for (row,) in self._db.rows("SELECT row FROM taxes")]

    def parked(self) -> Iterator[tuple[ParkedSale, str, str]]:
        """Yield (parked sale, its moment as written, the SHA-256 of its cart's text in hex)."""
        rows = self._db.rows("SELECT id, at, cart FROM parked_sales")
        texts = {row[0]: row[1:] for row in rows}
        for sale in Parked(self._db).list():
            at, cart = texts[sale.id]
            yield sale, at, hashlib.sha256(cart.encode()).hexdigest()

    def cursors(self) -> list[tuple[str, int]]:
        """Return (remote, entry) as far as each remote was told."""
        return [(remote, seq) for remote, seq in self._db.rows("SELECT remote, seq FROM cursors")]

    def word_faults(self) -> Iterator[str]:
        """Yield words by which something is found that does not hold them, or is not found."""
        self._db.run("PRAGMA query_only = OFF")  # only SQLite's memory is written here
        try:
            for index, (table, text) in _INDEXED.items():
                if self.is_compared(table):
                    yield from self._compared_words(index, table, text)
        finally:
            self._db.run("PRAGMA query_only = ON")
        if not self.is_compared("products"):
            return
        known = {word for (word,) in self._db.stream("SELECT word FROM name_words")}
        for (name,) in self._db.stream("SELECT name FROM products"):
            for word in words_of(fold(name)):
                if word not in known:
                    yield f"the word {word} of product {name} is missing from the list of words"

    def uncompared(self) -> list[str]:
        """Return the tables whose words are too many to be compared one by one."""
        return [name for name in ("products", "customers") if not self.is_compared(name)]

    def is_compared(self, table: str) -> bool:
        """Whether a table is small enough for its words to be compared one by one."""
        return int(self._db.value(f"SELECT count(*) FROM {table}")) <= COMPARED_ROWS

    def _compared_words(self, index: str, table: str, text: "_Indexed") -> Iterator[str]:
        options = f"words, content='', detail=none, {WORD_INDEXES[index]}"
        for statement in (
            f"CREATE VIRTUAL TABLE temp.fresh USING fts5({options})",
            "CREATE VIRTUAL TABLE temp.fresh_words USING fts5vocab(temp, fresh, instance)",
            f"CREATE VIRTUAL TABLE temp.kept_words USING fts5vocab(main, {index}, instance)",
        ):
            self._db.run(statement)
        columns = {"name_words": "word", "products": "name, code, barcodes"}
        rows = self._db.rows(f"SELECT row, {columns.get(table, 'search_text')} FROM {table}")
        texts = [(row, text(*values)) for row, *values in rows]
        try:
            self._db.many("INSERT INTO temp.fresh (rowid, words) VALUES (?, ?)", texts)
            yield from self._differing_words(index, table, dict(texts))
        finally:
            for made in ("kept_words", "fresh_words", "fresh"):
                self._db.run(f"DROP TABLE temp.{made}")

    def _differing_words(self, index: str, table: str, texts: dict[int, str]) -> Iterator[str]:
        kept, fresh = "SELECT term, doc FROM kept_words", "SELECT term, doc FROM fresh_words"
        for wanted, other, words in (
            (fresh, kept, "does not find {thing} by {term}"),
            (kept, fresh, "finds {thing} by {term}, which it does not hold"),
        ):
            found = self._db.row(f"{wanted} EXCEPT {other} LIMIT 1")
            if found is not None:
                thing = texts.get(found[1]) or f"row {found[1]} of {table}"
                yield f"the word index {index} {words.format(thing=thing, term=found[0])}"


def _name_words(name: str, _code: str, _barcodes: str) -> str:
    return " ".join(words_of(fold(name)))


def _codes(_name: str, code: str, barcodes: str) -> str:
    return search_text(code, *_listed(barcodes))


def _words(text: str) -> str:
    return " ".join(words_of(text))


_Indexed = Callable[..., str]
# What each word index holds: of which table, and the text of a row as it is indexed.
_INDEXED: dict[str, tuple[str, _Indexed]] = {
    "product_words": ("products", _name_words),
    "product_code_parts": ("products", _codes),
    "name_word_parts": ("name_words", str),
    "customer_words": ("customers", _words),
    "customer_parts": ("customers", str),
}


_COLUMNS = (
    "row, id, name, price, barcodes, cost, min_price, is_active, search_text"  # what has two forms
)


def _columns(product: Product) -> list[object]:
    """Return what the till writes for a product where a value could be written in two ways."""
    return [
        optional_text(product.price),
        json.dumps(product.barcodes, ensure_ascii=False) if product.barcodes else "[]",
        optional_text(product.cost),
        optional_text(product.min_price),
        int(product.is_active),
        search_text(product.name, product.code, *product.barcodes),
    ]


def _strange_key(plain: object, whole: object) -> str:
    """Return the first name in `plain` that `whole` does not have, at any depth."""
    if isinstance(plain, dict) and isinstance(whole, dict):
        for name, value in plain.items():
            strange = name if name not in whole else _strange_key(value, whole[name])
            if strange:
                return str(strange)
    if isinstance(plain, list) and isinstance(whole, list):
        for one, other in zip(plain, whole, strict=False):
            if strange := _strange_key(one, other):
                return strange
    return ""


def _listed(barcodes: str) -> list[str]:
    try:
        found = json.loads(barcodes)
    except ValueError:
        return []
    return found if isinstance(found, list) else []
