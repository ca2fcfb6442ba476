"""Customers there: created with our number in their remarks, changed, and listed.

A sale without a customer needs one all the same: they are all of one, who is looked for by name and
created once.
"""

from collections.abc import Generator, Mapping
from functools import partial

from pos_app.domain.customer import Customer
from pos_app.domain.document import Party
from pos_app.sync.dialect import (
    Absent,
    Ask,
    Done,
    Known,
    LookUp,
    NoGoodAnswer,
    Outgoing,
    RemoteCustomer,
    Reply,
    Step,
    Undecidable,
    Verdict,
    WaitsForOther,
)
from pos_app.sync.dialects.erp_replies import (
    CUSTOMERS,
    PAGE_SIZE,
    Row,
    carries,
    data_of,
    detail_of,
    failure,
    judge_done,
    judged,
    listed,
    made,
    page_of,
    remarks,
    text_of,
)
from pos_app.texts import later

WALK_IN = "Walk-in customer"
_IDS = (("customer", "id"), ("number", "customerNo"))
_CHANGED = ("name", "contact", "phone", "email", "address", "taxNo", "category", "region")
_TWICE = later("The server has this customer more than once.")


def steps_of_customer(thing: Outgoing, known: Known) -> tuple[Step, ...]:
    """Return what is to be done for a customer who is new, or who was changed."""
    customer: Customer = thing.document
    key = key_of(customer.id)
    before = known.ids(key)
    if before is None or (thing.entry and before.get("entry") == thing.entry):
        return creating(customer, thing.entry)
    path = f"{CUSTOMERS}/{before.get('customer', '')}"
    change = Step(
        f"{key} {thing.entry}",
        lambda _known: Ask("PUT", path, body=body_of(customer), is_change=True),
        judge_done,
        lambda _known: _find_changed(path, customer),
    )
    return (change,)


def creating(customer: Customer | Party, entry: str = "") -> tuple[Step, ...]:
    """Return the step that creates a customer, if nobody did yet."""
    extra = {"entry": entry} if entry else {}

    def judge(reply: Reply, known: Known) -> Verdict:
        verdict = made(*_IDS)(reply, known)
        return Done({**verdict.ids, **extra}) if isinstance(verdict, Done) else verdict

    return (
        Step(
            key_of(customer.id),
            lambda _known: Ask("POST", CUSTOMERS, body=body_of(customer), is_change=True),
            judge,
            partial(_find_created, customer, extra),
            names="customer",
        ),
    )


def walk_in(known: Known) -> tuple[Step, ...]:
    """Return the steps to whoever buys without a name: one who is there already, or a new one."""
    name = _walk_in_name(known)
    key, finding = walk_in_key(known), f"find {walk_in_key(known)}"
    if known.ids(key) is not None:
        return ()

    def adopt_or_create(known: Known) -> Ask:
        found = (known.ids(finding) or {}).get("customer")
        if found:
            return Ask("GET", f"{CUSTOMERS}/{found}")
        return Ask("POST", CUSTOMERS, body={"name": name, "remarks": name}, is_change=True)

    look = Ask("GET", CUSTOMERS, (("name", name), ("page", "1"), ("pageSize", str(PAGE_SIZE))))
    return (
        Step(
            finding,
            lambda _known: look,
            lambda reply, _known: _judge_found(name, reply),
            lambda _known: _find_named(name, is_needed=False),
        ),
        Step(
            key,
            adopt_or_create,
            made(*_IDS),
            lambda _known: _find_named(name, is_needed=True),
            names="customer",
        ),
    )


def buying(customer: Customer | Party | None, known: Known) -> tuple[Step, ...]:
    """Return the steps to whoever buys."""
    return walk_in(known) if customer is None else creating(customer)


def customer_id(customer: Customer | Party | None, name: str, known: Known) -> str:
    """Return the id there of whoever buys; raises WaitsForOther."""
    key = walk_in_key(known) if customer is None else key_of(customer.id)
    found = (known.ids(key) or {}).get("customer")
    if not found:
        other = _walk_in_name(known) if customer is None else customer.name
        raise WaitsForOther(name=name, other=other, key=key)
    return found


def key_of(own_id: str) -> str:
    """Return the key of the step that creates a customer."""
    return f"customer {own_id}"


def walk_in_key(known: Known) -> str:
    """Return the key of the step that leads to whoever buys without a name.

    It begins as a customer's, so that one who is nobody here does not come in as somebody new.
    """
    return f"customer walk-in {_walk_in_name(known)}"


def body_of(customer: Customer | Party) -> Row:
    """Write a customer as published; credit terms and bank stay here."""
    return {
        "name": customer.name,
        "contact": customer.contact,
        "phone": customer.phone,
        "email": customer.email,
        "address": _address(customer),
        "taxNo": customer.tax_number,
        "category": getattr(customer, "category", ""),
        "region": getattr(customer, "region", ""),
        "remarks": remarks(customer.number or customer.id, getattr(customer, "note", "")),
    }


def walked() -> Generator[Ask, Reply, list[RemoteCustomer]]:
    """Walk the remote's customers to the last page."""
    rows = yield from listed(CUSTOMERS)
    return [
        RemoteCustomer(
            remote_id=text_of(row.get("id")),
            number=text_of(row.get("customerNo")),
            name=text_of(row.get("name")),
            phone=text_of(row.get("phone")),
            email=text_of(row.get("email")),
            contact=text_of(row.get("contact")),
            tax_number=text_of(row.get("taxNo")),
            address=text_of(row.get("address")),
            category=text_of(row.get("category")),
            region=text_of(row.get("region")),
            is_active=row.get("status") != "inactive",
        )
        for row in rows
    ]


def _walk_in_name(known: Known) -> str:
    return known.option("walk_in").strip() or WALK_IN


def _address(customer: Customer | Party) -> str:
    town = " ".join(part for part in (customer.postcode, customer.city) if part)
    parts = (customer.address, town, customer.state, customer.country)
    return ", ".join(part for part in parts if part)


def _ids_of(row: Row, extra: Mapping[str, str]) -> dict[str, str]:
    return {name: text_of(row.get(field)) for name, field in _IDS} | dict(extra)


def _find_created(customer: Customer | Party, extra: Mapping[str, str], known: Known) -> LookUp:
    """Look for a customer by name, and compare the number in the remarks."""
    hits = []
    for row in (yield from listed(CUSTOMERS, ("name", customer.name))):
        own_id = text_of(row.get("id"))
        if known.is_taken("customer", own_id):
            continue
        detail = yield from detail_of(f"{CUSTOMERS}/{own_id}")
        if detail is not None and carries(detail, customer.number or customer.id):
            hits.append(_ids_of(detail, extra))
    if not hits:
        return Absent()
    return Done(hits[0]) if len(hits) == 1 else Undecidable(_TWICE)


def _find_changed(path: str, customer: Customer) -> LookUp:
    detail = yield from detail_of(path)
    if detail is None:
        return Undecidable(later("The server does not have this customer any more."))
    wanted = body_of(customer)
    is_same = all(text_of(detail.get(field)) == wanted[field].strip() for field in _CHANGED)
    return Done({}) if is_same else Absent()


def _find_named(name: str, *, is_needed: bool) -> LookUp:
    rows = yield from listed(CUSTOMERS, ("name", name))
    found = _named(rows, name)
    if found is not None:
        return Done(_ids_of(found, {}))
    return Absent() if is_needed else Done({})


def _judge_found(name: str, reply: Reply) -> Verdict:
    if data_of(reply) is None:
        return failure(reply)
    try:
        rows, _ = page_of(reply)
    except NoGoodAnswer as no_answer:
        return no_answer.verdict
    found = _named(rows, name)
    return judged(reply, lambda _data: {} if found is None else _ids_of(found, {}))


def _named(rows: list[Row], name: str) -> Row | None:
    return next((row for row in rows if text_of(row.get("name")) == name), None)
