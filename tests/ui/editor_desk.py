"""A window over an office in which documents are written, and the keys that people press."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos_app.services.document_use_cases import DocumentUseCases, document_use_cases
from pos_app.ui.document_editor import EditorSheet
from pos_app.ui.document_editor_sheet import open_editor
from tests.services.document_office import Office
from tests.ui.at_once import at_once
from tests.ui.document_desks import office_window


@dataclass
class EditorDesk:
    """The office, its use cases, a window to open sheets over, and what was kept."""

    office: Office
    cases: DocumentUseCases
    window: QWidget
    saved: list[Any] = field(default_factory=list)

    def open(self, document: Any = None, kind: str = "quotation", **more: Any) -> EditorSheet:
        more.setdefault("run", at_once)
        return open_editor(
            self.window, self.cases, self.office.store, document, kind, self.saved.append, **more
        )


def write(sheet: EditorSheet, name: str, text: str) -> None:
    """Type over what stands in a field."""
    widget = sheet.field(name)
    widget.setFocus()
    widget.selectAll()  # type: ignore[attr-defined]
    QTest.keyClicks(widget, text)


def enter(sheet: EditorSheet) -> None:
    QTest.keyClick(sheet.focusWidget(), Qt.Key.Key_Return)


def type_here(sheet: EditorSheet, text: str) -> None:
    QTest.keyClicks(sheet.focusWidget(), text)


def choose_customer(sheet: EditorSheet) -> None:
    write(sheet, "customer", "rye")
    enter(sheet)


def told(sheet: EditorSheet) -> str:
    return sheet._editor.state.message


def names(sheet: EditorSheet) -> list[str]:
    return [line.name for line in sheet._editor.lines.lines]


def errors(sheet: EditorSheet) -> dict[str, str]:
    return dict(sheet._editor.state.errors)


@contextmanager
def editor_desk(folder: Path, qtbot: QtBot, app: QApplication) -> Iterator[EditorDesk]:
    """Open an office whose documents are written in sheets."""
    with office_window(folder, qtbot, app) as (office, window):
        yield EditorDesk(office, document_use_cases(office.checkout), window)
