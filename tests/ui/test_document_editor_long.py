"""Documents of hundreds and thousands of lines: typed without a wait, priced and kept elsewhere."""

import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from pos_app.domain.document import LINE_LIMIT, line_of
from pos_app.domain.quotation import Quotation, QuotationState
from pos_app.ui.presenters.document_editor import FINISH
from tests.services.document_office import LAPTOP
from tests.ui.at_once import Later
from tests.ui.editor_desk import (
    EditorDesk,
    editor_desk,
    told,
)


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[EditorDesk]:
    with editor_desk(tmp_path, qtbot, qapp) as made:
        yield made


def _long(desk: EditorDesk, count: int) -> Quotation:
    lines = tuple(line_of(LAPTOP, f"{place}", Decimal(1)) for place in range(1, count + 1))
    draft = desk.office.quotations.draft(desk.office.customer)
    return replace(draft, lines=lines)


def test_a_figure_typed_among_two_hundred_lines_is_drawn_at_once(desk: EditorDesk) -> None:
    sheet = desk.open(_long(desk, 200))
    field = sheet.field("line.quantity")
    assert isinstance(field, QLineEdit)
    field.setFocus()
    took = []
    for place in range(30):
        field.setText(f"{place + 1}")
        start = time.perf_counter()
        field.textEdited.emit(field.text())
        took.append(time.perf_counter() - start)
    assert sorted(took)[5] < 0.16  # ten frames: only an accident is that slow


def test_five_thousand_lines_are_priced_elsewhere_and_one_more_is_refused(
    desk: EditorDesk, qtbot: QtBot
) -> None:
    sheet = desk.open(_long(desk, LINE_LIMIT), run=None)
    assert sheet._editor.state.totals.is_waiting
    qtbot.waitUntil(lambda: not sheet._editor.state.totals.is_waiting)
    sheet._editor.change("line.quantity", "2")
    qtbot.waitUntil(lambda: "500.049,99" in sheet._total.text())
    sheet.take_scan("PROD002")
    assert f"{LINE_LIMIT}" in told(sheet).replace(",", "").replace(".", "")
    assert sheet._editor.lines.count() == LINE_LIMIT
    sheet.press(FINISH)
    assert sheet._editor.state.is_busy
    qtbot.waitUntil(lambda: not sheet.isVisible())
    assert [one.state for one in desk.saved] == [QuotationState.DRAFT, QuotationState.SUBMITTED]


def test_a_long_document_is_priced_once_for_all_that_was_typed_meanwhile(desk: EditorDesk) -> None:
    later = Later()
    sheet = desk.open(_long(desk, 300), run=later)
    for text in ("2", "3", "4"):
        sheet._editor.change("line.quantity", text)
    assert len(later.waiting) == 1
    later.run()
    assert len(later.waiting) == 1
    later.run()
    assert not later.waiting
    assert sheet._total.text() == "30.296,97\xa0€"
