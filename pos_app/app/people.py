"""Who is at the till: signing in, the lock, changing the cashier, and approvals in every screen.

A till without staff pays for none of it: what is needed is made when somebody is registered.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from pos_app.domain.approval import Action, ApprovalNeeded, ApprovalRequest
from pos_app.services.authority import StaffAuthority, has_staff
from pos_app.texts import later, t

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from pos_app.domain.staff import StaffMember
    from pos_app.services.approvals import Approvals
    from pos_app.services.checkout import Checkout
    from pos_app.services.receipts import Receipts
    from pos_app.services.sign_in import SignIn
    from pos_app.services.staff_secrets import StaffSecrets
    from pos_app.store.store import Store
    from pos_app.ui.approval_dialog import ApprovalDialog
    from pos_app.ui.idle_watch import IdleWatch
    from pos_app.ui.lock_cover import LockCover
    from pos_app.ui.main_window import MainWindow
    from pos_app.ui.presenters.cashier_change import CashierChange
    from pos_app.ui.presenters.checkout import CheckoutPresenter
    from pos_app.ui.presenters.lock import LockPresenter, LockState
    from pos_app.ui.settings_staff_place import Staffing

NOBODYS_CODE = "1"  # what documents name in a shop without staff
# Screens that the policy may reserve, by their key in the rail.
# What others did is for those who may see what a drawer should hold.
RESERVED = {
    "catalogue": Action.PRODUCTS,
    "settings": Action.SETTINGS,
    "journal": Action.CASH_DIFFERENCE,
    "replay": Action.CASH_DIFFERENCE,
}
ABOUT = {"journal": later("The journal"), "replay": later("The replay of a shift")}


class People:
    """Holds who is signed in; `use` ties it to a window, `take_scan` comes before every other.

    `on_cashier` is called after the cashier has changed. `held` are secrets by epoch for a store
    whose key is elsewhere, as in a training.
    """

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        on_cashier: Callable[[], None] = lambda: None,
        held: dict[int, bytes] | None = None,
    ) -> None:
        self._store = store
        self._now = now
        self._on_cashier = on_cashier
        self._held = held
        self.authority = StaffAuthority(store, now)
        self._keys: StaffSecrets | None = None
        self._sign_in: SignIn | None = None
        self._approvals: Approvals | None = None
        self._lock: LockPresenter | None = None
        self._change: CashierChange | None = None
        self._cover: LockCover | None = None
        self._idle: IdleWatch | None = None
        self._dialog: ApprovalDialog | None = None
        self._cashier: StaffMember | None = None
        self._badges: list[StaffMember] | None = None
        self._hidden: list[QDialog] = []
        self._window: MainWindow | None = None
        self._presenter: CheckoutPresenter | None = None
        self._checkout: Checkout | None = None
        self._receipts: Receipts | None = None

    @property
    def code(self) -> str:
        """The code of whoever is at the till, for documents and facts."""
        return NOBODYS_CODE if self._cashier is None else self._cashier.code

    @property
    def language(self) -> str:
        """The language of whoever is at the till, empty for the shop's."""
        return "" if self._cashier is None else self._cashier.language

    @property
    def is_locked(self) -> bool:
        """Whether somebody has to sign in first."""
        return self._lock is not None and self._lock.is_locked

    @property
    def lock(self) -> "LockPresenter | None":
        """What stands on the cover, once the shop has staff."""
        return self._lock

    @property
    def keys(self) -> "StaffSecrets":
        """What PINs and badges are checked with."""
        if self._keys is None:
            from pos_app.services.staff_secrets import StaffSecrets

            self._keys = StaffSecrets(self._store, self._held)
        return self._keys

    @property
    def sign_in(self) -> "SignIn":
        """The use cases of signing in."""
        if self._sign_in is None:
            from pos_app.services.sign_in import SignIn

            self._sign_in = SignIn(self._store, self._now, self.authority, self.keys)
        return self._sign_in

    @property
    def approvals(self) -> "Approvals":
        """The use cases of approving."""
        if self._approvals is None:
            from pos_app.services.approvals import Approvals

            self._approvals = Approvals(self._store, self._now, self.authority, self.sign_in)
        return self._approvals

    def use(
        self,
        window: "MainWindow",
        presenter: "CheckoutPresenter",
        checkout: "Checkout",
        receipts: "Receipts",
    ) -> None:
        """Serve this window from now on; a till with staff begins locked."""
        self._window, self._presenter = window, presenter
        self._checkout, self._receipts = checkout, receipts
        checkout.authority = self.authority
        presenter.sale.on_approval = self._ask_at_checkout
        self._change = None
        self._cover = None
        window.guard(self._may_show, self._chip_pressed)
        if self._has_staff():
            self._begin()

    def drops_scans(self) -> bool:
        """Whether codes that were scanned before the store was open belong to nobody."""
        return self._has_staff() and self.authority.member is None

    def take_scan(self, code: str) -> bool:
        """Take a code that is a badge, or that comes while the till is locked."""
        if self._idle is not None:
            self._idle.touch()
        if self._lock is None:
            return False
        if self._lock.is_locked:
            self._lock.scan(code)
            return True
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.take_scan(code)
            return True
        return self._is_badge_of_another(code)

    def lock_now(self, how: str = "lock") -> None:
        """Lock the till, unless money was taken for the sale on the screen."""
        if self._lock is None or self._lock.is_locked or self._window is None:
            return
        if self._change is not None and self._change.is_paying:
            self._change.refuse_while_paying()
            return
        self._hide_dialogs()
        self._lock.lock(how)

    def ask(self, need: ApprovalNeeded, again: Callable[[], None]) -> None:
        """Ask for an approval in an office screen; `again` then does what was refused."""
        from pos_app.ui.approval_dialog import ApprovalDialog
        from pos_app.ui.background import run_in_background
        from pos_app.ui.presenters.amounts import amount_format

        if self._window is None:
            return
        shop = self._store.settings.shop()
        self._dialog = ApprovalDialog(
            need,
            self.approvals,
            partial(run_in_background, owner=self._window),
            amount_format(shop),
            reasons=shop.approvals.reasons,
            on_granted=again,
            parent=self._window,
        )
        self._dialog.open()

    def staffing(self) -> "Staffing":
        """Return what the staff page needs of this till."""
        from pos_app.ui.settings_staff_place import Staffing

        return Staffing(self.authority, self.keys, self.ask, self._print_badge)

    def changed(self) -> None:
        """Follow changes of the staff or the settings; the first member is in at once."""
        if self._lock is None:
            if self._has_staff():
                self._welcome_first()
            return
        self._badges = None
        self.sign_in.renew()
        self._lock.refresh()
        self._watch_idleness()
        if self.authority.member is None and not self._lock.is_locked:
            self._lock.lock("lock")

    def stop(self) -> None:
        """Sign out, before the store is closed."""
        if self._idle is not None:
            self._idle.stop()
        if self._sign_in is not None:
            self._sign_in.sign_out("closed")

    def _has_staff(self) -> bool:
        return has_staff(self._store)

    def _begin(self, *, is_first: bool = False) -> None:
        """Make what a till with staff needs, and lock it unless somebody is in already."""
        from pos_app.ui.background import run_in_background
        from pos_app.ui.lock_cover import LockCover
        from pos_app.ui.presenters.cashier_change import CashierChange
        from pos_app.ui.presenters.lock import LockPresenter

        window, presenter = self._window, self._presenter
        if window is None or presenter is None:
            return
        if self._lock is None:
            # Without an owner: the lock outlives a window that is drawn anew.
            self._lock = LockPresenter(
                self.sign_in, run_in_background, self._show_lock, self._let_in
            )
            run_in_background(lambda _job: self.sign_in.warm_up(), lambda _done: None)
        self._cover = LockCover(window, self._lock)
        self._change = CashierChange(presenter.sale, self.sign_in)
        presenter.on_lock = self.lock_now
        self._watch_idleness()
        self._show_cashier()
        if self.authority.member is None and not is_first:
            self._lock.lock("start")
        self._show_lock(self._lock.state)

    def _welcome_first(self) -> None:
        """Go on with the first member of staff, who has just been registered here."""
        self._begin(is_first=True)
        members = self.sign_in.people()
        if not members or self._change is None or self._receipts is None:
            return
        self._cashier = self.sign_in.admit(members[0])
        self._receipts.staff = self._cashier.code
        self._change.take_over(self._cashier, None)
        self._show_cashier()

    def _let_in(self, member: "StaffMember") -> None:
        """Hand checkout, receipts and screens over to whoever has just signed in."""
        before, self._cashier = self._cashier, member
        if self._receipts is not None:
            self._receipts.staff = member.code
        if self._change is not None:
            self._change.take_over(member, before)
        is_other = before is None or before.id != member.id
        if self._window is not None and is_other:
            self._window.forget_screens()
        self._bring_dialogs_back(keep=not is_other)
        self._show_cashier()
        if self._window is not None:
            self._window.take_focus()
        if is_other:
            self._on_cashier()

    def _show_cashier(self) -> None:
        if self._presenter is not None:
            name = "" if self._cashier is None else self._cashier.name
            self._presenter.cashier_is(name or NOBODYS_CODE)

    def _show_lock(self, state: "LockState") -> None:
        if self._cover is not None:
            self._cover.show_state(state)

    def _ask_at_checkout(self, need: ApprovalNeeded, again: Callable[[], None]) -> None:
        from pos_app.ui.background import run_in_background
        from pos_app.ui.presenters.approving import Approving

        if self._presenter is not None:
            run = partial(run_in_background, owner=self._window)
            Approving(self._presenter.sale, self.approvals, run).ask(need, again)

    def _may_show(self, key: str, show: Callable[[], None]) -> bool:
        """Whether a screen may be shown; one that is reserved is asked for and shown then."""
        action = RESERVED.get(key)
        if action is None or self._lock is None:
            return True
        request = ApprovalRequest(action, about=t(ABOUT[key]) if key in ABOUT else "")
        try:
            self.authority.require(request)
        except ApprovalNeeded as need:
            self.ask(need, show)
            return False
        return True

    def _chip_pressed(self, key: str) -> None:
        if key == "staff":
            self.lock_now()

    def _is_badge_of_another(self, code: str) -> bool:
        """Change the cashier where a code is somebody's badge; the approval sheet goes first."""
        from pos_app.ui.presenters.checkout_state import SheetKind

        presenter, lock, change = self._presenter, self._lock, self._change
        if presenter is None or lock is None or change is None or self._is_at_sheet():
            return False
        if presenter.state.sheet.kind is SheetKind.APPROVAL:
            return False
        holder = self._holder(code)
        if holder is None:
            return False
        if change.is_paying:
            change.refuse_while_paying()
        elif holder.id != (self._cashier.id if self._cashier else ""):
            self._hide_dialogs()
            lock.scan(code)
        return True

    def _holder(self, code: str) -> "StaffMember | None":
        """Return whose badge a code is, as far as that can be told without waiting for a key."""
        if self._badges is None:
            self._badges = [one for one in self.sign_in.people() if one.badge_hash]
        for member in self._badges:
            is_ready = self.keys.is_ready(member.badge_epoch)
            if is_ready and code.isascii() and self.keys.is_badge(member, code):
                return member
        return None

    def _is_at_sheet(self) -> bool:
        """Whether an office sheet is open, which may want the code for itself."""
        from PySide6.QtWidgets import QApplication

        return QApplication.activeModalWidget() is not None

    def _print_badge(self, name: str, code: str) -> None:
        """Put a badge on the receipt printer's paper."""
        from pos_app.printing.badge import render_badge
        from pos_app.services.print_jobs import default_printer

        if self._receipts is not None:
            shop = self._store.settings.shop()
            printer = default_printer(shop.printers)
            self._receipts.print_ready(render_badge(name, code, shop, printer), printer.name)

    def _watch_idleness(self) -> None:
        seconds = self._store.settings.shop().approvals.auto_lock_s
        if self._idle is None and seconds:
            from pos_app.ui.idle_watch import IdleWatch

            self._idle = IdleWatch(lambda: self.lock_now("idle"), self._is_busy)
        if self._idle is not None:
            self._idle.use(seconds)

    def _is_busy(self) -> bool:
        """Whether the till must not lock by itself now."""
        return self.is_locked or (self._change is not None and self._change.is_paying)

    def _hide_dialogs(self) -> None:
        """Take open sheets out of sight; they would lie over the cover."""
        from PySide6.QtWidgets import QApplication, QDialog

        found = [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog)]
        self._hidden = [one for one in found if one.isVisible()]
        for one in self._hidden:
            one.hide()

    def _bring_dialogs_back(self, *, keep: bool) -> None:
        """Show the sheets again to whom they belong; another cashier does not see them."""
        from shiboken6 import isValid

        hidden, self._hidden = self._hidden, []
        for one in hidden:
            if isValid(one) and keep:
                one.open()
            elif isValid(one):
                one.deleteLater()
