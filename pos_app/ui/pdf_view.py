"""A PDF page by page, with its size and its place among the others."""

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from pos_app.printing.pdf_pages import PagePicture
from pos_app.texts import t
from pos_app.ui import fonts, icons, theme
from pos_app.ui.background import run_in_background
from pos_app.ui.presenters.document_paper_pages import FIT, PagesPresenter, PagesState
from pos_app.ui.widgets.button import Button

_EDGE = 12
_SMALLEST = QSize(320, 260)


class PdfView(QWidget):
    """Shows a paper; Page Up and Page Down turn it, plus and minus change its size.

    Without `has_tools` only the page is there, as wide as there is room.
    """

    def __init__(self, parent: QWidget | None = None, *, has_tools: bool = True) -> None:
        super().__init__(parent)
        self._shown: PagePicture | None = None
        self._page = QLabel(self)
        self._page.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._page.setAccessibleName(t("The page as it is printed"))
        self._words = QLabel(self)
        self._words.setProperty("role", "quiet")
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._area = QScrollArea(self)
        self._make_tools()
        self._lay_out(has_tools)
        self.setMinimumSize(_SMALLEST)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.presenter = PagesPresenter(partial(run_in_background, owner=self), self.show_state)

    def show_pdf(self, pdf: bytes) -> None:
        """Show a paper from its first page."""
        self._fit_room()
        self.presenter.show(pdf)

    def say(self, words: str) -> None:
        """Show words in place of a page; empty ones go away."""
        fonts.ensure_for(words)
        self._words.setText(words)
        self._words.setVisible(bool(words))

    def show_state(self, state: PagesState) -> None:
        """Draw `state`."""
        self.say(state.problem)
        self.counted.setText(state.told)
        self.before.setEnabled(state.page > 0)
        self.after.setEnabled(state.page + 1 < state.count)
        self.fit.setChecked(state.zoom == FIT)
        if state.picture is None:
            self._shown = None
            self._page.clear()
        elif state.picture is not self._shown:
            self._shown = state.picture
            self._page.setPixmap(self._pixmap(state.picture))
            self._area.verticalScrollBar().setValue(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn pages and change the size."""
        keys = {
            Qt.Key.Key_PageDown: partial(self.presenter.turn, 1),
            Qt.Key.Key_PageUp: partial(self.presenter.turn, -1),
            Qt.Key.Key_Plus: partial(self.presenter.zoom_by, 1),
            Qt.Key.Key_Minus: partial(self.presenter.zoom_by, -1),
        }
        do = keys.get(Qt.Key(event.key()))
        if do is None:
            super().keyPressEvent(event)
        else:
            event.accept()
            do()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the page to the room."""
        super().resizeEvent(event)
        self._fit_room()

    def _fit_room(self) -> None:
        ratio = self.devicePixelRatioF()
        bar = self._area.verticalScrollBar().sizeHint().width()
        room = self._area.width() - 2 * _EDGE - bar
        self.presenter.use_room(round(room * ratio), self.logicalDpiX() * ratio)

    def _pixmap(self, drawn: PagePicture) -> QPixmap:
        size = drawn.width, drawn.height
        image = QImage(drawn.pixels, *size, drawn.stride, QImage.Format.Format_RGB32)
        pixmap = QPixmap.fromImage(image.copy())  # the bytes belong to the presenter
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        return pixmap

    def _make_tools(self) -> None:
        back, on = icons.forwards("chevron-left"), icons.forwards("chevron-right")
        self.before = Button("", back, kind="card", name=t("Page before"), parent=self)
        self.after = Button("", on, kind="card", name=t("Next page"), parent=self)
        self.smaller = Button("", "minus", kind="card", name=t("Smaller"), parent=self)
        self.larger = Button("", "plus", kind="card", name=t("Larger"), parent=self)
        self.fit = Button(t("Fit the width"), kind="card", parent=self)
        self.fit.setCheckable(True)
        self.counted = QLabel(self)
        self.counted.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
        self.before.clicked.connect(lambda _=False: self.presenter.turn(-1))
        self.after.clicked.connect(lambda _=False: self.presenter.turn(1))
        self.smaller.clicked.connect(lambda _=False: self.presenter.zoom_by(-1))
        self.larger.clicked.connect(lambda _=False: self.presenter.zoom_by(1))
        self.fit.clicked.connect(lambda _=False: self.presenter.zoom_to(FIT))

    def _lay_out(self, has_tools: bool) -> None:
        inside = QWidget(self._area)
        within = QVBoxLayout(inside)
        within.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        within.addWidget(self._words)
        within.addWidget(self._page)
        within.addStretch(1)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(inside)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        for widget in (self.before, self.counted, self.after):
            tools.addWidget(widget)
        tools.addStretch(1)
        for widget in (self.smaller, self.larger, self.fit):
            tools.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(tools)
        column.addWidget(self._area, 1)
        self._words.hide()
        for widget in (self.before, self.counted, self.after, self.smaller, self.larger, self.fit):
            widget.setVisible(has_tools)
