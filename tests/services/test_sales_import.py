"""A retailer's history is rung up whole: exact to the last digit, once, and each oddity by name."""

import csv
import gzip
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from pos_app.domain.cart import SaleKind
from pos_app.domain.payment import TenderMethod
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import ProductKind
from pos_app.domain.shop import ShopSettings
from pos_app.services.retail_history.lines import (
    HistoryColumnsMissing,
    HistoryDamaged,
    HistoryEncodingWrong,
)
from pos_app.services.retail_history.report import NotASale, SalesImportReport
from pos_app.services.sales_import import HistoryNeedsAnotherShop, history_shop, import_sales
from pos_app.services.verification import verify
from pos_app.spreadsheets.table import FileIsEmpty, FileMissing, NotATable
from pos_app.store.store import Store, create_store, open_store

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "data" / "online-retail-sample.csv"
HALF_YEAR = ROOT.parent / "shared" / "data" / "online-retail-2010-12--2011-05.csv.gz"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def keys_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_APP_KEYS", "file")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with create_store(tmp_path / "shop.db", history_shop(), now=NOW) as made:
        yield made


def history(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    path = tmp_path / "history.csv"
    path.write_text(header + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def line(
    invoice: str = "600001",
    code: str = "22001",
    quantity: str = "1",
    price: str = "2.5",
    customer: str = "17850.0",
    *,
    at: str = "2011-06-01 10:00:00",
    description: str = "RED MUG",
) -> str:
    return f"{invoice},{code},{description},{quantity},{at},{price},{customer},United Kingdom"


def rows_of(path: Path) -> list[dict[str, str]]:
    """The file by the csv module alone, so that no code of ours judges itself."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:  # type: ignore[operator]
        return list(csv.DictReader(file))


def asked(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """What the file itself says to plain SQLite, without a line of the store's code."""
    database = pysqlite3.connect(path)
    try:
        return list(database.execute(sql))
    finally:
        database.close()


def same_sums(file: Path, database: Path) -> None:
    """Compare invoice by invoice, and the whole: quantity times price in the CSV and in SQL."""
    expected: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows_of(file):
        expected[row["InvoiceNo"]] += Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
    held: defaultdict[str, Decimal] = defaultdict(Decimal)
    for note, quantity, price in asked(
        database,
        "SELECT s.note, l.quantity, l.unit_price FROM sales s JOIN sale_lines l ON l.sale = s.row",
    ):
        held[note.split()[1]] += Decimal(quantity) * Decimal(price)
    moved = {
        note.split()[1].rstrip(":")
        for (note,) in asked(
            database,
            "SELECT note FROM stock_moves WHERE reason IN ('write_off', 'found')",
        )
    }
    assert sum(held.values()) == sum(expected.values())
    assert {name for name in expected if name not in held} == moved - held.keys()
    assert {name: held[name] for name in held} == {name: expected[name] for name in held}
    assert all(expected[name] == 0 for name in moved - held.keys())


# --- the sample: every oddity of the half year


def test_the_sample_reconciles_to_the_tenth_of_a_penny(store: Store) -> None:
    rows = rows_of(SAMPLE)
    report = import_sales(store, SAMPLE, now)
    whole = sum(Decimal(row["Quantity"]) * Decimal(row["UnitPrice"]) for row in rows)
    plain = report.as_plain()
    assert plain["lines"] == len(rows)
    assert plain["sum_file"] == plain["sum_store"] == f"{whole.normalize():f}"
    assert plain["refused"] == 0
    assert plain["exact"] is True
    numbers = {row["InvoiceNo"] for row in rows}
    assert plain["invoices"] + plain["returns"] + plain["other"] == len(numbers)
    assert plain["cancellations"] == sum(number.startswith("C") for number in numbers)


def test_plain_sqlite_finds_the_same_sums_as_the_csv_module(store: Store) -> None:
    import_sales(store, SAMPLE, now)
    same_sums(SAMPLE, store.path)


def test_verify_finds_nothing_wrong_with_what_was_imported(store: Store) -> None:
    import_sales(store, SAMPLE, now)
    found = verify(store.path)
    assert [fault.sentence for fault in found.faults] == []
    assert found.documents == store.sales.count()


def test_a_second_run_changes_nothing_and_reports_the_same(store: Store) -> None:
    first = import_sales(store, SAMPLE, now)
    head = store.journal.head()
    second = import_sales(store, SAMPLE, now)
    assert store.journal.head() == head
    assert second.skipped == first.invoices + first.returns + first.other
    assert second.products_added == second.customers_added == 0
    ignored = {"skipped", "products_added", "customers_added", "lines_per_second"}
    assert {k: v for k, v in first.as_plain().items() if k not in ignored} == {
        k: v for k, v in second.as_plain().items() if k not in ignored
    }


KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from pos_app.services.sales_import import history_shop, import_sales
from pos_app.store.store import create_store

def pull_the_plug(done, total):
    if done > 300:
        os._exit(9)

now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
store = create_store(Path(sys.argv[1]), history_shop(), now=now)
import_sales(store, Path(sys.argv[2]), lambda: now, pull_the_plug)
"""


def test_a_run_that_was_killed_goes_on_where_it_stopped(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    killed = subprocess.run([sys.executable, "-c", KILLED, path, SAMPLE], cwd=ROOT, check=False)
    assert killed.returncode == 9
    with open_store(path) as store:
        done = store.sales.count()
        assert 0 < done < 96
        report = import_sales(store, SAMPLE, now)
        assert report.skipped >= done
        assert report.is_exact
        numbers = [sale.number for _, sale in store.sales.stream()]
        assert numbers == [f"1-{n:06d}" for n in range(1, len(numbers) + 1)]
    same_sums(SAMPLE, path)


def test_cancelling_keeps_what_was_done_and_says_what_is_missing(store: Store) -> None:
    answers = iter([False, False, True])
    report = import_sales(store, SAMPLE, now, cancelled=lambda: next(answers, True))
    assert store.sales.count() > 0
    assert report.reconciliation.missing
    assert not report.is_exact
    assert import_sales(store, SAMPLE, now).is_exact


def test_progress_counts_lines_up_to_all_of_them(store: Store) -> None:
    told: list[tuple[int, int]] = []
    report = import_sales(store, SAMPLE, now, on_progress=lambda d, n: told.append((d, n)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (report.lines, report.lines)


def test_stock_is_the_sum_of_all_signed_quantities(store: Store) -> None:
    import_sales(store, SAMPLE, now)
    expected: Counter[str] = Counter()
    for row in rows_of(SAMPLE):
        is_sold = Decimal(row["UnitPrice"]) != 0 or row["CustomerID"]
        expected[row["StockCode"].upper()] += int(row["Quantity"]) * (-1 if is_sold else 1)
    for code in ("22139", "21777"):  # found and written off, nothing else in the sample
        product = store.products.find(code)
        assert product is not None
        assert store.stock.level(product.id, "shop") == expected[code]
    moved = asked(store.path, "SELECT product_id, sum(quantity_micro) FROM stock_moves GROUP BY 1")
    levels = asked(store.path, "SELECT product_id, level_micro FROM stock_levels")
    assert sorted(moved) == sorted(levels)


def test_the_invoice_whose_lines_do_not_stand_together_is_one_document(store: Store) -> None:
    rows = [row["InvoiceNo"] for row in rows_of(SAMPLE)]
    first, last = rows.index("542806"), len(rows) - 1 - rows[::-1].index("542806")
    assert set(rows[first:last]) != {"542806"}, "the sample has lost its split invoice"
    import_sales(store, SAMPLE, now)
    found = asked(store.path, "SELECT line_count FROM sales WHERE note LIKE 'Invoice 542806%'")
    assert found == [(rows.count("542806"),)]


def test_an_invoice_at_two_minutes_says_both(store: Store) -> None:
    import_sales(store, SAMPLE, now)
    (note,) = asked(store.path, "SELECT note FROM sales WHERE note LIKE 'Invoice 544926%'")[0]
    assert note.count("2011-02-") == 2


def test_the_price_with_three_places_is_kept_and_its_rounding_told(store: Store) -> None:
    report = import_sales(store, SAMPLE, now)
    assert asked(store.path, "SELECT unit_price FROM sale_lines WHERE code = 'PADS'") == [
        ("0.001",)
    ]
    rounding = report.as_plain()["rounding"]
    assert (rounding["documents"], rounding["sum"]) == (1, "-0.001")
    assert rounding["largest"][0]["invoice"] == "550193"


def test_codes_that_are_no_goods_are_what_they_are(store: Store) -> None:
    import_sales(store, SAMPLE, now)
    kinds = {
        "POST": ProductKind.POSTAGE,
        "DOT": ProductKind.POSTAGE,
        "C2": ProductKind.POSTAGE,
        "M": ProductKind.MANUAL,
        "D": ProductKind.DISCOUNT,
        "S": ProductKind.SAMPLE,
        "BANK CHARGES": ProductKind.FEE,
        "AMAZONFEE": ProductKind.FEE,
        "gift_0001_20": ProductKind.VOUCHER,
        "85123A": ProductKind.GOODS,
    }
    found = {code: store.products.find(code) for code in kinds}
    assert {code: product and product.kind for code, product in found.items()} == kinds


def test_documents_keep_the_files_time_and_day_and_number(store: Store) -> None:
    import_sales(store, SAMPLE, now)
    sale = store.sales.by_number("1-000001")
    assert sale is not None
    first = rows_of(SAMPLE)[0]
    assert sale.note.startswith(f"Invoice {first['InvoiceNo']}")
    assert sale.stamp.business_day.isoformat() == first["InvoiceDate"][:10]
    assert sale.stamp.at == datetime.fromisoformat(first["InvoiceDate"]).replace(tzinfo=UTC)


def test_every_line_that_is_no_sale_is_named(store: Store) -> None:
    report = import_sales(store, SAMPLE, now)
    unpriced = [
        n
        for n, row in enumerate(rows_of(SAMPLE), 1)
        if Decimal(row["UnitPrice"]) == 0 and Decimal(row["Quantity"]) < 0
    ]
    written_off = [one.number for one in report.named if one.what is NotASale.WRITE_OFF]
    assert sorted(written_off) == unpriced
    assert all(one.reason for one in report.named)


# --- the whole half year


@pytest.mark.skipif(not HALF_YEAR.exists(), reason="the half year is not beside the project")
def test_the_whole_half_year_reconciles(tmp_path: Path) -> None:
    path = tmp_path / "year.db"
    with create_store(path, history_shop(), now=NOW) as store:
        report = import_sales(store, HALF_YEAR, now)
    plain = report.as_plain()
    assert {name: plain[name] for name in ("lines", "refused", "sum_file", "sum_store")} == {
        "lines": 209_029,
        "refused": 0,
        "sum_file": "3706827.641",
        "sum_store": "3706827.641",
    }
    assert plain["invoices"] + plain["returns"] + plain["other"] == 10_783
    assert plain["cancellations"] == 1_677
    assert report.is_exact
    same_sums(HALF_YEAR, path)
    assert verify(path).faults == ()


# --- what a line becomes


def only_sale(store: Store) -> Any:
    assert store.sales.count() == 1
    return store.sales.last()


def test_prices_are_before_tax_and_twenty_percent_is_added(store: Store, tmp_path: Path) -> None:
    import_sales(store, history(tmp_path, line(quantity="3", price="2.55")), now)
    sale = only_sale(store)
    assert (sale.net.minor, sale.tax.minor, sale.gross.minor) == (765, 153, 918)


def test_customers_buy_on_account_and_the_web_shop_by_card(store: Store, tmp_path: Path) -> None:
    import_sales(store, history(tmp_path, line(), line("600002", customer="")), now)
    methods = [sale.tenders[0].method for _, sale in store.sales.stream()]
    assert methods == [TenderMethod.ON_ACCOUNT, TenderMethod.CARD]
    customer = store.customers.find("17850")
    assert customer is not None
    assert customer.country == "United Kingdom"


def test_a_cancellation_takes_back_the_latest_sale_with_enough_left(
    store: Store, tmp_path: Path
) -> None:
    path = history(
        tmp_path,
        line("600001", quantity="10", at="2011-06-01 10:00:00"),
        line("600002", quantity="6", at="2011-06-02 10:00:00"),
        line("600003", quantity="2", at="2011-06-03 10:00:00", price="3"),
        line("C600004", quantity="-4", at="2011-06-04 10:00:00"),
        line("C600005", quantity="-4", at="2011-06-05 10:00:00"),
        line("C600006", quantity="-7", at="2011-06-06 10:00:00"),
        line("C600007", quantity="-1", at="2011-06-07 10:00:00", customer="12345.0"),
    )
    report = import_sales(store, path, now)
    returns = {
        sale.note: sale.lines[0].returns
        for _, sale in store.sales.stream()
        if sale.kind is SaleKind.RETURN
    }
    assert returns["Invoice C600004"].sale_number == "1-000002"
    assert returns["Invoice C600005"].sale_number == "1-000001"
    assert returns["Invoice C600006"].sale_id is None
    assert "so many left" in returns["Invoice C600006"].reason
    assert "no earlier sale" in returns["Invoice C600007"].reason
    assert (report.linked_return_lines, report.unlinked_return_lines) == (2, 2)
    first = store.sales.by_number("1-000002")
    assert first is not None
    assert store.sales.returned(first.id, 1) == 4


def test_lines_of_one_cancellation_never_take_back_more_than_was_sold(
    store: Store, tmp_path: Path
) -> None:
    cancel = line("C600002", quantity="-2", at="2011-06-02 10:00:00")
    path = history(tmp_path, line(quantity="5"), cancel, cancel, cancel)
    report = import_sales(store, path, now)
    assert (report.linked_return_lines, report.unlinked_return_lines) == (2, 1)
    assert store.sales.returned(store.sales.by_number("1-000001").id, 1) == 4


def test_a_full_cancellation_is_the_exact_negative(store: Store, tmp_path: Path) -> None:
    path = history(
        tmp_path,
        line(quantity="7", price="0.85"),
        line("C600002", quantity="-3", price="0.85", at="2011-06-02 10:00:00"),
        line("C600003", quantity="-4", price="0.85", at="2011-06-03 10:00:00"),
    )
    import_sales(store, path, now)
    assert asked(store.path, "SELECT sum(net), sum(tax), sum(gross) FROM sales") == [(0, 0, 0)]


def test_bad_debt_with_a_price_below_zero_is_an_adjustment(store: Store, tmp_path: Path) -> None:
    path = history(
        tmp_path,
        line("A563186", "B", "1", "-11062.06", "", description="Adjust bad debt"),
        line("A563187", "B", "1", "11062.06", "", description="Adjust bad debt"),
        line("C600001", "AMAZONFEE", "-1", "13541.33", "", description="AMAZON FEE"),
        line("C600002", "CRUK", "-1", "52.24", "14096.0", description="CRUK Commission"),
    )
    report = import_sales(store, path, now)
    assert report.is_exact
    assert (report.invoices, report.returns, report.adjustments) == (0, 0, 4)
    sales = [sale for _, sale in store.sales.stream()]
    assert {sale.kind for sale in sales} == {SaleKind.ADJUSTMENT}
    assert [sale.gross.minor for sale in sales] == [-1106206, 1106206, -1354133, -5224]


def test_free_goods_on_an_invoice_leave_the_stock(store: Store, tmp_path: Path) -> None:
    path = history(
        tmp_path,
        line(customer="", price="2"),
        line(customer="", price="0", code="22002", quantity="5"),
        line("600002", price="0", code="22003", quantity="4"),
        line("600003", customer="", price="0", code="22004", quantity="3", description="found"),
        line("600004", customer="", price="0", code="22005", quantity="-2", description="damaged"),
    )
    report = import_sales(store, path, now)
    levels = {}
    for code in ("22002", "22003", "22004", "22005"):
        product = store.products.find(code)
        assert product is not None
        levels[code] = store.stock.level(product.id, "shop")
    assert levels == {"22002": -5, "22003": -4, "22004": 3, "22005": -2}
    assert (report.invoices, report.stock_documents) == (2, 2)
    assert asked(store.path, "SELECT note FROM stock_moves WHERE reason = 'write_off'") == [
        ("Invoice 600004: damaged",)
    ]


def test_small_and_capital_letters_are_one_product(store: Store, tmp_path: Path) -> None:
    path = history(tmp_path, line(code="84029e"), line(code="84029E"), line("600002", "84029E"))
    import_sales(store, path, now)
    assert store.products.count() == 1
    assert store.products.find("84029E") is not None


def test_the_usual_name_and_price_make_the_catalogue_and_lines_keep_their_own(
    store: Store, tmp_path: Path
) -> None:
    path = history(
        tmp_path,
        line("600001", description="MUG RED", price="2.5"),
        line("600002", description="RED MUG", price="2.5"),
        line("600003", description="RED MUG", price="1.95"),
        line("600004", description="smashed", price="0", quantity="-1", customer=""),
    )
    import_sales(store, path, now)
    product = store.products.find("22001")
    assert product is not None
    assert (product.name, product.price) == ("RED MUG", Decimal("2.5"))
    lines = [sale.lines[0] for _, sale in store.sales.stream()]
    assert [(one.name, one.unit_price) for one in lines] == [
        ("MUG RED", Decimal("2.5")),
        ("RED MUG", Decimal("2.5")),
        ("RED MUG", Decimal("1.95")),
    ]


def test_summer_time_keeps_the_files_hour_and_day(store: Store, tmp_path: Path) -> None:
    import_sales(store, history(tmp_path, line(at="2011-06-01 00:30:00")), now)
    stamp = only_sale(store).stamp
    assert stamp.business_day == date(2011, 6, 1)
    assert stamp.at == datetime(2011, 5, 31, 23, 30, tzinfo=UTC)


def test_a_file_out_of_order_is_put_in_order(store: Store, tmp_path: Path) -> None:
    path = history(
        tmp_path,
        line("C600002", quantity="-1", at="2011-06-02 10:00:00"),
        line("600001", quantity="2", at="2011-06-01 10:00:00"),
        line("600003", at="2011-06-03 10:00:00"),
        line("600001", quantity="3", at="2011-06-01 10:00:00"),
    )
    report = import_sales(store, path, now)
    assert report.is_exact
    assert (report.invoices, report.returns, report.linked_return_lines) == (2, 1, 1)


# --- bad input


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (line(quantity="0"), "quantity is zero"),
        (line(quantity="1.5"), "whole number of pieces"),
        (line(quantity="9999999999"), "beyond what a document may hold"),
        (line(quantity="1e9"), "not a plain number"),
        (line(quantity="NaN"), "not a plain number"),
        (line(price="-9999999999"), "beyond what a document may hold"),
        (line(price="1.23456"), "at most 4 places"),
        (line(price=""), "not a plain number"),
        (line(price="Infinity"), "not a plain number"),
        (line(at="yesterday"), "not a date and time"),
        (line(at="2011-02-30 10:00:00"), "not a date and time"),
        (line(invoice=""), "not a short code"),
        (line(code=""), "not a short code"),
        (line(code="x" * 50), "not a short code"),
        ("600001,22001,RED MUG", "3 cells where the header has 8"),
        (line(description="A,B"), "9 cells where the header has 8"),
        (line(quantity="１"), "not a plain number"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named_and_the_rest_is_rung_up(
    store: Store, tmp_path: Path, bad: str, why: str
) -> None:
    report = import_sales(store, history(tmp_path, line(), bad, line("600002")), now)
    assert report.lines == 3
    assert report.refused == 1
    (named,) = [one for one in report.named if one.what is NotASale.REFUSED]
    assert named.number == 2
    assert why in named.reason
    assert store.sales.count() == 2
    reconciled = report.reconciliation
    assert reconciled.is_exact
    assert reconciled.sum_file == reconciled.sum_store + reconciled.sum_refused


def test_a_file_with_other_columns_is_refused_by_what_is_missing(
    store: Store, tmp_path: Path
) -> None:
    path = history(tmp_path, "a,b", header="Name,UnitPrice\n")
    with pytest.raises(HistoryColumnsMissing, match="InvoiceNo, StockCode, Description, Quantity"):
        import_sales(store, path, now)


def test_the_second_editions_titles_are_known_too(store: Store, tmp_path: Path) -> None:
    header = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
    assert import_sales(store, history(tmp_path, line(), header=header), now).is_exact


def test_a_byte_order_mark_is_no_part_of_the_first_column(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_text(HEADER + line() + "\n", encoding="utf-8-sig")
    assert import_sales(store, path, now).is_exact


def test_broken_files_are_refused_before_anything_is_written(store: Store, tmp_path: Path) -> None:
    packed = gzip.compress(SAMPLE.read_bytes())
    cases: dict[str, tuple[bytes, type[Exception]]] = {
        "empty.csv": (b"", FileIsEmpty),
        "binary.csv": (bytes(range(256)) * 8, NotATable),
        "cut.csv.gz": (packed[: len(packed) // 2], HistoryDamaged),
        "flipped.csv.gz": (packed[:-8] + b"\0\0\0\0" + packed[-4:], HistoryDamaged),
        "latin.csv": (
            HEADER.encode() + line(description="CAF\xc9").encode("cp1252"),
            HistoryEncodingWrong,
        ),
    }
    head = store.journal.head()
    for name, (content, refusal) in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(refusal) as caught:
            import_sales(store, path, now)
        assert name in str(caught.value)
    with pytest.raises(FileMissing):
        import_sales(store, tmp_path / "nowhere.csv", now)
    assert store.journal.head() == head


def test_a_shop_in_another_currency_says_to_use_a_store_of_its_own(tmp_path: Path) -> None:
    shop = ShopSettings(policy=PricePolicy("EUR"))
    with (
        create_store(tmp_path / "euro.db", shop, now=NOW) as store,
        pytest.raises(HistoryNeedsAnotherShop, match="store of its own"),
    ):
        import_sales(store, SAMPLE, now)


def test_equal_lines_of_an_invoice_are_all_kept(store: Store, tmp_path: Path) -> None:
    report: SalesImportReport = import_sales(store, history(tmp_path, line(), line(), line()), now)
    assert report.is_exact
    assert len(only_sale(store).lines) == 3


def test_names_with_printer_commands_come_in_without_them(store: Store, tmp_path: Path) -> None:
    import_sales(store, history(tmp_path, line(description="MUG\x1b@\x1dV0 RED")), now)
    assert only_sale(store).lines[0].name == "MUG@ V0 RED"
