"""Search as you type: how a typed text finds rows, best first.

Exact codes come first, then codes and names that begin with the text, then words that begin with
it, then parts of words and codes. Each step stops early, and parts are looked for among the
distinct words of all names instead of among all products: ranking every match of one letter in a
million products would take a tenth of a second.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pos_app.store.connection import Database
from pos_app.store.words import (
    PART,
    WORDS_LIMIT,
    all_pieces,
    any_of,
    fold,
    search_text,
    typed,
    words_of,
)

__all__ = [
    "Narrowed",
    "WordIndex",
    "fold",
    "found_customers",
    "found_products",
    "index_customer",
    "search_text",
]

# How many matches of a step are looked at before the best of them are chosen.
CANDIDATES = 60
# How many different words a part or a long beginning may stand for.
WORDS_MEANT = 40
PREFIX_INDEXED = 4
_LAST = "\U0010ffff"
_PRODUCT_ROWS = (
    "SELECT p.row, p.search_text FROM (SELECT rowid AS found FROM {index} WHERE {index} MATCH ? "
    "ORDER BY rowid LIMIT ?) JOIN products p ON p.row = found WHERE p.is_active = 1"
)
_CUSTOMER_ROWS = (
    "SELECT c.row, c.search_text FROM (SELECT rowid AS found FROM {index} WHERE {index} MATCH ? "
    "ORDER BY rowid LIMIT ?) JOIN customers c ON c.row = found"
)
_NARROWED_ROWS = (
    "SELECT c.row, c.search_text FROM {index} CROSS JOIN customers c ON c.row = {index}.rowid "
    "WHERE {index} MATCH ? AND {{rule}} LIMIT ?"
)
_Step = Callable[[], Iterable[int]]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A condition on customers (called c) that every row found must meet, and its values."""

    rule: str
    values: tuple[str | int, ...]


def found_products(
    database: Database, text: str, codes: Sequence[str], wanted: int, exact: Iterable[int] = ()
) -> list[int]:
    """Return up to `wanted` rows of active products for a typed text, best first.

    `codes` are the spellings of the text as a code; the rows of `exact` ones lead.
    """
    needle = typed(text)
    words = words_of(needle)[:WORDS_LIMIT]
    if not needle:
        return list(exact)[:wanted]
    by_code: _Step = lambda: _codes_beginning(database, codes, wanted)  # noqa: E731
    by_name: _Step = lambda: _names_beginning(database, "products", needle, wanted)  # noqa: E731
    first, second = (by_code, by_name) if needle[0].isdigit() else (by_name, by_code)
    return _until_enough(
        wanted,
        exact,
        (
            first,
            second,
            lambda: _words_beginning(database, words, wanted),
            lambda: _words_holding(database, words, wanted),
            lambda: _codes_holding(database, needle, wanted),
        ),
    )


def found_customers(
    database: Database,
    text: str,
    wanted: int,
    exact: Iterable[int] = (),
    narrowed: Narrowed | None = None,
) -> list[int]:
    """Return up to `wanted` rows of customers for a typed text, best first; `exact` ones lead."""
    needle = typed(text)
    words = words_of(needle)[:WORDS_LIMIT]
    if not needle:
        return list(exact)[:wanted]
    prefixes = " ".join(f'"{word}"*' for word in words)
    long_words = [word for word in needle.split() if len(word) >= PART]
    parts = " ".join(all_pieces(word) for word in long_words)

    def matches(index: str, query: str) -> list[tuple[int, str]]:
        if narrowed is None:
            return _matches(database, _CUSTOMER_ROWS, index, query, wanted)
        return _narrowed_matches(database, narrowed, index, query, wanted)

    def holding() -> list[int]:
        rows = matches("customer_parts", parts)
        return _ranked([row for row in rows if all(word in row[1] for word in needle.split())])

    return _until_enough(
        wanted,
        exact,
        (
            lambda: _names_beginning(database, "customers", needle, wanted, narrowed),
            lambda: _ranked(matches("customer_words", prefixes)),
            holding,
        ),
    )


def _narrowed_matches(
    database: Database, narrowed: Narrowed, index: str, query: str, wanted: int
) -> list[tuple[int, str]]:
    if not query:
        return []
    sql = _NARROWED_ROWS.format(index=index).format(rule=narrowed.rule)
    rows = database.rows(sql, (query, *narrowed.values, max(CANDIDATES, wanted)))
    return [(row, text) for row, text in rows]


def _until_enough(wanted: int, exact: Iterable[int], steps: Sequence[_Step]) -> list[int]:
    found: dict[int, None] = dict.fromkeys(exact)
    for step in steps:
        if len(found) >= wanted:
            break
        found.update(dict.fromkeys(step()))
    return list(found)[:wanted]


def _codes_beginning(database: Database, codes: Sequence[str], wanted: int) -> list[int]:
    found: list[int] = []
    for code in codes:
        rows = database.rows(
            "SELECT product FROM product_codes WHERE code >= ? AND code < ? ORDER BY code LIMIT ?",
            (code, code + _LAST, wanted),
        )
        found += [row for (row,) in rows]
    return found


def _names_beginning(
    database: Database,
    table: str,
    needle: str,
    wanted: int,
    narrowed: Narrowed | None = None,
) -> list[int]:
    active = "AND is_active = 1" if table == "products" else ""
    rule, values = ("", ()) if narrowed is None else (f"AND {narrowed.rule}", narrowed.values)
    rows = database.rows(
        f"SELECT row FROM {table} c WHERE search_text >= ? AND search_text < ? {active} {rule} "
        "ORDER BY search_text LIMIT ?",
        (needle, needle + _LAST, *values, wanted),
    )
    return [row for (row,) in rows]


def _words_beginning(database: Database, words: Sequence[str], wanted: int) -> list[int]:
    """Products in whose names every typed word begins a word."""
    terms = []
    for word in words:
        meant = _words_from(database, word) if len(word) > PREFIX_INDEXED else []
        if len(word) > PREFIX_INDEXED and not meant:
            return []
        terms.append(any_of(meant) if 0 < len(meant) < WORDS_MEANT else f'"{word}"*')
    query = " AND ".join(terms)
    return _ranked(_matches(database, _PRODUCT_ROWS, "product_words", query, wanted))


def _words_from(database: Database, word: str) -> list[str]:
    """The words that begin with a word."""
    rows = database.rows(
        "SELECT word FROM name_words WHERE word >= ? AND word < ? ORDER BY word LIMIT ?",
        (word, word + _LAST, WORDS_MEANT),
    )
    return [found for (found,) in rows]


def _words_holding(database: Database, words: Sequence[str], wanted: int) -> list[int]:
    """Products in whose names every typed word is a part of a word; two letters begin one."""
    terms = []
    for word in words:
        if len(word) < PART:
            terms.append(f'"{word}"*')
            continue
        rows = database.rows(
            "SELECT w.word FROM (SELECT rowid AS found FROM name_word_parts "
            "WHERE name_word_parts MATCH ?) JOIN name_words w ON w.row = found "
            "WHERE instr(w.word, ?) LIMIT ?",
            (all_pieces(word), word, WORDS_MEANT),
        )
        if not rows:
            return []
        terms.append(any_of([found for (found,) in rows]))
    if all(len(word) < PART for word in words):
        return []
    query = " AND ".join(terms)
    return _ranked(_matches(database, _PRODUCT_ROWS, "product_words", query, wanted))


def _codes_holding(database: Database, needle: str, wanted: int) -> list[int]:
    """Products with the whole text inside a code."""
    if len(needle) < PART or " " in needle:
        return []
    query = all_pieces(needle)
    rows = _matches(database, _PRODUCT_ROWS, "product_code_parts", query, wanted)
    return _ranked([row for row in rows if needle in row[1]])


def _matches(
    database: Database, sql: str, index: str, query: str, wanted: int
) -> list[tuple[int, str]]:
    """Return (row, search text) of the first rows of a word index that match."""
    if not query:
        return []
    rows = database.rows(sql.format(index=index), (query, max(CANDIDATES, wanted)))
    return [(row, text) for row, text in rows]


def _ranked(rows: Iterable[tuple[int, str]]) -> list[int]:
    """Short names first: the typed text is a larger part of them."""
    return [row for row, _ in sorted(rows, key=lambda row: (len(row[1]), row[1]))]


def index_customer(database: Database, row: int, text: str) -> None:
    """Write the words of a customer into the indexes."""
    words = " ".join(words_of(text))
    database.run("INSERT OR REPLACE INTO customer_words (rowid, words) VALUES (?, ?)", (row, words))
    database.run("INSERT OR REPLACE INTO customer_parts (rowid, words) VALUES (?, ?)", (row, text))


class WordIndex:
    """Writes the words and codes of products into the indexes."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._known: set[str] = set()

    def forget(self) -> None:
        """Forget which words are known to be there, after a transaction was let go."""
        self._known.clear()

    def put(self, row: int, name: str, codes: Iterable[str]) -> None:
        """Index a product, new or changed."""
        words = words_of(fold(name))
        self._keep_words(words)
        self._db.run(
            "INSERT OR REPLACE INTO product_words (rowid, words) VALUES (?, ?)",
            (row, " ".join(words)),
        )
        self._db.run(
            "INSERT OR REPLACE INTO product_code_parts (rowid, words) VALUES (?, ?)",
            (row, search_text(*codes)),
        )

    def put_new(self, products: Iterable[tuple[int, str, Iterable[str]]]) -> None:
        """Index products that the indexes do not know yet: (row, name, codes) each."""
        rows = [(row, words_of(fold(name)), search_text(*codes)) for row, name, codes in products]
        self._keep_words([word for _, words, _ in rows for word in words])
        self._db.many(
            "INSERT INTO product_words (rowid, words) VALUES (?, ?)",
            [(row, " ".join(words)) for row, words, _ in rows],
        )
        self._db.many(
            "INSERT INTO product_code_parts (rowid, words) VALUES (?, ?)",
            [(row, codes) for row, _, codes in rows],
        )

    def _keep_words(self, words: Iterable[str]) -> None:
        """Keep each word once; a bounded memory of the usual ones saves asking for them."""
        for word in words:
            if word in self._known:
                continue
            row = self._db.value(
                "INSERT INTO name_words (word) VALUES (?) ON CONFLICT DO NOTHING RETURNING row",
                (word,),
            )
            if row is not None:
                self._db.run(
                    "INSERT INTO name_word_parts (rowid, words) VALUES (?, ?)", (row, word)
                )
            if len(self._known) > 50_000:
                self._known.clear()
            self._known.add(word)
