"""A card payment on its way: asked for, answered, used in a sale or reversed; never a card number.

The reference is the cart's id and the attempt, so that asking twice charges once.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pos_app.domain.card_number import LooksLikeCardNumber, refuse_card_number
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money


class CardDeclined(PosError):
    """The bank or the terminal said no."""

    sentence = "The card was declined ({why}). Take another card or another payment."


class CardNotPaid(PosError):
    """Nothing was paid, as the terminal says."""

    sentence = "The terminal took no payment ({why}). Try again, or take another payment."


class CardStateUnclear(PosError):
    """Nobody answers whether the card was charged."""

    sentence = (
        "The terminal does not answer, so it is not known whether {amount} was paid. Look at its "
        "display. The till asks it again and takes back what no sale used."
    )


class CardBusy(PosError):
    """The terminal has a payment in hand."""

    sentence = "The terminal is busy with {amount}. Wait for it, or cancel it."


class WrongCardStep(PosError):
    """A card payment cannot go from where it is to there."""

    sentence = "That card payment is {state} already. Nothing was changed."


class CardState(StrEnum):
    """How far a card payment is."""

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    USED = "used"
    REVERSED = "reversed"


class CardStep(StrEnum):
    """What happens to it."""

    APPROVE = "approve"
    DECLINE = "decline"
    USE = "use"
    REVERSE = "reverse"


_NEXT = {
    (CardState.ASKED, CardStep.APPROVE): CardState.APPROVED,
    (CardState.ASKED, CardStep.DECLINE): CardState.DECLINED,
    (CardState.APPROVED, CardStep.USE): CardState.USED,
    (CardState.APPROVED, CardStep.REVERSE): CardState.REVERSED,
}


@dataclass(frozen=True, slots=True)
class MaskedCard:
    """What may be kept of a card: its brand, at most the last four digits, and the bank's words.

    Raises LooksLikeCardNumber where any of it could be a card number.
    """

    brand: str = ""
    last_four: str = ""
    auth_code: str = ""
    terminal_reference: str = ""

    def __post_init__(self) -> None:
        """Refuse to exist with a card number inside."""
        for text in (self.brand, self.auth_code, self.terminal_reference):
            refuse_card_number(text)
        if len(self.last_four) > 4:
            refuse_card_number("0" * 12)

    @property
    def words(self) -> str:
        """What stands on the receipt: `Visa *1234 A1B2C3 T000042`."""
        last = f"*{self.last_four}" if self.last_four else ""
        parts = [*filter(None, (self.brand, last, self.auth_code, self.terminal_reference))]
        joined = " ".join(parts)
        try:
            return refuse_card_number(joined)
        except LooksLikeCardNumber:
            # By chance only, as no part is one: the payment was made and its sale has to be.
            return ", ".join(parts)


NO_CARD = MaskedCard()


@dataclass(frozen=True, slots=True)
class CardPayment:
    """One payment asked of a terminal; refunds are below zero. Times are UTC.

    `approved` is what the bank let through, which may be less than was asked for. `allowed` is the
    whole refund that was let through before the terminal heard of this part of it.
    """

    id: str
    cart_id: str
    attempt: int
    amount: Money
    asked_at: datetime
    state: CardState = CardState.ASKED
    approved: Money | None = None
    card: MaskedCard = NO_CARD
    why: str = ""
    allowed: Money | None = None

    @property
    def is_open(self) -> bool:
        """Whether it must still end in a sale or a reversal."""
        return self.state in (CardState.ASKED, CardState.APPROVED)


def reference_of(cart_id: str, attempt: int) -> str:
    """Return the reference by which the terminal knows an attempt."""
    return f"{cart_id}/{attempt}"


def asked(
    cart_id: str, attempt: int, amount: Money, at: datetime, allowed: Money | None = None
) -> CardPayment:
    """Return a payment that is about to be asked for."""
    reference = reference_of(cart_id, attempt)
    return CardPayment(reference, cart_id, attempt, amount, at, allowed=allowed)


def approved(payment: CardPayment, amount: Money, card: MaskedCard) -> CardPayment:
    """Return the payment as the bank let it through; raises WrongCardStep."""
    state = _after(payment, CardStep.APPROVE)
    return replace(payment, state=state, approved=amount, card=card)


def declined(payment: CardPayment, why: str) -> CardPayment:
    """Return the payment as refused, or as never made."""
    return replace(payment, state=_after(payment, CardStep.DECLINE), why=why[:100])


def used(payment: CardPayment) -> CardPayment:
    """Return the payment as part of a sale."""
    return replace(payment, state=_after(payment, CardStep.USE))


def reversed_(payment: CardPayment, why: str) -> CardPayment:
    """Return the payment as taken back."""
    return replace(payment, state=_after(payment, CardStep.REVERSE), why=why[:100])


def _after(payment: CardPayment, step: CardStep) -> CardState:
    found = _NEXT.get((payment.state, step))
    if found is None:
        raise WrongCardStep(state=payment.state.value)
    return found
