"""Draws the lock, the approval sheets, the staff page with its sheets, and a training.

Run as `python tests/ui/shots_people.py --out screenshots`; `--only NAME` draws one of them.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["POS_APP_KEYS"] = "file"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import delete

from pos_app import texts
from pos_app.domain.approval import Action, ApprovalNeeded, ApprovalRequest
from pos_app.domain.money import Money
from pos_app.domain.staff import CASHIER, MANAGER, OWNER, SUPERVISOR
from pos_app.services.approvals import Approvals
from pos_app.services.authority import StaffAuthority
from pos_app.services.checkout import Checkout
from pos_app.services.demo_shop import create_demo_shop
from pos_app.services.sign_in import SignIn
from pos_app.services.staff import Staff
from pos_app.store.store import Store
from pos_app.ui import fonts, theme
from pos_app.ui.approval_dialog import ApprovalDialog
from pos_app.ui.lock_cover import LockCover
from pos_app.ui.main_window import MainWindow
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.approval_question import WITH_CODE
from pos_app.ui.presenters.approving import Approving
from pos_app.ui.presenters.checkout import CheckoutPresenter
from pos_app.ui.presenters.lock import LockPresenter, LockState
from pos_app.ui.presenters.settings_pages import Page
from pos_app.ui.settings_screen import SettingsScreen
from pos_app.ui.settings_staff_place import Staffing
from tests.ui.at_once import at_once
from tests.ui.conftest import NOW, PaperTray, clock

PEOPLE = (
    ("Olga Berg", OWNER, "2580"), ("Ann Farrell", CASHIER, "1357"), ("Sam", SUPERVISOR, "7294"),
    ("Maximilian Oberhuber-Weiss", MANAGER, "8041"), ("ليلى", CASHIER, "3692"),
)  # fmt: skip
DRESSES = (
    ("light", "en", (1024, 768)),
    ("dark", "en", (1920, 1080)),
    ("light", "de", (1024, 768)),
    ("dark", "ar", (1024, 768)),
    ("light", "ar", (1920, 1080)),
    ("training", "en", (1024, 768)),
)
VOID = ApprovalNeeded(ApprovalRequest(Action.VOID, Money(1250, "EUR"), about="1-000042"))


class Shop:
    """A shop with staff, at work."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = clock()
        self.authority = StaffAuthority(store, self.now)
        self.staff = Staff(store, self.now, authority=self.authority)
        if not self.staff.members():
            for name, role, pin in PEOPLE:
                member = replace(self.staff.new_member(), name=name, role=role)
                self.staff.save(member, (pin, pin))
                self.authority.member = self.staff.members()[0]
                self.authority.member = next(
                    one for one in self.staff.members() if one.role == OWNER
                )
            self.staff.new_code_key(next(m.id for m in self.staff.members() if m.role == MANAGER))
            self.staff.new_badge(next(m.id for m in self.staff.members() if m.name == "Sam"))
        self.members = {one.role: one for one in self.staff.members()}
        self.sign_in = SignIn(store, self.now, self.authority, self.staff.keys)
        self.approvals = Approvals(store, self.now, self.authority, self.sign_in)

    def window(self, checkout: Checkout) -> tuple[MainWindow, CheckoutPresenter]:
        window = MainWindow(checkout.shop.screen, checkout.shop.name)
        presenter = CheckoutPresenter(checkout, PaperTray(), checkout.shop, window.show_state)
        presenter.start()
        window.attach(presenter)
        window.show()
        window.make_all()
        for found in self.store.products.page(0, 4):
            presenter.entry.choose_product(found.product.id)
        presenter.entry.escape()
        presenter.on_lock = lambda: None
        presenter.cashier_is("Ann Farrell")
        if theme.current().name == "training":
            window.show_banner(texts.t("TRAINING – nothing here counts"))
        return window, presenter

    def locked(self, checkout: Checkout) -> Iterator[tuple[str, QWidget]]:
        window, _ = self.window(checkout)
        covers: list[LockCover] = []

        def show(state: LockState) -> None:
            for cover in covers:
                cover.show_state(state)

        lock = LockPresenter(self.sign_in, at_once, show, lambda _member: None)
        covers.append(LockCover(window, lock))
        lock.lock("lock")
        yield "lock", window
        lock.choose(self.members[CASHIER].id)
        lock.key_in("4")
        lock.key_in("7")
        yield "lock-typing", window
        lock.key_in("1")
        lock.key_in("1")
        yield "lock-wrong", window

    def approval(self, checkout: Checkout) -> Iterator[tuple[str, QWidget]]:
        window, presenter = self.window(checkout)
        self.authority.member = self.members[CASHIER]
        approving = Approving(presenter.sale, self.approvals, at_once)
        discount = ApprovalRequest(
            Action.DISCOUNT,
            Money(420, "EUR"),
            presenter.sale.shop.discount_presets[-1],
            "Rye bread",
        )
        approving.ask(ApprovalNeeded(discount), lambda: None)
        presenter.sheet.choose("reason:Damaged goods")
        presenter.entry.type_text("47")
        yield "approval-pin", window
        presenter.entry.type_text("4711")
        presenter.entry.enter()
        yield "approval-wrong", window
        presenter.sheet.choose(WITH_CODE)
        yield "approval-code", window

    def dialog(self, _checkout: Checkout) -> Iterator[tuple[str, QWidget]]:
        self.authority.member = self.members[CASHIER]
        shop = self.store.settings.shop()
        made = ApprovalDialog(
            VOID, self.approvals, at_once, amount_format(shop),
            reasons=shop.approvals.reasons, on_granted=lambda: None,
        )  # fmt: skip
        yield "approval-dialog", made
        made.question.choose(WITH_CODE)
        yield "approval-dialog-code", made

    def settings(self, _checkout: Checkout) -> Iterator[tuple[str, QWidget]]:
        self.authority.member = self.members[OWNER]
        staffing = Staffing(self.authority, self.staff.keys)
        screen = SettingsScreen(self.store, self.now, staffing=staffing)
        screen.open_page(Page.STAFF)
        yield "settings-staff", screen
        area = screen._areas[Page.STAFF]
        area.verticalScrollBar().setValue(10_000)
        yield "settings-rules", screen
        page = screen.staff.page
        assert page is not None
        page.rules._presenter.change(Action.REFUND, above="viel")
        page.rules._presenter.save()
        yield "settings-rules-wrong", screen

    def sheet(self, _checkout: Checkout) -> Iterator[tuple[str, QWidget]]:
        self.authority.member = self.members[OWNER]
        from pos_app.ui.presenters.staff_list import StaffListPresenter
        from pos_app.ui.staff_sheet import StaffSheet

        listed = StaffListPresenter(self.staff, at_once, lambda _state: None, ask=lambda *_: None)
        form = listed.open(self.members[MANAGER].id)
        assert form is not None
        sheet = StaffSheet(form, lambda *_: None)
        form.type_pin(pin="1234", again="1234")
        form.save()
        yield "staff-sheet", sheet
        form.make_badge()
        yield "staff-sheet-badge", sheet
        form.make_code_key()
        yield "staff-sheet-key", sheet


def dress(app: QApplication, look: str, language: str) -> None:
    texts.use_language(language)
    QLocale.setDefault(QLocale(language))
    fonts.load_for_language(language)
    mirrored = language == "ar"
    app.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight
    )
    theme.apply_theme(app, theme.THEMES[look])


def save(app: QApplication, widget: QWidget, size: tuple[int, int], path: Path) -> None:
    if not isinstance(widget, ApprovalDialog) and not widget.property("wanted_size"):
        widget.resize(*size)
    widget.show()
    for _ in range(6):
        app.processEvents()
    widget.grab().save(str(path))


def draw(app: QApplication, shop: Shop, out: Path, wanted: str, dressed: tuple) -> None:
    look, language, size = dressed
    dress(app, look, language)
    checkout = Checkout(shop.store, clock())
    for scene in (shop.locked, shop.approval, shop.dialog, shop.settings, shop.sheet):
        checkout.keep(None)
        widget: QWidget | None = None
        for name, made in scene(checkout):
            widget = made
            if wanted in ("", name):
                save(app, made, size, out / f"{name}-{look}-{language}-{size[0]}.png")
        if widget is not None:
            widget.close()
            delete(widget)


def main() -> None:
    """Draw them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        store = create_demo_shop(Path(folder) / "demo.db", NOW, days=1)
        shop = Shop(store)
        for dressed in DRESSES:
            draw(app, shop, chosen.out, chosen.only, dressed)
        store.close()


if __name__ == "__main__":
    main()
