"""What somebody with a database tool can do to a closed store, one way per function.

Each way changes the file behind the program's back and says what it did and which words `verify`
has to use about it: the document's number, the entry, the product, the table or the page.
"""

import json
import os
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("POS_APP_KEYS", "file")

import pysqlite3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.domain.journal import GENESIS, entry_hash

Row = dict[str, Any]
# Columns that number rows inside the file and mean nothing outside it.
_NUMBERS = {"row", "sale", "product", "customer", "tax_group"}
# What nothing but itself can prove; `resources/decisions/0010-what-verify-sees.md` says so.
UNPROVEN = ("draft", "print_jobs", "cursors", "sqlite_sequence")


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, and the words of which `verify` must use at least one."""

    what: str
    words: tuple[str, ...]


class Tool:
    """A database tool on a closed store: it knows no rules and no triggers."""

    def __init__(self, path: Path, dice: random.Random) -> None:
        self.path, self.dice = path, dice
        self.raw = pysqlite3.connect(path, isolation_level=None)
        self.raw.execute("PRAGMA foreign_keys = OFF")
        self.raw.execute("PRAGMA ignore_check_constraints = ON")
        self.raw.execute("BEGIN")
        self._triggers = self.raw.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in self._triggers:
            self.raw.execute(f"DROP TRIGGER {name}")

    def close(self, *, keeps_triggers: bool = True) -> None:
        for _, sql in self._triggers if keeps_triggers else ():
            self.raw.execute(sql)
        self.raw.execute("COMMIT")
        self.raw.close()

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        found = self.raw.execute(sql, values)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    def keys(self, table: str) -> list[str]:
        info = self.raw.execute(f"PRAGMA table_info({table})").fetchall()
        return [row[1] for row in sorted(info, key=lambda row: row[5]) if row[5]]

    def pick(self, table: str, where: str = "1 = 1") -> Row | None:
        rows = self.rows(f"SELECT * FROM {table} WHERE {where}")
        return self.dice.choice(rows) if rows else None

    def put(self, table: str, row: Row, **changed: Any) -> None:
        keys = self.keys(table)
        sets = ", ".join(f"{name} = ?" for name in changed)
        where = " AND ".join(f"{key} = ?" for key in keys)
        values = (*changed.values(), *(row[key] for key in keys))
        self.raw.execute(f"UPDATE {table} SET {sets} WHERE {where}", values)

    def delete(self, table: str, row: Row) -> None:
        keys = self.keys(table)
        where = " AND ".join(f"{key} = ?" for key in keys)
        self.raw.execute(f"DELETE FROM {table} WHERE {where}", [row[key] for key in keys])

    def insert(self, table: str, row: Row) -> None:
        marks = ", ".join("?" * len(row))
        self.raw.execute(
            f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values())
        )

    def other(self, value: Any, column: str) -> Any:
        """Another value of the same kind that looks right at a glance."""
        dice = self.dice
        if isinstance(value, bytes):
            place = dice.randrange(len(value))
            return (
                value[:place]
                + bytes([value[place] ^ (1 << dice.randrange(8))])
                + value[place + 1 :]
            )
        if isinstance(value, int):
            return 1 - value if value in (0, 1) and dice.random() < 0.5 else value + dice.choice(
                (-1, 1, 10, 100, -1000)
            )  # fmt: skip
        if value is None:
            return {"included": 1, "cash_only": 1}.get(column, "7")
        if column in ("at", "started_at"):
            return _other_moment(value, dice)
        if column == "business_day":
            return f"{value[:-2]}{'01' if value[-2:] != '01' else '02'}"
        if value.replace(".", "", 1).replace("-", "", 1).isdigit():
            return f"{value}1" if dice.random() < 0.5 else f"1{value.lstrip('-')}"
        return dice.choice((f"{value}x", f"{value} ", "", value[::-1], value.swapcase()))

    def changed(self, row: Row, column: str) -> Any:
        for _ in range(20):
            new = self.other(row[column], column)
            if new != row[column]:
                return new
        return f"{row[column]}~"


def _other_moment(value: str, dice: random.Random) -> str:
    place = dice.choice([i for i, sign in enumerate(value[:23]) if sign.isdigit()])
    digit = (int(value[place]) + 1) % 10
    return f"{value[:place]}{digit}{value[place + 1 :]}"


def words_for(tool: Tool, table: str, row: Row) -> tuple[str, ...]:
    """The words of which one must appear when this row was changed."""
    if table == "sales":
        return (row["number"],)
    if table in ("sale_lines", "sale_taxes", "tenders"):
        [sale] = tool.rows("SELECT number FROM sales WHERE row = ?", (row["sale"],))
        return (sale["number"],)
    if table == "journal":
        return (f"entry {row['seq']}", f"epoch {row['epoch']}")
    if table == "stock_moves":
        sales = tool.rows("SELECT number FROM sales WHERE id = ?", (row["document_id"],))
        entries = tool.rows("SELECT seq FROM journal WHERE id = ?", (row["document_id"],))
        told = [sale["number"] for sale in sales] + [f"entry {e['seq']}" for e in entries]
        return (f"movement {row['row']}", *told, *_names(tool, "products", "id", row["product_id"]))
    if table == "stock_levels":
        return (row["product_id"], *_names(tool, "products", "id", row["product_id"]))
    return _words_beside(tool, table, row)


def _words_beside(tool: Tool, table: str, row: Row) -> tuple[str, ...]:
    """As `words_for`, for what stands beside the documents."""
    if table in ("products", "customers", "categories"):
        return (row["name"], row["id"])
    if table in ("product_codes", "customer_codes"):
        name = table.partition("_")[0]
        return (row["code"], *_names(tool, f"{name}s", "row", row[name]))
    if table in ("taxes", "units", "listed_taxes"):
        return (row["code"], "row of taxes", "row of units", "tax", "unit", "sale")
    if table == "records":
        return tuple(part.replace("_", " ") for part in (row["id"], row["record"]))
    return {
        "settings": ("settings",),
        "sequences": ("numbers", "series"),
        "parked_sales": ("parked",),
        "till_epochs": ("epoch", "key", "entry", "not say which till"),
        "name_words": ("word",),
        "tax_group_members": ("product",),
        **dict.fromkeys(
            DAY_SUMS, ("day_", "month_products", "last_bought", "watched_facts", "sums")
        ),
    }[table]


def _names(tool: Tool, table: str, key: str, value: Any) -> list[str]:
    return [row["name"] for row in tool.rows(f"SELECT name FROM {table} WHERE {key} = ?", (value,))]


# What business days came to: made from the documents, and made anew where it is uneven.
DAY_SUMS = (
    "day_fold",
    "day_totals",
    "day_slots",
    "day_tenders",
    "day_taxes",
    "day_staff",
    "day_products",
    "month_products",
    "last_bought",
    "watched_facts",
)
# Tables with what is left out of them: rows that mean nothing, or that nothing but itself proves.
ROWS = {
    "sales": "1 = 1",
    "sale_lines": "1 = 1",
    "sale_taxes": "1 = 1",
    "tenders": "1 = 1",
    "journal": "1 = 1",
    "stock_moves": "1 = 1",
    "stock_levels": "1 = 1",
    "products": "1 = 1",
    "product_codes": "1 = 1",
    "customers": "1 = 1",
    "customer_codes": "1 = 1",
    "categories": "1 = 1",
    "units": "1 = 1",
    "taxes": "1 = 1",
    "listed_taxes": "1 = 1",
    "tax_group_members": "tax_group IN (SELECT tax_group FROM products)",
    "settings": "1 = 1",
    "sequences": "series IN ('sale', 'z', 'shift', 'cash slip')",
    "parked_sales": "1 = 1",
    "till_epochs": "1 = 1",
    "name_words": "1 = 1",
    "records": "1 = 1",
    **dict.fromkeys(DAY_SUMS, "1 = 1"),
}
_WEIGHTS = [
    4,
    4,
    2,
    3,
    6,
    4,
    2,
    3,
    2,
    2,
    1,
    1,
    1,
    2,
    1,
    1,
    1,
    1,
    2,
    2,
    1,
    5,
    *(1 for _ in DAY_SUMS),
]
# A word that no name has any more is left in the list on purpose, so it proves nothing.
_WORD_IN_USE = "EXISTS (SELECT 1 FROM products p WHERE instr(p.search_text, word))"


def _some_row(tool: Tool) -> tuple[str, Row] | None:
    [table] = tool.dice.choices(list(ROWS), _WEIGHTS)
    row = tool.pick(table, ROWS[table])
    return None if row is None else (table, row)


def edit_a_row(tool: Tool) -> Done | None:
    found = _some_row(tool)
    if found is None:
        return None
    table, row = found
    columns = [name for name in row if name not in _NUMBERS or table == "product_codes"]
    column = tool.dice.choice(columns)
    if table == "tax_group_members":
        column = "tax"  # the position says nothing where a group has one tax
    if table == "settings":
        column = "value"
        new = _other_setting(row["value"], tool)
    elif table == "parked_sales" and column == "cart":
        new = _other_cart(row["cart"])
    else:
        new = tool.changed(row, column)
    if table == "name_words" and column != "word":
        return None
    if table == "day_fold" and column == "currency":
        return None  # where no fact is without a currency it says nothing
    words = words_for(tool, table, row)
    try:
        tool.put(table, row, **{column: new})
    except pysqlite3.IntegrityError:  # another row has that already
        return None
    return Done(f"{table}.{column} of {words[0]}: {row[column]!r:.60} became {new!r:.60}", words)


def _other_setting(value: str, tool: Tool) -> str:
    plain = json.loads(value)
    name = tool.dice.choice(("name", "phone", "number_prefix", "country", "location"))
    return json.dumps({**plain, name: f"{plain[name]}9"})


def _other_cart(value: str) -> str:
    cart = json.loads(value)
    cart["lines"] = cart["lines"] + cart["lines"][:1]
    return json.dumps(cart)


def delete_a_row(tool: Tool) -> Done | None:
    found = _some_row(tool)
    if found is None:
        return None
    table, row = found
    if table == "till_epochs" and len(tool.rows("SELECT 1 FROM till_epochs")) == 1:
        return None
    if table == "name_words" and not tool.rows(
        f"SELECT 1 FROM name_words WHERE row = ? AND {_WORD_IN_USE}", (row["row"],)
    ):
        return None
    words = words_for(tool, table, row)
    if table in ("product_codes", "customer_codes"):
        name = table.partition("_")[0]
        words = (*words, *_names(tool, f"{name}s", "row", row[name]))
    if table == "categories":
        words = (*words, "categories")
    tool.delete(table, row)
    missing: tuple[str, ...] = (
        ("missing", "numbers") if table in ("sequences", "sales", "journal") else ()
    )
    return Done(f"{table}: {words[0]} deleted", (*words, *missing))


def insert_a_row(tool: Tool) -> Done | None:
    """Add a copy of a row under keys of its own."""
    found = _some_row(tool)
    if found is None:
        return None
    table, row = found
    if table in ("name_words", "sequences", "tax_group_members", "till_epochs"):
        return None
    new = {**row, **_new_keys(tool, table, row)}
    try:
        tool.insert(table, new)
    except pysqlite3.IntegrityError:
        return None
    words = (*words_for(tool, table, row), *words_for(tool, table, new))
    return Done(f"{table}: a copy of {words[0]} inserted", words)


def _new_keys(tool: Tool, table: str, row: Row) -> Row:
    new: Row = {}
    for key in {*tool.keys(table), *(name for name in ("id", "number") if name in row)}:
        if key in ("row", "seq"):
            new[key] = tool.raw.execute(f"SELECT max({key}) + 1 FROM {table}").fetchone()[0]
        elif key == "sale":
            continue
        elif isinstance(row[key], int):
            top = tool.raw.execute(f"SELECT max({key}) FROM {table}").fetchone()[0]
            new[key] = top + 1
        else:
            new[key] = f"{row[key]}7"
    return new


def swap_two_rows(tool: Tool) -> Done | None:
    """Exchange a value between two rows."""
    tables = ("sales", "sale_lines", "tenders", "journal", "stock_moves", "products", "customers")
    table = tool.dice.choice(tables)
    rows = tool.rows(f"SELECT * FROM {table}")
    if len(rows) < 2:
        return None
    one, two = tool.dice.sample(rows, 2)
    keys = set(tool.keys(table))
    columns = [name for name in one if one[name] != two[name] and name not in keys | _NUMBERS]
    if not columns:
        return None
    column = tool.dice.choice(columns)
    words = (*words_for(tool, table, one), *words_for(tool, table, two))
    try:
        tool.put(table, one, **{column: two[column]})
        tool.put(table, two, **{column: one[column]})
    except pysqlite3.IntegrityError:
        return None
    return Done(f"{table}.{column} of {words[0]} and another swapped", words)


def rewrite(tool: Tool, first: int, sign: Callable[[bytes], bytes] | None) -> None:
    """Hash the chain anew from entry `first` on, and sign it where a key is there."""
    rows = tool.rows("SELECT * FROM journal ORDER BY seq")
    prev = GENESIS
    for row in rows:
        if row["seq"] < first:
            prev = row["hash"].hex()
            continue
        hashed = entry_hash(
            row["till"], row["epoch"], row["seq"], row["id"], row["kind"], row["at"], row["staff"],
            row["payload"], prev,
        )  # fmt: skip
        raw = bytes.fromhex(hashed)
        signature = sign(raw) if sign else row["signature"]
        tool.put("journal", row, prev=bytes.fromhex(prev), hash=raw, signature=signature)
        prev = hashed


def rewrite_an_entry(tool: Tool) -> Done | None:
    """Change what an entry says and hash it, or the rest of the chain, again."""
    row = tool.pick("journal")
    assert row is not None
    column = tool.dice.choice(("payload", "at", "staff", "kind", "payload", "id"))
    new = _other_payload(row["payload"], tool) if column == "payload" else tool.changed(row, column)
    tool.put("journal", row, **{column: new})
    rewrite(tool, row["seq"], None)
    return Done(f"entry {row['seq']}: {column} changed, the chain hashed again", _from(tool, row))


def _other_payload(payload: str, tool: Tool) -> str:
    plain = json.loads(payload)
    name = tool.dice.choice(sorted(plain)) if plain else "more"
    plain[name] = f"{plain.get(name)}!"
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _from(tool: Tool, row: Row) -> tuple[str, ...]:
    """The words for a chain rewritten from an entry on: that entry is the first one named."""
    return (f"entry {row['seq']}",)


def rewrite_with_another_key(tool: Tool) -> Done | None:
    """Sign a rewritten chain with a key of one's own; sometimes put that key into the store too."""
    row = tool.pick("journal")
    assert row is not None
    key = Ed25519PrivateKey.generate()
    tool.put("journal", row, payload=_other_payload(row["payload"], tool))
    rewrite(tool, row["seq"], key.sign)
    return Done(f"entry {row['seq']} and the rest signed with another key", _from(tool, row))


def swap_the_public_key(tool: Tool) -> Done | None:
    """Rewrite the whole journal with a key of one's own, and make the store name that key."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    if tool.dice.random() < 0.3:  # only the key, not the chain
        epoch = tool.pick("till_epochs")
        assert epoch is not None
        tool.put("till_epochs", epoch, public_key=public)
        return Done("the public key swapped", (f"epoch {epoch['epoch']}",))
    for row in tool.rows("SELECT * FROM journal"):
        plain = json.loads(row["payload"])
        if "public_key" in plain:
            plain["public_key"] = public.hex()
            told = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            tool.put("journal", row, payload=told)
    tool.raw.execute("UPDATE till_epochs SET public_key = ?", (public,))
    rewrite(tool, 1, key.sign)
    return Done("the whole journal signed with another key, which the store names", ("key",))


def change_rows_and_entry_alike(tool: Tool) -> Done | None:
    """Change a document and its entry in the same way, and hash the chain again."""
    sale = tool.pick("sales")
    if sale is None:
        return None
    [row] = tool.rows(
        "SELECT * FROM journal WHERE kind = 'sale_completed' AND payload LIKE ?",
        (f'%"id":"{sale["id"]}"%',),
    )
    told = json.loads(row["payload"])
    told["staff"], told["note"] = "9", "nothing to see"
    payload = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    tool.put("sales", sale, staff="9", note="nothing to see")
    tool.put("journal", row, payload=payload)
    key = Ed25519PrivateKey.generate() if tool.dice.random() < 0.5 else None
    rewrite(tool, row["seq"], key.sign if key else None)
    return Done(f"sale {sale['number']} and its entry changed alike", _from(tool, row))


def hide_a_sale(tool: Tool) -> Done | None:
    """Take a document, its stock and its entry out, close every gap, and hash the chain again."""
    sales = tool.rows("SELECT * FROM sales ORDER BY row")
    if len(sales) < 2:
        return None
    sale = tool.dice.choice(sales)
    [row] = tool.rows(
        "SELECT * FROM journal WHERE kind = 'sale_completed' AND payload LIKE ?",
        (f'%"id":"{sale["id"]}"%',),
    )
    for table in ("sale_lines", "sale_taxes", "tenders"):
        tool.raw.execute(f"DELETE FROM {table} WHERE sale = ?", (sale["row"],))
    for move in tool.rows("SELECT * FROM stock_moves WHERE document_id = ?", (sale["id"],)):
        tool.raw.execute(
            "UPDATE stock_levels SET level_micro = level_micro - ? "
            "WHERE product_id = ? AND location = ?",
            (move["quantity_micro"], move["product_id"], move["location"]),
        )
        tool.delete("stock_moves", move)
    tool.delete("sales", sale)
    tool.delete("journal", row)
    tool.raw.execute("UPDATE sequences SET last = last - 1 WHERE series = 'sale'")
    later = tool.rows("SELECT * FROM journal WHERE seq > ? ORDER BY seq", (row["seq"],))
    for entry in later:
        tool.put("journal", entry, seq=entry["seq"] - 1)
    rewrite(tool, row["seq"], None)
    words = ("entry",) if later or sale is sales[-1] else ("entry", "sale")
    return Done(f"sale {sale['number']} hidden without a gap", words)


def cut_the_end_off(tool: Tool) -> Done | None:
    """Take the last entries out, and with them what they explain where that is a document."""
    rows = tool.rows("SELECT * FROM journal ORDER BY seq")
    if rows[-1]["epoch"] != rows[0]["epoch"] or len(rows) < 4:
        return None
    last = rows[-1]
    tool.delete("journal", last)
    return Done(f"the last entry {last['seq']} deleted", (f"entry {last['seq']}",))


def change_the_schema(tool: Tool) -> Done | None:
    changes = (
        ("DROP INDEX sales_by_day", "index sales_by_day"),
        ("DROP INDEX products_by_name", "index products_by_name"),
        ("CREATE TABLE plans (text)", "table plans"),
        ("ALTER TABLE customers ADD COLUMN mood TEXT", "table customers"),
        ("CREATE TRIGGER quiet AFTER INSERT ON sales BEGIN SELECT 1; END", "trigger quiet"),
        ("CREATE VIEW takings AS SELECT * FROM sales", "view takings"),
        ("CREATE INDEX mine ON sales (staff)", "index mine"),
    )
    sql, word = tool.dice.choice(changes)
    tool.raw.execute(sql)
    return Done(sql, (word,))


def change_the_search_index(tool: Tool) -> Done | None:
    index = tool.dice.choice(
        ("product_words", "product_code_parts", "customer_words", "customer_parts")
    )
    row = tool.pick(f"{index.partition('_')[0]}s")
    if row is None:
        return None
    if tool.dice.random() < 0.4:
        tool.raw.execute(f"DELETE FROM {index} WHERE rowid = ?", (row["row"],))
        return Done(f"{index}: row {row['row']} deleted", (index,))
    text = f"{row['search_text']} hidden" if tool.dice.random() < 0.5 else "else"
    tool.raw.execute(f"INSERT OR REPLACE INTO {index} (rowid, words) VALUES (?, ?)",
                     (row["row"], text))  # fmt: skip
    return Done(f"{index}: row {row['row']} has other words", (index,))


def point_a_remote_beyond(tool: Tool) -> Done | None:
    tool.raw.execute("INSERT OR REPLACE INTO cursors VALUES ('head office', 99999)")
    return Done("a remote was told more than there is", ("head office",))


ROW_WAYS: tuple[tuple[Callable[[Tool], Done | None], int], ...] = (
    (edit_a_row, 40),
    (delete_a_row, 14),
    (insert_a_row, 10),
    (swap_two_rows, 8),
    (rewrite_an_entry, 6),
    (rewrite_with_another_key, 3),
    (swap_the_public_key, 3),
    (change_rows_and_entry_alike, 4),
    (hide_a_sale, 3),
    (cut_the_end_off, 1),
    (change_the_schema, 2),
    (change_the_search_index, 3),
    (point_a_remote_beyond, 1),
)


def tamper_with_rows(path: Path, dice: random.Random) -> tuple[str, Done] | None:
    """Do one thing with a database tool; None where it was not possible in this store."""
    ways, weights = zip(*ROW_WAYS, strict=True)
    [way] = dice.choices(ways, weights)
    tool = Tool(path, dice)
    keeps = dice.random() < 0.95
    try:
        done = way(tool)
    finally:
        tool.close(keeps_triggers=keeps or way is change_the_schema)
    if done is None:
        return None
    words = done.words if keeps else (*done.words, "trigger")
    return way.__name__, Done(done.what, words)


def cut_the_file(path: Path, dice: random.Random) -> Done:
    size = path.stat().st_size
    length = dice.choice((dice.randrange(size), size - dice.randrange(1, 4096), 0, 100))
    with path.open("rb+") as file:
        file.truncate(length)
    return Done(f"the file cut from {size} to {length} bytes", ("file", "store"))


def flip_bytes(path: Path, dice: random.Random) -> Done:
    content = bytearray(path.read_bytes())
    places = [dice.randrange(len(content)) for _ in range(dice.choice((1, 1, 2, 8)))]
    for place in places:
        content[place] ^= 1 << dice.randrange(8)
    path.write_bytes(content)
    pages = ", ".join(f"{place} (page {place // 4096 + 1})" for place in places)
    return Done(f"{path.suffix}: bytes flipped at {pages}", ())


def dump(path: Path) -> dict[str, object]:
    """Everything that a store says, table by table, without how the bytes lie in the file."""
    with closing(pysqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as raw:
        raw.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
        return dict(_dumped(raw))


def _dumped(raw: Any) -> Iterator[tuple[str, object]]:
    schema = raw.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()
    yield (
        "schema",
        [
            (name, " ".join((sql or "").split()))
            for name, sql in schema
            if name != "alembic_version"
        ],
    )
    shadow = ("_data", "_idx", "_docsize", "_config", "_content")
    for name, sql in schema:
        if sql is None or not sql.startswith("CREATE TABLE"):
            if sql and sql.startswith("CREATE VIRTUAL"):
                raw.execute(f"CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, {name}, instance)")
                yield name, _rows(raw, "SELECT term, doc FROM temp.v")
                raw.execute("DROP TABLE temp.v")
            continue
        if not name.endswith(shadow):
            yield name, sorted(_rows(raw, f"SELECT * FROM {name} NOT INDEXED"), key=repr)


def _rows(raw: Any, sql: str) -> list[Any]:
    """The rows of a query; where a page is damaged, that is what the table says."""
    try:
        return list(raw.execute(sql).fetchall())
    except pysqlite3.DatabaseError as failure:
        return [str(failure)]
