"""The approval sheet of the checkout: what a gesture needs rights for is asked on the spot."""

from collections.abc import Callable

from pos_app.domain.approval import ApprovalNeeded
from pos_app.domain.errors import PosError
from pos_app.services.approvals import Approvals
from pos_app.texts import t
from pos_app.ui.presenters.approval_question import ApprovalQuestion
from pos_app.ui.presenters.background_work import RunWork
from pos_app.ui.presenters.checkout_state import SheetKind, SheetView
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen
from pos_app.ui.views import SearchHit


class Approving:
    """Owns the sheet: a PIN typed on the entry line is masked, a badge approves at once.

    A product that is scanned meanwhile goes into the sale: the queue moves on.
    """

    def __init__(self, sale: SaleOnScreen, approvals: Approvals, run: RunWork) -> None:
        self.sale = sale
        self._approvals = approvals
        self._run = run
        self._question: ApprovalQuestion | None = None
        self._again: Callable[[], None] = _nothing
        self._told = ""

    def ask(self, need: ApprovalNeeded, again: Callable[[], None]) -> None:
        """Open the sheet; `again` does the gesture once more when somebody has agreed."""
        self._again = again
        self._question = ApprovalQuestion(
            need,
            self._approvals,
            self._run,
            self.sale.amounts,
            self.sale.shop.approvals.reasons,
            on_change=self._changed,
            on_granted=self._granted,
        )
        self.sale.notices.alarms += 1
        self.sale.open(self._sheet(self._question), self)

    def choose(self, key: str) -> None:
        """Mark a reason, or turn to a code from afar and back."""
        if self._question is not None:
            self.sale.clear_entry()
            self._question.choose(key)

    def enter(self, text: str) -> None:
        """Check what was typed."""
        if self._question is not None:
            self.sale.clear_entry()
            self._question.enter(text)

    def follow(self, text: str) -> None:
        """Check a PIN as soon as it is whole."""
        if self._question is not None and self._question.follow(text):
            self.sale.clear_entry()

    def scan(self, code: str) -> bool:
        """Take a badge; goods are left to the sale."""
        if self._question is None or self._is_goods(code):
            return False
        self._question.scan(code)
        return True

    def _is_goods(self, code: str) -> bool:
        try:
            return self.sale.checkout.look_up(code).product is not None
        except PosError:
            return False

    def _changed(self) -> None:
        question = self._question
        if question is None or self.sale.owner is not self:
            return
        self.sale.sheet = self._sheet(question)
        if question.view.problem and question.view.problem != self._told:
            self.sale.notices.alarms += 1
        self._told = question.view.problem
        self.sale.show()

    def _granted(self) -> None:
        """Take the sheet away and do what was asked for; given up meanwhile, nothing is done."""
        again, self._again = self._again, _nothing
        is_open = self.sale.owner is self
        self._question = None
        if is_open:
            self.sale.close()
            again()
            self.sale.show()

    def _sheet(self, question: ApprovalQuestion) -> SheetView:
        view = question.view
        rows = tuple(SearchHit(label, label, value) for label, value in view.lines)
        return SheetView(
            SheetKind.APPROVAL,
            t("Ask a supervisor or manager"),
            view.about,
            view.asks,
            view.hint,
            reason=view.reason,
            reasons=view.reasons,
            rows=rows,
            is_secret=not view.is_code,
            is_busy=view.is_checking,
            problem=view.problem,
        )


def _nothing() -> None:
    """Nothing waits."""
