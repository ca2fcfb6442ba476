"""What is wrong with the settings of the drawer, by field."""

from collections.abc import Callable

from pos_app.domain.cash_movement import REASON_LIMIT
from pos_app.domain.cash_settings import CashSettings
from pos_app.domain.denominations import MOST_DENOMINATIONS, counted_denominations
from pos_app.domain.errors import PosError
from pos_app.domain.float_plan import MOST_STEPS
from pos_app.domain.money import MINOR_DIGITS, Money, NotWholeMinorUnits

MOST_REASONS = 12
MOST_CURRENCIES = 10


class FloatTargetWrong(PosError):
    """No float can be that."""

    sentence = "A float of {target} is not possible. Enter an amount of 0 or more."


class TooManyDenominations(PosError):
    """More notes and coins than anybody counts."""

    sentence = "Those are {count} notes and coins. Keep it to {limit}."


class TooManyReasons(PosError):
    """More reasons than anybody looks through."""

    sentence = "Those are {count} reasons. Keep it to {limit}."


class ReasonTooLong(PosError):
    """A reason that fits no slip."""

    sentence = "A reason of {length} letters is too long. Keep it to {limit}."


class NoSuchCurrency(PosError):
    """A currency that ISO 4217 does not know."""

    sentence = "{code} is no currency. Write it like USD 0.92, with what one of it is worth."


class CurrencyTwice(PosError):
    """A currency stands in the list twice, or is the shop's own."""

    sentence = "{code} stands there already. Name each foreign currency once."


class RateNotPositive(PosError):
    """A currency that is worth nothing."""

    sentence = "{code} needs a rate above zero. Write it like USD 0.92."


class TooManyCurrencies(PosError):
    """More currencies than fit a drawer."""

    sentence = "Those are {count} currencies. Keep it to {limit}."


def cash_refusals(cash: CashSettings, currency: str) -> dict[str, PosError]:
    """Return what is wrong, by field of the settings; `currency` is the shop's own."""
    found: dict[str, PosError] = {}
    checks: dict[str, Callable[[], None]] = {
        "float_target": lambda: _check_target(cash, currency),
        "denominations": lambda: _check_denominations(cash, currency),
        "reasons_in": lambda: _check_reasons(cash.reasons_in),
        "reasons_out": lambda: _check_reasons(cash.reasons_out),
        "accepted": lambda: _check_accepted(cash, currency),
    }
    for field, check in checks.items():
        try:
            check()
        except PosError as refusal:
            found[field] = refusal
    return found


def _check_target(cash: CashSettings, currency: str) -> None:
    try:
        minor = Money.of(cash.float_target, currency).minor
    except NotWholeMinorUnits:
        minor = -1
    if not 0 <= minor <= MOST_STEPS:
        raise FloatTargetWrong(target=cash.float_target)


def _check_denominations(cash: CashSettings, currency: str) -> None:
    if len(cash.denominations) > MOST_DENOMINATIONS:
        raise TooManyDenominations(count=len(cash.denominations), limit=MOST_DENOMINATIONS)
    counted_denominations(currency, cash.denominations)


def _check_reasons(reasons: tuple[str, ...]) -> None:
    if len(reasons) > MOST_REASONS:
        raise TooManyReasons(count=len(reasons), limit=MOST_REASONS)
    for reason in reasons:
        if len(reason) > REASON_LIMIT:
            raise ReasonTooLong(length=len(reason), limit=REASON_LIMIT)


def _check_accepted(cash: CashSettings, currency: str) -> None:
    if len(cash.accepted) > MOST_CURRENCIES:
        raise TooManyCurrencies(count=len(cash.accepted), limit=MOST_CURRENCIES)
    known = {currency}
    for one in cash.accepted:
        if one.code not in MINOR_DIGITS:
            raise NoSuchCurrency(code=one.code[:10])
        if one.code in known:
            raise CurrencyTwice(code=one.code)
        if one.rate <= 0:
            raise RateNotPositive(code=one.code)
        known.add(one.code)
