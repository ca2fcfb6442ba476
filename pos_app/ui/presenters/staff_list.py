"""The staff page of the settings: who works here, and the sheets of each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pos_app.domain.staff import StaffMember
from pos_app.services.staff import Staff
from pos_app.texts import t
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.approval_words import role_name
from pos_app.ui.presenters.background_work import RunWork
from pos_app.ui.presenters.refusals import isolated
from pos_app.ui.presenters.staff_form import Ask, StaffForm, marks_of
from pos_app.ui.views import Column, TableRow, Tone


@dataclass(frozen=True, slots=True)
class StaffListState:
    """Everything on the page but the rules."""

    columns: tuple[Column, ...] = ()
    rows: tuple[TableRow, ...] = ()
    advice: str = ""
    result: str = ""
    result_tone: Tone = Tone.PLAIN


class StaffListPresenter:
    """Lists the staff and opens forms."""

    def __init__(
        self,
        staff: Staff,
        run: RunWork,
        on_state: Callable[[StaffListState], None],
        *,
        ask: Ask,
        publish: Callable[[Changes], None] = lambda _changes: None,
    ) -> None:
        self._staff = staff
        self._run = run
        self._on_state = on_state
        self._ask = ask
        self._publish = publish
        self.state = StaffListState(columns=_columns())
        self.refresh()

    def refresh(self) -> None:
        """Read the staff anew."""
        members = self._staff.members()
        names = {role.key: role_name(role) for role in self._staff.roles()}
        rows = tuple(_row(member, names) for member in members)
        self._put(rows=rows, advice=_usual() if members else _first())

    def add(self) -> StaffForm:
        """Return the form of a new member."""
        return self._form(None)

    def open(self, staff_id: str) -> StaffForm | None:
        """Return the form of a member, or None where there is none."""
        member = self._staff.member(staff_id)
        return None if member is None else self._form(member)

    def _form(self, member: StaffMember | None) -> StaffForm:
        return StaffForm(self._staff, member, self._run, ask=self._ask, on_saved=self._saved)

    def _saved(self, member: StaffMember) -> None:
        self.refresh()
        told = t("{name} is saved.").format(name=isolated(member.name))
        self._put(result=told, result_tone=Tone.SUCCESS)
        self._publish(Changes(staff=True))

    def _put(self, **values: Any) -> None:
        self.state = replace(self.state, **values)
        self._on_state(self.state)


def _row(member: StaffMember, roles: dict[str, str]) -> TableRow:
    role = roles.get(member.role, member.role)
    marks = ", ".join(marks_of(member)) if member.is_active else t("Not active")
    cells = (member.code, member.name, role, marks)
    return TableRow(member.id, cells, Tone.PLAIN if member.is_active else Tone.WARNING)


def _columns() -> tuple[Column, ...]:
    return (
        Column(t("Code"), 80),
        Column(t("Name"), 180, stretches=True),
        Column(t("Role"), 150),
        Column(t("Signs in with"), 220),
    )


def _first() -> str:
    return t(
        "Nobody signs in here yet, and everybody may do everything. The first member of staff is "
        "the owner; from then on the till asks for a PIN or badge."
    )


def _usual() -> str:
    return t("Touch a name to change it. Who leaves is set to not active and stays in the journal.")
