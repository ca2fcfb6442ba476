"""A field for a date: typed, or picked from a calendar that opens below it."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate, QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLineEdit, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, icons, theme


class DayField(QLineEdit):
    """Takes text; `picked(date)` when a day was touched in the calendar.

    `opening()` gives the day that the calendar begins with.
    """

    picked = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setMinimumHeight(theme.mm(self, 12))
        self.opening: Callable[[], date | None] = lambda: None
        self._popup: QFrame | None = None
        self._icon = QAction(t("Choose a day"), self)
        self._icon.triggered.connect(lambda _=False: self.open_calendar())
        self.addAction(self._icon, QLineEdit.ActionPosition.TrailingPosition)
        self._dress()

    def open_calendar(self) -> None:
        """Show a month, the field's day marked."""
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setProperty("role", "popup")
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget(popup)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setAccessibleName(t("Choose a day"))
        day = self.opening()
        if day is not None:
            calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        calendar.clicked.connect(self._pick)
        calendar.activated.connect(self._pick)
        column = QVBoxLayout(popup)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(calendar)
        popup.adjustSize()
        popup.move(self.mapToGlobal(QPoint(0, self.height() + 4)))
        popup.show()
        calendar.setFocus()
        self._popup = popup

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_icon"):
            self._dress()

    def _pick(self, day: QDate) -> None:
        popup, self._popup = self._popup, None
        if popup is None:  # a touch is told as clicked and as activated
            return
        popup.close()
        self.picked.emit(date(day.year(), day.month(), day.day()))
        self.setFocus()

    def _dress(self) -> None:
        ink = theme.current().text2
        drawn = icons.pixmap("calendar-days", ink, 22, self.devicePixelRatioF())
        self._icon.setIcon(QIcon(drawn))
