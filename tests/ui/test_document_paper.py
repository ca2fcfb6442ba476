"""The paper of a document on screen: looked at, printed, saved, opened, and many in a row."""

import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from pos_app.config import read_paper_printer
from pos_app.domain.document import line_of
from pos_app.domain.invoice import Invoice
from pos_app.printing.errors import PrinterUnknown
from pos_app.services.document_batch import Chosen
from pos_app.services.document_files import FileForm
from pos_app.store.documents import DocumentFilter
from pos_app.ui.document_paper import PaperActions
from pos_app.ui.document_paper_batch import BatchSheet, open_batch
from pos_app.ui.document_paper_sheets import PrinterSheet
from pos_app.ui.paper_printer import draw_pages, print_pdf, printer_names
from pos_app.ui.pdf_view import PdfView
from pos_app.ui.presenters.document_paper_pages import FIT
from tests.services.document_office import LAPTOP, Office, new_office
from tests.services.test_document_files import SHOP


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = new_office(tmp_path / "shop.db", SHOP)
    yield made
    made.store.close()


def invoice_of(office: Office, lines: int = 1) -> Invoice:
    drawn = tuple(line_of(LAPTOP, str(n), Decimal(n)) for n in range(1, lines + 1))
    draft = office.invoicing.save_draft(office.invoicing.draft(office.customer, drawn))
    return office.invoicing.issue(draft)


class Printed:
    """Stands in for the system's printers."""

    def __init__(self) -> None:
        self.jobs: list[tuple[bytes, str, str]] = []

    def __call__(self, pdf: bytes, printer: str, title: str) -> None:
        if printer == "Gone":
            raise PrinterUnknown(name=printer, target=printer)
        self.jobs.append((pdf, printer, title))


@pytest.fixture
def printed() -> Printed:
    return Printed()


@pytest.fixture
def actions(office: Office, printed: Printed, qtbot: QtBot) -> PaperActions:
    made = PaperActions(office.store, print_pdf=printed)
    qtbot.addWidget(made)
    made.show()
    return made


def settled(actions: PaperActions, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not actions.presenter.state.is_working)


def test_nothing_can_be_pressed_until_there_is_a_document(
    actions: PaperActions, office: Office
) -> None:
    assert not any(button.isEnabled() for button in actions.buttons())
    actions.show_document(office.quotation())
    assert all(button.isEnabled() for button in actions.buttons())
    assert actions.e_invoice.isHidden()
    actions.show_document(invoice_of(office))
    assert not actions.e_invoice.isHidden()
    actions.show_document(None)
    assert not actions.preview.isEnabled()


def test_it_is_saved_where_the_user_says_under_its_number_and_customer(
    actions: PaperActions,
    office: Office,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    suggested: list[str] = []

    def ask(_parent: object, _title: str, path: str, _kinds: str) -> tuple[str, str]:
        suggested.append(Path(path).name)
        return str(tmp_path / "mine"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    invoice = invoice_of(office)
    actions.show_document(invoice)
    actions.save.click()
    settled(actions, qtbot)
    assert suggested == ["INV2023060001 Rye & Sons.pdf"]
    text = PdfReader(tmp_path / "mine.pdf").pages[0].extract_text()
    assert invoice.head.number in text
    assert "mine.pdf" in actions.result.text()


def test_an_e_invoice_says_all_that_is_missing_and_where(
    actions: PaperActions,
    office: Office,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "x.xml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    actions.show_document(invoice_of(office))
    with qtbot.waitSignal(actions.refused):
        actions.save_as(FileForm.XRECHNUNG)
    assert "Leitweg-ID" in actions.result.text()
    assert actions.result.text().count("\n") >= 1
    assert not path.exists()


def test_the_menu_of_e_invoices_is_opened_by_a_key(
    actions: PaperActions, office: Office, qtbot: QtBot
) -> None:
    from PySide6.QtWidgets import QMenu

    actions.show_document(invoice_of(office))
    actions.e_invoice.setFocus()
    qtbot.keyClick(actions.e_invoice, Qt.Key.Key_Space)
    [menu] = actions.findChildren(QMenu)
    assert len(menu.actions()) == 3
    menu.close()


def test_it_opens_in_the_program_that_the_system_has_for_it(
    actions: PaperActions, office: Office, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile()))
    )
    actions.show_document(office.quotation())
    actions.open.click()
    qtbot.waitUntil(lambda: bool(opened))
    assert opened[0].read_bytes().startswith(b"%PDF")
    assert opened[0].name == "QT2023060001 Rye & Sons.pdf"


def test_the_printer_is_asked_for_once_and_remembered(
    actions: PaperActions, office: Office, printed: Printed, qtbot: QtBot
) -> None:
    actions.show_document(office.quotation())
    actions.print.click()
    sheet = actions._printers
    assert isinstance(sheet, PrinterSheet)
    qtbot.waitUntil(lambda: "Looking" not in sheet._words.text())
    sheet._offer(["Office", "Store room"])
    sheet.button("print").click()
    settled(actions, qtbot)
    assert [job[1:] for job in printed.jobs] == [("Office", "QT2023060001 Rye & Sons")]
    assert read_paper_printer(office.store.path) == "Office"
    actions.print.click()
    settled(actions, qtbot)
    assert len(printed.jobs) == 2
    assert printed.jobs[0] == printed.jobs[1]


def test_a_printer_that_is_gone_is_told(
    actions: PaperActions, office: Office, printed: Printed, qtbot: QtBot
) -> None:
    actions.show_document(office.quotation())
    actions.presenter.print_on("Gone")
    settled(actions, qtbot)
    assert "There is no printer at Gone" in actions.result.text()
    assert read_paper_printer(office.store.path) == ""


def test_the_preview_shows_the_pages_and_prints(
    actions: PaperActions, office: Office, printed: Printed, qtbot: QtBot
) -> None:
    actions.show_document(invoice_of(office, 80))
    actions.preview.click()
    qtbot.waitUntil(lambda: actions.sheet is not None)
    assert actions.sheet is not None
    view = actions.sheet.view
    qtbot.waitUntil(lambda: view.presenter.state.picture is not None)
    assert view.counted.text().startswith("Page 1 of ")
    actions.presenter.print_on("Office")
    settled(actions, qtbot)
    assert "Office" in actions.sheet.outcome.text()
    actions.sheet.button("close").click()
    assert actions.sheet is None


def test_a_reminder_letter_is_looked_at_and_printed_while_something_is_owed(
    actions: PaperActions, office: Office, printed: Printed, qtbot: QtBot
) -> None:
    actions.show_document(office.quotation())
    assert actions.reminder.isHidden()
    actions.show_document(invoice_of(office))
    assert not actions.reminder.isHidden()
    actions.presenter.print_on("Office")
    settled(actions, qtbot)
    actions.reminder.click()
    qtbot.waitUntil(lambda: actions.sheet is not None)
    assert actions.sheet is not None
    actions.sheet.button("print").click()
    settled(actions, qtbot)
    assert [job[2].split()[0] for job in printed.jobs] == ["INV2023060001", "INV2023060001-R1"]
    assert printed.jobs[0][0] != printed.jobs[1][0]
    actions.sheet.reject()


def test_pages_turn_and_grow_by_keys(office: Office, qtbot: QtBot) -> None:
    from pos_app.services.document_files import made, paper_order

    view = PdfView()
    qtbot.addWidget(view)
    view.resize(700, 600)
    view.show()
    view.show_pdf(made(paper_order(office.store, invoice_of(office, 80))))
    presenter = view.presenter

    def drawn() -> bool:
        return not presenter.state.is_drawing and presenter.state.picture is not None

    qtbot.waitUntil(drawn)
    count, fitted = presenter.state.count, presenter.state.picture
    assert count > 1
    assert fitted is not None
    assert abs(fitted.width - (700 - 24 - 15)) < 40
    for _ in range(count + 2):
        qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert presenter.state.page == count - 1
    assert not view.after.isEnabled()
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    assert presenter.state.page == count - 2
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    qtbot.waitUntil(drawn)
    assert presenter.state.picture is not None
    assert presenter.state.picture.width > fitted.width
    qtbot.mouseClick(view.fit, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert presenter.state.zoom == FIT


def test_a_damaged_paper_is_told_in_place_of_the_page(qtbot: QtBot) -> None:
    view = PdfView()
    qtbot.addWidget(view)
    view.show_pdf(b"rubbish")
    assert "damaged" in view._words.text()


@pytest.fixture
def cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path with programs that are called like those of CUPS."""
    folder = tmp_path / "bin"
    folder.mkdir()
    lp = f'#!{sys.executable}\nimport sys, pathlib\nhere = pathlib.Path("{folder}")\n'
    lp += "data = sys.stdin.buffer.read()\n"
    lp += "if 'Gone' in sys.argv: sys.exit('lp: The printer or class does not exist.')\n"
    lp += "(here / 'job.pdf').write_bytes(data)\n"
    lp += "(here / 'arguments').write_text('\\n'.join(sys.argv[1:]))\n"
    for name, text in (("lp", lp), ("lpstat", "#!/bin/sh\necho Office\necho Store_room\n")):
        program = folder / name
        program.write_text(text)
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not on Windows")
def test_cups_gets_the_pdf_as_it_is(cups: Path) -> None:
    assert printer_names() == ["Office", "Store_room"]
    print_pdf(b"%PDF-1.7 whole", "Office", "INV1 \x1bRye")
    assert (cups / "job.pdf").read_bytes() == b"%PDF-1.7 whole"
    assert (cups / "arguments").read_text().splitlines() == ["-d", "Office", "-t", "INV1 ?Rye"]
    with pytest.raises(PrinterUnknown):
        print_pdf(b"%PDF", "Gone", "x")


def test_pages_are_drawn_for_printers_that_take_no_pdf(
    office: Office, tmp_path: Path, qtbot: QtBot
) -> None:
    from pos_app.services.document_files import made, paper_order

    pdf = made(paper_order(office.store, invoice_of(office, 80)))
    device = QPrinter(QPrinter.PrinterMode.HighResolution)
    device.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    device.setOutputFileName(str(tmp_path / "printed.pdf"))
    draw_pages(pdf, device, "Office")
    reader = PdfReader(tmp_path / "printed.pdf")
    assert len(reader.pages) == len(PdfReader(BytesIO(pdf)).pages)
    first = reader.pages[0]
    assert [round(float(side)) for side in first.mediabox[2:]] == [595, 842]
    [picture] = first.images
    assert picture.image is not None
    assert picture.image.width > 2400  # 300 dots an inch over the whole width


def chosen() -> Chosen:
    return Chosen("invoice", every=DocumentFilter())


def test_a_batch_writes_every_invoice_and_selling_goes_on(
    office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    numbers = [invoice_of(office).head.number for _ in range(4)]
    folder = tmp_path / "out"
    folder.mkdir()
    sheet = BatchSheet(office.store, chosen())
    qtbot.addWidget(sheet)
    assert sheet._text.text() == "4 documents"
    sheet.presenter.save_into(folder)
    assert not sheet.bar.isHidden()
    qtbot.waitUntil(lambda: not sheet.presenter.state.is_running)
    assert sorted(path.name.split()[0] for path in folder.glob("*.pdf")) == numbers
    assert "All 4 are done" in sheet.outcome.text()
    assert "open" in sheet._buttons


def test_a_batch_lists_what_failed_with_its_reason(
    office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    first = invoice_of(office)
    draft = office.invoicing.draft(office.customer, (line_of(LAPTOP, "1", Decimal(1)),))
    head = replace(draft.head, reference="04011000-12345-34")
    office.invoicing.save_draft(replace(draft, head=head))
    sheet = BatchSheet(office.store, chosen())
    qtbot.addWidget(sheet)
    sheet.presenter.choose_forms(FileForm.XRECHNUNG)
    sheet.presenter.save_into(tmp_path)
    qtbot.waitUntil(lambda: not sheet.presenter.state.is_running)
    lines = sheet.failures.toPlainText().splitlines()
    assert len(lines) == 2
    assert any(line.startswith(first.head.number) and "Leitweg-ID" in line for line in lines)
    assert not sheet.failures.isHidden()


def test_closing_stops_the_batch_first(office: Office, qtbot: QtBot, tmp_path: Path) -> None:
    for _ in range(30):
        invoice_of(office)
    parent = PaperActions(office.store)
    qtbot.addWidget(parent)
    sheet = open_batch(parent, office.store, chosen())
    sheet.presenter.save_into(tmp_path)
    qtbot.waitUntil(lambda: sheet.presenter.state.done >= 1)
    sheet.reject()
    assert sheet.isVisible()
    qtbot.waitUntil(lambda: not sheet.presenter.state.is_running)
    assert "Stopped" in sheet.outcome.text()
    made = len(list(tmp_path.glob("INV*.pdf")))
    assert 1 <= made < 30
    sheet.reject()
    assert not sheet.isVisible()


def test_a_batch_prints_one_after_the_other(office: Office, printed: Printed, qtbot: QtBot) -> None:
    for _ in range(3):
        invoice_of(office)
    sheet = BatchSheet(office.store, chosen(), print_pdf=printed)
    qtbot.addWidget(sheet)
    sheet.presenter.print_on("Office")
    qtbot.waitUntil(lambda: not sheet.presenter.state.is_running)
    assert [job[2].split()[0] for job in printed.jobs] == [f"INV202306000{n}" for n in (1, 2, 3)]
