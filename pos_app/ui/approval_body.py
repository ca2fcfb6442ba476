"""What an approval shows: why to choose, how to agree, and what to read to somebody far away."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.presenters.approval_question import REASON, WITH_CODE, WITH_PIN
from pos_app.ui.views import CategoryView
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.chip_row import ChipRow

_PAIRS_IN_A_ROW = 2


class ApprovalBody(QWidget):
    """`chosen(key)` for a reason or the way to agree, `confirmed()` for what was typed.

    It is low enough for the checkout's sheet on the smallest screen; while a code is waited for,
    what is read to the manager stands in the place of the reasons.
    """

    chosen = Signal(str)
    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._other_way = WITH_CODE
        self._lines: tuple[tuple[str, str], ...] = ()
        self._labels: list[QLabel] = []
        self.reasons = ChipRow(t("Reason"), self)
        self.reasons.chosen.connect(lambda key: self.chosen.emit(REASON + key))
        self._how = QLabel(self)
        self._how.setWordWrap(True)
        self._how.setFont(fonts.font(theme.TEXT.body))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        for value in (1, 3):
            self._grid.setColumnStretch(value, 1)
        self.approve = Button(t("Approve"), "shield-check", kind="primary", parent=self)
        self.approve.clicked.connect(lambda _=False: self.confirmed.emit())
        self.other = Button("", "phone", kind="card", parent=self)
        self.other.clicked.connect(lambda _=False: self.chosen.emit(self._other_way))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.approve)
        buttons.addWidget(self.other)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.reasons)
        column.addLayout(self._grid)
        column.addWidget(self._how)
        column.addLayout(buttons)
        column.addStretch(1)

    def show_question(
        self,
        reasons: Sequence[tuple[str, str]],
        reason: str,
        lines: Sequence[tuple[str, str]],
        is_busy: bool,
        problem: str = "",
    ) -> None:
        """Show the reasons with the marked one, or the lines of a code from afar.

        A problem with the last try stands there until the next one.
        """
        is_code = bool(lines)
        self.reasons.show_chips([CategoryView(key, word) for key, word in reasons], reason)
        self.reasons.setVisible(bool(reasons) and not is_code)
        self._show_lines(tuple(lines))
        fonts.ensure_for(problem)
        self._colour("error" if problem and not is_busy else "")
        if is_busy:
            self._how.setText(t("One moment …"))
        elif problem:
            self._how.setText(f"⚠ {problem}")
        elif is_code:
            self._how.setText(t("Read this to the manager, then type the code of 8 digits."))
        else:
            self._how.setText(t("Why? Then scan a badge, or type a PIN."))
        self._other_way = WITH_PIN if is_code else WITH_CODE
        words = (t("PIN or badge"), "user") if is_code else (t("Code by phone"), "phone")
        self.other.say(*words)
        self.approve.setEnabled(not is_busy)

    def _colour(self, role: str) -> None:
        if (self._how.property("role") or "") != role:
            self._how.setProperty("role", role)
            self._how.style().unpolish(self._how)
            self._how.style().polish(self._how)

    def _show_lines(self, lines: tuple[tuple[str, str], ...]) -> None:
        if lines == self._lines:
            return
        self._lines = lines
        for label in self._labels:
            self._grid.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._labels = []
        for place, pair in enumerate(lines):
            row, left = divmod(place, _PAIRS_IN_A_ROW)
            for column, text in enumerate(pair):
                self._grid.addWidget(
                    self._label(text, is_value=column == 1), row, 2 * left + column
                )

    def _label(self, text: str, *, is_value: bool) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        fonts.ensure_for(text)
        if is_value:
            label.setFont(fonts.figures(theme.TEXT.body, fonts.SEMIBOLD))
            label.setWordWrap(True)
        else:
            label.setProperty("role", "quiet")
        self._labels.append(label)
        label.show()
        return label
