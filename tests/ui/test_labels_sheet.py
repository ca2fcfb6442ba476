"""The labels sheet: its presenter without Qt, and the sheet in a real window."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.printing.errors import PrinterUnknown
from pos_app.services.catalogue import Catalogue
from pos_app.services.labels import LabelsDone
from pos_app.store.store import Store
from pos_app.ui.catalogue_screen import CatalogueScreen
from pos_app.ui.labels_sheet import LabelsSheet
from pos_app.ui.presenters.label_choice import CHANGED_LAST
from pos_app.ui.presenters.label_offer import LabelOffer
from pos_app.ui.presenters.labels import LabelsPresenter, LabelsState
from tests.ui.at_once import Later, at_once
from tests.ui.conftest import BREAD, DAIRY, MILK, NOW, PRODUCTS, SHOP

ZEBRA = PrinterSettings("Zebra", PrinterKind.NETWORK, "192.0.2.7:9100")


class Spool:
    """Takes print jobs, or refuses them."""

    def __init__(self, refusal: Exception | None = None) -> None:
        self.jobs: list[tuple[str, bytes]] = []
        self._refusal = refusal

    def __call__(self, payload: bytes, printer_name: str = "") -> None:
        if self._refusal is not None:
            raise self._refusal
        self.jobs.append((printer_name, payload))


def presenter_of(
    store: Store, offer: LabelOffer | None = None, run: object = at_once, spool: Spool | None = None
) -> LabelsPresenter:
    states: list[LabelsState] = []
    made = LabelsPresenter(
        store,
        lambda: NOW,
        run,
        states.append,
        print_ready=spool or Spool(),
        offer=offer,  # type: ignore[arg-type]
    )
    made.show()
    return made


@pytest.fixture
def with_zebra(store: Store) -> Store:
    with store.transaction() as tx:
        tx.settings.save(replace(SHOP, printers=(PrinterSettings(), ZEBRA)))
    return store


def labels(presenter: LabelsPresenter) -> list[str]:
    return [choice.label for choice in presenter.state.choices]


def test_what_was_searched_for_is_chosen_first(store: Store) -> None:
    offer = LabelOffer(PRODUCTS[0].id, (PRODUCTS[0].id, PRODUCTS[1].id), DAIRY.id)
    presenter = presenter_of(store, offer)
    assert labels(presenter)[:3] == ["What was searched for: 2", "Whole milk", "Category Dairy"]
    assert presenter.state.counted == "Products: 2 · Labels: 2 · Sheets: 1"
    presenter.choose("category")
    assert presenter.state.counted == "Products: 1 · Labels: 1 · Sheets: 1"
    presenter.choose("all")
    assert presenter.state.counted == "Products: 4 · Labels: 4 · Sheets: 1"


def test_copies_and_start_are_counted_in_sheets_and_kept_in_bounds(store: Store) -> None:
    presenter = presenter_of(store)
    presenter.choose("all")
    presenter.set_copies(6)
    assert presenter.state.counted == "Products: 4 · Labels: 24 · Sheets: 1"
    presenter.set_start(2)
    assert presenter.state.counted == "Products: 4 · Labels: 24 · Sheets: 2"
    presenter.set_start(99)
    presenter.set_copies(None)
    assert (presenter.state.start, presenter.state.copies) == (24, 1)
    presenter.choose_paper("a4-4x10")
    assert (presenter.state.start, presenter.state.most_start) == (1, 40)


def test_a_touch_on_the_page_begins_there(store: Store) -> None:
    presenter = presenter_of(store)
    presenter.start_at(0.5, 0.2)
    assert presenter.state.start == 5
    presenter.start_at(0.5, 0.0001)  # the margin above the labels
    assert presenter.state.start == 5


def test_the_picture_changes_with_every_choice(store: Store) -> None:
    presenter = presenter_of(store, LabelOffer(PRODUCTS[0].id))
    shown = {presenter.state.picture}
    for change in (
        lambda: presenter.tick(shows_price=False),
        lambda: presenter.tick(shows_date=True),
        lambda: presenter.tick(cut_marks=True),
        lambda: presenter.set_start(4),
        lambda: presenter.choose_paper("a4-shelf"),
        lambda: presenter.choose("all"),
    ):
        change()
        shown.add(presenter.state.picture)
    assert len(shown) == 7
    assert Image.open(BytesIO(presenter.state.picture)).width > 500


def test_scans_make_a_list_with_counts(store: Store, tmp_path: Path) -> None:
    presenter = presenter_of(store)
    for code in (MILK, MILK, BREAD):
        presenter.scan(code)
    assert labels(presenter)[0] == "Scanned here: 3"
    assert presenter.state.counted == "Products: 2 · Labels: 3 · Sheets: 1"
    presenter.scan("12345670")
    assert "12345670" in presenter.state.problem
    presenter.save(tmp_path / "x.pdf")
    text = pypdf.PdfReader(tmp_path / "x.pdf").pages[0].extract_text()
    assert (text.count("Whole milk"), text.count("Rye bread")) == (2, 1)


def test_changed_prices_are_offered_once(store: Store, tmp_path: Path) -> None:
    catalogue = Catalogue(store, lambda: NOW - timedelta(minutes=5))
    catalogue.save_product(replace(PRODUCTS[0], price=Decimal("1.29")))
    presenter = presenter_of(store)
    presenter.choose(CHANGED_LAST)
    assert presenter.state.counted.startswith("Products: 1 ")
    presenter.save(tmp_path / "x.pdf")
    assert presenter.state.saved == tmp_path / "x.pdf"
    again = presenter_of(store)
    assert again.state.choice == CHANGED_LAST
    assert again.state.counted == "No products fit this choice."
    assert not again.state.can_make


def test_labels_for_another_reason_do_not_hide_changed_prices(store: Store, tmp_path: Path) -> None:
    Catalogue(store, lambda: NOW).save_product(replace(PRODUCTS[0], price=Decimal("1.29")))
    presenter = presenter_of(store, LabelOffer(PRODUCTS[1].id))
    presenter.save(tmp_path / "x.pdf")
    presenter.choose(CHANGED_LAST)
    assert presenter.state.counted.startswith("Products: 1 ")


def test_a_label_printer_gets_zpl_and_is_offered_again(with_zebra: Store) -> None:
    spool = Spool()
    presenter = presenter_of(with_zebra, LabelOffer(PRODUCTS[0].id), spool=spool)
    assert not presenter.state.can_send  # sheets are for office printers
    presenter.choose_paper("roll-57x32")
    presenter.choose_resolution(300)
    presenter.set_copies(7)
    assert presenter.state.can_send
    presenter.send()
    ((printer, payload),) = spool.jobs
    assert printer == "Zebra"
    assert b"^PQ7" in payload
    assert "7 labels go to" in presenter.state.told
    last = LabelsDone(with_zebra, lambda: NOW).last()
    assert last is not None
    assert (last.printer, last.dots_per_inch, last.paper) == ("Zebra", 300, "roll-57x32")
    again = presenter_of(with_zebra).state
    assert (again.paper, again.printer, again.resolution) == ("roll-57x32", "Zebra", 300)


def test_a_printer_that_is_gone_is_told_and_nothing_is_remembered(with_zebra: Store) -> None:
    spool = Spool(PrinterUnknown(name="Zebra", target="Zebra"))
    presenter = presenter_of(with_zebra, LabelOffer(PRODUCTS[0].id), spool=spool)
    presenter.choose_paper("roll-57x32")
    presenter.send()
    assert "There is no printer" in presenter.state.problem
    assert not presenter.state.is_working
    assert LabelsDone(with_zebra, lambda: NOW).last() is None


def test_a_till_whose_printer_is_only_a_screen_prints_no_labels(store: Store) -> None:
    presenter = presenter_of(store, LabelOffer(PRODUCTS[0].id))
    presenter.choose_paper("roll-57x32")
    assert presenter.state.printers == ()
    assert not presenter.state.can_send


def test_what_is_being_made_can_be_stopped(store: Store, tmp_path: Path) -> None:
    later = Later()
    presenter = presenter_of(store, LabelOffer(PRODUCTS[0].id), later)
    later.run()
    presenter.save(tmp_path / "x.pdf")
    assert presenter.state.is_working
    assert presenter.stop()
    later.run()
    assert not (tmp_path / "x.pdf").exists()
    assert not presenter.state.is_working
    assert not presenter.stop()


def test_a_folder_that_is_gone_is_told(store: Store, tmp_path: Path) -> None:
    presenter = presenter_of(store, LabelOffer(PRODUCTS[0].id))
    presenter.save(tmp_path / "gone" / "x.pdf")
    assert "Choose another folder" in presenter.state.problem
    assert presenter.state.can_make


@pytest.fixture
def sheet(store: Store, qtbot: QtBot) -> LabelsSheet:
    screen = CatalogueScreen(store, lambda: NOW, print_ready=Spool())
    qtbot.addWidget(screen)
    screen.resize(1024, 768)
    screen.show()
    screen.presenter.search("milk")
    screen.frame.button("labels").click()
    made = screen._labels
    assert made is not None
    made.catalogue = screen  # type: ignore[attr-defined] # it goes with the test
    qtbot.waitUntil(lambda: bool(made.presenter.state.picture))
    return made


def test_the_button_of_the_catalogue_makes_labels_of_what_it_shows(
    sheet: LabelsSheet, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shelf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_more: (str(path), ""))
    sheet.copies.setFocus()
    sheet.copies.selectAll()
    qtbot.keyClicks(sheet.copies, "12")
    assert sheet.copies.text() == "12"
    sheet.date.box.click()
    sheet.button("save").click()
    qtbot.waitUntil(lambda: sheet.presenter.state.saved is not None)
    pdf = pypdf.PdfReader(tmp_path / "shelf.pdf")
    assert pdf.pages[0].extract_text().count("Whole milk") == 12
    assert "shelf.pdf" in sheet._message.text()
    assert sheet.button("open").isEnabled()


def test_touching_the_page_moves_the_first_label(sheet: LabelsSheet, qtbot: QtBot) -> None:
    page = sheet.preview.page_rect()
    at = QPoint(page.left() + page.width() // 2, page.top() + page.height() // 16)
    QTest.mouseClick(sheet.preview, Qt.MouseButton.LeftButton, pos=at)
    assert sheet.start.text() == "2"


def test_a_scan_goes_into_the_open_sheet(sheet: LabelsSheet, qtbot: QtBot) -> None:
    screen = sheet.catalogue  # type: ignore[attr-defined]
    assert screen.take_scan(BREAD)
    assert sheet.products.currentText() == "Scanned here: 1"
    qtbot.waitUntil(lambda: sheet.presenter.state.counted.startswith("Products: 1 "))


def test_enter_in_a_field_presses_nothing(sheet: LabelsSheet, qtbot: QtBot) -> None:
    sheet.copies.setFocus()
    qtbot.keyClick(sheet.copies, Qt.Key.Key_Return)
    assert sheet.isVisible()
    assert not sheet.presenter.state.is_working
