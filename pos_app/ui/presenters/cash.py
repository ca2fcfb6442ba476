"""The cash screen: opening, moving cash, counting, why the drawer differs, and closing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pos_app.domain.approval import ApprovalNeeded
from pos_app.domain.cash_movement import MovementKind
from pos_app.domain.errors import PosError
from pos_app.domain.shift import Shift, ShiftState, ShiftWarning
from pos_app.domain.shop import PrinterSettings
from pos_app.services.cash_paper import z_picture
from pos_app.services.shifts import Shifts
from pos_app.texts import t
from pos_app.ui.changes import Changes
from pos_app.ui.presenters import cash_words as words
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.background_work import RunWork
from pos_app.ui.presenters.cash_count import CountDraft
from pos_app.ui.presenters.cash_movement_form import CashMovementForm
from pos_app.ui.presenters.cash_state import CashState, Step
from pos_app.ui.presenters.cash_view import (
    closed_fields,
    closing_fields,
    count_fields,
    float_target,
    idle_fields,
    open_fields,
)
from pos_app.ui.presenters.notice_board import NoticeBoard
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.views import Notice, Severity

if TYPE_CHECKING:
    from pos_app.store.store import Store

Retry = Callable[[], None]


class CashPresenter:
    """Turns gestures into use cases; `on_approval` is asked where the policy wants somebody."""

    def __init__(
        self,
        store: "Store",
        shifts: Shifts,
        run: RunWork,
        on_state: Callable[[CashState], None],
        now: Callable[[], datetime],
        publish: Callable[[Changes], None] = lambda _changes: None,
    ) -> None:
        self._store = store
        self._shifts = shifts
        self._run = run
        self._on_state = on_state
        self._now = now
        self._publish = publish
        self._board = NoticeBoard()
        self._shift: Shift | None = None
        self._closed: Shift | None = None
        self._state = CashState()
        self._target: str | None = None
        self._was_count_kept = True
        self.on_approval: Callable[[ApprovalNeeded, Retry], None] | None = None
        self._begin()

    @property
    def state(self) -> CashState:
        """What the screen shows now."""
        return self._state

    def refresh(self) -> None:
        """Read everything anew, after a sale or when the screen comes up; a count stays."""
        shift = self._shifts.current()
        if (shift is None) == (self._shift is None) and (
            shift is None or self._shift is None or shift.id == self._shift.id
        ):
            self._shift = shift
            if self._state.step is Step.DIFFERENCE and not _is_counted(shift):
                self._state = replace(self._state, step=Step.COUNTING)
            self._show()
        else:
            self._begin()

    def choose_currency(self, currency: str) -> None:
        """Count another currency."""
        self._draft.choose(currency)
        self._show()

    def type_count(self, key: str, text: str) -> None:
        """Take what was typed for a note or coin."""
        self._draft.type(key, text)
        self._was_count_kept = False
        self._show()

    def step_count(self, key: str, by: int) -> None:
        """Count one more or one less."""
        self._draft.step(key, by)
        self._was_count_kept = False
        self._show()

    def keep_count(self) -> None:
        """Keep the count in the store, so that a restart does not lose it."""
        if self._shift is None or self._was_count_kept or self._state.step is not Step.COUNTING:
            return
        self._was_count_kept = True
        self._do(lambda: self._take(self._shifts.keep_count(self._draft.counts())))

    def confirm(self) -> None:
        """Open the shift with what was counted, or confirm the count of an open one."""
        if not self._draft.is_right:
            self._board.refuse(self._state.count.error)
            self._show()
        elif self._shift is None:
            self._do(self._open)
        else:
            self._do(self._confirm_count)

    def count_again(self) -> None:
        """Go back to the count."""
        self._put(step=Step.COUNTING)

    def give_up(self) -> None:
        """Give the count up and go on selling."""
        self._do(self._give_up)

    def type_target(self, text: str) -> None:
        """Plan another float."""
        self._target = text
        self._show()

    def type_note(self, text: str) -> None:
        """Take the cashier's own words about the difference."""
        self._state = replace(self._state, note=text)

    def type_bag(self, text: str) -> None:
        """Take the number of the bag for the bank."""
        self._state = replace(self._state, bag=text)

    def close(self) -> None:
        """Close the shift and print its Z report."""
        self._do(self._close)

    def next_shift(self) -> None:
        """Leave the closed shift and offer the next opening."""
        self._begin()

    def movement(self, kind: MovementKind) -> CashMovementForm:
        """Return the form of a movement."""
        form = CashMovementForm(self._store, self._shifts, kind, self._moved)
        form.on_approval = self.on_approval
        return form

    def read_x(self) -> None:
        """Print an X report."""
        self._do(self._read_x)

    def open_drawer(self) -> None:
        """Open the drawer without a sale."""
        self._do(lambda: self._told(self._shifts.open_drawer, t("The drawer was opened.")))

    def print_sheet(self) -> None:
        """Print a sheet to count on."""
        code = self._draft.currency
        told = t("A sheet to count on is printed.")
        self._do(lambda: self._told(lambda: self._shifts.print_sheet(code), told))

    def print_last_z(self) -> None:
        """Print the last Z report again, marked as a copy."""
        shift = self._closed or self._shifts.last_closed()
        if shift is not None:
            told = t("The Z report is printed again.")
            self._do(lambda: self._told(lambda: self._shifts.print_z(shift), told))

    def dismiss(self, key: str) -> None:
        """Take a notice away."""
        self._board.take_down(key)
        self._show()

    def _begin(self) -> None:
        """Look how the drawer is, and begin with what the store knows of a count."""
        self._shift = self._shifts.current()
        self._closed = None
        self._target = None
        shop = self._store.settings.shop()
        if self._shift is not None:
            known = self._shift.counts
        else:
            last = self._shifts.last_closed()
            known = () if last is None or shop.cash.is_blind else last.kept
        self._draft = CountDraft(shop, known)
        step = Step.OPENING if self._shift is None else Step.COUNTING
        self._state = CashState(step=Step.DIFFERENCE if _is_counted(self._shift) else step)
        for warning in self._shifts.warnings():
            text = words.warning_words(warning)
            self._board.put(Notice(warning.value, Severity.BAR, text))
        self._show()

    def _open(self) -> None:
        counts = self._draft.counts()
        if self._shifts.last_closed() is not None:
            self._opened(self._shifts.open(counts))
            return
        # A till's first shift sums up all that it ever sold.
        self._run(lambda _working: self._shifts.open(counts), self._opened, self._not_opened)

    def _opened(self, _shift: Shift) -> None:
        self._board.tell(t("The shift is open. Sell on."))
        self._publish(Changes(cash=True, spool=True))
        self._begin()

    def _not_opened(self, error: Exception) -> None:
        if not isinstance(error, PosError):
            raise error
        self._refuse(error)

    def _take(self, shift: Shift) -> None:
        self._shift = shift

    def _confirm_count(self) -> None:
        self._shift = self._shifts.confirm_count(self._draft.counts())
        self._was_count_kept = True
        self._board.take_down(ShiftWarning.CLOSING_INTERRUPTED)
        self._put(step=Step.DIFFERENCE)

    def _give_up(self) -> None:
        self._shifts.give_up_count()
        self._board.take_down(ShiftWarning.CLOSING_INTERRUPTED)
        self._begin()

    def _close(self) -> None:
        if self._shift is None:
            return
        closed = self._shifts.close(
            self._shift.id,
            float_target(self._store.settings.shop(), self._target),
            note=self._state.note,
            bag_reference=self._state.bag,
        )
        self._closed, self._shift = closed, None
        self._board.take_down(*(notice.key for notice in self._board.all()))
        self._draft = CountDraft(self._store.settings.shop(), closed.kept)
        self._state = CashState(step=Step.CLOSED)
        self._publish(Changes(cash=True, spool=True))
        self._show()
        self._draw(closed)

    def _read_x(self) -> None:
        self._shifts.read_x()
        self._publish(Changes(spool=True))
        self._board.tell(t("The X report is printed. Nothing is closed by it."))
        self._show()

    def _told(self, act: Callable[[], object], text: str) -> None:
        act()
        self._publish(Changes(spool=True))
        self._board.tell(text)
        self._show()

    def _moved(self, text: str) -> None:
        self._board.tell(text)
        self._publish(Changes(cash=True, spool=True))
        self.refresh()

    def _do(self, act: Callable[[], object]) -> None:
        """Do a gesture; a refusal becomes a notice, and an approval is asked for."""
        self._board.forget_the_moment()
        try:
            act()
        except ApprovalNeeded as need:
            if self.on_approval is not None:
                self.on_approval(need, lambda: self._do(act))
                return
            self._refuse(need)
        except PosError as refusal:
            self._refuse(refusal)
            self.refresh()

    def _refuse(self, refusal: PosError) -> None:
        self._board.refuse(sentence_of(refusal, amount_format(self._store.settings.shop())))
        self._show()

    def _draw(self, shift: Shift) -> None:
        """Draw the Z report as it looks on paper, elsewhere."""
        shop = self._store.settings.shop()
        printer = next(iter(shop.printers), PrinterSettings())

        def drawn(picture: bytes) -> None:
            if self._closed is shift:
                self._put(picture=picture)

        def failed(error: Exception) -> None:
            if not isinstance(error, PosError):
                raise error

        self._run(lambda _working: z_picture(shift, shop, printer), drawn, failed)

    def _put(self, **values: Any) -> None:
        self._state = replace(self._state, **values)
        self._show()

    def _show(self) -> None:
        shop = self._store.settings.shop()
        state, shift = self._state, self._shift
        fields = count_fields(shop, self._draft, shift)
        if self._closed is not None:
            fields |= closed_fields(shop, self._closed)
        elif shift is None:
            fields |= idle_fields(shop, self._shifts)
        else:
            is_blind = self._shifts.hides_cash and state.step is not Step.DIFFERENCE
            fields |= open_fields(shop, self._shifts, shift, is_blind=is_blind)
            if state.step is Step.DIFFERENCE:
                fields |= closing_fields(shop, self._shifts, shift, self._target)
        self._state = replace(state, **fields, notices=self._board.all())
        self._on_state(self._state)


def _is_counted(shift: Shift | None) -> bool:
    return shift is not None and shift.state is ShiftState.COUNTED
