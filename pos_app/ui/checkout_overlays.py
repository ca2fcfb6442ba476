"""What lies over the products for a while: search results, a sheet, notices. Never over the money.

Each is built when it is first needed, because none of them is on the first painting.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from pos_app.ui.presenters.checkout_state import SheetView
from pos_app.ui.views import Notice, SearchHit

if TYPE_CHECKING:
    from pos_app.ui.notices import NoticeStack
    from pos_app.ui.presenters.checkout import CheckoutPresenter
    from pos_app.ui.sheet_panel import SheetPanel
    from pos_app.ui.widgets.search_popup import SearchPopup

Gesture = Callable[["CheckoutPresenter"], None]


class Overlays(QObject):
    """Shows them within `upper`: the list below `line`, the sheet in the place of the tiles."""

    def __init__(
        self,
        line: QLineEdit,
        shelf: QStackedWidget,
        upper: QWidget,
        do: Callable[[Gesture], None],
    ) -> None:
        super().__init__(upper)
        self._line = line
        self._shelf = shelf
        self._upper = upper
        self._do = do
        self._shown: tuple[Notice, ...] = ()
        self.popup: SearchPopup | None = None
        self.notices: NoticeStack | None = None
        self.sheet: SheetPanel | None = None
        shelf.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the products' place."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self.place()
        return False

    def show_hits(self, hits: Sequence[SearchHit], typed: str) -> None:
        """Show what was found; Enter takes the first for a word, but digits may be a whole code."""
        if self.popup is None:
            if not hits:
                return
            self.popup = self._make_popup()
        self.popup.show_hits(hits, typed, -1 if typed.strip().isdigit() else 0)

    def show_sheet(self, view: SheetView) -> None:
        """Lay the sheet over the tiles, or give the tiles free."""
        if not view.kind:
            self._shelf.setCurrentIndex(0)
            return
        self.sheet = self.sheet or self._make_sheet()
        self.sheet.show_sheet(view)
        self._shelf.setCurrentWidget(self.sheet)

    def show_notices(self, notices: tuple[Notice, ...]) -> None:
        """Show those that are new, and take away those that are gone."""
        old, self._shown = self._shown, notices
        known = {id(notice) for notice in old}
        fresh = [notice for notice in notices if id(notice) not in known]
        if not fresh and len(old) == len(notices):
            return
        stack = self.notices = self.notices or self._make_notices()
        kept = {notice.key for notice in notices}
        for gone in old:
            if gone.key not in kept:
                stack.dismiss(gone.key)
        for notice in fresh:
            stack.show_notice(notice)
        self.place()

    def place(self) -> None:
        """Keep the notices over the foot of the products."""
        if self.notices is None or not self._shown:
            return
        area = self._shelf.geometry()
        wanted = self.notices.heightForWidth(area.width())
        height = min(wanted if wanted > 0 else self.notices.sizeHint().height(), area.height())
        self.notices.setGeometry(area.left(), area.bottom() - height + 1, area.width(), height)
        self.notices.raise_()

    def _make_popup(self) -> "SearchPopup":
        from pos_app.ui.widgets.search_popup import SearchPopup  # noqa: PLC0415 - after the start

        popup = SearchPopup(self._line, self._upper)
        popup.chosen.connect(lambda key: self._do(lambda p: p.entry.choose_product(key)))
        popup.closed.connect(lambda: self._do(lambda p: p.entry.escape()))
        return popup

    def _make_notices(self) -> "NoticeStack":
        from pos_app.ui.notices import NoticeStack  # noqa: PLC0415 - after the start

        stack = NoticeStack(self._upper)
        stack.acted.connect(lambda key, action: self._do(lambda p: p.act(key, action)))
        stack.dismissed.connect(lambda key: self._do(lambda p: p.dismiss(key)))
        return stack

    def _make_sheet(self) -> "SheetPanel":
        from pos_app.ui.sheet_panel import SheetPanel  # noqa: PLC0415 - after the start

        panel = SheetPanel(self._upper)
        panel.closed.connect(lambda: self._do(lambda p: p.sheet.close()))
        panel.chosen.connect(lambda key: self._do(lambda p: p.sheet.choose(key)))
        panel.confirmed.connect(lambda: self._do(lambda p: p.sheet.confirm()))
        panel.preset.connect(lambda value: self._do(lambda p: p.sheet.preset(value)))
        panel.reason.connect(lambda reason: self._do(lambda p: p.sheet.reason(reason)))
        panel.counts_percent.connect(lambda on: self._do(lambda p: p.sheet.count_as(on)))
        panel.way.connect(self._other_way)
        panel.other_note.connect(lambda: self._do(lambda p: p.whole.open_note()))
        self._shelf.addWidget(panel)
        return panel

    def _other_way(self, key: str) -> None:
        self._do(lambda p: p.tenders.choose_way(key))
