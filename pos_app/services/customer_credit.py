"""What is agreed with a customer about credit, and evaluations of it."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.credit import (
    CreditEvaluation,
    CreditTerms,
    Risk,
    checked_terms,
    evaluated,
)
from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.services.authority import UNRESTRICTED, Authority
from pos_app.services.checkout import Clock
from pos_app.services.customer_records import CREDIT_TERMS
from pos_app.services.time_zones import business_day

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction


class CreditChangedMeanwhile(PosError):
    """Somebody else changed the same terms since they were read."""

    sentence = (
        "The credit terms of {name} were changed in another window meanwhile. Open the customer "
        "again and make your change there."
    )


class CustomerCredit:
    """The use cases of a customer's credit."""

    def __init__(
        self,
        store: "Store",
        now: Clock,
        staff: str = "1",
        authority: Authority = UNRESTRICTED,
    ) -> None:
        self._store = store
        self._now = now
        self._authority = authority
        self.staff = staff

    def terms(self, customer_id: str) -> CreditTerms:
        """Return what is agreed with a customer; empty terms where nothing is."""
        return self._store.records.get(CREDIT_TERMS, customer_id) or CreditTerms(customer_id)

    def save(self, customer: Customer, seen: CreditTerms, new: CreditTerms) -> CreditTerms:
        """Keep new terms in place of those that were seen; returns them tidied.

        Raises what `domain.credit.checked_terms` refuses, CreditChangedMeanwhile, or
        ApprovalNeeded where more credit is given than before.
        """
        with self._store.transaction() as tx:
            return self.save_in(tx, customer, seen, new)

    def save_in(
        self, tx: "Transaction", customer: Customer, seen: CreditTerms, new: CreditTerms
    ) -> CreditTerms:
        """Keep new terms within a transaction; see `save`."""
        tidy = checked_terms(new)
        kept = tx.records.get(CREDIT_TERMS, customer.id) or CreditTerms(customer.id)
        if kept != seen:
            raise CreditChangedMeanwhile(name=customer.name)
        tidy = replace(tidy, customer_id=customer.id, evaluations=kept.evaluations)
        if tidy == kept:
            return kept
        if tidy.credit_limit is not None and _is_more(tidy, kept):
            request = ApprovalRequest(Action.CREDIT_LIMIT, tidy.credit_limit, about=customer.name)
            self._authority.require(request, tx)
        fact = FactKind.CREDIT_TERMS_SAVED
        tx.records.put(CREDIT_TERMS, tidy, fact, self._now(), self.staff)
        return tidy

    def evaluate(
        self, customer_id: str, day: date, score: int, risk: Risk, remark: str = ""
    ) -> CreditTerms:
        """Write an evaluation down; raises ScoreWrong, EvaluationInFuture or CreditTextWrong."""
        now = self._now()
        today = business_day(now, self._store.settings.shop())
        with self._store.transaction() as tx:
            kept = tx.records.get(CREDIT_TERMS, customer_id) or CreditTerms(customer_id)
            made = CreditEvaluation(day, score, risk, remark.strip(), self.staff, now)
            terms = evaluated(kept, made, today)
            fact = FactKind.CREDIT_EVALUATED
            tx.records.put(CREDIT_TERMS, terms, fact, now, self.staff)
        return terms


def _is_more(new: CreditTerms, old: CreditTerms) -> bool:
    if new.credit_limit is None or new.credit_limit == old.credit_limit:
        return False
    same = old.credit_limit is not None and old.credit_limit.currency == new.credit_limit.currency
    return not same or new.credit_limit.minor > (old.credit_limit.minor if old.credit_limit else 0)
