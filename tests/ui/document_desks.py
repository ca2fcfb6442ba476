"""Windows over an office: sheets are opened in them, and what came of it is remembered."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.invoice import Invoice
from pos_app.domain.order import InvoiceBasis
from pos_app.services.document_use_cases import DocumentUseCases, document_use_cases
from pos_app.services.verification import verify
from pos_app.ui import theme
from pos_app.ui.background import cancel_all
from pos_app.ui.document_steps import open_step
from pos_app.ui.document_steps_sheet import StepSheet
from tests.services.document_office import Office, new_office


@dataclass
class StepDesk:
    """The office, its use cases, a window to open sheets over, and what came of them."""

    office: Office
    cases: DocumentUseCases
    window: QWidget
    done: list[Any] = field(default_factory=list)

    def open(self, document: Any, action: Any, **more: Any) -> StepSheet:
        return open_step(self.window, self.cases, document, action, self.done.append, **more)


def type_into(sheet: StepSheet, key: str, text: str) -> None:
    widget = sheet.field(key)
    widget.setFocus()
    widget.selectAll()
    QTest.keyClicks(widget, text)


def quantity(sheet: StepSheet, text: str) -> None:
    assert sheet.quantities is not None
    sheet.quantities.quantity.selectAll()
    QTest.keyClicks(sheet.quantities.quantity, text)


def errors(sheet: StepSheet) -> dict[str, str]:
    return dict(sheet._form.state.errors)


def message(sheet: StepSheet) -> str:
    return sheet._form.state.message


def invoiced(desk: StepDesk) -> Invoice:
    order = desk.office.order(2)
    return desk.office.invoicing.of_order(order, InvoiceBasis.ORDERED)


@contextmanager
def step_desk(folder: Path, qtbot: QtBot, app: QApplication) -> Iterator[StepDesk]:
    """Open an office whose steps are taken in sheets."""
    with office_window(folder, qtbot, app) as (office, window):
        yield StepDesk(office, document_use_cases(office.checkout), window)


@contextmanager
def office_window(
    folder: Path, qtbot: QtBot, app: QApplication
) -> Iterator[tuple[Office, QWidget]]:
    """Open an office, and a window for its sheets; afterwards the journal tells of everything."""
    if not app.styleSheet() or theme.current() is not theme.LIGHT:
        theme.apply_theme(app, theme.LIGHT)
    office = new_office(folder / "office.sqlite")
    window = QWidget()
    window.resize(1280, 900)
    qtbot.addWidget(window)
    window.show()
    yield office, window
    assert cancel_all()
    office.store.close()
    assert verify(folder / "office.sqlite").faults == ()
