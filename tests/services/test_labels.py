"""Choosing products for labels, making them, and remembering that they were made."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from pos_app.domain.errors import PosError
from pos_app.domain.facts import stock_moved
from pos_app.domain.label_order import LabelOrder, NothingToLabel, TooManyLabels, copies_for
from pos_app.domain.product import KILOGRAM, PIECE, Category, Product
from pos_app.domain.shop import PrinterKind, PrinterSettings, ShopSettings
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.printing.label_formats import format_named
from pos_app.services import label_choices
from pos_app.services.catalogue import Catalogue
from pos_app.services.label_choices import CategoryUnknown, LabelCodesUnknown
from pos_app.services.labels import LabelJob, LabelsDone, printer_job, write_pdf
from pos_app.services.receipts import Receipts
from pos_app.services.verification import verify
from pos_app.spreadsheets.writing import FileNotWritable
from pos_app.store.store import Store, create_store

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
DAIRY = Category("01900000-0000-7000-9000-000000000001", "Dairy")
ZEBRA = PrinterSettings("Labels", PrinterKind.NETWORK, "192.0.2.7:9100")
SHOP = ShopSettings(country="IE", printers=(PrinterSettings(), ZEBRA), time_zone="UTC")


def product(number: int, name: str, price: str, **more: object) -> Product:
    code = f"01900000-0000-7000-8000-{number:012d}"
    return Product(code, f"A{number}", name, Decimal(price), **more)  # type: ignore[arg-type]


MILK = product(1, "Milk", "1.19", barcodes=("4006381333931",), category_id=DAIRY.id)
CHEESE = product(2, "Cheese", "19.90", unit=KILOGRAM, category_id=DAIRY.id)
BREAD = product(3, "Bread", "4.80")


class Clock:
    """Time that a test turns on."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with create_store(tmp_path / "shop.db", SHOP, now=NOW) as made:
        catalogue = Catalogue(made, clock)
        catalogue.save_unit(KILOGRAM)
        catalogue.save_category(DAIRY)
        for one in (MILK, CHEESE, BREAD):
            catalogue.save_product(one)
        yield made


def names(orders: tuple[LabelOrder, ...]) -> list[str]:
    return [order.product.name for order in orders]


def texts(path: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def test_products_are_found_by_own_code_and_barcode_with_their_counts(store: Store) -> None:
    orders = label_choices.by_codes(store, {"A3": 2, "4006381333931": 1})
    assert [(order.product.name, order.copies) for order in orders] == [("Bread", 2), ("Milk", 1)]


def test_unknown_codes_are_all_named(store: Store) -> None:
    with pytest.raises(LabelCodesUnknown, match="nope, A9"):
        label_choices.by_codes(store, {"nope": 1, "A3": 1, "A9": 1})


def test_a_category_is_chosen_without_what_is_not_sold_any_more(store: Store, clock: Clock) -> None:
    Catalogue(store, clock).save_product(replace(CHEESE, is_active=False))
    category = label_choices.category_named(store, " dairy ")
    assert names(label_choices.of_category(store, category)) == ["Milk"]
    assert names(label_choices.of_category(store)) == ["Bread", "Milk"]
    with pytest.raises(CategoryUnknown, match="Dairy"):
        label_choices.category_named(store, "Toys")


def test_only_prices_that_are_different_now_count_as_changed(store: Store, clock: Clock) -> None:
    catalogue = Catalogue(store, clock)
    since = clock.at = NOW + timedelta(hours=1)
    clock.at += timedelta(minutes=1)
    catalogue.save_product(replace(MILK, price=Decimal("1.29")))
    catalogue.save_product(replace(BREAD, name="Rye bread"))  # another name, the same price
    catalogue.save_product(replace(CHEESE, price=Decimal(21)))
    catalogue.save_product(CHEESE)  # and back again
    catalogue.save_product(product(4, "Jam", "3"))
    assert names(label_choices.price_changed_since(store, since)) == ["Jam", "Milk"]
    assert label_choices.price_changed_since(store, clock.at + timedelta(seconds=1)) == ()


def test_a_price_changed_to_none_and_an_inactive_product(store: Store, clock: Clock) -> None:
    since = clock.at = NOW + timedelta(hours=1)
    catalogue = Catalogue(store, clock)
    catalogue.save_product(replace(MILK, price=None))
    catalogue.save_product(replace(BREAD, price=Decimal(9), is_active=False))
    assert names(label_choices.price_changed_since(store, since)) == ["Milk"]


def test_a_delivery_gets_a_label_for_each_piece_and_one_for_what_is_weighed(store: Store) -> None:
    moves = (
        StockMove(MILK.id, "shop", Decimal(24), MoveReason.RECEIPT),
        StockMove(CHEESE.id, "shop", Decimal("7.5"), MoveReason.RECEIPT),
        StockMove(BREAD.id, "shop", Decimal(9), MoveReason.FOUND),
    )
    with store.transaction() as tx:
        entry = tx.journal.append(stock_moved(moves), NOW, "1")
        tx.stock.move(moves, NOW, entry.id)
    orders = label_choices.delivered_since(store, NOW)
    assert [(one.product.name, one.copies) for one in orders] == [("Milk", 24), ("Cheese", 1)]
    assert label_choices.delivered_since(store, NOW + timedelta(seconds=1)) == ()


@pytest.mark.parametrize(
    ("quantity", "unit", "copies"),
    [("3", PIECE, 3), ("2.2", PIECE, 3), ("0.1", PIECE, 1), ("12.5", KILOGRAM, 1)],
)
def test_copies_for_a_quantity(quantity: str, unit: object, copies: int) -> None:
    assert copies_for(Decimal(quantity), unit) == copies  # type: ignore[arg-type]


def test_the_pdf_holds_every_copy_and_says_what_it_is(store: Store, tmp_path: Path) -> None:
    orders = label_choices.by_codes(store, {"A1": 2, "A2": 1})
    told: list[tuple[int, int]] = []
    job = LabelJob(copies=3, shows_date=True, start=20)
    path = tmp_path / "labels.pdf"
    report = write_pdf(orders, job, SHOP, NOW, path, lambda *figures: told.append(figures))
    assert (report.labels, report.products, report.pages) == (9, 2, 2)
    assert texts(path).count("Milk") == 6
    assert texts(path).count("04/05/2026") == 9
    assert told[-1] == (9, 9)
    assert [one.name for one in tmp_path.iterdir() if ".part" in one.name] == []


def test_a_run_that_is_stopped_leaves_the_old_file_whole(store: Store, tmp_path: Path) -> None:
    def stop(*_figures: int) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "labels.pdf"
    path.write_bytes(b"the old one")
    with pytest.raises(KeyboardInterrupt):
        write_pdf(label_choices.of_category(store), LabelJob(), SHOP, NOW, path, stop)
    assert path.read_bytes() == b"the old one"
    assert sorted(one.name for one in tmp_path.glob("*label*")) == ["labels.pdf"]


def test_refusals_say_what_to_do(store: Store, tmp_path: Path) -> None:
    orders = label_choices.of_category(store)
    cases: list[tuple[type[PosError], tuple[LabelOrder, ...], LabelJob, Path]] = [
        (NothingToLabel, (), LabelJob(), tmp_path / "a.pdf"),
        (TooManyLabels, orders, LabelJob(copies=10_000), tmp_path / "a.pdf"),
        (FileNotWritable, orders, LabelJob(), tmp_path / "missing" / "a.pdf"),
    ]
    for refusal, wanted, job, path in cases:
        with pytest.raises(refusal):
            write_pdf(wanted, job, SHOP, NOW, path)
        assert not path.exists()


def test_a_print_job_goes_to_the_label_printer_through_the_spool(
    store: Store, clock: Clock
) -> None:
    sent: list[tuple[str, bytes]] = []
    receipts = Receipts(
        store,
        clock,
        send=lambda printer, payload, **_more: sent.append((printer.name, payload)),
    )
    paper = format_named("roll-57x32")
    assert paper is not None
    payload = printer_job(label_choices.of_category(store), LabelJob(paper), SHOP, NOW, 203)
    receipts.print_ready(payload, "Labels")
    assert receipts.waiting() == 1
    receipts.work_once()
    assert sent == [("Labels", payload)]
    assert payload.count(b"^XA") == 3


def test_what_was_made_is_remembered_and_the_journal_knows(store: Store, clock: Clock) -> None:
    done = LabelsDone(store, clock)
    assert done.last() is None
    done.remember(12, "a4-3x8", changes_seen=NOW)
    clock.at += timedelta(days=1)
    done.remember(3, "roll-57x32", "Labels", 300)
    last = done.last()
    assert last is not None
    assert (last.labels, last.paper, last.printer, last.dots_per_inch) == (
        3, "roll-57x32", "Labels", 300,
    )  # fmt: skip
    assert last.changes_seen == NOW  # a run for other reasons leaves the mark where it is
    store.close()
    assert verify(store.path).is_sound


def test_the_pdf_is_no_different_from_a_reader_of_its_own(store: Store, tmp_path: Path) -> None:
    reader = store.reader()
    orders = label_choices.of_category(reader)
    reader.close()
    assert orders == label_choices.of_category(store)
    path = tmp_path / "x.pdf"
    write_pdf(orders, LabelJob(), SHOP, NOW, path)
    assert len(pypdf.PdfReader(BytesIO(path.read_bytes())).pages) == 1
