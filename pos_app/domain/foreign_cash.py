"""Cash of another currency: what it is worth here, and what would be enough of it."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from pos_app.domain.cash_settings import AcceptedCurrency
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money, RoundingMode, minor_digits, round_ratio
from pos_app.domain.payment import ForeignCash, TenderMethod, TenderRequest


class CurrencyNotTaken(PosError):
    """The shop takes no cash of that currency."""

    sentence = "Cash in {currency} is not taken here. The owner can change that in Settings."


class ForeignRefund(PosError):
    """Money goes back in the shop's own currency."""

    sentence = "Money is given back in {currency} only."


def worth_of(tendered: Money, rate: Decimal, currency: str) -> Money:
    """Return what foreign cash is worth in `currency`, halves up; `rate` is ours for one of it."""
    exact = Fraction(tendered.amount) * Fraction(rate) * 10 ** minor_digits(currency)
    return Money(round_ratio(exact.numerator, exact.denominator, RoundingMode.HALF_UP), currency)


def enough_of(due: Money, accepted: AcceptedCurrency) -> Money:
    """Return the least whole minor units of a currency that are worth `due` (0 or above)."""
    exact = Fraction(due.amount) / Fraction(accepted.rate) * 10 ** minor_digits(accepted.code)
    least = -(-exact.numerator // exact.denominator)
    if worth_of(Money(least, accepted.code), accepted.rate, due.currency) < due:
        least += 1
    return Money(least, accepted.code)


def foreign_request(
    amount: Decimal, code: str, accepted: Sequence[AcceptedCurrency], currency: str
) -> TenderRequest:
    """Return the cash payment of `amount` units of currency `code`; raises CurrencyNotTaken."""
    known = next((one for one in accepted if one.code == code and one.rate > 0), None)
    if known is None or code == currency:
        raise CurrencyNotTaken(currency=code)
    tendered = Money.of(amount, code)
    return TenderRequest(
        TenderMethod.CASH,
        tendered=worth_of(tendered, known.rate, currency),
        foreign=ForeignCash(tendered, known.rate),
    )
