"""Draws what is about papers: settings, preview, printer, batch, and documents at the counter.

Run as `python tests/ui/shots_paper.py --out screenshots`; `--only NAME` draws one of them.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["POS_APP_KEYS"] = "file"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import delete

from pos_app import texts
from pos_app.services.checkout import Checkout
from pos_app.services.demo_shop import create_demo_shop
from pos_app.services.document_batch import Chosen
from pos_app.services.document_files import FileForm, made, paper_order
from pos_app.services.document_records import INVOICE
from pos_app.services.receipts import Receipts
from pos_app.store.documents import DocumentFilter
from pos_app.store.store import Store
from pos_app.ui import fonts, theme
from pos_app.ui.customer_choice import CustomerChoice
from pos_app.ui.document_paper import PaperActions
from pos_app.ui.document_paper_batch import BatchSheet
from pos_app.ui.document_paper_sheets import PreviewSheet, PrinterSheet
from pos_app.ui.main_window import MainWindow
from pos_app.ui.presenters.checkout import CheckoutPresenter
from pos_app.ui.presenters.document_paper import PaperState
from pos_app.ui.presenters.receipt_invoice import ReceiptInvoices
from pos_app.ui.presenters.settings_pages import Page
from pos_app.ui.receipts_screen import ReceiptsScreen
from pos_app.ui.settings_screen import SettingsScreen
from tests.ui.at_once import at_once
from tests.ui.conftest import NOW, PaperTray, clock

DRESSES = (
    ("light", "en", (1024, 768)),
    ("dark", "en", (1920, 1080)),
    ("light", "de", (1024, 768)),
    ("dark", "ar", (1024, 768)),
    ("light", "ar", (1920, 1080)),
)


class Papers:
    """A demo shop and its documents."""

    def __init__(self, store: Store) -> None:
        self.store = store
        listed = store.documents.page(INVOICE.name, DocumentFilter(is_open=True))
        found = store.records.get(INVOICE, listed[0].id)
        assert found is not None
        self.invoice = found

    def settings(self, _checkout: Checkout) -> Iterator[tuple[str, QWidget]]:
        screen = SettingsScreen(self.store, clock())
        screen.documents_presenter._run = at_once
        screen.open_page(Page.DOCUMENTS)
        yield "settings-documents", screen
        bar = screen.documents.findChild(QScrollArea).verticalScrollBar()
        bar.setValue(900)
        yield "settings-documents-terms", screen
        bar.setValue(10_000)
        yield "settings-documents-numbers", screen
        screen.documents_presenter.change(iban="DE893704", order_prefix="INV", due_days="bald")
        screen.documents_presenter.save()
        bar.setValue(0)
        yield "settings-documents-wrong", screen

    def actions(self, _checkout: Checkout) -> Iterator[tuple[str, QWidget]]:
        frame = QWidget()
        frame.setProperty("wanted_size", QSize(430, 260))
        frame.resize(430, 260)
        actions = PaperActions(self.store, frame)
        column = QVBoxLayout(frame)
        column.addWidget(actions)
        column.addStretch(1)
        actions.presenter._run = at_once
        actions.show_document(self.invoice)
        actions.presenter.save(Path("/nowhere/x.pdf"), FileForm.XRECHNUNG)
        yield "paper-actions", frame

    def preview(self, _checkout: Checkout) -> Iterator[tuple[str, QWidget]]:
        pdf = made(paper_order(self.store, self.invoice))
        sheet = PreviewSheet(f"{self.invoice.head.number} {self.invoice.head.customer.name}", pdf)
        sheet.view.presenter._run = at_once
        sheet.view.show_pdf(pdf)
        sheet.show_state(
            PaperState(has_paper=True, told=texts.t("Saved as {name}.").format(name="x.pdf"))
        )
        yield "paper-preview", sheet

    def printers(self, _checkout: Checkout) -> Iterator[tuple[str, QWidget]]:
        sheet = PrinterSheet("Office", lambda _name: None, find=lambda: ["Office", "Store_room"])
        sheet._offer(["Office", "Store_room"])
        sheet.setProperty("wanted_size", sheet.sizeHint())
        yield "paper-printer", sheet
        bare = PrinterSheet("", lambda _name: None, find=list)
        bare._offer([])
        bare.setProperty("wanted_size", bare.sizeHint())
        yield "paper-printer-none", bare

    def batch(self, _checkout: Checkout) -> Iterator[tuple[str, QWidget]]:
        chosen = Chosen(INVOICE.name, every=DocumentFilter())
        sheet = BatchSheet(self.store, chosen)
        yield "paper-batch", sheet
        sheet.presenter._put(is_running=True, done=321, total=1000, count=1000)
        yield "paper-batch-running", sheet
        sheet.presenter._put(
            is_running=False,
            told=texts.t(
                "{done} of {total} are done. The others are listed below with their reason."
            ).format(done=998, total=1000),
            failures=("INV2026110004: …", "INV2026110007: …"),
            folder=Path("/x"),
        )
        yield "paper-batch-failed", sheet

    def customers(self, _checkout: Checkout) -> Iterator[tuple[str, QWidget]]:
        sheet = CustomerChoice(self.store, texts.t("Whose invoice is it?"), lambda _customer: None)
        sheet.search.setText("qu")
        sheet._look("qu")
        yield "customer-choice", sheet

    def receipts(self, checkout: Checkout) -> Iterator[tuple[str, QWidget]]:
        papers = Receipts(self.store, clock())
        invoices = ReceiptInvoices(lambda: checkout, lambda *_: None)
        screen = ReceiptsScreen(self.store, papers, clock(), counter=_Nobody(), invoices=invoices)
        screen.presenter._run = at_once
        screen.presenter.refresh()
        last = self.store.sales.last()
        assert last is not None
        screen.presenter.open(last.id)
        yield "receipt-invoice", screen

    def counter(self, checkout: Checkout) -> Iterator[tuple[str, QWidget]]:
        window = MainWindow(checkout.shop.screen, checkout.shop.name)
        presenter = CheckoutPresenter(checkout, PaperTray(), checkout.shop, window.show_state)
        presenter.start()
        window.attach(presenter)
        window.show()
        window.make_all()
        presenter.press("Ctrl+I")
        yield "till-pay-invoice", window
        presenter.sheet.choose(self.invoice.head.id)
        yield "till-pay-amount", window
        presenter.entry.escape()
        found = self.store.products.page(0, 1)[0]
        presenter.entry.choose_product(found.product.id)
        presenter.entry.escape()
        presenter.entry.scan(self.invoice.head.number)
        yield "till-park-first", window
        presenter.sheet.choose("add")
        yield "till-invoice-in-cart", window


class _Nobody:
    """A counter that is only asked to be there."""

    def take_back(self, sale: object) -> None: ...
    def void(self, sale: object) -> None: ...


def dress(app: QApplication, look: str, language: str) -> None:
    texts.use_language(language)
    QLocale.setDefault(QLocale(language))
    fonts.load_for_language(language)
    mirrored = language == "ar"
    app.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight
    )
    theme.apply_theme(app, theme.THEMES[look])


def save(app: QApplication, widget: QWidget, size: tuple[int, int], path: Path) -> None:
    wanted = widget.property("wanted_size")
    widget.resize(wanted.boundedTo(QSize(*size)) if wanted else QSize(*size))
    widget.show()
    for _ in range(8):
        app.processEvents()
    widget.grab().save(str(path))


def draw(app: QApplication, papers: Papers, out: Path, wanted: str, dressed: tuple) -> None:
    look, language, size = dressed
    dress(app, look, language)
    checkout = Checkout(papers.store, clock())
    for scene in (
        papers.settings, papers.actions, papers.preview, papers.printers, papers.batch,
        papers.customers, papers.receipts, papers.counter,
    ):  # fmt: skip
        checkout.keep(None)
        widgets: list[QWidget] = []
        for name, made_now in scene(checkout):
            if made_now not in widgets:
                widgets.append(made_now)
            if wanted in ("", name):
                save(app, made_now, size, out / f"{name}-{look}-{language}-{size[0]}.png")
        for widget in widgets:
            widget.close()
            delete(widget)


def main() -> None:
    """Draw them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", default="")
    parser.add_argument("--dress", type=int, default=-1)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        store = create_demo_shop(Path(folder) / "demo.db", NOW, days=3)
        papers = Papers(store)
        for place, dressed in enumerate(DRESSES):
            if chosen.dress in (-1, place):
                draw(app, papers, chosen.out, chosen.only, dressed)
        store.close()


if __name__ == "__main__":
    main()
