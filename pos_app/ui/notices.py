"""Messages that never block: a stack of bars, each with icon, word, text and its own buttons."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, icons, theme
from pos_app.ui.views import Notice, Severity
from pos_app.ui.widgets.button import Button

INFO_MS = 6000
_SHOWN_MOST = 3
_LOUDEST_FIRST = (Severity.STOP, Severity.BAR, Severity.MARK, Severity.INFO)
_ICONS = {
    Severity.INFO: "info",
    Severity.MARK: "triangle-alert",
    Severity.BAR: "triangle-alert",
    Severity.STOP: "octagon-alert",
}


class NoticeStack(QWidget):
    """Shows the loudest notices first, never takes the focus and has no default button."""

    acted = Signal(str, str)
    dismissed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: dict[str, _Bar] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._more = QLabel(self)
        self._more.setProperty("role", "quiet")
        self._layout.addWidget(self._more)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(t("Notices"))
        self._arrange()

    def show_notice(self, notice: Notice) -> None:
        """Show `notice`, in place of one with the same key; an info leaves after six seconds."""
        old = self._bars.pop(notice.key, None)
        if old is not None and old.notice == notice:
            self._bars[notice.key] = old
            old.restart()
            return
        if old is not None:
            old.hide()
            old.deleteLater()
        bar = _Bar(notice, self)
        bar.acted.connect(self.acted)
        bar.closed.connect(self._close)
        self._bars[notice.key] = bar
        self._arrange()

    def show_only(self, notices: Iterable[Notice]) -> None:
        """Show these and no others; one that is on show already stays as it is."""
        wanted = {notice.key: notice for notice in notices}
        for shown in self.notices():
            if shown.key not in wanted:
                self.dismiss(shown.key)
        for notice in wanted.values():
            if notice not in self.notices():
                self.show_notice(notice)

    def dismiss(self, key: str) -> None:
        """Take the notice away without telling anybody; does nothing if it is gone."""
        bar = self._bars.pop(key, None)
        if bar is not None:
            bar.hide()
            bar.deleteLater()
            self._arrange()

    def clear(self, *severities: Severity) -> None:
        """Take away all notices, or those of the given severities."""
        for key, bar in tuple(self._bars.items()):
            if not severities or bar.notice.severity in severities:
                self.dismiss(key)

    def notices(self) -> tuple[Notice, ...]:
        """Return what is on show or waiting, the loudest first, the newest of each first."""
        return tuple(bar.notice for bar in self._in_order())

    def _close(self, key: str) -> None:
        self.dismiss(key)
        self.dismissed.emit(key)

    def _in_order(self) -> list["_Bar"]:
        newest_first = reversed(self._bars.values())
        return sorted(newest_first, key=lambda bar: _LOUDEST_FIRST.index(bar.notice.severity))

    def _arrange(self) -> None:
        ordered = self._in_order()
        for place, bar in enumerate(ordered):
            self._layout.removeWidget(bar)
            self._layout.insertWidget(place, bar)
            bar.setVisible(place < _SHOWN_MOST)
        hidden = len(ordered) - _SHOWN_MOST
        self._more.setText(t("More notices: {count}").format(count=hidden))
        self._more.setVisible(hidden > 0)
        self.setVisible(bool(ordered))


class _Bar(QWidget):
    """One notice; draws its own coloured ground."""

    acted = Signal(str, str)
    closed = Signal(str)

    def __init__(self, notice: Notice, parent: QWidget) -> None:
        super().__init__(parent)
        self.notice = notice
        self.setAccessibleName(f"{_word(notice)}: {notice.text}")
        self._icon = QLabel(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 8, 8)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(12)
        column.addLayout(row)
        row.addWidget(self._icon)
        self._text = self._make_text()
        row.addWidget(self._text, 1)
        if notice.actions:
            column.addLayout(self._make_actions())
        if notice.can_close and notice.severity is not Severity.STOP:
            close = Button("", "x", kind="quiet", name=t("Close notice"), parent=self)
            close.clicked.connect(lambda: self.closed.emit(self.notice.key))
            row.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self.closed.emit(self.notice.key))
        self._dress()
        self.restart()

    def _make_actions(self) -> QHBoxLayout:
        """The buttons stand below the words, which keep their whole width on a small screen."""
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for action in self.notice.actions:
            button = Button(action.label, action.icon, kind="tight", parent=self)
            button.clicked.connect(lambda _=False, key=action.key: self._act(key))
            row.addWidget(button)
        return row

    def restart(self) -> None:
        """Give an info its full time again."""
        if self.notice.severity is Severity.INFO:
            self._timer.start(INFO_MS)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rounded ground with an edge in the colour of the severity."""
        ground, ink = self._colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(ink), 1))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 10, 10)

    def _make_text(self) -> QLabel:
        fonts.ensure_for(self.notice.text + self.notice.title)
        label = QLabel(f"{_word(self.notice)}\n{self.notice.text}", self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setFont(fonts.font(theme.TEXT.office, fonts.SEMIBOLD))
        return label

    def _dress(self) -> None:
        _, ink = self._colours()
        self._icon.setPixmap(
            icons.pixmap(_ICONS[self.notice.severity], ink, 28, self.devicePixelRatioF())
        )
        self._text.setStyleSheet(f"color: {ink};")
        self.update()

    def _colours(self) -> tuple[str, str]:
        colours = theme.current()
        if self.notice.severity is Severity.INFO:
            return colours.primary_soft, colours.text
        if self.notice.severity is Severity.STOP:
            return colours.danger_soft, colours.danger
        return colours.warning_ground, colours.warning_text

    def _act(self, key: str) -> None:
        self.acted.emit(self.notice.key, key)


def _word(notice: Notice) -> str:
    words = {
        Severity.INFO: t("Note"),
        Severity.MARK: t("Please check"),
        Severity.BAR: t("Attention"),
        Severity.STOP: t("Stop"),
    }
    return notice.title or words[notice.severity]
