"""Exact money: integer minor units with a currency, and the rounding that leads to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from math import lcm

from pos_app.domain.errors import PosError

# ISO 4217 minor units; every currency not named here has two.
_NO_MINOR = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()
_THREE_MINOR = "BHD IQD JOD KWD LYD OMR TND".split()
_TWO_MINOR = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD "
    "GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD "
    "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP "
    "PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS "
    "TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG"
).split()
MINOR_DIGITS: dict[str, int] = (
    dict.fromkeys(_NO_MINOR, 0) | dict.fromkeys(_TWO_MINOR, 2) | dict.fromkeys(_THREE_MINOR, 3)
)


class UnknownCurrency(PosError):
    """The code is not a currency of ISO 4217."""

    sentence = "There is no currency {code}. Use a code of ISO 4217 such as EUR, GBP or JPY."


class CurrencyMismatch(PosError):
    """Two amounts of different currencies met in one sum."""

    sentence = "{left} and {right} cannot be added together. Convert one of them first."


class NotWholeMinorUnits(PosError):
    """An amount has more places than its currency."""

    sentence = "{amount} has more places than {currency} has. Round it first."


class StepTooFine(PosError):
    """A rounding step is not a whole number of the currency's smallest unit, or not above zero."""

    sentence = (
        "A rounding step of {step} does not fit {currency}. "
        "Use a multiple of its smallest unit, {smallest}."
    )


class RoundingMode(StrEnum):
    """How a value between two steps is decided; `half_up` means half away from zero."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    HALF_DOWN = "half_down"
    UP = "up"
    DOWN = "down"


# Wide enough for any amount that fits a screen; what does not fit raises instead of rounding.
_WIDE = Context(prec=60, traps=[Inexact, InvalidOperation])


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole minor units (cents, fils, yen) of one ISO 4217 currency."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal | str | int, currency: str) -> "Money":
        """Read `amount` in currency units; refuses more places than the currency has."""
        minor = _whole_minor(Decimal(amount), currency)
        if minor is None:
            raise NotWholeMinorUnits(amount=amount, currency=currency)
        return cls(minor, currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """No money at all."""
        return cls(0, currency)

    @property
    def amount(self) -> Decimal:
        """The same amount in currency units with the currency's places."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency), _WIDE)

    def __add__(self, other: "Money") -> "Money":
        self._check(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._check(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._check(other)
        return self.minor < other.minor

    def __le__(self, other: "Money") -> bool:
        self._check(other)
        return self.minor <= other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def _check(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(left=self, right=other)


def minor_digits(currency: str) -> int:
    """Return how many decimal places `currency` has (ISO 4217); refuses an unknown code."""
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        raise UnknownCurrency(code=currency) from None


def smallest_step(currency: str) -> Decimal:
    """Return the currency's smallest unit: 0.01 for EUR, 1 for JPY, 0.001 for KWD."""
    return Decimal(1).scaleb(-minor_digits(currency))


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Sum `amounts`, all of `currency`; the sum of none is zero."""
    result = Money(0, currency)
    for amount in amounts:
        result = result + amount
    return result


def step_minor(step: Decimal, currency: str) -> int:
    """Return a rounding step in minor units; raises StepTooFine."""
    minor = _whole_minor(step, currency)
    if minor is None or minor <= 0:
        raise StepTooFine(step=step, currency=currency, smallest=smallest_step(currency))
    return minor


def _whole_minor(amount: Decimal, currency: str) -> int | None:
    """The amount in minor units, or None where it is not a whole and sensible number of them."""
    digits = minor_digits(currency)
    if not amount.is_finite() or amount.adjusted() > _WIDE.prec // 2:
        return None
    try:
        scaled = amount.scaleb(digits, _WIDE)
        whole = scaled.to_integral_exact(context=_WIDE)
    except (Inexact, InvalidOperation):
        return None
    return int(whole)


def round_ratio(numerator: int, denominator: int, mode: RoundingMode) -> int:
    """Round `numerator / denominator` (above zero) to a whole number; symmetric around zero."""
    if numerator < 0:
        return -round_ratio(-numerator, denominator, mode)
    floor, rest = divmod(numerator, denominator)
    if rest == 0 or mode is RoundingMode.DOWN:
        return floor
    if mode is RoundingMode.UP:
        return floor + 1
    twice = 2 * rest
    if twice != denominator:
        return floor + (twice > denominator)
    return floor + (mode is RoundingMode.HALF_UP or (mode is RoundingMode.HALF_EVEN and floor % 2))


def round_steps(value: Fraction, mode: RoundingMode) -> int:
    """Round `value` (counted in steps) to a whole number of steps; symmetric around zero."""
    return round_ratio(value.numerator, value.denominator, mode)


def share_out(total_steps: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Split whole steps by weight so that the shares sum exactly (largest remainder, Hare quota).

    Ties go to the earlier weight. Weights must not be negative; when all are zero the first
    takes everything, and no weights take nothing.
    """
    if not weights:
        return []
    whole = sum(weights)
    if whole == 0:
        return [total_steps] + [0] * (len(weights) - 1)
    size = abs(total_steps)
    parts = [divmod(size * weight, whole) for weight in weights]
    shares = [int(share) for share, _ in parts]
    order = sorted(range(len(weights)), key=lambda index: (-parts[index][1], index))
    for index in order[: size - sum(shares)]:
        shares[index] += 1
    return shares if total_steps >= 0 else [-share for share in shares]


def spread(parts: Sequence[tuple[int, int]], mode: RoundingMode) -> list[int]:
    """Round the sum of ratios once and give each its part of it, largest remainder first.

    Each part is (numerator, denominator above zero). Ties go to the earlier part, and negating
    all parts negates the answer.
    """
    common = lcm(*(denominator for _, denominator in parts))
    values = [numerator * (common // denominator) for numerator, denominator in parts]
    whole = sum(values)
    sign = -1 if whole < 0 else 1
    cut = [divmod(sign * value, common) for value in values]
    steps = [floor for floor, _ in cut]
    missing = round_ratio(abs(whole), common, mode) - sum(steps)
    if missing:
        order = sorted(range(len(cut)), key=lambda index: (-cut[index][1], index))
        for index in order[:missing]:
            steps[index] += 1
    return steps if sign > 0 else [-step for step in steps]
