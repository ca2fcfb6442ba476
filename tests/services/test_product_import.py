"""Lists of products as shops have them come in whole, and what cannot is handed back to repair."""

import csv
import json
import random
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import Category, Product, ProductKind
from pos_app.domain.shop import ShopSettings
from pos_app.domain.stock import MoveReason
from pos_app.domain.tax import Tax
from pos_app.domain.written_numbers import NotANumber, parse_number
from pos_app.services.list_import import ImportReport
from pos_app.services.product_columns import (
    ColumnsMissing,
    ColumnUsedTwice,
    Field,
    MappedColumn,
    Mapping,
    guess_column,
)
from pos_app.services.product_import import ProductImport
from pos_app.services.product_preview import open_product_list, preview
from pos_app.services.repair_file import ADVICE_TITLE
from pos_app.spreadsheets.csv_table import guess_delimiter
from pos_app.spreadsheets.reading import read_table
from pos_app.spreadsheets.table import (
    EncodingUnknown,
    FileIsEmpty,
    FileMissing,
    NotATable,
    OldWorkbook,
    PackedFile,
    WorkbookDamaged,
    WorkbookTooLarge,
)
from pos_app.store.store import Store, create_store

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
VAT = Tax(rate=Decimal(20), name="VAT 20 %", code="VAT20")


def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def keys_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_APP_KEYS", "file")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    shop = ShopSettings(policy=PricePolicy("EUR"))
    with create_store(tmp_path / "shop.db", shop, now=NOW) as made:
        with made.transaction() as tx:
            tx.products.save_tax(VAT)
        yield made


def listed(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def imported(store: Store, path: Path, **options: Any) -> ImportReport:
    table, mapping = open_product_list(path)
    return ProductImport(store, now, **options).run(table, mapping)


def found(store: Store, code: str) -> Product:
    product = store.products.find(code)
    assert product is not None, code
    return product


def advice(report: ImportReport) -> list[str]:
    assert report.repair_file is not None
    with report.repair_file.open(encoding="utf-8-sig", newline="") as file:
        return [row[-1] for row in csv.reader(file)][1:]


# --- what a list can look like


def test_a_plain_list_comes_in(store: Store, tmp_path: Path) -> None:
    path = listed(
        tmp_path,
        "code,name,barcodes,price,cost,min price,unit,category,tax,stock,active\n"
        "1001,Red mug,5000112637922; 4006381333931,2.50,1.1234,2,pc,Mugs,20 %,12,yes\n"
        "1002,Apples,,1.99,,,kg,Fruit,VAT20,7.5,no\n",
    )
    report = imported(store, path)
    assert (report.read, report.added, report.refused) == (2, 2, 0)
    mug = found(store, "4006381333931")
    assert mug == replace(
        Product(mug.id, "1001", "Red mug", Decimal("2.5")),
        category_id=mug.category_id,
        taxes=(VAT,),
        barcodes=("5000112637922", "4006381333931"),
        cost=Decimal("1.1234"),
        min_price=Decimal(2),
    )
    assert store.stock.level(mug.id, "shop") == 12
    assert {category.name for category in store.products.categories()} == {"Mugs", "Fruit"}
    assert store.products.find("1002") is None, "inactive products are not sold"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_told_from_the_bytes(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    rows = [["Code", "Name", "Price"], ["1", "Käse, jung", "2.50"], ["2", "Crème", "3.00"]]
    lines = [delimiter.join(f'"{c}"' if delimiter in c else c for c in row) for row in rows]
    table = read_table(listed(tmp_path, "\r\n".join(lines) + "\r\n", encoding))
    assert table.header == ("Code", "Name", "Price")
    assert [row.cells for row in table.rows()] == [tuple(row) for row in rows[1:]]


@pytest.mark.parametrize(
    "header",
    [
        "Artikelnummer;Bezeichnung;EAN;VK-Preis;EK-Preis;Warengruppe;MwSt;Lagerbestand;Einheit",
        "Référence;Désignation;Code-barres;Prix de vente;Prix d'achat;Famille;TVA;Stock;Unité",
        "Código;Descripción;Código de barras;Precio de venta;Coste;Familia;IVA;Existencias;Unidad",
        "Item No.;Description;Barcode;Unit Price (EUR);Cost;Category;VAT %;Qty on hand;UoM",
    ],
)
def test_titles_in_four_languages_are_known(header: str) -> None:
    fields = [guess_column(title)[0] for title in header.split(";")]
    assert fields == [
        Field.CODE,
        Field.NAME,
        Field.BARCODE,
        Field.PRICE,
        Field.COST,
        Field.CATEGORY,
        Field.TAX,
        Field.STOCK,
        Field.UNIT,
    ]


def test_a_german_list_under_a_letterhead_comes_in(store: Store, tmp_path: Path) -> None:
    path = listed(
        tmp_path,
        "Feinkost Test GmbH;;;\n\nPreisliste 2026;;;\n"
        "Art.-Nr.;Bezeichnung;VK-Preis;MwSt\n"
        "1;Käse;1.234,50 €;7 %\n2;Wurst;2,5;7\n3;Brot;1.250;19,0 %\n",
        "cp1252",
    )
    report = imported(store, path)
    assert (report.added, report.refused) == (3, 0)
    assert [found(store, code).price for code in "123"] == [
        Decimal("1234.5"),
        Decimal("2.5"),
        Decimal(1250),
    ]
    assert found(store, "1").taxes == found(store, "2").taxes
    assert found(store, "1").taxes[0].rate == 7


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("1,234.56", ",", "1234.56"),
        ("1.234,56", ".", "1234.56"),
        ("1,234", ".", "1234"),
        ("1,234", ",", "1.234"),
        ("1.234", ",", "1234"),
        ("0,125", ".", "0.125"),
        ("£ 5.00", ".", "5.00"),
        ("12,50 €", ".", "12.50"),
        ("EUR 12,5", ".", "12.5"),
        ("1 234,5", ".", "1234.5"),
        ("1'234.5", ".", "1234.5"),
        ("-£5", ".", "-5"),
        ("(5.00)", ".", "-5.00"),
        (".5", ".", "0.5"),
        ("1.234.567", ".", "1234567"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, mark: str, number: str) -> None:
    assert parse_number(text, mark) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "abc", "1e5", "1,23,4", "--5", "٣", "NaN", "1" * 50, "5 for 3"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NotANumber):
        parse_number(text)


def test_quoted_line_breaks_stay_in_their_cell(store: Store, tmp_path: Path) -> None:
    path = listed(tmp_path, 'code,name,price\n1,"Mug\nred",2\n2,Cup,3\n')
    assert imported(store, path).added == 2
    assert found(store, "1").name == "Mug red"


def test_the_delimiter_line_of_excel_is_obeyed() -> None:
    assert guess_delimiter("sep=;\ncode;name,x;price\n") == ";"


def test_several_barcode_tax_and_stock_columns_work_together(store: Store, tmp_path: Path) -> None:
    path = listed(
        tmp_path,
        "code,name,price,EAN,EAN 2,tax,stock,stock:Cellar,tax 2\n"
        "1,Rum,20,5000112637922,4006381333931,20 %,3,40,Deposit 0.25/unit\n",
    )
    assert imported(store, path).added == 1
    rum = found(store, "4006381333931")
    assert rum.barcodes == ("5000112637922", "4006381333931")
    assert [tax.fixed_per_unit for tax in rum.taxes] == [None, Decimal("0.25")]
    assert store.stock.levels(rum.id) == {"shop": 3, "Cellar": 40}


# --- what is already there


def test_a_list_imported_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = listed(tmp_path, "code,name,price,tax,category,stock\n1,Mug,2.50,20 %,Mugs,4\n")
    imported(store, path)
    before = found(store, "1")
    report = imported(store, path)
    assert (report.added, report.changed, report.unchanged) == (0, 0, 1)
    assert found(store, "1") == before
    assert store.stock.level(before.id, "shop") == 4


def test_an_inactive_product_is_known_again(store: Store, tmp_path: Path) -> None:
    path = listed(tmp_path, "code,name,price,active\n1,Mug,2.50,no\n")
    assert imported(store, path).added == 1
    assert imported(store, path).unchanged == 1
    back = listed(tmp_path, "code,name,price,active\n1,Mug,2.50,yes\n")
    assert imported(store, back).changed == 1
    assert store.products.count() == 1
    assert found(store, "1").is_active


def test_a_known_product_changes_only_in_the_listed_columns(store: Store, tmp_path: Path) -> None:
    with store.transaction() as tx:
        tx.products.save_category(Category("c1", "Mugs"))
        mug = Product("p1", "1", "Mug", Decimal(2), category_id="c1", taxes=(VAT,), tile_position=3)
        tx.products.save(mug)
    assert imported(store, listed(tmp_path, "code,price\n1,2.75\n")).changed == 1
    assert found(store, "1") == replace(mug, price=Decimal("2.75"))


def test_products_are_found_by_barcode_where_the_code_is_new(store: Store, tmp_path: Path) -> None:
    imported(store, listed(tmp_path, "code,name,price,ean\n1,Mug,2,5000112637922\n"))
    report = imported(store, listed(tmp_path, "ean,price\n5000112637922,3\n"))
    assert report.changed == 1
    assert (found(store, "1").price, found(store, "1").barcodes) == (3, ("5000112637922",))
    report = imported(store, listed(tmp_path, "code,name,price\n5000112637922,Mug,3\n"))
    assert (report.unchanged, found(store, "1").code) == (1, "1")


def test_stock_is_set_by_movements(store: Store, tmp_path: Path) -> None:
    imported(store, listed(tmp_path, "code,name,price,stock\n1,Mug,2,10\n"))
    imported(store, listed(tmp_path, "code,stock\n1,7\n"))
    imported(store, listed(tmp_path, "code,stock\n1,\n"))
    mug = found(store, "1")
    assert store.stock.level(mug.id, "shop") == 7
    entries = [e for e in store.journal.entries() if e.kind == FactKind.STOCK_MOVED]
    moves = [store.stock.movements(entry.id)[0].move for entry in entries]
    assert [(move.quantity, move.reason) for move in moves] == [
        (10, MoveReason.OPENING),
        (-3, MoveReason.COUNT),
    ]


def test_the_journal_holds_every_product_with_the_files_hash(store: Store, tmp_path: Path) -> None:
    path = listed(tmp_path, "code,name,price,unit\n1,Mug,2,box\n2,Cup,3,box\n")
    imported(store, path)
    table = read_table(path)
    entries = [e for e in store.journal.entries() if e.kind == FactKind.PRODUCTS_IMPORTED]
    chunk, finished = (json.loads(entry.payload) for entry in entries)
    assert [product["code"] for product in chunk["products"]] == ["1", "2"]
    assert chunk["units"] == [{"code": "box", "name": "box", "decimals": 0}]
    assert chunk["sha256"] == finished["sha256"] == table.sha256
    assert (finished["read"], finished["added"], finished["refused"]) == (2, 2, 0)


def test_new_products_of_a_list_without_taxes_get_the_default_ones(
    store: Store, tmp_path: Path
) -> None:
    imported(store, listed(tmp_path, "code,name,price\n1,Mug,2\n"), default_taxes=(VAT,))
    assert found(store, "1").taxes == (VAT,)


# --- bad rows, and the repair file


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("1,Mug,abc,,,,,", "price: “abc” is not a number"),
        ("1,Mug,-1,,,,,", "price: A price of -1"),
        ("1,Mug,1.23456,,,,,", "at most 4 decimal places"),
        ("1,Mug,99999999999,,,,,", "price of 99999999999"),
        ("1,,2,,,,,", "name: This cell is empty"),
        (",Mug,2,,,,,", "code: This cell is empty"),
        ("1,Mug\x1b@,2,,,,,", "control characters"),
        ("1," + "x" * 201 + ",2,,,,,", "Shorten it to 200"),
        ("1,Mug,2,,,furlong,,", "unit: “furlong” is not a unit"),
        ("1,Mug,2,,,,Luxury,", "tax: The shop has no tax “Luxury”"),
        ("1,Mug,2,,,,VAT20 19 %,", "tax: The tax VAT 20 % is 20 %"),
        ("1,Mug,2,3,,,,", "lowest price 3 is above the price 2"),
        ("1,Mug,2,,5.01E+12,,,", "The spreadsheet has shortened"),
        ("1,Mug,2,,,,,much", "stock: “much” is not a number"),
        ("1,Mug,2,,,,,1.00001", "stock of 1.00001"),
    ],
)
def test_a_bad_row_says_what_to_do_and_the_others_come_in(
    store: Store, tmp_path: Path, row: str, why: str
) -> None:
    path = listed(
        tmp_path,
        f"code,name,price,min price,ean,unit,tax,stock\n9,Cup,1,,,,,\n{row}\n8,Jug,1,,,,,\n",
    )
    report = imported(store, path)
    assert (report.read, report.added, report.refused) == (3, 2, 1)
    assert report.first_refusals[0].number == 3
    assert why in advice(report)[0]


def test_a_repaired_file_comes_in(store: Store, tmp_path: Path) -> None:
    path = listed(tmp_path, "code;name;price;note\n1;Mug;zwei;keep me\n2;Cup;3;\n", name="a.csv")
    report = imported(store, path)
    assert report.repair_file == tmp_path / "a.repair.csv"
    text = report.repair_file.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == f"code;name;price;note;{ADVICE_TITLE}"
    assert "keep me" in text
    assert imported(store, report.repair_file).repair_file == tmp_path / "a.repair-2.csv"
    report.repair_file.write_text(text.replace("zwei", "2,00"), encoding="utf-8-sig")
    again = imported(store, report.repair_file)
    assert (again.added, again.refused, again.repair_file) == (1, 0, None)
    assert found(store, "1").price == 2


def test_codes_listed_twice_name_the_other_row(store: Store, tmp_path: Path) -> None:
    path = listed(
        tmp_path,
        "code,name,price,ean\n1,Mug,2,5000112637922\n1,Mug again,2,\n"
        "3,Cup,2,5000112637922\n4,Jug,1,\n",
    )
    report = imported(store, path)
    assert (report.added, report.refused) == (2, 2)
    assert all("is already in row 2" in text for text in advice(report))


def test_a_barcode_of_another_product_is_refused(store: Store, tmp_path: Path) -> None:
    imported(store, listed(tmp_path, "code,name,price,ean\n1,Mug,2,5000112637922\n2,Cup,2,\n"))
    report = imported(store, listed(tmp_path, "code,name,price,ean\n2,Cup,2,5000112637922\n"))
    assert report.refused == 1
    assert "already belongs to Mug (1)" in advice(report)[0]


def test_two_rows_for_one_product_never_count_its_stock_twice(store: Store, tmp_path: Path) -> None:
    imported(store, listed(tmp_path, "code,name,price,ean\n1,Mug,2,5000112637922\n"))
    report = imported(store, listed(tmp_path, "code,stock\n1,5\n5000112637922,5\n"))
    assert (report.changed, report.refused) == (1, 1)
    assert store.stock.level(found(store, "1").id, "shop") == 5


def test_formulas_stay_plain_text(store: Store, tmp_path: Path) -> None:
    evil = '=HYPERLINK(""http://evil.example"",""x"")'
    imported(store, listed(tmp_path, f'code,name,price\n1,"{evil}",2\n2,@SUM(A1),-0\n'))
    assert found(store, "1").name == evil.replace('""', '"')
    assert found(store, "2").name == "@SUM(A1)"


def test_names_with_printer_commands_never_come_in(store: Store, tmp_path: Path) -> None:
    report = imported(
        store, listed(tmp_path, "code,name,price\n1,Mug A\x1bp\x01,2\n2,Mug \x1b(k,2\n")
    )
    assert (report.added, report.refused) == (0, 2)


def test_wrong_columns_are_named(tmp_path: Path, store: Store) -> None:
    path = listed(tmp_path, "colour,weight\nred,5\n")
    with pytest.raises(ColumnsMissing) as caught:
        imported(store, path)
    assert "no column for code, name, price" in str(caught.value)
    assert "colour, weight" in str(caught.value)
    with pytest.raises(ColumnsMissing, match="no column for price"):
        imported(store, listed(tmp_path, "code,name\n1,Mug\n"))


def test_one_field_cannot_come_from_two_columns(store: Store, tmp_path: Path) -> None:
    table, _ = open_product_list(listed(tmp_path, "code,name,price\n1,Mug,2\n"))
    columns = [
        MappedColumn(0, Field.CODE),
        MappedColumn(1, Field.NAME),
        MappedColumn(2, Field.NAME),
    ]
    with pytest.raises(ColumnUsedTwice):
        preview(table, Mapping((*columns, MappedColumn(2, Field.PRICE))))


def test_the_preview_shows_good_and_bad_rows_and_writes_nothing(
    store: Store, tmp_path: Path
) -> None:
    head = store.journal.head()
    path = listed(tmp_path, "code,name,price,tax,category\n1,Mug,2.50,20 %,Mugs\n2,Cup,x,,\n")
    good, bad = preview(*open_product_list(path))
    assert good.shown == {
        "code": "1",
        "name": "Mug",
        "price": "2.5",
        "tax": "20 %",
        "category": "mugs",
    }
    assert bad.refusal is not None
    assert bad.shown["price"] == "x"
    assert store.journal.head() == head


# --- files that are none


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileIsEmpty),
        (b"\n\n \n", FileIsEmpty),
        (b"\xef\xbb\xbf", FileIsEmpty),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(32)), NotATable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), OldWorkbook),
        (b"\x1f\x8b\x08\x00" + bytes(100), PackedFile),
        (b"PK\x03\x04" + bytes(100), WorkbookDamaged),
        ("code,name\n1,Käse\n".encode() + b"2,K\xe4se\n", EncodingUnknown),
        (b"code,name\n1,K\x81se\n", EncodingUnknown),
        (b"\xff\xfea\x00,\x00\x00", EncodingUnknown),
    ],
)
def test_a_file_that_is_no_table_gets_its_sentence(
    tmp_path: Path, content: bytes, refusal: type[PosError]
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(refusal) as caught:
        open_product_list(path)
    assert "list.csv" in str(caught.value)


def test_a_missing_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match=r"nowhere\.csv"):
        open_product_list(tmp_path / "nowhere.csv")


def test_a_quotation_mark_that_nobody_closes_ends_the_list_with_a_row_to_repair(
    store: Store, tmp_path: Path
) -> None:
    rest = "".join(f"{n},Cup {n},1\n" for n in range(10_000, 30_000))
    report = imported(store, listed(tmp_path, f'code,name,price\n1,Mug,2\n2,"Cup,3\n{rest}'))
    assert (report.added, report.refused) == (1, 1)
    assert "quotation mark" in str(report.first_refusals[0].reason)


# --- workbooks


def workbook(tmp_path: Path, *rows: list[Any]) -> Path:
    path = tmp_path / "list.xlsx"
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_workbook_comes_in_with_its_numbers_exact(store: Store, tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ["Code", "Name", "Price", "EAN", "Stock"],
        [1001, "Mug", 2.55, 5000112637922, 3],
        ["1002", "Cup", 1.1 + 2.2, None, None],
        [],
        ["1003", "Jug", "4,50", "4006381333931", 1],
    )
    report = imported(store, path)
    assert (report.read, report.added, report.refused) == (3, 3, 0)
    assert found(store, "5000112637922").price == Decimal("2.55")
    assert found(store, "1002").price == Decimal("3.3")
    assert found(store, "1003").price == Decimal("4.5")


def test_formulas_give_their_saved_values_or_a_row_to_repair(store: Store, tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["code", "name", "price"])
        sheet.write_row(1, 0, ["1", "Mug"])
        sheet.write_formula(1, 2, "=1+1.5", None, 2.5)
        sheet.write_row(2, 0, ["3", "Jug"])
        sheet.write_formula(2, 2, "=NA()", None, "#N/A")
    assert imported(store, path).added == 1
    assert found(store, "1").price == Decimal("2.5")
    unsaved = workbook(tmp_path, ["code", "name", "price"], ["2", "Cup", "=1+1"])
    report = imported(store, unsaved)
    assert (report.added, report.refused) == (0, 1)
    assert report.repair_file == tmp_path / "list.repair-2.xlsx"
    rows = list(openpyxl.load_workbook(report.repair_file).active.values)
    assert rows[0] == ("code", "name", "price", ADVICE_TITLE)
    assert "formula without a saved result" in rows[1][3]


def test_text_that_looks_like_a_formula_is_text_in_a_workbook_too(
    store: Store, tmp_path: Path
) -> None:
    path = workbook(tmp_path, ["code", "name", "price"], ["1", "x", 2])
    book = openpyxl.load_workbook(path)
    book.active["B2"].value = "=EVIL()"
    book.active["B2"].data_type = "s"
    book.save(path)
    assert imported(store, path).added == 1
    assert found(store, "1").name == "=EVIL()"


def test_a_damaged_workbook_is_named_wherever_it_breaks(tmp_path: Path) -> None:
    whole = workbook(tmp_path, ["code", "name", "price"], ["1", "Mug", 2]).read_bytes()
    path = tmp_path / "broken.xlsx"
    for cut in range(4, len(whole), 97):
        path.write_bytes(whole[:cut])
        with pytest.raises(WorkbookDamaged):
            open_product_list(path)


def test_changed_bytes_anywhere_in_a_workbook_never_crash(tmp_path: Path) -> None:
    whole = workbook(tmp_path, ["code", "name", "price"], ["1", "Mug", 2]).read_bytes()
    dice = random.Random(7)
    for _ in range(150):
        changed = bytearray(whole)
        for _ in range(dice.randint(1, 6)):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        path = tmp_path / "changed.xlsx"
        path.write_bytes(changed)
        with suppress(PosError):
            preview(*open_product_list(path))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["code", "name", "price"])
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/bomb.xml", "w") as part,
    ):
        for _ in range(64):
            part.write(bytes(1 << 20))
    with pytest.raises(WorkbookTooLarge, match="CSV instead"):
        open_product_list(path)


def test_a_workbook_with_entities_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["code", "name", "price"])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/extra.xml", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>')
    with pytest.raises(WorkbookDamaged):
        open_product_list(path)


# --- size, progress, and whatever else a file may hold


def test_progress_and_cancelling(store: Store, tmp_path: Path) -> None:
    rows = "".join(f"{n},Cup {n},1.50\n" for n in range(2_000))
    table, mapping = open_product_list(listed(tmp_path, f"code,name,price\n{rows}"))
    told: list[tuple[int, int]] = []
    report = ProductImport(store, now).run(
        table, mapping, lambda done, of: told.append((done, of)), lambda: len(told) >= 3
    )
    assert report.was_cancelled
    assert told == [(0, 2_000), (500, 2_000), (1_000, 2_000), (1_000, 1_000)]
    assert store.products.count() == 1_000
    rest = ProductImport(store, now).run(table, mapping)
    assert (rest.unchanged, rest.added) == (1_000, 1_000)


def test_memory_does_not_grow_with_the_list(store: Store, tmp_path: Path) -> None:
    import tracemalloc

    peaks = []
    for size in (1_000, 4_000):
        path = tmp_path / f"{size}.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write("code,name,price,ean\n")
            file.writelines(f"A{n},Cup number {n},1.50,{n + 10**11}\n" for n in range(size))
        table, mapping = open_product_list(path)
        tracemalloc.start()
        ProductImport(store, now).run(table, mapping)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=400)
    | st.text(max_size=300).map(lambda t: t.encode("utf-8", "replace"))
)
def test_no_bytes_crash_the_reading(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fuzz.csv"
    path.write_bytes(content)
    try:
        shown: object = preview(*open_product_list(path))
    except PosError as refusal:
        shown = str(refusal)
    assert shown is not None


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=6))
def test_every_row_is_counted_once_whatever_it_holds(
    store: Store, tmp_path: Path, rows: list[list[str]]
) -> None:
    path = tmp_path / "fuzz.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "name", "price", "ean", "tax"])
        writer.writerows(rows)
    try:
        table, mapping = open_product_list(path)
    except NotATable:  # a control character near the top makes it no text
        return
    report = ProductImport(store, now).run(table, mapping)
    assert report.read == report.added + report.changed + report.unchanged + report.refused
    if report.repair_file is not None:
        report.repair_file.unlink()
    kinds = {product.kind for product in store.products.every()}
    assert kinds <= {ProductKind.GOODS}


def test_a_workbook_is_read_whatever_its_name_ends_with(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "export.csv"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Code", "Name", "Price"])
        sheet.write_row(1, 0, ["A1", "Milk", "1.19"])
    table, mapping = open_product_list(path)
    assert [row.refusal for row in preview(table, mapping)] == [None]
