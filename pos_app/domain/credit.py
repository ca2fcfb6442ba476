"""What a customer may owe, for how long, and what the shop thinks of them as a debtor."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money

LOWEST_SCORE, HIGHEST_SCORE = 0, 100
DAYS_LIMIT = 3650
TEXT_LIMIT = 200
REMARK_LIMIT = 500


class CustomerOverLimit(PosError):
    """The customer would owe more than agreed."""

    sentence = (
        "This customer may owe {limit} at most and owes {owed} now; this would add {adding}. Take "
        "a payment first, or ask for approval."
    )


class OrdersOverLimit(CustomerOverLimit):
    """With what they have ordered before, the customer would owe more than agreed."""

    sentence = (
        "This customer may owe {limit} at most, owes {owed} now, and has ordered {ordered} more "
        "that is not invoiced yet; this would add {adding}. Take a payment first, or ask for "
        "approval."
    )


class CustomerPastDue(PosError):
    """Something the customer owes should have been paid."""

    sentence = (
        "This customer should have paid by {day} and owes {owed}. Take a payment first, or ask for "
        "approval."
    )


class CreditLimitWrong(PosError):
    """A credit limit below zero."""

    sentence = "A credit limit of {limit} is not possible. Enter zero or more, or leave it empty."


class CreditDaysWrong(PosError):
    """Days to pay that make no sense."""

    sentence = "{days} days to pay are not possible. Enter 0 to {limit}, or leave it empty."


class ScoreWrong(PosError):
    """A score outside its scale."""

    sentence = "{score} is not a score. Enter a whole number from 0 to 100."


class EvaluationInFuture(PosError):
    """An evaluation dated after today."""

    sentence = "{day} is still to come. An evaluation is of today or earlier."


class CreditTextWrong(PosError):
    """A text about a customer's credit that is too long or half a letter."""

    sentence = "This text cannot be kept. It may have {limit} letters, and has {length}."


class Risk(StrEnum):
    """How likely it is that a customer does not pay."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class CreditEvaluation:
    """What the shop thought of a customer's credit on a day: 100 is the best score.

    `staff` wrote it down at `at` (UTC).
    """

    day: date
    score: int
    risk: Risk
    remark: str
    staff: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CreditTerms:
    """What is agreed with one customer, and their bank.

    `credit_limit` is the most they may owe (None: the shop's rule for all); `credit_days` is how
    many days after an invoice it must be paid (None: as the shop's documents say, and nobody is
    stopped for being late). The latest evaluation stands first.
    """

    customer_id: str
    credit_limit: Money | None = None
    credit_days: int | None = None
    bank_name: str = ""
    bank_account: str = ""
    payment_terms: str = ""
    evaluations: tuple[CreditEvaluation, ...] = ()

    @property
    def latest(self) -> CreditEvaluation | None:
        """The evaluation that counts now."""
        return self.evaluations[0] if self.evaluations else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is agreed or known."""
        return self == CreditTerms(self.customer_id)


def check_credit(
    terms: CreditTerms | None, owed: Money, oldest_due: date | None, today: date, adding: Money
) -> None:
    """Refuse to let a customer owe `adding` more than the terms allow.

    `owed` is all they owe now, `oldest_due` the last day to pay of the oldest of it (None: nothing
    is owed). Raises CustomerOverLimit or CustomerPastDue; a customer without terms is not stopped.
    """
    if terms is None or adding.minor <= 0:
        return
    limit = terms.credit_limit
    if limit is not None and limit < owed + adding:
        raise CustomerOverLimit(limit=limit, owed=owed, adding=adding)
    if terms.credit_days is not None and oldest_due is not None and oldest_due < today:
        raise CustomerPastDue(day=oldest_due, owed=owed)


def checked_terms(terms: CreditTerms) -> CreditTerms:
    """Return terms tidied if they can stand.

    Raises CreditLimitWrong, CreditDaysWrong or CreditTextWrong.
    """
    if terms.credit_limit is not None and terms.credit_limit.minor < 0:
        raise CreditLimitWrong(limit=terms.credit_limit)
    if terms.credit_days is not None and not 0 <= terms.credit_days <= DAYS_LIMIT:
        raise CreditDaysWrong(days=terms.credit_days, limit=DAYS_LIMIT)
    tidy = replace(
        terms,
        bank_name=terms.bank_name.strip(),
        bank_account=terms.bank_account.strip(),
        payment_terms=terms.payment_terms.strip(),
    )
    _check_text(tidy.bank_name, TEXT_LIMIT)
    _check_text(tidy.bank_account, TEXT_LIMIT)
    _check_text(tidy.payment_terms, REMARK_LIMIT)
    return tidy


def evaluated(terms: CreditTerms, evaluation: CreditEvaluation, today: date) -> CreditTerms:
    """Return terms with one more evaluation; the one with the latest day counts.

    Raises ScoreWrong, EvaluationInFuture or CreditTextWrong.
    """
    if not LOWEST_SCORE <= evaluation.score <= HIGHEST_SCORE:
        raise ScoreWrong(score=evaluation.score)
    if evaluation.day > today:
        raise EvaluationInFuture(day=evaluation.day)
    _check_text(evaluation.remark, REMARK_LIMIT)
    newest_first = sorted(
        (evaluation, *terms.evaluations), key=lambda one: (one.day, one.at), reverse=True
    )
    return replace(terms, evaluations=tuple(newest_first))


def _check_text(text: str, limit: int) -> None:
    if len(text) > limit or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise CreditTextWrong(limit=limit, length=len(text))
