"""Taking money: tenders, change, what is left to pay, and cash rounding."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money, RoundingMode, round_ratio, step_minor

MOST_NOTES_IN_CHANGE = 20


class TenderNotPositive(PosError):
    """A tender of zero or of the wrong sign."""

    sentence = "A payment of {amount} is not possible. Enter an amount above zero."


class TenderTooLarge(PosError):
    """A tender that gives no change is larger than what is left to pay."""

    sentence = "{amount} is more than the {remaining} left to pay. Only cash gives change."


class TenderedTooLittle(PosError):
    """The cash handed over is less than the cash amount it should cover."""

    sentence = "{tendered} does not cover {amount}. Enter what the customer handed over."


class ChangeTooLarge(PosError):
    """More change than any customer waits for: a code was probably typed as an amount."""

    sentence = "That would mean {change} in change. Check the amount and enter it again."


class TenderMethod(StrEnum):
    """Ways to pay."""

    CASH = "cash"
    CARD = "card"
    BANK_TRANSFER = "bank_transfer"
    ON_ACCOUNT = "on_account"
    MOBILE = "mobile"
    CHEQUE = "cheque"
    GIFT_CARD = "gift_card"
    STORE_CREDIT = "store_credit"
    DEPOSIT = "deposit"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class CashRounding:
    """Rounding to what coins can pay: `step` in currency units, on the total or the cash leg.

    `before` is what was given back of the same document already, in minor units above zero: parts
    of a refund are rounded so that all of them together are what the whole would be.
    """

    step: Decimal
    mode: RoundingMode = RoundingMode.HALF_UP
    only_cash: bool = True
    before: int = 0


@dataclass(frozen=True, slots=True)
class ForeignCash:
    """Cash handed over in another currency; `rate` is units of our currency for one of it."""

    tendered: Money
    rate: Decimal


@dataclass(frozen=True, slots=True)
class TenderRequest:
    """What the cashier entered; without an amount it pays the rest. Refunds are negative.

    With `foreign` cash, `tendered` is what that is worth in our currency.
    """

    method: TenderMethod
    amount: Money | None = None
    tendered: Money | None = None
    reference: str = ""
    foreign: ForeignCash | None = None


@dataclass(frozen=True, slots=True)
class Tender:
    """A payment as it stands on the document: `tendered` minus `change` is `amount`."""

    method: TenderMethod
    amount: Money
    tendered: Money
    change: Money
    reference: str = ""
    foreign: ForeignCash | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """How the total is met: paid - change + remaining = amount_due = gross + rounding."""

    amount_due: Money
    rounding: Money
    paid: Money
    change: Money
    remaining: Money
    tenders: tuple[Tender, ...]

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to pay."""
        return self.remaining.minor == 0


def settle(
    gross: Money, requests: Sequence[TenderRequest], rounding: CashRounding | None = None
) -> Settlement:
    """Apply tenders to a total; a negative total is a refund and its tenders are negative too.

    The order of the requests does not matter: cash comes after exact amounts, because only cash
    gives change, and what has no figure pays what all others leave. Raises TenderNotPositive,
    TenderTooLarge or TenderedTooLittle; their field `position` counts the requests from 0.
    """
    if gross.minor < 0:
        return _negated(settle(-gross, [_negated_request(r) for r in requests], rounding))
    whole_is_rounded = rounding is not None and not rounding.only_cash
    left = round_cash(gross, rounding) if rounding and whole_is_rounded else gross
    cash_rounding = None if whole_is_rounded else rounding
    tenders: dict[int, Tender] = {}
    for index in sorted(range(len(requests)), key=lambda index: _turn(requests[index])):
        left, tenders[index] = _apply(index, requests[index], left, cash_rounding)
    return _settlement(gross, left, tuple(tenders[index] for index in range(len(requests))))


def check_change(settled: Settlement, notes: Sequence[Decimal]) -> None:
    """Refuse change of twenty of the largest note and more; raises ChangeTooLarge.

    `notes` are the shop's usual ones in currency units; without any nothing is refused.
    """
    most = MOST_NOTES_IN_CHANGE * max(notes, default=Decimal(0))
    if notes and abs(settled.change.amount) >= most:
        raise ChangeTooLarge(change=settled.change)


def _turn(request: TenderRequest) -> int:
    """Exact amounts first, then cash, which gives change, then whoever pays the rest, cash last."""
    is_cash = request.method is TenderMethod.CASH
    pays_rest = request.amount is None and request.tendered is None
    return 2 * pays_rest + is_cash


def round_cash(amount: Money, rounding: CashRounding) -> Money:
    """Round `amount` to what the country's coins can pay; raises StepTooFine."""
    if not rounding.before:
        return _to_step(amount, rounding)
    before = Money(rounding.before, amount.currency)
    if amount.minor < 0:
        return _to_step(before, rounding) - _to_step(before - amount, rounding)
    return _to_step(before + amount, rounding) - _to_step(before, rounding)


def _to_step(amount: Money, rounding: CashRounding) -> Money:
    step = step_minor(rounding.step, amount.currency)
    return Money(round_ratio(amount.minor, step, rounding.mode) * step, amount.currency)


def cash_due(remaining: Money, rounding: CashRounding | None) -> Money:
    """What must be handed over in cash to settle `remaining`; a rounded total needs no more."""
    return round_cash(remaining, rounding) if rounding and rounding.only_cash else remaining


def _apply(
    position: int, request: TenderRequest, left: Money, rounding: CashRounding | None
) -> tuple[Money, Tender]:
    """Return what is left after this tender, and the tender; cash may round what is left."""
    figure = request.tendered if request.amount is None else request.amount
    if figure is not None and figure.minor <= 0:
        raise TenderNotPositive(amount=figure, position=position)
    if request.method is TenderMethod.CASH:
        return _apply_cash(position, request, left, rounding)
    amount = left if figure is None else figure
    if left < amount:
        raise TenderTooLarge(amount=amount, remaining=left, position=position)
    zero = Money.zero(left.currency)
    return left - amount, Tender(
        request.method, amount, amount, zero, request.reference, request.foreign
    )


def _apply_cash(
    position: int, request: TenderRequest, left: Money, rounding: CashRounding | None
) -> tuple[Money, Tender]:
    rest = cash_due(left, rounding)
    handed = request.tendered if request.tendered is not None else request.amount
    handed = rest if handed is None else handed
    wanted = handed if request.amount is None else request.amount
    if handed < wanted:
        raise TenderedTooLittle(tendered=handed, amount=wanted, position=position)
    amount = min(wanted, rest)
    # The last cash takes with it what coins cannot pay; less than that leaves the difference.
    remaining = rest - amount if amount == rest or left <= amount else left - amount
    return remaining, Tender(
        request.method, amount, handed, handed - amount, request.reference, request.foreign
    )


def _settlement(gross: Money, left: Money, tenders: tuple[Tender, ...]) -> Settlement:
    zero = Money.zero(gross.currency)
    paid = sum((t.tendered for t in tenders), zero)
    change = sum((t.change for t in tenders), zero)
    due = paid - change + left
    return Settlement(due, due - gross, paid, change, left, tenders)


def _negated_request(request: TenderRequest) -> TenderRequest:
    return replace(
        request,
        amount=-request.amount if request.amount is not None else None,
        tendered=-request.tendered if request.tendered is not None else None,
    )


def _negated(settled: Settlement) -> Settlement:
    return Settlement(
        amount_due=-settled.amount_due,
        rounding=-settled.rounding,
        paid=-settled.paid,
        change=-settled.change,
        remaining=-settled.remaining,
        tenders=tuple(
            replace(t, amount=-t.amount, tendered=-t.tendered, change=-t.change)
            for t in settled.tenders
        ),
    )
