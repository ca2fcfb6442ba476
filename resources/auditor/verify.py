#!/usr/bin/env python3
# ruff: noqa: ARG001, ARG002, B905, BLE001, C901, D102, D103, EXE001, PLC0415, PLR0912, PTH100, PTH110
# ruff: noqa: PTH112, PTH118, PTH119, PTH123, PTH202, S608, T201, TRY301, UP028, UP031
"""Check what a till wrote, without the till's own program.

    python verify.py EXPORT.zip|FOLDER|till.sqlite [--json] [--known REPORT.json]

reads an auditor's export (a ZIP file or a folder) or a till's database file, says what it looked
at, and names the place of each fault: the file or table, the entry or document, and the field.
It needs Python 3.8 or later and one library for Ed25519 signatures: `cryptography` or `PyNaCl`.
It imports nothing of the till's program, was written apart from it, and changes nothing.

Exit status: 0 everything is as it was written, 1 faults were found, 2 it could not be checked.

What is checked
  export      every file against its SHA-256 in the manifest, the manifest against its signature
  journal     numbers without a gap, the chain of hashes, each entry's own hash, its signature by
              the key of its epoch, canonical JSON; each epoch begins with an entry that names its
              key
  documents   every row, column by column, against the entry that tells of it; net + tax = gross,
              lines, taxes, discounts and payments add up; numbers without a gap
  stock       every movement belongs to an entry; the levels are the sums of the movements
  the rest    products, customers, groups, units, taxes, settings, parked sales and records
              (shifts, staff, invoices, orders ...) against what the journal told of them last;
              codes; number series

What nobody can see from the files alone
  * that everything was replaced by an OLDER copy, which is whole and signed. Keep the report of
    each check (`--json > report.json`) and hand it in at the next one with `--known report.json`:
    the journal must still hold the entry at which it ended then. A later receipt on paper, whose
    QR code bears the beginning of its entry's hash, or head office's copy show it too.
  * that everything was signed afresh with ANOTHER KEY, and that key put in the place of the
    till's. The report names the keys: compare them with an earlier report (`--known`), with head
    office, or with what the till's own program shows.
  * that whoever HAS THE KEY (the owner of a machine on which it lies in a file) wrote another
    journal with it. `--known`, paper and head office show that too.
  * a sale that was never rung up.
This file is itself part of an export: take it from a place that you trust, not from the export.

What is not looked at: the cart on the screen, waiting print jobs, what the till knows of remotes,
search indexes, list views and day sums; all of them are made anew from what is checked here. Of the
series of numbers those of customers and of sales documents are not compared, Z reports and balances
are not worked out and no price is calculated again (the till's own `verify` does). The wording of a
database's schema is not compared, beyond columns, triggers and views. An export of a period holds
the entries of that period in full, and of the others hash and signature only: that the till signed
each is checked, not what it says, and what stands in the shop beside the documents (products,
customers, settings ...) is given for reading and compared with nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import re
import sqlite3
import sys
import zipfile
from datetime import datetime
from decimal import Decimal

DONE, FAULTS, REFUSED = 0, 1, 2
FAULTS_KEPT = 200
GENESIS = "0" * 64
FORMAT = "pos-app auditor export"
SIGNED_WITH = b"pos-app auditor export 1\n"  # before the manifest's bytes, under the signature
MANIFEST, SIGNATURE, JOURNAL, LINKS = (
    "manifest.json",
    "manifest.sig",
    "journal.jsonl",
    "links.jsonl",
)
TOO_LONG = 64 * 1024 * 1024  # characters of one line

ENTRY = (
    "seq",
    "till",
    "epoch",
    "id",
    "kind",
    "at",
    "staff",
    "payload",
    "prev",
    "hash",
    "signature",
)
LINK = ("seq", "epoch", "hash", "signature")
# Every table that holds facts, with its columns. `search_text` in a till's file is left out.
COLUMNS = {
    "till_epochs": "epoch store_id till shop public_key key_place started_at reason",
    "settings": "key value",
    "sequences": "series last",
    "units": "code name decimals",
    "taxes": "row code name rate fixed_per_unit included affects_next",
    "listed_taxes": "code tax",
    "tax_group_members": "tax_group position tax",
    "categories": "id name colour position",
    "products": "row id code name price unit kind category_id tax_group barcodes cost min_price "
    "is_active tile_position",
    "product_codes": "code product",
    "customers": "row id number name phone email tax_number address city postcode country "
    "card_code note contact state category region price_list is_active",
    "customer_codes": "code customer",
    "sales": "row id number kind till shop staff at business_day currency prices_include_tax "
    "tax_rounding rounding_mode step cash_step cash_mode cash_only customer_id customer_name "
    "customer discounts line_count net tax gross rounding amount_due paid change note "
    "voids_sale_id",
    "sale_lines": "sale line_no product_id code name kind quantity unit unit_name unit_decimals "
    "unit_price list_price cost discount_percent discount_per_unit discount_reason net tax gross "
    "discount document_discount taxes note is_return returns_sale_id returns_number "
    "returns_line_no returns_reason",
    "sale_taxes": "sale position tax base amount",
    "tenders": "sale position method amount tendered change reference foreign_currency "
    "foreign_tendered foreign_rate",
    "stock_moves": "row product_id location quantity_micro reason note at document_id batch",
    "stock_levels": "product_id location level_micro",
    "parked_sales": "id name at staff line_count gross currency cart",
    "records": "record id code place is_open state seq",
}
COLUMNS = {table: tuple(names.split()) for table, names in COLUMNS.items()}
BEFORE = "stock_before"  # only in an export of a period: the levels when it began
TABLES = {**COLUMNS, BEFORE: COLUMNS["stock_levels"]}
KEYS = {
    "till_epochs": "epoch",
    "settings": "key",
    "sequences": "series",
    "units": "code",
    "taxes": "row",
    "listed_taxes": "code",
    "tax_group_members": "tax_group, position",
    "categories": "id",
    "products": "row",
    "product_codes": "code",
    "customers": "row",
    "customer_codes": "code",
    "sales": "row",
    "sale_lines": "sale, line_no",
    "sale_taxes": "sale, position",
    "tenders": "sale, position",
    "stock_moves": "row",
    "stock_levels": "product_id, location",
    BEFORE: "product_id, location",
    "parked_sales": "id",
    "records": "record, id",
}
APPEND_ONLY = (
    "till_epochs",
    "journal",
    "taxes",
    "sales",
    "sale_lines",
    "sale_taxes",
    "tenders",
    "stock_moves",
)
OPENINGS = {"store_opened": "new store", "store_restored": "restored", "epoch_begun": None}
# Lines that hold money for somebody, or give back a known line, take no share of a discount.
HELD = ("gift_card", "tip", "deposit", "account_payment", "invoice_payment")
ALWAYS = COLUMNS["customers"][1:13]  # what is always told of a customer
LATER = COLUMNS["customers"][13:18]  # what is told where it says something
ON_ITS_WAY = ("base", "received")  # how a thing came from head office is no part of it
ODD = (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError, RecursionError)


class CannotCheck(Exception):
    """There is nothing here that could be checked, and why."""


class Report:
    """What was looked at and what is wrong."""

    def __init__(self, path):
        self.path, self.what = path, ""
        self.faults, self.notes, self.counts, self.keys = [], [], {}, {}
        self.head = {"seq": 0, "hash": GENESIS}
        self.identity, self.period, self.more = {}, None, 0

    def fault(self, check, file, where, sentence, field=""):
        """Keep one fault: which check, the file or table, the place in it, and in words."""
        if len(self.faults) >= FAULTS_KEPT:
            self.more += 1
            return
        self.faults.append(
            {"check": check, "file": file, "where": where, "field": field, "sentence": sentence}
        )

    def plain(self):
        """The report as plain values; this is also what `--known` takes."""
        return {
            "path": self.path,
            "what": self.what,
            "sound": not self.faults,
            "faults": self.faults,
            "more_faults": self.more,
            "notes": self.notes,
            "looked_at": self.counts,
            "identity": self.identity,
            "period": self.period,
            "keys": self.keys,
            "head": self.head,
        }


# --- Signatures -----------------------------------------------------------------------------


def signature_check():
    """Return a function (key, signature, message) -> bool of whichever library is there."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return _nacl_check()
    known = {}

    def is_signed(key, signature, message):
        try:
            if key not in known:
                known[key] = Ed25519PublicKey.from_public_bytes(key)
            known[key].verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    return is_signed


def _nacl_check():
    try:
        from nacl.exceptions import BadSignatureError
        from nacl.signing import VerifyKey
    except ImportError:
        raise CannotCheck(
            "no library for Ed25519 signatures is installed: pip install cryptography (or pynacl)"
        ) from None

    def is_signed(key, signature, message):
        try:
            VerifyKey(key).verify(message, signature)
        except (BadSignatureError, ValueError, TypeError):
            return False
        return True

    return is_signed


# --- JSON as the till writes it -------------------------------------------------------------


def _no_float(text):
    raise ValueError(f"{text} is a number with a point, which no figure here is")


def _once(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands there twice")
    return found


_READER = json.JSONDecoder(parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_once)
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
_UNSORTED = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def read_json(text):
    """Read JSON strictly: no floats, no name twice."""
    return _READER.decode(text)


def write_json(value):
    """The one way in which a payload is written: names sorted, no spaces."""
    return _WRITER.encode(value)


def unsorted_json(value):
    """As texts inside rows are written: no spaces, names in the order of writing."""
    return _UNSORTED.encode(value)


# --- Where the rows come from ---------------------------------------------------------------


class Source:
    """The rows as an SQLite database, the journal as entries in order, and what kind it is."""

    def __init__(self, db, is_export):
        self.db, self.is_export = db, is_export
        self.is_whole, self.first_row, self.links = True, 1, {}
        self.mark = None

    def name(self, table):
        """What the reader knows a table as."""
        if not self.is_export:
            return "table " + table
        return {"journal": JOURNAL, "links": LINKS}.get(table, f"rows/{table}.jsonl")

    def rows(self, table, rest="", values=()):
        """Yield the rows of a table as maps, in the order of their key unless `rest` says else."""
        names = TABLES[table]
        order = "" if "ORDER BY" in rest else " ORDER BY " + KEYS[table]
        sql = f"SELECT {_quoted(names)} FROM {table} {rest}{order}"
        for row in self.db.execute(sql, values):
            yield dict(zip(names, row))

    def one(self, table, rest, values):
        """The first row, or None."""
        return next(self.rows(table, rest, values), None)

    def value(self, sql, values=()):
        """The first column of the first row, or None."""
        row = self.db.execute(sql, values).fetchone()
        return None if row is None else row[0]

    def entries(self):
        """Yield journal entries and links in order of their numbers."""
        names = ", ".join(
            f"lower(hex({name})) AS {name}"
            if name in ("prev", "hash", "signature") and not self.is_export
            else f'"{name}"'
            for name in ENTRY
        )
        for row in self.db.execute(f"SELECT {names} FROM journal ORDER BY seq, rowid"):
            yield dict(zip(ENTRY, row))


def _quoted(names):
    return ", ".join(f'"{name}"' for name in names)


def open_till_file(path, report):
    """Open a till's database file for reading; it is never written to."""
    report.what = "till's database file"
    with open(path, "rb") as file:
        head = file.read(100)
    size = int.from_bytes(head[16:18], "big") or 1
    size = 65536 if size == 1 else size
    promised, there = int.from_bytes(head[28:32], "big"), os.path.getsize(path) // size
    if there < promised:
        words = "the file ends after page %d of %d that its first page promises" % (there, promised)
        if not _has_log(path):
            report.fault("file", os.path.basename(path), "page %d" % there, words)
    db = _connected(path)
    source = Source(db, is_export=False)
    source.mark = _mark_beside(path)
    _check_pages(db, report)
    _check_schema(source, report)
    return source


def _connected(path):
    address = "file:{}?mode=ro".format(
        os.path.abspath(path).replace("%", "%25").replace("?", "%3f")
    )
    for more in ("", "&immutable=1"):  # a folder that cannot be written to needs the second
        if more and _has_log(path):
            break
        db = sqlite3.connect(address + more, uri=True)
        # A text that is no UTF-8 is a fault of its row, not the end of the check.
        db.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        try:
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            db.close()
            continue
        db.execute("PRAGMA temp_store = FILE")
        return db
    raise CannotCheck(f"SQLite cannot open it: {path}")


def _has_log(path):
    return os.path.exists(path + "-wal") and os.path.getsize(path + "-wal") > 0


def _mark_beside(path):
    """How far the journal had come when the till was last closed, where the till says so."""
    try:
        with open(path + ".seen", "rb") as file:
            told = json.loads(file.read())
        return {"store": told["store"], "seq": int(told["seq"]), "hash": str(told["hash"])}
    except (OSError, *ODD):
        return None


def _check_pages(db, report):
    try:
        found = [text for (text,) in db.execute("PRAGMA integrity_check(20)") if text != "ok"]
    except sqlite3.Error as failure:
        found = [str(failure)]
    for text in found:
        # Word indexes are no facts, and an older SQLite does not know their options.
        if "fts5" not in text and "contentless_delete" not in text:
            words = f"the file is damaged; SQLite says: {text}"
            report.fault("file", "database file", "SQLite's own check", words)
    if any("malformed" in text for text in found):
        _name_unreadable(db, report)


def _name_unreadable(db, report):
    """Say which tables cannot be read, where SQLite only says that something cannot."""
    for table in ("journal", *COLUMNS):
        try:
            for _ in db.execute(f"SELECT * FROM {table} NOT INDEXED"):
                pass
        except (sqlite3.Error, *ODD) as failure:
            words = f"table {table} cannot be read to the end: {failure}"
            report.fault("file", "table " + table, "table " + table, words)


def _check_schema(source, report):
    db = source.db
    for table in COLUMNS:
        found = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
        wanted = set(COLUMNS[table])
        if not found:
            raise CannotCheck(f"the file has no table {table}: it is no till's database")
        for name in sorted(found ^ wanted - {"search_text"}):
            if name == "search_text":
                continue
            how = "does not belong there" if name in found else "is missing"
            report.fault(
                "schema",
                "table " + table,
                "column " + name,
                f"table {table}: column {name} {how}",
                name,
            )
            if name in wanted:
                raise CannotCheck(f"table {table} has no column {name}")
    known = {f"{table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")}
    there = {}
    for kind, name, sql in db.execute("SELECT type, name, sql FROM sqlite_master"):
        if kind in ("trigger", "view"):
            there[name] = sql or ""
            if name not in known:
                words = f"the {kind} {name} does not belong here"
                report.fault("schema", "database file", f"{kind} {name}", words)
    for name in sorted(known):
        table, verb = name.rsplit("_no_", 1)
        words = " ".join(there.get(name, "").split())
        wanted = f"BEFORE {verb.upper()} ON {table} BEGIN SELECT RAISE(ABORT"
        if wanted not in words:
            report.fault(
                "schema",
                "database file",
                "trigger " + name,
                f"the trigger {name}, which keeps {table} append-only, is missing or changed",
            )
    indexes = {
        name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'index'")
    }
    if "sales_by_voided" not in indexes:
        report.fault(
            "schema",
            "database file",
            "index sales_by_voided",
            "the index sales_by_voided, which lets a document be voided once, is missing",
        )


# --- An export ------------------------------------------------------------------------------


class Folder:
    """The files of an export in a folder."""

    def __init__(self, path):
        self.path = path

    def names(self):
        found = []
        for folder, _, files in os.walk(self.path):
            inside = os.path.relpath(folder, self.path).replace(os.sep, "/")
            found += [name if inside == "." else f"{inside}/{name}" for name in files]
        return sorted(found)

    def open(self, name):
        return open(os.path.join(self.path, *name.split("/")), "rb")


class Zip:
    """The files of an export in one ZIP file."""

    def __init__(self, path):
        try:
            self.zip = zipfile.ZipFile(path)
        except Exception as failure:
            raise CannotCheck(f"the ZIP file cannot be read: {failure}") from None

    def names(self):
        return sorted(self.zip.namelist())

    def open(self, name):
        return self.zip.open(name)


def open_export(files, report, is_signed):
    """Check an export's files, and put its rows into a database in a file without a name."""
    report.what = "auditor's export"
    names = files.names()
    if MANIFEST not in names:
        raise CannotCheck(f"there is no {MANIFEST}: it is no auditor's export")
    for name in sorted({name for name in names if names.count(name) > 1}):
        report.fault("export", name, name, f"the file {name} stands there twice")
    raw = _whole_file(files, MANIFEST, report)
    manifest = _manifest(raw, report)
    report.counts["files"] = _check_files(files, set(names), manifest["files"], report)
    db = sqlite3.connect("")
    source = Source(db, is_export=True)
    _take_rows(source, files, set(names), report)
    _check_manifest_signature(source, files, raw, manifest, report, is_signed)
    period = manifest.get("period")
    source.is_whole = period is None
    report.period = period
    report.identity = {name: manifest.get(name) for name in ("store", "till", "shop", "made_at")}
    source.manifest = manifest
    if not source.is_whole:
        source.first_row = manifest["documents"]["first_row"]
    return source


def _whole_file(files, name, report):
    try:
        with files.open(name) as file:
            return file.read()
    except Exception as failure:
        report.fault("export", name, name, f"{name} cannot be read: {failure}")
        return b""


def _manifest(raw, report):
    try:
        found = read_json(raw.decode("utf-8"))
        if found["format"] != FORMAT or found["version"] != 1:
            raise CannotCheck("this program reads version 1 of the export")
        dict(found["files"]), dict(found["journal"]), dict(found["documents"])
        return found
    except ODD as failure:
        words = f"{MANIFEST} cannot be read: {failure}"
        report.fault("export", MANIFEST, MANIFEST, words)
        raise CannotCheck(words) from None


def _check_files(files, names, told, report):
    for name in sorted(set(told) - names):
        report.fault("export", name, name, f"the file {name}, which the manifest names, is missing")
    for name in sorted(names - set(told) - {MANIFEST, SIGNATURE}):
        report.fault("export", name, name, f"the file {name} is not named in the manifest")
    for name in sorted(names & set(told)):
        sum_, size = hashlib.sha256(), 0
        try:
            with files.open(name) as file:
                for part in iter(lambda: file.read(1 << 20), b""):
                    sum_.update(part)
                    size += len(part)
        except Exception as failure:
            report.fault("export", name, name, f"the file {name} cannot be read: {failure}")
            continue
        if told[name] != {**told[name], "sha256": sum_.hexdigest(), "bytes": size}:
            report.fault(
                "export",
                name,
                name,
                f"the file {name} is not the one that was exported: its "
                "SHA-256 is another than in the manifest",
                "sha256",
            )
    return len(names)


def _take_rows(source, files, names, report):
    db = source.db
    db.execute("PRAGMA temp_store = FILE")
    db.execute("BEGIN")
    for table, columns in {"journal": ENTRY, "links": LINK, **TABLES}.items():
        db.execute(f"CREATE TABLE {table} ({_quoted(columns)})")
        name = source.name(table)
        if name in names:
            _take_table(source, files, table, columns, report)
        elif table not in ("links", BEFORE, "sequences"):
            report.fault("export", name, name, f"the file {name} is missing")
    for table, key in (
        *KEYS.items(),
        ("journal", "seq"),
        ("links", "seq"),
        ("sales", "id"),
        ("products", "id"),
        ("customers", "id"),
    ):
        index = re.sub(r"\W+", "_", f"{table}_{key}")
        db.execute(f"CREATE INDEX by_{index} ON {table} ({key})")


def _take_table(source, files, table, columns, report):
    name, count = source.name(table), 0
    marks = ", ".join("?" * len(columns))
    try:
        with files.open(name) as raw:
            lines = io.TextIOWrapper(io.BufferedReader(raw), encoding="utf-8", newline="\n")
            for count, line in enumerate(iter(lambda: lines.readline(TOO_LONG), ""), 1):
                where = "%s, line %d" % (name, count)
                try:
                    row = read_json(line)
                    if table == "links" and set(row) == set(ENTRY):
                        _insert(source.db, "journal", ENTRY, row)
                    if table != "links" and set(row) != set(columns):
                        odd = sorted(set(row) ^ set(columns))
                        raise ValueError("the names do not fit: {}".format(", ".join(odd)))
                    values = [_scalar(row[column]) for column in columns]
                    source.db.execute(f"INSERT INTO {table} VALUES ({marks})", values)
                except (*ODD, sqlite3.Error, OverflowError) as failure:
                    report.fault("export", name, where, f"{where} cannot be read: {failure}")
    except Exception as failure:
        where = "%s, line %d" % (name, count + 1)
        report.fault("export", name, where, f"{where} cannot be read: {failure}")


def _insert(db, table, columns, row):
    db.execute(
        "INSERT INTO {} VALUES ({})".format(table, ", ".join("?" * len(columns))),
        [_scalar(row[column]) for column in columns],
    )


def _scalar(value):
    if value is None or (isinstance(value, (str, int)) and not isinstance(value, bool)):
        return value
    raise ValueError(f"a {type(value).__name__} stands where a text or a whole number should")


def _check_manifest_signature(source, files, raw, manifest, report, is_signed):
    try:
        text = _whole_file(files, SIGNATURE, report).decode("utf-8")
        told = read_json(text)
        epoch, signature = told["epoch"], bytes.fromhex(told["signature"])
        if text != json.dumps(told, indent=1) + "\n" or signature.hex() != told["signature"]:
            raise ValueError("it is not written as the till writes it")
        key = source.value("SELECT public_key FROM till_epochs WHERE epoch = ?", (epoch,))
        last = source.value("SELECT max(epoch) FROM till_epochs")
        if (
            epoch != last
            or told["public_key"] != key
            or set(told) != {"epoch", "public_key", "signature"}
        ):
            words = f"{SIGNATURE} does not name the key of the till's latest epoch"
            report.fault("export", SIGNATURE, SIGNATURE, words, "public_key")
        elif not is_signed(bytes.fromhex(key), signature, SIGNED_WITH + raw):
            words = "the manifest is not signed by the till: manifest.json or manifest.sig changed"
            report.fault("export", MANIFEST, MANIFEST, words, "signature")
    except (*ODD, sqlite3.Error) as failure:
        words = f"{SIGNATURE} cannot be read: {failure}"
        report.fault("export", SIGNATURE, SIGNATURE, words)


# --- The checks -----------------------------------------------------------------------------


class Check:
    """Goes through the journal once, and holds the rows beside it against what it tells."""

    def __init__(self, source, report, is_signed, known):
        self.source, self.report, self.is_signed, self.known = source, report, is_signed, known
        self.epochs = {row["epoch"]: row for row in source.rows("till_epochs")}
        self.taxes = {row["row"]: row for row in source.rows("taxes")}
        self.met, self.documents, self.moves = {}, 0, 0
        self.series = {"shift_opened": 0, "shift_closed": 0, "cash_moved": 0}
        self.settings, self.units, self.listed, self.ever, self.tax_changes = (
            None,
            {},
            {},
            set(),
            [],
        )
        self.entry, self.known_head_met = None, False
        self.db = source.db
        for sql in (
            "CREATE TEMP TABLE told (kind, id, seq, state, PRIMARY KEY (kind, id)) WITHOUT ROWID",
            "CREATE TEMP TABLE told_sales (id PRIMARY KEY, number) WITHOUT ROWID",
            "CREATE TEMP TABLE moving (id PRIMARY KEY) WITHOUT ROWID",
            "CREATE TEMP TABLE moved AS SELECT document_id, row FROM stock_moves",
            "CREATE INDEX temp.moved_by ON moved (document_id, row)",
        ):
            self.db.execute(sql)

    def fault(self, check, table, where, sentence, field=""):
        """Report a fault in a table or its file."""
        self.report.fault(check, self.source.name(table), where, sentence, field)

    def run(self):
        """Do every check; what stops one does not stop the others."""
        steps = [
            ("journal", self.walk),
            ("sales", self.rest_of_documents),
            ("stock_levels", self.levels),
            ("till_epochs", self.rest_of_epochs),
        ]
        steps += [("records", self.records)]
        if self.source.is_whole:
            steps += [
                ("products", self.products),
                ("customers", self.customers),
                ("categories", self.categories),
                ("units", self.vocabulary),
                ("settings", self.shop),
                ("parked_sales", self.parked),
                ("sequences", self.numbers),
            ]
        else:
            self.report.notes.append(
                "An export of a period: of entries outside it hash and signature were checked, and "
                "products, customers, settings and the like were compared with nothing."
            )
        for table, step in steps:
            try:
                step()
            except (*ODD, sqlite3.Error, OverflowError) as failure:
                place = (
                    "entry {}".format(self.entry["seq"])
                    if table == "journal" and self.entry
                    else table
                )
                words = f"{self.source.name(table)} cannot be checked to the end: {failure}"
                self.fault("reading", table, place, words)
        counts = self.report.counts
        counts["documents"], counts["movements"] = self.documents, self.moves
        self.report.keys = {str(epoch): self._key(row).hex() for epoch, row in self.epochs.items()}
        self._against_known()

    # The journal

    def walk(self):
        """Numbers, chain, hashes, signatures; and what each entry tells."""
        prev, expected, count, links = GENESIS, 1, 0, 0
        for entry in self._merged():
            self.entry = entry
            seq, is_link = entry["seq"], "payload" not in entry
            table = "links" if is_link else "journal"
            where = f"entry {seq}"
            if seq != expected and isinstance(seq, int):
                words = f"entry {expected} is missing before entry {seq}"
                if seq < expected:
                    words = f"entry {seq} stands there again after entry {expected - 1}"
                self.fault("chain", table, f"entry {min(seq, expected)}", words, "seq")
            if is_link:
                links += 1
            else:
                count += 1
                self._check_entry(entry, where, prev)
            self._check_signature(entry, where, table)
            self._meet_known(entry)
            prev, expected = entry["hash"], seq + 1
        self.entry = None
        self.report.counts["entries"] = count
        if links:
            self.report.counts["hashes of other entries"] = links
        self.report.head = {"seq": expected - 1, "hash": prev}
        self._check_ends(expected - 1, prev)

    def _merged(self):
        """Entries in full where they are there, else the links; in order."""
        links = iter(())
        if self.source.is_export:
            links = (
                dict(zip(LINK, row))
                for row in self.db.execute(
                    f"SELECT {_quoted(LINK)} FROM links "
                    "WHERE seq NOT IN (SELECT seq FROM journal) ORDER BY seq"
                )
            )
        link = next(links, None)
        for entry in self.source.entries():
            while link is not None and isinstance(link["seq"], int) and link["seq"] < entry["seq"]:
                yield link
                link = next(links, None)
            yield entry
        while link is not None:
            yield link
            link = next(links, None)

    def _check_entry(self, entry, where, prev):
        texts = [entry[name] for name in ENTRY if name not in ("seq", "epoch")]
        if not all(isinstance(text, str) for text in texts) or not all(
            isinstance(entry[name], int) for name in ("seq", "epoch")
        ):
            self.fault("chain", "journal", where, f"{where} has a field of a wrong type")
            return
        if entry["prev"] != prev:
            words = f"{where} does not follow the entry before it: its `prev` is another hash"
            self.fault("chain", "journal", where, words, "prev")
        fields = [entry["prev"], entry["till"], str(entry["epoch"]), str(entry["seq"])]
        fields += [entry[name] for name in ("id", "kind", "at", "staff", "payload")]
        try:
            own = hashlib.sha256("\x1f".join(fields).encode("utf-8")).hexdigest()
        except UnicodeEncodeError:
            own = ""
        if own != entry["hash"]:
            words = "{} ({}) does not give its own hash: it was changed".format(
                where, entry["kind"]
            )
            self.fault("hash", "journal", where, words, "hash")
        try:
            told = read_json(entry["payload"])
            if not isinstance(told, dict) or write_json(told) != entry["payload"]:
                raise ValueError("it is not written in the one canonical way")
        except ODD as failure:
            words = f"{where}: its payload cannot be read: {failure}"
            self.fault("payload", "journal", where, words, "payload")
            return
        self._check_moment(entry, where)
        self._check_epoch(entry, told, where)
        try:
            self._hear(entry, told, where)
        except (*ODD, sqlite3.DatabaseError) as failure:
            words = "{} ({}) tells something that cannot be compared: {}: {}".format(
                where, entry["kind"], type(failure).__name__, failure
            )
            self.fault("payload", "journal", where, words, "payload")

    def _check_moment(self, entry, where):
        try:
            if not entry["at"].endswith("+00:00"):
                raise ValueError("no UTC")
            datetime.strptime(entry["at"][:-6], "%Y-%m-%dT%H:%M:%S.%f")  # noqa: DTZ007
        except ValueError:
            words = "{}: {!r} is no moment in UTC".format(where, entry["at"])
            self.fault("payload", "journal", where, words, "at")

    def _key(self, row):
        key = row["public_key"]
        try:
            return key if isinstance(key, bytes) else bytes.fromhex(key)
        except (TypeError, ValueError):
            return b""

    def _check_signature(self, entry, where, table):
        row = self.epochs.get(entry["epoch"])
        if row is None:
            words = "{} is of epoch {}, which has no row".format(where, entry["epoch"])
            self.fault("signature", table, where, words, "epoch")
            return
        try:
            message, signature = bytes.fromhex(entry["hash"]), bytes.fromhex(entry["signature"])
        except (TypeError, ValueError):
            message = signature = b""
        if not message or not self.is_signed(self._key(row), signature, message):
            words = "{} is not signed by the till's key of epoch {}".format(where, entry["epoch"])
            self.fault("signature", table, where, words, "signature")

    def _check_epoch(self, entry, told, where):
        epoch, row = entry["epoch"], self.epochs.get(entry["epoch"])
        if row is None:
            return
        if entry["till"] != row["till"]:
            words = "{} is of till {}; epoch {} is of till {}".format(
                where, entry["till"], epoch, row["till"]
            )
            self.fault("epoch", "journal", where, words, "till")
        if self.met and epoch < max(self.met):
            words = f"{where} goes back to epoch {epoch}"
            self.fault("epoch", "journal", where, words, "epoch")
        if epoch in self.met:
            return
        self.met[epoch] = entry["seq"]
        place = f"epoch {epoch}"
        if entry["kind"] not in OPENINGS:
            words = f"{where} begins epoch {epoch}, but does not say that it began, nor its key"
            self.fault("epoch", "journal", where, words, "kind")
            return
        wanted = {
            "public_key": (told.get("public_key"), self._key(row).hex()),
            "store_id": (told.get("store"), row["store_id"]),
            "till": (told.get("till"), row["till"]),
            "shop": (told.get("shop"), row["shop"]),
            "key_place": (told.get("key_place"), row["key_place"]),
            "started_at": (entry["at"], row["started_at"]),
            "reason": (told.get("reason") or OPENINGS[entry["kind"]], row["reason"]),
        }
        for name, (there, here) in wanted.items():
            if there != here:
                words = f"{place}: {name} is {here} in its row and {there} in {where}"
                self.fault("epoch", "till_epochs", place, words, name)
        if not self.report.identity:
            self.report.identity = {
                "store": row["store_id"],
                "till": row["till"],
                "shop": row["shop"],
            }

    def rest_of_epochs(self):
        """Epochs without an entry."""
        for epoch in sorted(set(self.epochs) - set(self.met)):
            words = f"epoch {epoch} has a row, but no entry says that it began"
            self.fault("epoch", "till_epochs", f"epoch {epoch}", words)

    def _check_ends(self, seq, hash_):
        """The end of the journal against the manifest, or the mark beside the till's file."""
        source = self.source
        if source.is_export:
            told = source.manifest["journal"]
            for name, found in (("head_seq", seq), ("head_hash", hash_)):
                if told.get(name) != found:
                    words = "the journal ends with entry {}; the manifest says entry {}".format(
                        seq, told.get("head_seq")
                    )
                    self.fault(
                        "chain", "journal", "entry {}".format(told.get("head_seq")), words, name
                    )
                    break
        elif source.mark and source.mark["store"] == self.report.identity.get("store"):
            mark = source.mark["seq"]
            there = source.value("SELECT lower(hex(hash)) FROM journal WHERE seq = ?", (mark,))
            if mark and there != source.mark["hash"]:
                words = (
                    f"the till was last closed with {mark} entries, and entry {mark} is not "
                    "there as it was: an older copy, or its end was cut off"
                )
                self.fault("chain", "journal", f"entry {mark}", words)

    def _meet_known(self, entry):
        known = (self.known or {}).get("head") or {}
        if entry["seq"] == known.get("seq") and entry["hash"] == known.get("hash"):
            self.known_head_met = True

    def _against_known(self):
        """Keys and end of an earlier report."""
        if not self.known:
            self.report.notes.append(
                "The keys were taken from what was checked. Compare them with an earlier report "
                "(--known), with head office or with the till."
            )
            return
        for epoch, key in sorted((self.known.get("keys") or {}).items()):
            if self.report.keys.get(epoch) != key:
                words = "the key of epoch {} is {}; the earlier report names {}".format(
                    epoch, self.report.keys.get(epoch, "missing"), key
                )
                self.fault("known", "till_epochs", f"epoch {epoch}", words, "public_key")
        seq = (self.known.get("head") or {}).get("seq")
        if seq and not self.known_head_met:
            words = (
                f"entry {seq} is not there as it was at the earlier check: an older copy, or "
                "another journal"
            )
            self.fault("known", "journal", f"entry {seq}", words, "hash")

    # What entries tell

    def _hear(self, entry, told, where):
        kind, seq = entry["kind"], entry["seq"]
        in_period = self.source.is_whole or self._is_in_period(seq)
        if kind == "sale_completed":
            for sentence in arithmetic(told):
                place = "document {}".format(told["number"])
                self.fault(
                    "arithmetic", "journal", f"{where}, {place}", f"{place} ({where}), {sentence}"
                )
            if in_period:
                self._check_document(entry, told)
        elif kind == "stock_moved" and in_period:
            self._check_moves(entry["id"], told["moves"], entry["at"], where)
        if not in_period:
            return
        if kind in self.series:
            self.series[kind] += 1
        if kind in ("product_saved", "products_imported"):
            self._hear_products(told, seq)
        elif kind == "category_saved":
            self._tell("category", told["id"], seq, _alone(told))
        elif kind == "customer_saved":
            self._tell("customer", told["id"], seq, _alone(told))
        elif kind == "customers_imported":
            for customer in told["customers"]:
                self._tell("customer", customer["id"], seq, _alone(customer))
        elif kind == "store_opened":
            self.settings = dict(told.get("settings") or {})
        elif kind == "settings_changed":
            self._hear_settings(told, seq)
        elif kind == "sale_parked":
            self._tell(
                "parked", told["cart"], seq, {**told, "at": entry["at"], "staff": entry["staff"]}
            )
        elif kind == "sale_recalled":
            self.db.execute("DELETE FROM told WHERE kind = 'parked' AND id = ?", (told["cart"],))
        elif isinstance(told.get("record"), str) and "state" in told:
            state = {name: told[name] for name in ("code", "place", "is_open", "state")}
            self._tell("record " + told["record"], told["id"], seq, state)

    def _is_in_period(self, seq):
        bounds = self.source.manifest["journal"]
        return bounds["first_seq"] <= seq <= bounds["last_seq"]

    def _tell(self, kind, id_, seq, state):
        self.db.execute(
            "INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?)", (kind, id_, seq, write_json(state))
        )

    def _hear_products(self, told, seq):
        for unit in told.get("units", ()):
            self.units[unit["code"]] = unit
        for product in told.get("products", (told,)):
            for unit in product.get("units", ()):
                self.units[unit["code"]] = unit
            for tax in product["taxes"]:
                self.ever.add(write_json(tax))
                if tax["code"]:
                    self.listed.setdefault(tax["code"], tax)
            # Taxes listed anew in later entries change the product; `?` says which those are.
            state = {name: product[name] for name in product if name not in ("units", *ON_ITS_WAY)}
            self._tell("product", product["id"], seq, {**state, "?": len(self.tax_changes)})

    def _hear_settings(self, told, seq):
        if "unit" in told:
            self.units[told["unit"]["code"]] = told["unit"]
        if "tax" in told:
            tax = told["tax"]
            before = self.listed.get(tax["code"])
            self.listed[tax["code"]] = tax
            self.ever.add(write_json(tax))
            if before is not None and before != tax:
                self.tax_changes.append((before, tax))
        if self.settings is not None:
            beside = ("unit", "tax", *ON_ITS_WAY)
            self.settings.update({k: v for k, v in told.items() if k not in beside})

    # Documents

    def _check_document(self, entry, told):
        number, source = told["number"], self.source
        place = f"document {number}"
        self.documents += 1
        try:
            self.db.execute("INSERT INTO told_sales VALUES (?, ?)", (told["id"], number))
        except sqlite3.IntegrityError:
            words = "{} is told of a second time in entry {}".format(place, entry["seq"])
            self.fault("document", "journal", "entry {}".format(entry["seq"]), words)
            return
        row = source.one("sales", "WHERE id = ?", (told["id"],))
        self._check_moves(told["id"], told["stock"], _milliseconds(told["at"]), place)
        if row is None:
            words = "{} is told of in entry {}, but has no row".format(place, entry["seq"])
            self.fault("document", "sales", place, words)
            return
        where = (
            place if row["number"] == number else "{} (in its row: {})".format(place, row["number"])
        )
        nth = self.source.first_row + self.documents - 1
        serial = re.search(r"([0-9]+)$", number)
        if row["row"] != nth or serial is None or int(serial.group(1)) != nth:
            words = "{} is document {} by its row and {} by the journal: numbers have a gap".format(
                where, row["row"], nth
            )
            self.fault("number", "sales", place, words, "number")
        self._compare("sales", place, where, row, sale_columns(told), ("customer", "discounts"))
        self._compare_text("sales", place, row["customer"], "customer", told["customer"])
        discounts = [
            [d["kind"], d["value"], d["basis"], d["reason"], d["amount"]] for d in told["discounts"]
        ]
        self._compare_text("sales", place, row["discounts"], "discounts", discounts)
        self._check_lines(row["row"], told, place)
        self._check_parts(row["row"], told, place)

    def _check_lines(self, sale, told, place):
        rows = list(self.source.rows("sale_lines", "WHERE sale = ?", (sale,)))
        self._compare_count("sale_lines", place, "lines", rows, told["lines"])
        for row, line in zip(rows, told["lines"]):
            where = "{}, line {}".format(place, line["line_no"])
            self._compare("sale_lines", where, where, row, line_columns(line), ("taxes",))
            try:
                figures = [self._figure(*figure) for figure in read_json(row["taxes"])]
                is_so_written = unsorted_json(read_json(row["taxes"])) == row["taxes"]
            except ODD:
                figures, is_so_written = None, False
            if figures != line["taxes"] or not is_so_written:
                words = "{}: its taxes are {} in the row and {} in the journal".format(
                    where, row["taxes"], unsorted_json(line["taxes"])
                )
                self.fault("document", "sale_lines", where, words, "taxes")

    def _check_parts(self, sale, told, place):
        rows = list(self.source.rows("sale_taxes", "WHERE sale = ?", (sale,)))
        self._compare_count("sale_taxes", place, "taxes", rows, told["taxes"])
        for number, (row, tax) in enumerate(zip(rows, told["taxes"]), 1):
            where = "%s, tax %d" % (place, number)
            found = self._figure(row["tax"], row["base"], row["amount"])
            self._compare(
                "sale_taxes",
                where,
                where,
                {**found, "position": row["position"]},
                {**tax, "position": number},
            )
        rows = list(self.source.rows("tenders", "WHERE sale = ?", (sale,)))
        self._compare_count("tenders", place, "payments", rows, told["tenders"])
        for number, (row, tender) in enumerate(zip(rows, told["tenders"]), 1):
            where = "%s, payment %d" % (place, number)
            foreign = tender.get("foreign") or {}
            wanted = {
                name: tender[name]
                for name in ("method", "amount", "tendered", "change", "reference")
            }
            wanted.update(
                position=number,
                foreign_currency=foreign.get("currency"),
                foreign_tendered=foreign.get("tendered"),
                foreign_rate=foreign.get("rate"),
            )
            self._compare("tenders", where, where, row, wanted)

    def _figure(self, tax, base, amount):
        """A tax with its figures as the journal tells it, from the number of its row."""
        row = self.taxes.get(tax)
        if row is None:
            return {"row": f"{tax}, which is missing in taxes"}
        return {**_tax(row), "amount": amount, "base": base}

    def _compare(self, table, place, where, row, wanted, but=()):
        for name in wanted:
            if name not in but and not _same(row.get(name), wanted[name]):
                words = f"{where}: {_both(name, row.get(name), wanted[name])}"
                self.fault("document", table, place, words, name)

    def _compare_text(self, table, place, text, name, wanted):
        try:
            found = None if text is None else read_json(text)
            is_same = found == wanted and (found is None or unsorted_json(found) == text)
        except ODD:
            is_same = False
        if not is_same:
            words = f"{place}: {_both(name, text, unsorted_json(wanted))}"
            self.fault("document", table, place, words, name)

    def _compare_count(self, table, place, what, rows, told):
        if len(rows) != len(told):
            words = "%s has %d %s in the rows and %d in the journal" % (
                place,
                len(rows),
                what,
                len(told),
            )
            self.fault("document", table, place, words)

    def rest_of_documents(self):
        """Rows of documents, lines, taxes, payments and movements that no entry tells of."""
        for id_, number, row in self.db.execute(
            "SELECT id, number, row FROM sales WHERE id NOT IN (SELECT id FROM told_sales)"
        ):
            place = f"document {number}"
            words = f"{place} (row {row}, id {id_}) has a row, but no entry tells of it"
            self.fault("document", "sales", place, words)
        for table in ("sale_lines", "sale_taxes", "tenders"):
            for (sale,) in self.db.execute(
                f"SELECT DISTINCT sale FROM {table} WHERE sale NOT IN (SELECT row FROM sales)"
            ):
                words = f"{table} has rows of document row {sale}, which is missing"
                self.fault("document", table, f"document row {sale}", words)
        for row in self.source.rows(
            "stock_moves", "WHERE document_id NOT IN (SELECT id FROM moving)"
        ):
            place = "movement {}".format(row["row"])
            words = "movement {} of product {} belongs to nothing that the journal tells of".format(
                row["row"], row["product_id"]
            )
            self.fault("stock", "stock_moves", place, words, "document_id")

    # Stock

    def _check_moves(self, id_, told, at, place):
        if told:
            self.db.execute("INSERT OR IGNORE INTO moving VALUES (?)", (id_,))
        rows = [
            row
            for (number,) in self.db.execute(
                "SELECT row FROM moved WHERE document_id = ? ORDER BY row", (id_,)
            ).fetchall()
            for row in self.source.rows("stock_moves", "WHERE row = ?", (number,))
        ]
        if rows and not told:
            words = "movement {} belongs to {}, which moved nothing".format(rows[0]["row"], place)
            self.fault("stock", "stock_moves", place, words)
            self.db.execute("INSERT OR IGNORE INTO moving VALUES (?)", (id_,))
            return
        self._compare_count("stock_moves", place, "stock movements", rows, told)
        self.moves += len(rows)
        for row, move in zip(rows, told):
            where = "{}, movement {}".format(place, row["row"])
            micro = Decimal(move["quantity"]) * 1000000
            wanted = {
                "product_id": move["product"],
                "location": move["location"],
                "quantity_micro": int(micro),
                "reason": move["reason"],
                "note": move["note"],
                "batch": move.get("batch", ""),
                "at": at,
            }
            self._compare("stock_moves", where, where, row, wanted)

    def levels(self):
        """Levels on the shelf are the sums of what moved."""
        parts = [
            ("stock_moves", "quantity_micro", "0", 1, 0),
            ("stock_levels", "0", "level_micro", 0, 1),
        ]
        if self.source.is_export:
            parts.append((BEFORE, "level_micro", "0", 1, 0))
        rows = " UNION ALL ".join(
            "SELECT product_id, location, %s AS moved, %s AS level, %d AS moves, %d AS here FROM %s"
            % (moved, level, moves, levels, table)
            for table, moved, level, moves, levels in parts
        )
        sql = (
            f"SELECT product_id, location, sum(moved), sum(level) FROM ({rows}) GROUP BY 1, 2 "
            "HAVING sum(moved) <> sum(level) OR sum(here) <> 1 OR sum(moves) = 0"
        )
        for product, location, moved, level in self.db.execute(sql):
            place = f"product {product} at {location}"
            units = [Decimal(micro) / 1000000 for micro in (level, moved)]
            words = "{}: the level is {}, what moved sums to {}".format(place, *units)
            self.fault("stock", "stock_levels", place, words, "level_micro")

    # What changes with time, against the journal's last word

    def _each(self, table, look):
        """Look at every row of a table; one that cannot be read does not hide the others."""
        for row in self.source.rows(table):
            try:
                look(row)
            except ODD as failure:
                kinds = {"categories": "category", "parked_sales": "parked"}
                what = kinds.get(table, table[:-1])
                called = row.get("name") or row.get("number") or row.get("id")
                where = f"{what} {called}"
                words = "{} ({}) cannot be read: {}".format(where, row.get("id"), failure)
                self.fault("reading", table, where, words)
                self._last(
                    {"records": "record {}".format(row.get("record"))}.get(table, what), row["id"]
                )

    def _last(self, kind, id_):
        """The last word of the journal about a thing, once: (entry, state), or None."""
        kind, id_ = _storable(kind), _storable(id_)
        row = self.db.execute(
            "SELECT seq, state FROM told WHERE kind = ? AND id = ?", (kind, id_)
        ).fetchone()
        if row is None:
            return None
        self.db.execute("DELETE FROM told WHERE kind = ? AND id = ?", (kind, id_))
        return row[0], read_json(row[1])

    def _stands(self, table, kind, id_, called, found):
        """Hold what a row says of a thing against the journal's last word."""
        place = "{} {}".format(kind.replace("record ", "").replace("_", " "), called)
        last = self._last(kind, id_)
        if last is None:
            words = f"{place} ({id_}) has a row, but no entry tells of it"
            self.fault("standing", table, place, words)
            return
        seq, told = last
        if kind == "product":
            told = self._with_taxes(told)
        for name in sorted(set(found) | set(told)):
            if not _same(found.get(name, _NOTHING), told.get(name, _NOTHING)):
                both = _both(name, found.get(name), told.get(name))
                words = f"{place} ({id_}): {both} (entry {seq})"
                self.fault("standing", table, place, words, name)

    def _with_taxes(self, told):
        """A product with the taxes that were listed anew after it was told of."""
        taxes = told["taxes"]
        for before, after in self.tax_changes[told["?"] :]:
            taxes = [after if tax == before else tax for tax in taxes]
        return {**{name: told[name] for name in told if name != "?"}, "taxes": taxes}

    def _vanished(self, table, kind):
        for id_, seq, state in self.db.execute(
            "SELECT id, seq, state FROM told WHERE kind = ?", (kind,)
        ).fetchall():
            called = read_json(state).get("name") or id_
            place = "{} {}".format(kind.replace("record ", "").replace("_", " "), called)
            words = f"{place} ({id_}) is told of in entry {seq}, but its row is missing"
            self.fault("standing", table, place, words)

    def products(self):
        """Products, and the codes by which they are found."""
        groups = {}
        for row in self.source.rows("tax_group_members"):
            tax = self.taxes.get(row["tax"])
            groups.setdefault(row["tax_group"], []).append(
                _tax(tax) if tax else "tax row {}, which is missing".format(row["tax"])
            )
        self._each("products", lambda row: self._product(row, groups))
        self._vanished("products", "product")
        self._stray_codes("product")

    def _product(self, row, groups):
        names = (
            "id",
            "code",
            "name",
            "price",
            "unit",
            "kind",
            "cost",
            "min_price",
            "tile_position",
        )
        found = {name: row[name] for name in names}
        found["category"] = row["category_id"]
        found["is_active"] = _flag(row["is_active"])
        barcodes = _read_or_text(row["barcodes"])
        written = json.dumps(barcodes, ensure_ascii=False) if barcodes else "[]"
        found["barcodes"] = barcodes if written == row["barcodes"] else row["barcodes"]
        found["taxes"] = groups.get(row["tax_group"], [])
        self._stands("products", "product", row["id"], row["name"], found)
        if row["is_active"] and isinstance(barcodes, list):
            self._has_codes("product", row, (row["code"], *barcodes))

    def customers(self):
        """Customers, and the codes by which they are found."""
        self._each("customers", self._customer)
        self._vanished("customers", "customer")
        self._stray_codes("customer")

    def _customer(self, row):
        found = {name: row[name] for name in ALWAYS}
        found.update({name: row[name] for name in LATER if row[name] != ""})
        if row["is_active"] != 1:
            found["is_active"] = _flag(row["is_active"])
        self._stands("customers", "customer", row["id"], row["name"], found)
        self._has_codes("customer", row, (row["number"], row["card_code"]))

    def _has_codes(self, what, row, codes):
        for code in codes:
            sql = f"SELECT {what} FROM {what}_codes WHERE code = ?"
            if code and self.source.value(sql, (_storable(code),)) != row["row"]:
                place = "{} {}".format(what, row["name"])
                words = f"{place} is not found by its code {code}"
                self.fault("codes", what + "_codes", place, words, "code")

    def _stray_codes(self, what):
        for code in self.source.rows(what + "_codes"):
            row = self.source.one(what + "s", "WHERE row = ?", (code[what],))
            if row is None:
                own = ()
            elif what == "customer":
                own = (row["number"], row["card_code"])
            else:
                barcodes = _read_or_text(row["barcodes"])
                own = (row["code"], *barcodes) if row["is_active"] else ()
            if code["code"] not in own:
                called = row["name"] if row else f"row {code[what]}"
                words = "the code {} finds {} {}, whose code it is not".format(
                    code["code"], what, called
                )
                self.fault("codes", what + "_codes", "code {}".format(code["code"]), words, "code")

    def categories(self):
        """Groups of products."""
        self._each(
            "categories",
            lambda row: self._stands("categories", "category", row["id"], row["name"], row),
        )
        self._vanished("categories", "category")

    def vocabulary(self):
        """Units, the shop's list of taxes, and every tax that ever was."""
        units = {row["code"]: row for row in self.source.rows("units")}
        self._by_code("units", "unit", units, self.units)
        listed = {
            row["code"]: _tax(self.taxes[row["tax"]]) if row["tax"] in self.taxes else None
            for row in self.source.rows("listed_taxes")
        }
        self._by_code("listed_taxes", "tax", listed, self.listed)
        rows = [write_json(_tax(row)) for row in self.taxes.values()]
        for tax in sorted(set(rows) ^ self.ever):
            how = "has a row, but no entry tells of it" if tax in rows else "has no row any more"
            place = "tax {}".format(json.loads(tax).get("code"))
            self.fault("standing", "taxes", place, f"{place} {how}: {tax}")
        for tax in sorted({tax for tax in rows if rows.count(tax) > 1}):
            place = "tax {}".format(json.loads(tax).get("code"))
            self.fault("standing", "taxes", place, f"{place} has two rows: {tax}")

    def _by_code(self, table, what, rows, told):
        for code in sorted(set(rows) | set(told)):
            place = f"{what} {code}"
            if code not in told:
                words = f"{place} has a row, but no entry tells of it"
            elif code not in rows:
                words = f"{place} is told of in the journal, but its row is missing"
            elif not _same(rows[code], told[code]):
                words = _both(place, rows[code], told[code])
            else:
                continue
            self.fault("standing", table, place, words)

    def shop(self):
        """The shop's settings."""
        rows = {row["key"]: row["value"] for row in self.source.rows("settings")}
        for key in sorted(set(rows) - {"shop"}):
            words = f"the settings have a row {key}, which the till does not write"
            self.fault("settings", "settings", f"settings, row {key}", words)
        if "shop" not in rows:
            self.fault("settings", "settings", "settings", "the settings are missing")
            return
        found = read_json(rows["shop"])
        if unsorted_json(found) != rows["shop"]:
            words = "the settings are not written as the till writes them"
            self.fault("settings", "settings", "settings", words)
        if self.settings is None:
            self.report.notes.append("The journal does not tell the settings at its beginning.")
            return
        untold = []
        for name, here, there in _unlike(found, self.settings, ""):
            if there is _NOTHING:
                untold.append(name)  # the program that wrote the journal did not know it yet
                continue
            words = (
                f"settings: {name} is {_shown(here)} in the row and {_shown(there)} in the journal"
            )
            self.fault("settings", "settings", "settings", words, name)
        if untold:
            self.report.notes.append(
                "Settings of which no entry tells: {}".format(", ".join(untold))
            )

    def parked(self):
        """Carts that were put aside and not taken up again."""
        self._each("parked_sales", self._parked)
        self._vanished("parked_sales", "parked")

    def _parked(self, row):
        cart = row["cart"].encode("utf-8", "surrogateescape")
        found = {
            "cart": row["id"],
            "name": row["name"],
            "at": row["at"],
            "staff": row["staff"],
            "lines": row["line_count"],
            "gross": row["gross"],
            "currency": row["currency"],
            "sha256": hashlib.sha256(cart).hexdigest(),
        }
        self._stands("parked_sales", "parked", row["id"], row["name"] or row["id"], found)

    def records(self):
        """Shifts, staff, stored value, orders, invoices ... as they stand."""
        self._each("records", self._record)
        if self.source.is_whole:
            for (kind,) in self.db.execute(
                "SELECT DISTINCT kind FROM told WHERE kind LIKE 'record %'"
            ).fetchall():
                self._vanished("records", kind)

    def _record(self, row):
        kind, place = (
            "record " + row["record"],
            "{} {}".format(row["record"].replace("_", " "), row["id"]),
        )
        sql = "SELECT seq FROM told WHERE kind = ? AND id = ?"
        seq = self.source.value(sql, (_storable(kind), _storable(row["id"])))
        if seq is not None and seq != row["seq"]:
            words = "{} was told of last in entry {}, its row says {}".format(
                place, seq, row["seq"]
            )
            self.fault("standing", "records", place, words, "seq")
        state = _read_or_text(row["state"])
        found = {
            "code": row["code"] or None,
            "place": row["place"],
            "is_open": _flag(row["is_open"]),
            "state": state if write_json(state) == row["state"] else row["state"],
        }
        self._stands("records", kind, row["id"], row["id"], found)

    def numbers(self):
        """Series of numbers stand where the journal ends."""
        wanted = {
            "sale": self.documents,
            "shift": self.series["shift_opened"],
            "z": self.series["shift_closed"],
            "cash slip": self.series["cash_moved"],
        }
        last = {row["series"]: row["last"] for row in self.source.rows("sequences")}
        for series, count in wanted.items():
            if last.get(series, 0) != count:
                words = (
                    f"the series of numbers {series} stands at {last.get(series, 0)}; "
                    f"the journal tells of {count}"
                )
                self.fault("number", "sequences", f"series {series}", words, "last")
        if not self.source.is_export:
            head = self.report.head["seq"]
            for remote, seq in self.db.execute("SELECT remote, seq FROM cursors"):
                if not 0 <= seq <= head:
                    words = f"{remote} was told up to entry {seq}, but there are {head}"
                    self.fault("chain", "cursors", remote, words, "seq")


# --- What rows should say -------------------------------------------------------------------

_NOTHING = object()


def sale_columns(told):
    """The columns of a document's row, from what the journal tells of it."""
    policy, cash, customer = told["policy"], told["cash_rounding"], told["customer"]
    wanted = {
        name: told[name]
        for name in (
            "id",
            "number",
            "kind",
            "till",
            "shop",
            "staff",
            "at",
            "business_day",
            "currency",
            "net",
            "tax",
            "gross",
            "rounding",
            "amount_due",
            "paid",
            "change",
            "note",
        )
    }
    wanted.update(
        prices_include_tax=int(policy["prices_include_tax"]),
        tax_rounding=policy["tax_rounding"],
        rounding_mode=policy["rounding"],
        step=policy["step"],
        cash_step=cash and cash["step"],
        cash_mode=cash and cash["mode"],
        cash_only=cash and int(cash["only_cash"]),
        customer_id=customer and customer["id"],
        customer_name=customer["name"] if customer else "",
        line_count=len(told["lines"]),
        voids_sale_id=told.get("voids"),
    )
    if policy["currency"] != told["currency"]:
        wanted["currency"] = "{} and {}".format(told["currency"], policy["currency"])
    return wanted


def line_columns(told):
    """The columns of a line's row, from what the journal tells of it; taxes are looked at apart."""
    back = told["returns"]
    wanted = {name: told[name] for name in COLUMNS["sale_lines"] if name in told}
    wanted.update(
        product_id=told["product"],
        is_return=int(back is not None),
        returns_sale_id=back and back["sale"],
        returns_number=back["number"] if back else "",
        returns_line_no=back and back["line_no"],
        returns_reason=back["reason"] if back else "",
    )
    return wanted


def _tax(row):
    return {
        "affects_next": _flag(row["affects_next"]),
        "code": row["code"],
        "name": row["name"],
        "fixed_per_unit": row["fixed_per_unit"],
        "rate": row["rate"],
        "included": None if row["included"] is None else _flag(row["included"]),
    }


def _flag(value):
    return {0: False, 1: True}.get(value, value)


def _read_or_text(text):
    """What a JSON text says, or the text itself where it is none."""
    try:
        return read_json(text)
    except ODD:
        return text


def _storable(text):
    """A text as SQLite takes it, also where the row holds bytes that are no UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _alone(told):
    return {name: told[name] for name in told if name not in ON_ITS_WAY}


def _same(one, other):
    """Equal, and of the same kind: 1 is not True, and no text is a number."""
    return one == other and type(one) is type(other)


def _shown(value):
    if value is None or value is _NOTHING:
        return "nothing"
    return repr(value if not isinstance(value, (dict, list)) else unsorted_json(value))[:160]


def _both(name, here, there):
    return f"{name} is {_shown(here)} in the row and {_shown(there)} in the journal"


def _milliseconds(moment):
    """A moment as stock movements bear it: with three places of a second."""
    text, _, zone = moment.rpartition("+")
    seconds, _, part = text.partition(".")
    return "{}.{}+{}".format(seconds, (part + "000")[:3], zone)


def _unlike(found, told, path):
    """Yield (name, here, there) of what differs in two maps."""
    for name in sorted(set(found) | set(told)):
        here, there = found.get(name, _NOTHING), told.get(name, _NOTHING)
        whole = f"{path}.{name}" if path else name
        if isinstance(here, dict) and isinstance(there, dict):
            for one in _unlike(here, there, whole):
                yield one
        elif not _same(here, there):
            yield whole, here, there


def arithmetic(told):
    """Yield what does not add up in a document as the journal tells it; minor units."""
    lines, tenders = told["lines"], told["tenders"]
    for number, line in enumerate(lines, 1):
        where = "line {}".format(line["line_no"])
        if line["line_no"] != number:
            yield "%s stands in the place of line %d" % (where, number)
        if line["net"] + line["tax"] != line["gross"]:
            yield "{}: net {} and tax {} are not gross {}".format(
                where, line["net"], line["tax"], line["gross"]
            )
        taxes = sum(tax["amount"] for tax in line["taxes"])
        if taxes != line["tax"]:
            yield "{}: its taxes sum to {}, its tax is {}".format(where, taxes, line["tax"])
    for name in ("net", "tax", "gross"):
        total = sum(line[name] for line in lines)
        if total != told[name]:
            yield f"the lines have a {name} of {total}, the document one of {told[name]}"
    tables = []
    for taxes in ([tax for line in lines for tax in line["taxes"]], told["taxes"]):
        sums = {}
        for tax in taxes:
            base, amount = sums.get(_kind_of(tax), (0, 0))
            sums[_kind_of(tax)] = base + tax["base"], amount + tax["amount"]
        tables.append(sums)
    if tables[0] != tables[1]:
        yield "its table of taxes is not the sum of its lines"
    shares = sum(line["document_discount"] for line in lines)
    given = sum(discount["amount"] for discount in told["discounts"])
    is_free = not any(
        line["kind"] in HELD or (line["returns"] or {}).get("line_no") is not None for line in lines
    )
    if shares != given and is_free:
        yield f"its discounts are {given}, the lines' shares of them {shares}"
    if told["gross"] + told["rounding"] != told["amount_due"]:
        yield "gross and rounding are not the amount due"
    if told["paid"] - told["change"] != told["amount_due"]:
        yield "what was paid less the change is not the amount due"
    for name, total in (("amount", "amount_due"), ("tendered", "paid"), ("change", "change")):
        sum_ = sum(tender[name] for tender in tenders)
        if sum_ != told[total]:
            yield f"the payments sum to {sum_} of {total}, the document says {told[total]}"


def _kind_of(tax):
    return tax["code"], tax["rate"], tax["fixed_per_unit"]


# --- The command ----------------------------------------------------------------------------


def check(path, known=None):
    """Check an export or a till's file and return the report; raises CannotCheck."""
    is_signed = signature_check()
    report = Report(path)
    if not os.path.exists(path):
        raise CannotCheck(f"there is nothing at {path}")
    try:
        if os.path.isdir(path):
            source = open_export(Folder(path), report, is_signed)
        elif _begins_with(path, b"SQLite format 3\0"):
            source = open_till_file(path, report)
        elif _begins_with(path, b"PK"):
            source = open_export(Zip(path), report, is_signed)
        else:
            raise CannotCheck(f"the file {path} is neither an export nor a till's database")
        try:
            Check(source, report, is_signed, known).run()
        finally:
            source.db.close()
    except (sqlite3.Error, OSError, OverflowError, *ODD) as failure:
        name = os.path.basename(path)
        words = f"the file {name} cannot be read to the end: {failure}"
        report.fault("reading", name, "file", words)
    except CannotCheck as refusal:
        if not report.faults:
            raise
        report.fault("reading", os.path.basename(path), "file", str(refusal))
    return report


def _begins_with(path, start):
    with open(path, "rb") as file:
        return file.read(len(start)) == start


def show(report):
    """Print a report for people."""
    print(f"{report.what}: {report.path}")
    for name, value in report.identity.items():
        print(f"  {name}: {value}")
    if report.period:
        print("  period: {} to {}".format(report.period["start"], report.period["end"]))
    for name, count in report.counts.items():
        print(f"  {name} checked: {count}")
    for epoch, key in sorted(report.keys.items()):
        print(f"  key of epoch {epoch}: {key}")
    print("  the journal ends with entry {seq}, {hash}".format(**report.head))
    for note in report.notes:
        print(f"Note: {note}")
    if not report.faults:
        print("Everything is as it was written.")
        return
    print("%d faults:" % (len(report.faults) + report.more))
    for fault in report.faults:
        print("  [{}] {}: {}".format(fault["check"], fault["file"], fault["sentence"]))
    if report.more:
        print("  and %d more" % report.more)


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Check what a till wrote.")
    parser.add_argument(
        "path", help="an auditor's export (ZIP or folder), or a till's database file"
    )
    parser.add_argument("--json", action="store_true", help="report as JSON")
    parser.add_argument("--known", metavar="REPORT.json", help="the report of an earlier check")
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        known = None
        if options.known:
            with open(options.known, encoding="utf-8") as file:
                known = json.load(file)
        report = check(options.path, known)
    except (CannotCheck, OSError, ValueError) as refusal:
        print(f"verify: {refusal}", file=sys.stderr)
        return REFUSED
    if options.json:
        print(json.dumps(report.plain(), ensure_ascii=False, indent=1))
    else:
        show(report)
    return FAULTS if report.faults else DONE


if __name__ == "__main__":
    sys.exit(main())
