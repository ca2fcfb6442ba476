"""The staff page: the first owner, PINs typed twice, badges shown once, rules that are saved."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app.domain.approval import Action, ApprovalNeeded
from pos_app.domain.staff import CASHIER, OWNER
from pos_app.services.authority import StaffAuthority
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.staff import Staff
from pos_app.services.verification import verify
from pos_app.store.store import open_store
from pos_app.ui import theme
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.approval_rules import RulesPresenter, RulesState
from pos_app.ui.presenters.settings import Page
from pos_app.ui.presenters.staff_form import StaffForm
from pos_app.ui.presenters.staff_list import StaffListPresenter, StaffListState
from pos_app.ui.settings_screen import SettingsScreen
from pos_app.ui.settings_staff_place import Staffing
from tests.services.staffed_shop import Clock
from tests.store.shops import new_shop
from tests.ui.at_once import at_once


class Office:
    """Both presenters of the page over a real store."""

    def __init__(self, path: Path) -> None:
        new_shop(path).close()
        self.path = path
        self.store = open_store(path)
        self.clock = Clock()
        self.authority = StaffAuthority(self.store, self.clock)
        self.staff = Staff(self.store, self.clock, authority=self.authority)
        self.lists: list[StaffListState] = []
        self.rules_shown: list[RulesState] = []
        self.published: list[Changes] = []
        self.asked: list[ApprovalNeeded] = []
        self.list = StaffListPresenter(
            self.staff, at_once, self.lists.append, ask=self._ask, publish=self.published.append
        )
        self.rules = RulesPresenter(
            self.store,
            ShopSetup(self.store, self.clock),
            self.staff,
            self.rules_shown.append,
            ask=self._ask,
            publish=self.published.append,
        )

    def _ask(self, need: ApprovalNeeded, _again: object) -> None:
        self.asked.append(need)

    def add(self, name: str, pin: str, **more: object) -> StaffForm:
        form = self.list.add()
        form.change(name=name, **more)
        form.type_pin(pin=pin, again=pin)
        form.save()
        return form


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "shop.db")
    yield made
    made.store.close()
    assert verify(made.path).is_sound


def test_a_shop_without_staff_is_told_what_the_first_member_changes(office: Office) -> None:
    assert office.list.state.rows == ()
    assert "Nobody signs in here yet" in office.list.state.advice
    form = office.add("Olga", "2580")
    assert form.state.errors == {}
    assert [row.cells for row in office.list.state.rows] == [("1", "Olga", "Owner", "PIN")]
    assert Changes(staff=True) in office.published


def test_the_first_member_without_a_pin_is_refused_with_what_to_do(office: Office) -> None:
    form = office.list.add()
    form.change(name="Olga")
    form.save()
    assert "set a PIN" in form.state.message
    assert office.list.state.rows == ()


@pytest.mark.parametrize(
    ("pin", "again", "told"),
    [("2580", "2581", "not the same"), ("12", "12", "4 to 8 digits"), ("1234", "1234", "guessed")],
)
def test_a_wrong_pin_is_told_under_its_field(
    office: Office, pin: str, again: str, told: str
) -> None:
    form = office.list.add()
    form.change(name="Olga")
    form.type_pin(pin=pin, again=again)
    form.save()
    assert told in form.state.errors["pin"]
    form.type_pin(pin="")
    assert form.state.errors == {}


def test_a_badge_and_a_key_are_shown_once_and_then_only_marked(office: Office) -> None:
    office.add("Olga", "2580")
    form = office.list.open(office.list.state.rows[0].key)
    assert form is not None
    office.authority.member = office.staff.members()[0]
    form.make_badge()
    assert form.state.secret.is_badge
    assert len(form.state.secret.text) == 20
    form.make_code_key()
    assert len(form.state.secret.text.replace(" ", "")) == 32
    form.hide_secret()
    assert form.state.secret.text == ""
    assert form.state.marks == ("PIN", "Badge", "Key for codes")


def test_a_card_scanned_into_a_new_sheet_waits_for_the_first_save(office: Office) -> None:
    form = office.list.add()
    form.take_scan("LIBRARY-77812")
    assert "Save first" in form.state.message


def test_whoever_may_not_change_the_staff_is_asked_for_an_approval(office: Office) -> None:
    office.add("Olga", "2580")
    office.authority.member = office.staff.members()[0]
    office.add("Ann", "1357", role=CASHIER)
    office.authority.member = next(one for one in office.staff.members() if one.name == "Ann")
    office.add("Eve", "7294", role=OWNER)
    assert [need.request.action for need in office.asked] == [Action.SETTINGS]
    assert [one.name for one in office.staff.members()] == ["Ann", "Olga"]


def test_rules_and_rights_are_saved_together_and_read_back(office: Office) -> None:
    rules = office.rules
    rules.choose_role("supervisor")
    rules.change(Action.DISCOUNT, above="15", may=True, limit="40")
    rules.change(Action.VOID, is_reserved=False)
    rules.change_whole(lock_s="60", reasons="Because\n\nWhy not")
    assert rules.save()
    policy = office.store.settings.shop().approvals
    assert policy.rule(Action.DISCOUNT).above == 15
    assert not policy.rule(Action.VOID).is_reserved
    assert (policy.auto_lock_s, policy.reasons) == (60, ("Because", "Why not"))
    role = next(role for role in office.staff.roles() if role.key == "supervisor")
    permission = role.permission(Action.DISCOUNT)
    assert permission is not None
    assert permission.limit == 40
    row = next(row for row in rules.state.rows if row.action is Action.DISCOUNT)
    assert (row.above, row.limit, row.unit) == ("15", "40", "%")
    assert "saved" in rules.state.result


def test_what_is_no_figure_is_marked_and_nothing_is_saved(office: Office) -> None:
    before = office.store.settings.shop()
    office.rules.change(Action.REFUND, above="much")
    office.rules.change_whole(lock_s="soon")
    assert not office.rules.save()
    assert set(office.rules.state.errors) == {"refund.above", "lock_s"}
    assert office.store.settings.shop() == before
    office.rules.change(Action.REFUND, above="10")
    assert "refund.above" not in office.rules.state.errors


def test_untouched_reasons_stay_translatable(office: Office) -> None:
    office.rules.change_whole(lock_s="61")
    assert office.rules.save()
    assert office.store.settings.shop().approvals.reasons[0] == "Damaged goods"


def test_the_page_in_the_settings_makes_an_owner_and_shows_the_rules(
    office: Office, qtbot: QtBot, qapp: object
) -> None:
    theme.apply_theme(qapp, theme.LIGHT)  # type: ignore[arg-type]
    printed: list[tuple[str, str]] = []
    staffing = Staffing(
        office.authority,
        office.staff.keys,
        office._ask,
        lambda name, code: printed.append((name, code)),
    )
    screen = SettingsScreen(office.store, office.clock, "1", staffing=staffing)
    qtbot.addWidget(screen)
    screen.resize(1000, 700)
    screen.show()
    assert screen.staff.page is None
    screen.open_page(Page.STAFF)
    page = screen.staff.page
    assert page is not None
    assert not page.rules.isVisibleTo(page)
    page.add.click()
    sheet = page.sheet
    assert sheet is not None
    for field, text in ((sheet.name, "Olga"), (sheet.pin, "2580"), (sheet.again, "2580")):
        field.setText(text)
        field.textEdited.emit(text)
    sheet.button("save").click()
    qtbot.waitUntil(lambda: not sheet.isVisible())
    assert page.rules.isVisibleTo(page)
    assert page.table.rows().rowCount() == 1
    office.authority.member = office.staff.members()[0]
    again = page.show_form(screen.staff._list.open(office.staff.members()[0].id))
    again.badge.click()
    qtbot.waitUntil(again.secret.isVisible)
    again.print.click()
    assert [name for name, _ in printed] == ["Olga"]
    assert screen.take_scan("LIBRARY-77812")
    qtbot.waitUntil(lambda: "badge now" in again._message.text())
    again.accept()
    line = page.rules.lines[Action.DISCOUNT]
    line.fields["above"].setText("12")
    line.fields["above"].textEdited.emit("12")
    page.rules.save.click()
    assert office.store.settings.shop().approvals.rule(Action.DISCOUNT).above == 12


def test_a_form_that_was_not_changed_asks_nothing(office: Office) -> None:
    office.add("Olga", "2580")
    member = office.staff.members()[0]
    form = office.list.open(member.id)
    assert form is not None
    assert not form.state.is_changed
    assert replace(form.state.draft) == member
