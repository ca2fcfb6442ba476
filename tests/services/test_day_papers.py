"""A day on its way to paper and into files: through the real spool, and whole or not at all."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pypdf
import pytest

from pos_app.domain.shop import PrinterKind, PrinterSettings, ScreenSettings
from pos_app.printing.day_slip import day_slip
from pos_app.printing.errors import NoPrinter
from pos_app.printing.escpos_job import write_job
from pos_app.services.day_papers import (
    DayFile,
    day_bytes,
    day_file_name,
    print_day_slip,
    save_day,
)
from pos_app.services.receipts import Receipts
from pos_app.spreadsheets.writing import FileNotWritable
from pos_app.store.store import Store, create_store
from tests import days
from tests.printing import sales

resource = pytest.importorskip("resource")  # limits of a process are not of every system
COUNTER = PrinterSettings("Counter", PrinterKind.NETWORK, "192.0.2.1")
SHOP = replace(sales.ENGLISH, printers=(COUNTER,))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with create_store(tmp_path / "shop.db", SHOP, now=days.MADE) as made:
        yield made


def test_the_slip_waits_in_the_store_and_comes_out_as_it_was_reviewed(store: Store) -> None:
    review = days.ordinary()
    shown = replace(review, slow_products=(), low_stock=())
    got: list[tuple[str, bytes]] = []
    receipts = Receipts(
        store, lambda: days.MADE + timedelta(minutes=1),
        send=lambda printer, payload, **_: got.append((printer.name, payload)),
    )  # fmt: skip
    assert print_day_slip(store, review, days.MADE) == ("Counter",)
    assert receipts.waiting() == 1
    receipts.work_once()
    assert got == [("Counter", write_job(day_slip(shown, SHOP), COUNTER))]
    assert receipts.waiting() == 0


def test_a_job_in_the_spool_holds_no_more_than_it_prints(store: Store) -> None:
    review = replace(days.enormous(), top_products=days.enormous().top_products * 100)
    print_day_slip(store, review, days.MADE)
    (job,) = store.spool.waiting()
    assert len(job.payload) < 100_000


def test_a_shop_without_a_printer_is_told_so(store: Store) -> None:
    with store.transaction() as tx:
        tx.settings.save(replace(SHOP, printers=()))
    with pytest.raises(NoPrinter):
        print_day_slip(store, days.ordinary(), days.MADE)
    assert store.spool.printers() == []


@pytest.mark.parametrize("kind", list(DayFile))
def test_a_day_is_saved_as_what_was_asked_for(tmp_path: Path, kind: DayFile) -> None:
    path = tmp_path / day_file_name(days.ordinary(), kind)
    save_day(days.ordinary(), path, kind, SHOP)
    assert path.read_bytes() == day_bytes(days.ordinary(), kind, SHOP)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_saved_files_are_what_their_ending_says() -> None:
    pdf = day_bytes(days.ordinary(), DayFile.PDF, SHOP)
    assert len(pypdf.PdfReader(BytesIO(pdf)).pages) == 1
    book = openpyxl.load_workbook(BytesIO(day_bytes(days.ordinary(), DayFile.XLSX, SHOP)))
    assert book.sheetnames[0] == "Summary"
    assert day_bytes(days.ordinary(), DayFile.CSV, SHOP).startswith(b"\xef\xbb\xbfShop,From,")


def test_files_speak_the_staffs_language() -> None:
    german = replace(sales.GERMAN, screen=ScreenSettings(language="de"))
    book = openpyxl.load_workbook(BytesIO(day_bytes(days.ordinary(), DayFile.XLSX, german)))
    assert "Zahlungen" in book.sheetnames


def test_where_no_file_can_be_written_a_sentence_says_so_and_the_old_one_stays(
    tmp_path: Path,
) -> None:
    with pytest.raises(FileNotWritable) as refused:
        save_day(days.ordinary(), tmp_path / "none" / "day.pdf", DayFile.PDF, SHOP)
    assert "day.pdf cannot be written there." in str(refused.value)


@contextmanager
def no_room(most_bytes: int) -> Iterator[None]:
    """No file may grow beyond some bytes, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("kind", list(DayFile))
def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path, kind: DayFile) -> None:
    path = tmp_path / f"day.{kind}"
    path.write_bytes(b"the old one")
    with no_room(4096), pytest.raises(FileNotWritable):
        save_day(days.ordinary(), path, kind, SHOP)
    assert path.read_bytes() == b"the old one"
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_names_of_files_tell_shop_and_days_and_are_safe_everywhere() -> None:
    assert day_file_name(days.ordinary(), DayFile.PDF) == "Corner Bakery 2026-03-14.pdf"
    name = day_file_name(replace(days.month(), shop='A/B: "C"?'), DayFile.XLSX)
    assert name == "A-B- -C-- 2026-02-15 - 2026-03-14.xlsx"
