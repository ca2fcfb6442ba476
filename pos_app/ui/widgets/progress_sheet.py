"""A sheet with a bar for work that takes a while, and a button to stop it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QWidget

from pos_app.texts import t
from pos_app.ui.views import SheetAction
from pos_app.ui.widgets.dialog import Sheet

_STEPS = 1000


class ProgressSheet(Sheet):
    """Shows how far a job is; `cancelled()` once when the user stops it."""

    cancelled = Signal()

    def __init__(self, title: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, text, can_close=False, parent=parent)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(title)
        self._figures = QLabel(self)
        self._figures.setProperty("role", "quiet")
        self.body().addWidget(self._bar)
        self.body().addWidget(self._figures)
        self.set_actions((SheetAction("cancel", t("Cancel"), "x"),))
        self.acted.connect(self._stop)

    def report(self, done: int, total: int, text: str = "") -> None:
        """Move the bar; `total` 0 means that nobody knows how much there is."""
        self._bar.setRange(0, _STEPS if total else 0)
        self._bar.setValue(min(_STEPS, done * _STEPS // total) if total else 0)
        counted = t("{done} of {total}").format(done=f"{done:n}", total=f"{total:n}")
        self._figures.setText(text or (counted if total else f"{done:n}"))

    def _stop(self, key: str) -> None:
        if key == "cancel":
            self.button("cancel").setEnabled(False)
            self.say(t("Stopping …"))
            self.cancelled.emit()
