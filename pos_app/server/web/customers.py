"""Pages of customers: found, looked at and changed."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi.responses import Response
from sqlalchemy import Connection, or_

from pos_app.domain.words import Later, later
from pos_app.server.listed import ListFilter, page
from pos_app.server.roles import Action
from pos_app.server.stamps import new_id
from pos_app.server.tables import listed
from pos_app.server.thing_kinds import CUSTOMER
from pos_app.server.web.forms import Form, Problems, page_router
from pos_app.server.web.saving import (
    NOBODY,
    SEEN,
    Rows,
    ThingPage,
    save_page,
    standing,
    state_of,
    states,
)
from pos_app.server.web.showing import show
from pos_app.server.web.visits import Visit, page_for

router = page_router()
CUSTOMERS = "/office/customers"
ON_A_PAGE = 50
LABELS: dict[str, Later] = {
    "name": later("Name"),
    "number": later("Number"),
    "contact": later("Contact"),
    "phone": later("Telephone"),
    "email": later("E-mail"),
    "tax_number": later("Tax number"),
    "card_code": later("Customer card"),
    "address": later("Street and number"),
    "postcode": later("Postcode"),
    "city": later("Town"),
    "state": later("State or province"),
    "country": later("Country"),
    "category": later("Category"),
    "region": later("Region"),
    "note": later("Note"),
}
_NEW: dict[str, Any] = {
    **dict.fromkeys(LABELS, ""),
    "id": "",
    "price_list": "",
    "is_active": True,
    **NOBODY,
}
_See = Annotated[Visit, page_for(Action.SEE)]
_Change = Annotated[Visit, page_for(Action.CHANGE_CATALOGUE)]


@router.get("/customers")
def customers(visit: _See, find: str = "", number: int = 1) -> Response:
    """List customers, those whose name, number, contact or telephone holds what is looked for."""
    words = "".join(sign for sign in find[:100] if sign >= " ").strip()
    also = [
        or_(*(column.icontains(word, autoescape=True) for column in _LOOKED_AT))
        for word in words.split()[:6]
    ]
    place = min(max(number, 1), 100_000)
    with visit.visitor.company() as connection:
        found = page(
            connection, visit.company_id, CUSTOMER, ListFilter(also=tuple(also)), place, ON_A_PAGE
        )
    query = {"find": words} if words else {}
    has_more = place * ON_A_PAGE < found.total
    return show(
        visit,
        "customers.html",
        active="customers",
        customers=[{**_NEW, **state_of(thing)} for _, thing in found.rows],
        total=found.total,
        find=words,
        next_path=_path({**query, "number": str(place + 1)}) if has_more else "",
        first_path=_path(query) if place > 1 else "",
    )


_LOOKED_AT = (listed.c.customer_name, listed.c.number, listed.c.contact, listed.c.phone)


@router.get("/customers/edit")
def customer(visit: _See, id: str = "") -> Response:
    """Show a customer, or an empty form for a new one."""
    with visit.visitor.company() as connection:
        found = _page(visit, connection, id)
    return found.show(visit, seen=found.values["customer"][SEEN])


@router.post("/customers/edit")
def customer_saved(visit: _Change, form: Form, id: str = "") -> Response:
    """Save a customer."""
    with visit.visitor.company() as connection:
        found = _page(visit, connection, id, new_id(visit.now))
    known = found.values["customer"]
    state: dict[str, Any] = {name: form.text(name) for name in LABELS}
    state |= {
        "id": found.id,
        "price_list": form.text("price_list"),
        "is_active": form.flag("is_active"),
    }
    state = {name: value for name, value in state.items() if value != "" or name in known}
    return save_page(visit, found, form, Problems(), state)


def _page(visit: Visit, connection: Connection, id: str, fresh_id: str = "") -> ThingPage:
    known = standing(connection, visit.company_id, CUSTOMER, id) if id else {}
    here = f"{CUSTOMERS}/edit" + (f"?id={quote(id)}" if id else "")
    lists = [one["name"] for one in states(connection, visit.company_id, "price_list")]
    own = str(known.get("price_list", ""))
    names = sorted({*lists, *([own] if own else [])})
    values = {
        "customer": {**_NEW, **known},
        "labels": LABELS,
        "lists": [("", visit.t("usual prices")), *((name, name) for name in names)],
        "here": here,
        "back": CUSTOMERS,
    }

    def rows(state: Mapping[str, Any]) -> Rows:
        whole = {**_NEW, **state}
        told = [(visit.t(words), str(whole[name])) for name, words in LABELS.items()]
        told.append((visit.t("Price list"), str(whole["price_list"])))
        active = visit.t("yes") if whole["is_active"] else visit.t("no")
        return [*told, (visit.t("Offered at the tills"), active)]

    return ThingPage(
        CUSTOMER, id or fresh_id, "customer.html", "customers", here, CUSTOMERS, rows, values
    )


def _path(query: Mapping[str, str]) -> str:
    return f"{CUSTOMERS}?{urlencode(query)}" if query else CUSTOMERS
