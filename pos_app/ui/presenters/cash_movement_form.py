"""The sheet of a cash movement: how much, why, and the paper that goes with it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pos_app.domain.approval import ApprovalNeeded
from pos_app.domain.cash_movement import MovementKind, ReasonMissing
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.printing.shift_numbers import slip_name
from pos_app.services.shifts import Shifts
from pos_app.texts import t
from pos_app.ui.presenters import cash_words as words
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import in_one_piece, sentence_of
from pos_app.ui.presenters.typed_figures import typed_decimal

if TYPE_CHECKING:
    from pos_app.store.store import Store


@dataclass(frozen=True, slots=True)
class MovementFormState:
    """Everything on the sheet, as typed."""

    title: str
    about: str
    amount: str = ""
    currency: str = ""
    currencies: tuple[Choice, ...] = ()
    reason: str = ""
    reasons: tuple[str, ...] = ()
    reference: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    message: str = ""
    is_changed: bool = False


class CashMovementForm:
    """Keeps what is typed until the cash has moved; nothing is lost by an error."""

    def __init__(
        self,
        store: "Store",
        shifts: Shifts,
        kind: MovementKind,
        on_moved: Callable[[str], None],
    ) -> None:
        shop = store.settings.shop()
        self._shop = shop
        self._shifts = shifts
        self._kind = kind
        self._on_moved = on_moved
        self._on_state: Callable[[MovementFormState], None] = lambda _state: None
        self.on_approval: Callable[[ApprovalNeeded, Callable[[], None]], None] | None = None
        self.retry: Callable[[], object] = self.save
        code = shop.policy.currency
        codes = (code, *(one.code for one in shop.cash.accepted if one.code != code))
        self._state = MovementFormState(
            title=words.movement_words()[kind],
            about=_about(kind),
            currency=code,
            currencies=tuple(Choice(one, one) for one in codes),
            reasons=_reasons(kind, shop.cash.reasons_in, shop.cash.reasons_out),
        )

    @property
    def state(self) -> MovementFormState:
        """What the sheet shows now."""
        return self._state

    def watch(self, on_state: Callable[[MovementFormState], None]) -> None:
        """Show the form now and after every change."""
        self._on_state = on_state
        on_state(self._state)

    def change(self, **values: str) -> None:
        """Take over what was typed or chosen, by field; its error goes away."""
        errors = {name: error for name, error in self._state.errors.items() if name not in values}
        self._state = replace(self._state, **values, errors=errors, message="", is_changed=True)  # type: ignore[arg-type]
        self._on_state(self._state)

    def save(self) -> bool:
        """Move the cash; on a refusal the error stands under its field and all stays."""
        state, errors, message = self._state, {}, ""
        amounts = amount_format(self._shop)
        try:
            amount = typed_decimal(state.amount, amounts)
            money = Money.of(amount or 0, state.currency)
            moved = self._shifts.move(self._kind, money, state.reason, state.reference)
        except ApprovalNeeded as need:
            if self.on_approval is not None:
                self.on_approval(need, self._again)
                return False
            message = sentence_of(need, amounts)
        except ReasonMissing as refusal:
            errors["reason"] = sentence_of(refusal, amounts)
        except PosError as refusal:
            errors["amount"] = sentence_of(refusal, amounts)
        else:
            say = words.MoneyWords(self._shop)
            told = t("{what}: {amount}, slip {number}").format(
                what=state.title, amount=say(moved.amount), number=in_one_piece(slip_name(moved))
            )
            self._on_moved(told)
            return True
        self._state = replace(state, errors=errors, message=message)
        self._on_state(self._state)
        return False

    def _again(self) -> None:
        self.retry()


def _about(kind: MovementKind) -> str:
    return {
        MovementKind.PAY_IN: t("Cash goes into the drawer that is no sale."),
        MovementKind.PAY_OUT: t("Cash leaves the drawer to pay for something."),
        MovementKind.DROP: t("Cash goes from the drawer to the safe or the bank."),
    }[kind]


def _reasons(
    kind: MovementKind, own_in: tuple[str, ...], own_out: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the shop's own reasons, or the usual ones."""
    if kind is MovementKind.PAY_IN:
        return own_in or words.reasons_in()
    if kind is MovementKind.DROP:
        return words.reasons_drop()
    return own_out or words.reasons_out()
