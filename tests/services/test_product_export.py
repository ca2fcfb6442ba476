"""What is exported imports back unchanged, and no spreadsheet runs a product's name."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from pos_app.domain.product import KILOGRAM, Category, Product, ProductKind
from pos_app.domain.shop import ShopSettings
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.domain.tax import Tax
from pos_app.services.product_export import export_products
from pos_app.services.product_import import ProductImport
from pos_app.services.product_preview import open_product_list
from pos_app.spreadsheets.formula_text import neutralised, restored
from pos_app.spreadsheets.writing import FileNotWritable
from pos_app.store.store import Store, create_store

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
VAT = Tax(rate=Decimal(20), name="VAT20", code="VAT20")
DEPOSIT = Tax(fixed_per_unit=Decimal("0.25"), name="Deposit", code="Deposit")


@pytest.fixture(autouse=True)
def keys_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_APP_KEYS", "file")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with create_store(tmp_path / "shop.db", ShopSettings(), now=NOW) as made:
        yield made


@pytest.fixture
def full(store: Store) -> Store:
    """A shop with everything that a product can have."""
    products = (
        Product("p1", "1001", "Red mug, large", Decimal("2.5"), taxes=(VAT,)),
        Product(
            "p2",
            "AB-2",
            '=HYPERLINK("http://evil.example")',
            Decimal("1234.5678"),
            barcodes=("5000112637922", "04006381333931", "AB 12"),
            category_id="c1",
            taxes=(VAT, DEPOSIT),
            cost=Decimal("0.0001"),
            min_price=Decimal(1000),
            tile_position=4,
        ),
        Product("p3", "+3", "Äpfel „neu“", None, unit=KILOGRAM, barcodes=("AB 13",)),
        Product("p4", "@4", "Gift card", None, kind=ProductKind.VOUCHER),
        Product("p5", "0005", "'-quoted", Decimal(0), is_active=False),
        Product("p6", "1e5", "Line; with | marks", Decimal("0.5")),
    )
    with store.transaction() as tx:
        tx.products.save_category(Category("c1", "Mugs & cups"))
        tx.products.save_many(products)
        moves = (
            StockMove("p1", "shop", Decimal(12), MoveReason.OPENING),
            StockMove("p1", "Cellar", Decimal(-3), MoveReason.OPENING),
            StockMove("p3", "shop", Decimal("7.125"), MoveReason.OPENING),
        )
        tx.stock.move(moves, NOW, "test")
    return store


def imported(store: Store, path: Path) -> tuple[int, int, int, int]:
    report = ProductImport(store, lambda: NOW).run(*open_product_list(path))
    assert [str(one.reason) for one in report.first_refusals] == []
    return report.added, report.changed, report.unchanged, report.refused


def catalogue(store: Store) -> list[tuple[Product, str, dict[str, Decimal]]]:
    names = {category.id: category.name for category in store.products.categories()}
    return [
        (
            replace(product, id="", category_id=None),
            names.get(product.category_id or "", ""),
            store.stock.levels(product.id),
        )
        for product in store.products.every()
    ]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_imported_into_the_same_shop_changes_nothing(
    full: Store, tmp_path: Path, ending: str
) -> None:
    before = catalogue(full)
    path = tmp_path / f"out.{ending}"
    assert export_products(full, path) == 6
    assert imported(full, path) == (0, 0, 6, 0)
    assert catalogue(full) == before


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_imported_into_a_new_shop_is_the_same_catalogue(
    full: Store, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"out.{ending}"
    export_products(full, path)
    with create_store(tmp_path / "new.db", ShopSettings(), now=NOW) as new:
        assert imported(new, path) == (6, 0, 0, 0)
        assert catalogue(new) == catalogue(full)
        again = tmp_path / f"again.{ending}"
        export_products(new, again)
    assert rows_of(again) == rows_of(path)


def rows_of(path: Path) -> list[tuple[object, ...]]:
    if path.suffix == ".xlsx":
        return list(openpyxl.load_workbook(path).active.values)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [tuple(row) for row in csv.reader(file)]


def test_no_cell_of_an_export_starts_a_formula(full: Store, tmp_path: Path) -> None:
    export_products(full, tmp_path / "out.csv")
    cells = [str(cell) for row in rows_of(tmp_path / "out.csv") for cell in row]
    text = [cell for cell in cells if not cell.lstrip("-").replace(".", "").isdigit()]
    assert not [cell for cell in text if cell.startswith(("=", "+", "-", "@"))]
    export_products(full, tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert {cell.data_type for row in sheet.rows for cell in row} <= {"s", "n"}


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "'=1", "''@x", "plain", "'plain", ""])
def test_what_is_neutralised_comes_back_as_it_was(text: str) -> None:
    safe = neutralised(text)
    assert not safe.startswith(("=", "+", "-", "@"))
    assert restored(safe) == text


def test_excel_knows_the_export_by_its_mark_and_others_may_leave_it_out(
    full: Store, tmp_path: Path
) -> None:
    path = tmp_path / "out.csv"
    export_products(full, path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfcode,name,barcodes,price,")
    export_products(full, path, with_mark=False)
    assert path.read_bytes().startswith(b"code,name")


def test_a_folder_that_is_not_there_gets_its_sentence(full: Store, tmp_path: Path) -> None:
    for ending in ("csv", "xlsx"):
        with pytest.raises(FileNotWritable, match="Choose another folder"):
            export_products(full, tmp_path / "nowhere" / f"out.{ending}")
