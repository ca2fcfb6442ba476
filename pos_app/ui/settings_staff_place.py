"""The place of the staff page in the settings; the page is made when it is first opened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.approval import ApprovalNeeded
from pos_app.services.authority import UNRESTRICTED, Authority
from pos_app.services.shop_setup import ShopSetup
from pos_app.ui.background import run_in_background
from pos_app.ui.changes import Changes

if TYPE_CHECKING:
    from pos_app.services.staff_secrets import StaffSecrets
    from pos_app.store.store import Store
    from pos_app.ui.settings_staff_page import StaffPage


def _tell_nobody(_need: ApprovalNeeded, _again: Callable[[], None]) -> None:
    """Nobody can be asked here."""


def _print_nothing(_name: str, _code: str) -> None:
    """There is no printer here."""


@dataclass(frozen=True, slots=True)
class Staffing:
    """What the page needs of the till: rights, keys, whom to ask, and where badges are printed."""

    authority: Authority = UNRESTRICTED
    keys: "StaffSecrets | None" = None
    ask: Callable[[ApprovalNeeded, Callable[[], None]], None] = _tell_nobody
    print_badge: Callable[[str, str], None] = _print_nothing


class StaffPlace(QWidget):
    """Owns the page and its presenters, since Qt keeps bound methods weakly."""

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        staff: str,
        publish: Callable[[Changes], None],
        staffing: Staffing | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._now = now
        self._staff = staff
        self._publish = publish
        self._staffing = staffing or Staffing()
        self.page: StaffPage | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def open(self) -> "StaffPage":
        """Return the page, made now if it is not there yet, as the store has it."""
        if self.page is None:
            self.page = self._make()
        else:
            self._list.refresh()
            if not self._rules.state.is_changed:
                self._rules.refresh()
        return self.page

    def take_scan(self, code: str) -> bool:
        """Give a scanned card to the open sheet."""
        return self.page is not None and self.page.take_scan(code)

    def _make(self) -> "StaffPage":
        from pos_app.services.staff import Staff  # noqa: PLC0415 - few look here
        from pos_app.ui.presenters.approval_rules import RulesPresenter  # noqa: PLC0415 - as above
        from pos_app.ui.presenters.staff_list import StaffListPresenter  # noqa: PLC0415 - as above
        from pos_app.ui.settings_staff_page import StaffPage  # noqa: PLC0415 - as above

        needs = self._staffing
        staff = Staff(self._store, self._now, self._staff, needs.authority, needs.keys)
        page = StaffPage(needs.print_badge, self)
        self._list = StaffListPresenter(
            staff,
            partial(run_in_background, owner=self),
            page.show_state,
            ask=needs.ask,
            publish=self._publish,
        )
        self._rules = RulesPresenter(
            self._store,
            ShopSetup(self._store, self._now, self._staff),
            staff,
            page.rules.show_state,
            ask=needs.ask,
            publish=self._publish,
        )
        page.attach(self._list)
        page.rules.attach(self._rules)
        self._column.addWidget(page)
        return page
