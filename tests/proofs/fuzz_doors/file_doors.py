"""The doors for files: product lists, `pos-app price`, settings."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pysqlite3
from hypothesis import strategies as st

from pos_app.config import read_first_look
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.shop import PrinterSettings, ShopSettings
from pos_app.printing.receipt import render_receipt
from pos_app.services.checkout import Checkout
from pos_app.services.price_check import check_price
from pos_app.services.product_import import ProductImport
from pos_app.services.product_preview import open_product_list, preview
from pos_app.store.plain import to_text
from pos_app.store.store import open_store
from tests.proofs.fuzz_doors.counter_doors import now
from tests.proofs.fuzz_doors.door import HOSTILE, TEXTS, Door, Knock, Seen, check_sentence
from tests.proofs.small_shop import CODES, SHOP, open_shop

_HEADERS = ("Code", "Name", "Price", "Barcode", "Tax", "Unit", "Category", "Stock", "Cost", "")
_CELLS = st.one_of(
    HOSTILE.map(lambda text: text[:300]),
    st.sampled_from(("1.99", "1,99", "-5", "1e9", "20", "A1", "Milk", "kg", "2026-01-01", "=1+1")),
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
)
_HEADER = st.one_of(
    st.lists(st.one_of(st.sampled_from(_HEADERS), _CELLS), min_size=1, max_size=8),
    st.permutations(_HEADERS[:6]),
    st.just(list(_HEADERS[:9])),
)
_ROWS = st.tuples(_HEADER, st.lists(st.lists(_CELLS, max_size=9), max_size=5))


def _csv(rows: tuple[list[str], list[list[str]]], mark: str, quote: bool, coding: str) -> bytes:
    written = []
    for cells in (rows[0], *rows[1]):
        quoted = ('"' + cell.replace('"', '""') + '"' if quote else cell for cell in cells)
        written.append(mark.join(quoted))
    return "\r\n".join(written).encode(coding, "ignore")


CSV_FILES = st.one_of(
    st.binary(max_size=200),
    st.builds(
        _csv,
        _ROWS,
        st.sampled_from((",", ";", "\t", "|")),
        st.booleans(),
        st.sampled_from(("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-32", "latin-1")),
    ),
    st.builds(lambda text: f"code,name,price\n{text}".encode("utf-8", "surrogatepass"), HOSTILE),
    st.builds(
        lambda text, price: f"code;name;price\nA1;{text};{price}\nA2;x;1".encode("utf-8", "ignore"),
        HOSTILE,
        _CELLS,
    ),
)


@contextmanager
def product_lists(folder: Path, seen: Seen) -> Iterator[Knock]:
    """Look at a list and import it: each row is taken or refused by name, each file too."""
    with open_shop(folder / "shop.db") as store:
        lists = folder / "lists"
        lists.mkdir()
        names = count()

        def knock(content: bytes) -> None:
            path = lists / f"list{next(names)}.csv"
            path.write_bytes(content)
            with seen.refusing():
                table, mapping = open_product_list(path)
                for row in preview(table, mapping):
                    if row.refusal is not None:
                        check_sentence(row.refusal)
                report = ProductImport(store, now).run(table, mapping)
                for refused in report.first_refusals:
                    check_sentence(refused.reason)
                    seen.refused[f"row: {type(refused.reason).__name__}"] += 1
                told = report.added + report.changed + report.unchanged + report.refused
                assert told == report.read
            for made in lists.iterdir():
                made.unlink()

        yield knock


def _workbook(rows: tuple[list[str], list[list[str]]]) -> bytes:
    book = openpyxl.Workbook()
    for cells in (rows[0], *rows[1]):
        allowed = (re.sub(r"[^\t\n -\ud7ff\ue000-\ufffd]", "", cell) for cell in cells)
        book.active.append([cell.removeprefix("=") for cell in allowed])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sound_book() -> bytes:
    """A list as people keep it: with a number, a date, a time, a percentage and a sum of money."""
    book = openpyxl.Workbook()
    for cells in (
        ["Code", "Name", "Price"],
        ["A1", "Milk", "1.19"],
        ["A2", "Bread", 4.8, date(2026, 1, 1), time(9, 30), 0.5, 1.5],
    ):
        book.active.append(cells)
    book.active["F3"].number_format = "0%"
    book.active["G3"].number_format = "[$€-407]#,##0.00;[Red]-#,##0.00"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


_BOOK = _sound_book()


def _flipped(places: list[tuple[int, int]]) -> bytes:
    content = bytearray(_BOOK)
    for place, value in places:
        content[place % len(content)] = value
    return bytes(content)


def _with_part(name: str, old: str, new: str) -> bytes:
    """The sound workbook with a piece of one of its parts replaced."""
    raw = new.encode("utf-8", "surrogatepass")
    return _rewritten(name, lambda part: part.replace(old.encode(), raw) if old else raw)


def _with_cell(place: str, kind: str, style: int, inside: str, value: str) -> bytes:
    """The sound workbook with one cell of another type, style and content."""
    told = inside.format(escape(value)).encode("utf-8", "ignore")
    cell = f'<c r="{place}" t="{kind}" s="{style}">'.encode() + told + b"</c>"
    old = re.compile(rb'<c r="%s".*?</c>' % place.encode())
    return _rewritten("xl/worksheets/sheet1.xml", lambda part: old.sub(lambda _: cell, part))


def _rewritten(name: str, change: Callable[[bytes], bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_BOOK)) as book, zipfile.ZipFile(file, "w") as changed:
        for part in book.namelist():
            content = book.read(part)
            changed.writestr(part, change(content) if part == name else content)
    return file.getvalue()


_PARTS = ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml")
_OLD = ("", "A1", "<v>", "</row>", 'r="', 't="', "<sheet", "Milk", "rId1", "sheetData", "1")
_FIGURES_IN_CELLS = (
    "0", "-1", "1.19", "45000.5", "99999999999", "1e308", "9e999", "NaN", "INF", "1", "TRUE",
    "#N/A", "2026-01-01", "2026-01-01T25:00", "4006381333931", "1e-320", "0.12345678901234",
)  # fmt: skip
XLSX_FILES = st.one_of(
    st.builds(_workbook, _ROWS),
    st.builds(
        _with_cell,
        st.sampled_from(("A2", "B2", "C2", "A1")),
        st.sampled_from(("n", "b", "e", "d", "s", "str", "inlineStr", "")),
        st.integers(-1, 4),
        st.sampled_from(("<v>{}</v>", "<f>{}</f>", "<f>1</f><v>{}</v>", "<is><t>{}</t></is>")),
        st.sampled_from(_FIGURES_IN_CELLS) | _CELLS,
    ),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6).map(
        _flipped
    ),
    st.builds(_with_part, st.sampled_from(_PARTS), st.sampled_from(_OLD), HOSTILE),
    st.integers(1, len(_BOOK)).map(lambda length: _BOOK[:length]),
    st.binary(max_size=60).map(lambda rest: b"PK\x03\x04" + rest),
)

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    HOSTILE,
    st.sampled_from(("EUR", "JPY", "per_line", "half_up", "0.01", "1e400", "-0", "20", "card")),
)
_NAMES = st.one_of(
    st.sampled_from(
        "currency policy lines document_discounts cash_rounding payments quantity unit_price taxes "
        "rate fixed_per_unit included affects_next discount_percent discount_amount_per_unit "
        "min_unit_price type value on step mode only_cash method amount tendered tax_rounding "
        "rounding prices_include_tax".split()
    ),
    HOSTILE,
)
_DOCUMENTS = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(_NAMES, inner, max_size=6)
    ),
    max_leaves=12,
)
_SOUND: dict[str, Any] = {
    "currency": "EUR",
    "policy": {"prices_include_tax": True, "tax_rounding": "per_line", "rounding": "half_up"},
    "lines": [
        {"quantity": "5", "unit_price": "5.75", "discount_percent": "18",
         "taxes": [{"rate": "21"}, {"fixed_per_unit": "0.10"}]},
        {"quantity": "1", "unit_price": "1"},
    ],
    "document_discounts": [{"type": "amount", "value": "10.00", "on": "gross"}],
    "cash_rounding": {"step": "0.05", "mode": "half_up", "only_cash": True},
    "payments": [{"method": "card", "amount": "0.68"}, {"method": "cash", "tendered": "20.00"}],
}  # fmt: skip


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for name, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(part, (*path, name))


_NUMBERS = st.one_of(st.decimals(places=4, allow_nan=True), st.integers(-(10**20), 10**20)).map(str)


def _changed(path: tuple[Any, ...], value: Any, sound: Any) -> Any:
    if not path:
        return value
    changed = json.loads(json.dumps(sound))
    place = changed
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return changed


def _one_changed(sound: Any, values: st.SearchStrategy[Any]) -> st.SearchStrategy[str]:
    places = list(_places(sound))
    return st.builds(_changed, st.sampled_from(places), values, st.just(sound)).map(json.dumps)


_FIGURES = st.decimals(-5, 2_000, places=2) | st.decimals(-1, 200, places=4) | st.integers(0, 30)


def _one_text_changed(sound: Any, values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One text of the sound value is another text, so that it goes deeper than its form."""
    places = [place for place in _places(sound) if isinstance(_at(sound, place), str)]
    return st.builds(_changed, st.sampled_from(places), values, st.just(sound)).map(json.dumps)


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for name in path:
        value = value[name]
    return value


PRICE_INPUTS = st.one_of(
    _one_text_changed(_SOUND, _FIGURES.map(str)),
    _one_text_changed({**_SOUND, "document_discounts": [], "payments": []}, _FIGURES.map(str)),
    _one_changed(_SOUND, st.one_of(_NUMBERS, _DOCUMENTS)),
    _DOCUMENTS.map(json.dumps),
    HOSTILE,
    st.binary(max_size=60),
    st.integers(1, 60_000).map(lambda depth: "[" * depth),
)


@contextmanager
def price_input(_folder: Path, seen: Seen) -> Iterator[Knock]:
    """Ask for a price: the answer adds up and can be written, or a sentence names the field."""

    def knock(asked: str | bytes) -> None:
        with seen.refusing():
            answer = check_price(asked)
            json.dumps(answer, ensure_ascii=False).encode()
            net, tax, gross = (Decimal(answer[name]) for name in ("net", "tax", "gross"))
            assert net + tax == gross

    yield knock


_SETTINGS = json.loads(to_text(SHOP))
_WORDS = ("JPY", "KWD", "Europe/Dublin", "20IIIIIWWWWWC", "up", "per_unit", "58", "USB", "/")
SETTINGS_TEXTS = st.one_of(
    _one_text_changed(_SETTINGS, st.one_of(HOSTILE, st.sampled_from(_WORDS), _FIGURES.map(str))),
    _one_changed(_SETTINGS, st.one_of(_NUMBERS, _DOCUMENTS)),
    _DOCUMENTS.map(json.dumps),
    HOSTILE,
)


@contextmanager
def settings_files(folder: Path, seen: Seen) -> Iterator[Knock]:
    """Open a shop with other settings in its file: it sells by them, or it says what is wrong."""
    path = folder / "shop.db"
    open_shop(path).close()
    look = folder / "shop.db.look.json"

    def knock(text: str) -> None:
        raw_text = text.encode("utf-8", "surrogatepass")
        look.write_bytes(raw_text)
        read_first_look(path)
        if b"\0" in raw_text or any("\ud800" <= sign <= "\udfff" for sign in text):
            return  # SQLite itself holds no such text
        raw = pysqlite3.connect(path)
        raw.execute("UPDATE settings SET value = ?", (text,))
        raw.commit()
        raw.close()
        with seen.refusing(), open_store(path) as store:
            shop = store.settings.shop()
            _sell_by(Checkout(store, now), shop)

    yield knock


def _sell_by(checkout: Checkout, shop: ShopSettings) -> None:
    scanned = checkout.scan(checkout.new_cart(), CODES[0])
    sale = checkout.complete(scanned.cart, (TenderRequest(TenderMethod.CARD),))
    for printer in (*shop.printers, PrinterSettings()):
        render_receipt(sale, replace(shop, receipt=replace(shop.receipt, logo_path="")), printer)


_CSV_CORPUS = tuple(f"code,name,price\n{text},{text},{text}\n".encode("utf-8", "surrogatepass")
                    for text in TEXTS)  # fmt: skip
DOORS = (
    Door("csv", CSV_FILES, product_lists, _CSV_CORPUS),
    Door("xlsx", XLSX_FILES, product_lists, (_BOOK, b"PK\x03\x04", b"", b"\xd0\xcf\x11\xe0")),
    Door("price", PRICE_INPUTS, price_input, (json.dumps(_SOUND), *TEXTS)),
    Door("settings", SETTINGS_TEXTS, settings_files, (to_text(SHOP), "{}", "[]", "null", *TEXTS)),
)
