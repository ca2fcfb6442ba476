"""Chapter 3 of the ERP sales module: customers, their credit terms, and what is thought of them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from pydantic.alias_generators import to_camel

from pos_app.domain.catalogue_rules import FieldRefusal
from pos_app.domain.credit import CreditTerms, Risk
from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.payload_reading import customer_of
from pos_app.server.apis.erp_examples import (
    CUSTOMER_CHANGED,
    CUSTOMER_DETAIL,
    CUSTOMER_MADE,
    CUSTOMER_ROW,
    EVALUATION,
)
from pos_app.server.apis.erp_shapes import (
    EMPTY_IS_NONE,
    Answer,
    Asked,
    Day,
    Exact,
    Id,
    Listing,
    Nothing,
    Number,
    Paged,
    Shape,
    Signed,
    Text,
    Visitor,
    Whole,
    address_text,
    example,
    example_list,
    listing,
    moment,
    refusals,
    said,
    sample,
)
from pos_app.server.apis.exact import ExactRoute, whole_or_fraction
from pos_app.server.listed import ListedRow, ListFilter, page
from pos_app.server.office_customers import (
    change_customer,
    delete_customer,
    evaluate_credit,
    new_customer,
)
from pos_app.server.standing import standing_customer, standing_terms
from pos_app.server.thing_kinds import CUSTOMER
from pos_app.server.thing_rows import ThingRow

router = APIRouter(
    prefix="/api/v1/sales/customers",
    tags=["ERP: customers"],
    route_class=ExactRoute,
    strict_content_type=False,
)
Status = Literal["active", "inactive"]
AskedStatus = Annotated[Status | None, EMPTY_IS_NONE]
# What the published names are in our own customer; the address is said in one text.
_OWN_NAMES = {
    "name": "name",
    "contact": "contact",
    "phone": "phone",
    "email": "email",
    "tax_no": "tax_number",
    "category": "category",
    "region": "region",
    "remarks": "note",
}


class CustomerFieldWrong(PosError):
    """What was said of a customer cannot stand."""

    sentence = "{field}: {problem}"


class CustomerShown(Signed):
    """A customer as a list shows one."""

    id: str
    customer_no: str
    name: str
    contact: str
    phone: str
    email: str
    address: str
    tax_no: str
    category: str
    region: str
    status: Status


class CustomerDetail(CustomerShown):
    """A customer whole; without a limit `creditLimit` is null, without days `creditDays`."""

    bank_name: str
    bank_account: str
    credit_limit: Number | None
    credit_days: int | None
    remarks: str


class CustomerSent(Shape):
    """What of a customer somebody says; what is left out stays as it is."""

    contact: Text | None = None
    phone: Text | None = None
    email: Text | None = None
    address: Text | None = None
    tax_no: Text | None = None
    bank_name: Text | None = None
    bank_account: Text | None = None
    category: Text | None = None
    region: Text | None = None
    credit_limit: Exact | None = None
    credit_days: Whole | None = None
    remarks: Text | None = None
    status: Status | None = None


class CustomerMade(CustomerSent):
    """A customer to make."""

    name: Text
    model_config = sample(CUSTOMER_MADE)


class CustomerChanged(CustomerSent):
    """What changes of a customer."""

    name: Text | None = None
    model_config = sample(CUSTOMER_CHANGED)


class CustomerNumbered(Shape):
    """A customer that was made."""

    id: str
    customer_no: str


class Evaluation(Shape):
    """What is thought of a customer's credit on a day; without one, today. 100 is the best."""

    evaluation_date: Day | None = None
    credit_score: Annotated[Whole, Field(ge=0, le=100)]
    risk_level: Risk
    remarks: Text = ""
    model_config = sample(EVALUATION)


class CustomersAsked(Paged):
    """Which customers: numbers by how they begin, names and phones by a part, the rest whole."""

    customer_no: Asked = None
    name: Asked = None
    contact: Asked = None
    phone: Asked = None
    status: AskedStatus = None
    category: Asked = None
    region: Asked = None


@router.get(
    "",
    summary="List customers",
    responses={**refusals(400, 401, 403), **example_list(CUSTOMER_ROW, 100)},
)
def customers(
    visitor: Visitor, asked: Annotated[CustomersAsked, Query()]
) -> Answer[Listing[CustomerShown]]:
    """List customers in the order in which they were made; inactive ones too."""
    chosen = ListFilter(
        equal=said(status=asked.status, category=asked.category, region=asked.region),
        holds=said(customer_name=asked.name, contact=asked.contact, phone=asked.phone),
        starts=said(number=asked.customer_no),
    )
    with visitor.reading() as connection:
        found = page(connection, visitor.company_id, CUSTOMER, chosen, asked.page, asked.page_size)
    return listing(found, asked, lambda row, thing: CustomerShown(**_shown(row, thing)))


@router.get(
    "/{id}",
    summary="A customer",
    responses={**refusals(400, 401, 403, 404), **example(CUSTOMER_DETAIL)},
)
def customer(id: Id, visitor: Visitor) -> Answer[CustomerDetail]:
    """Return a customer with bank, credit terms and remarks."""
    with visitor.reading() as connection:
        row, thing = standing_customer(connection, visitor.company_id, id)
        terms = standing_terms(connection, visitor.company_id, id)
    limit = terms.credit_limit
    return Answer(
        data=CustomerDetail(
            **_shown(row, thing),
            bank_name=terms.bank_name,
            bank_account=terms.bank_account,
            credit_limit=None if limit is None else whole_or_fraction(limit),
            credit_days=terms.credit_days,
            remarks=customer_of(json.loads(thing.state)).note,
        )
    )


@router.post(
    "",
    summary="Make a customer",
    responses={
        **refusals(400, 401, 403),
        **example({"id": "customer-001", "customerNo": "CUS001"}),
    },
)
def customer_made(asked: CustomerMade, visitor: Visitor) -> Answer[CustomerNumbered]:
    """Make a customer under the next number."""
    with _fields_named(), visitor.desk() as desk:
        customer = _changed(Customer("", "", asked.name), asked)
        made = new_customer(desk, customer, _terms(CreditTerms(""), asked, desk.currency))
    return Answer(data=CustomerNumbered(id=made.id, customer_no=made.number))


@router.put("/{id}", summary="Change a customer", responses=refusals(400, 401, 403, 404))
def customer_changed(id: Id, asked: CustomerChanged, visitor: Visitor) -> Nothing:
    """Change what is named; without a limit (null) a customer may owe as the shop's rule says."""
    with _fields_named(), visitor.desk() as desk:
        customer = _changed(desk.customer(id), asked)
        change_customer(desk, customer, _terms(desk.terms(id), asked, desk.currency))
    return Nothing()


@router.delete("/{id}", summary="Delete a customer", responses=refusals(400, 401, 403, 404))
def customer_deleted(id: Id, visitor: Visitor) -> Nothing:
    """Put a customer away: inactive, and no new document is made for them.

    Their documents keep them and go on, so they stay in the list as inactive; `status` of a change
    makes them active again.
    """
    with visitor.desk() as desk:
        delete_customer(desk, id)
    return Nothing()


@router.post(
    "/{id}/credit-evaluate",
    summary="Evaluate a customer's credit",
    responses=refusals(400, 401, 403, 404),
)
def credit_evaluated(id: Id, asked: Evaluation, visitor: Visitor) -> Nothing:
    """Write down what is thought of a customer's credit; tills show it with the customer."""
    with visitor.desk() as desk:
        evaluate_credit(
            desk,
            id,
            asked.credit_score,
            asked.risk_level,
            day=asked.evaluation_date,
            remark=asked.remarks,
        )
    return Nothing()


@contextmanager
def _fields_named() -> Iterator[None]:
    """Let a refusal say which field it means: there is no form beside it here."""
    try:
        yield
    except FieldRefusal as failure:
        names = {own: to_camel(sent) for sent, own in _OWN_NAMES.items()}
        field = names.get(failure.field, failure.field)
        raise CustomerFieldWrong(field=field, problem=failure) from failure


def _shown(row: ListedRow, thing: ThingRow) -> dict[str, Any]:
    customer = customer_of(json.loads(thing.state))
    return {
        "id": customer.id,
        "customer_no": customer.number,
        "name": customer.name,
        "contact": customer.contact,
        "phone": customer.phone,
        "email": customer.email,
        "address": address_text(customer),
        "tax_no": customer.tax_number,
        "category": customer.category,
        "region": customer.region,
        "status": row.status,
        "created_by": row.made_by,
        "created_at": moment(row.made_at),
        "updated_by": thing.by,
        "updated_at": moment(thing.at),
    }


def _changed(customer: Customer, asked: CustomerSent) -> Customer:
    """Return a customer with what was said of them; an empty text and null clear a field."""
    said_of = asked.model_fields_set
    values: dict[str, Any] = {
        own: getattr(asked, sent) or "" for sent, own in _OWN_NAMES.items() if sent in said_of
    }
    if "address" in said_of and (asked.address or "") != address_text(customer):
        # It is said whole: what stood beside the street does not go on standing there.
        values |= {"address": asked.address or "", "postcode": "", "city": "", "state": ""}
    if asked.status is not None:
        values["is_active"] = asked.status == "active"
    return replace(customer, **values)


def _terms(terms: CreditTerms, asked: CustomerSent, currency: str) -> CreditTerms:
    said_of = asked.model_fields_set
    values: dict[str, Any] = {
        name: getattr(asked, name) or ""
        for name in ("bank_name", "bank_account")
        if name in said_of
    }
    if "credit_limit" in said_of:
        limit = asked.credit_limit
        values["credit_limit"] = None if limit is None else Money.of(limit, currency)
    if "credit_days" in said_of:
        values["credit_days"] = asked.credit_days
    return replace(terms, **values)
