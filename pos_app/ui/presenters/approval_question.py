"""One question for somebody with more rights: PIN, badge or a code from afar, and why.

It knows neither the checkout nor a dialog; both show it and hand over what is typed and scanned.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pos_app.domain.approval import ApprovalNeeded, ApprovalRequest, GivenApproval
from pos_app.domain.errors import PosError
from pos_app.services.approvals import Approvals
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.approval_words import code_lines, request_text
from pos_app.ui.presenters.background_work import RunWork, Working
from pos_app.ui.presenters.refusals import sentence_of

REASON, WITH_CODE, WITH_PIN = "reason:", "code", "pin"


@dataclass(frozen=True, slots=True)
class QuestionView:
    """What the question shows; `lines` are read to the manager when it waits for a code."""

    about: str = ""
    asks: str = ""
    hint: str = ""
    reasons: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    is_code: bool = False
    is_checking: bool = False
    problem: str = ""


class ApprovalQuestion:
    """Asks until somebody has agreed or the cashier gives up; `on_granted` then does the deed."""

    def __init__(
        self,
        need: ApprovalNeeded,
        approvals: Approvals,
        run: RunWork,
        amounts: AmountFormat,
        reasons: tuple[str, ...],
        *,
        on_change: Callable[[], None],
        on_granted: Callable[[], None],
    ) -> None:
        self.request: ApprovalRequest = need.request
        self._approvals = approvals
        self._run = run
        self._amounts = amounts
        self._on_change = on_change
        self._on_granted = on_granted
        self._challenge = ""
        self._pin_digits = approvals.pin_digits(need.request)
        self.view = QuestionView(
            about=request_text(self.request, amounts),
            reasons=tuple((reason, t(reason)) for reason in reasons),
        )
        self._ask()

    def choose(self, key: str) -> None:
        """Mark or unmark a reason, or turn to codes and back."""
        if key.startswith(REASON):
            reason = key.removeprefix(REASON)
            self._put(reason="" if reason == self.view.reason else reason)
        elif key == WITH_CODE:
            try:
                self._challenge = self._approvals.challenge(self.request)
            except PosError as refusal:
                self._put(problem=sentence_of(refusal, self._amounts))
                return
            lines = code_lines(self.request, self._approvals.till, self._challenge, self._amounts)
            self._put(is_code=True, lines=lines, problem="")
            self._ask()
        elif key == WITH_PIN:
            self._put(is_code=False, lines=(), problem="")
            self._ask()

    def follow(self, text: str) -> bool:
        """Check a PIN as soon as it is whole, and tell whether it was."""
        is_whole = not self.view.is_code and len(text) == self._pin_digits
        if is_whole:
            self.enter(text)
        return is_whole

    def enter(self, text: str) -> None:
        """Check the PIN or code that was typed; nothing typed does nothing."""
        typed, reason = text.strip(), self.view.reason
        if not typed:
            return
        if self.view.is_code:
            challenge = self._challenge
            self._check(lambda: self._approvals.by_code(self.request, challenge, typed, reason))
        else:
            self._check(lambda: self._approvals.by_pin(self.request, typed, reason))

    def scan(self, code: str) -> None:
        """Take a scanned code for the badge of somebody who may approve."""
        reason = self.view.reason
        self._check(lambda: self._approvals.by_badge(self.request, code, reason))

    def _check(self, work: Callable[[], GivenApproval]) -> None:
        """Look at one try after the other, in the background."""
        if self.view.is_checking:
            return
        self._put(is_checking=True, problem="")

        def check(_working: Working) -> GivenApproval:
            return work()

        self._run(check, self._agreed, self._refused)

    def _agreed(self, _approval: GivenApproval) -> None:
        self._put(is_checking=False)
        self._on_granted()

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, PosError):
            raise error
        self._put(is_checking=False, problem=sentence_of(error, self._amounts))

    def _ask(self) -> None:
        if self.view.is_code:
            asks, hint = t("Code"), t("8 digits, then Enter")
        else:
            asks, hint = t("PIN"), t("PIN, or scan a badge")
        self._put(asks=asks, hint=hint)

    def _put(self, **values: object) -> None:
        self.view = replace(self.view, **values)  # type: ignore[arg-type]
        self._on_change()
