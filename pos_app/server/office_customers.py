"""Customers at head office: made, changed, put away, and judged as debtors."""

from dataclasses import replace
from datetime import date

from pos_app.domain.credit import CreditEvaluation, CreditTerms, Risk, checked_terms, evaluated
from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.server.listed import ListFilter, page
from pos_app.server.merged_customers import survivor_id
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.series import next_in
from pos_app.server.thing_kinds import CUSTOMER

_SERIES = "customer"


class CustomerNotActive(PosError):
    """A new document for a customer who was put away."""

    sentence = (
        "{name} is not an active customer any more. Make them active again first, or choose "
        "another customer."
    )


def new_customer(
    desk: OfficeDesk, customer: Customer, terms: CreditTerms | None = None
) -> Customer:
    """Keep a new customer under the next number such as CUS001; an id or number given stays.

    Raises a FieldRefusal, CreditLimitWrong, CreditDaysWrong or CreditTextWrong.
    """
    new = replace(
        customer,
        id=customer.id or desk.new_id(),
        number=customer.number or next_customer_number(desk),
    )
    kept = desk.save_customer(new)
    if terms is not None:
        _save_terms(desk, replace(terms, customer_id=kept.id))
    return kept


def change_customer(
    desk: OfficeDesk, customer: Customer, terms: CreditTerms | None = None
) -> Customer:
    """Keep what a customer is now, and what is agreed with them where that is given.

    Raises CustomerUnknown, a FieldRefusal or what `credit.checked_terms` refuses.
    """
    known = desk.customer(customer.id)
    kept = known if customer == known else desk.save_customer(customer)
    if terms is not None and terms != desk.terms(customer.id):
        _save_terms(desk, terms)
    return kept


def delete_customer(desk: OfficeDesk, customer_id: str) -> Customer:
    """Put a customer away: kept for the documents, which go on, and offered no more.

    Raises CustomerUnknown.
    """
    customer = desk.customer(customer_id)
    if not customer.is_active:
        return customer
    return desk.save_customer(replace(customer, is_active=False))


def evaluate_credit(
    desk: OfficeDesk,
    customer_id: str,
    score: int,
    risk: Risk,
    *,
    day: date | None = None,
    remark: str = "",
) -> CreditTerms:
    """Write down what is thought of a customer's credit.

    Raises CustomerUnknown, ScoreWrong, EvaluationInFuture or CreditTextWrong.
    """
    desk.customer(customer_id)
    made = CreditEvaluation(day or desk.today, score, risk, remark.strip(), desk.staff, desk.now)
    terms = evaluated(desk.terms(customer_id), made, desk.today)
    desk.save_terms(terms, FactKind.CREDIT_EVALUATED)
    return terms


def buyer(desk: OfficeDesk, customer_id: str) -> Customer:
    """Return the customer for a new document: of merged records the one that stayed.

    Raises CustomerUnknown or CustomerNotActive.
    """
    survivor = survivor_id(desk.connection, desk.company_id, customer_id)
    customer = desk.customer(survivor)
    if not customer.is_active:
        raise CustomerNotActive(name=customer.name)
    return customer


def next_customer_number(desk: OfficeDesk) -> str:
    """Count on until a number that nobody has: CUS001."""
    prefix = desk.shop.documents.customer_prefix
    while True:
        number = f"{prefix}{next_in(desk.connection, desk.company_id, _SERIES):03d}"
        chosen = ListFilter(equal={"number": number})
        if not page(desk.connection, desk.company_id, CUSTOMER, chosen, 1, 1).total:
            return number


def _save_terms(desk: OfficeDesk, terms: CreditTerms) -> None:
    desk.save_terms(checked_terms(terms), FactKind.CREDIT_TERMS_SAVED)
