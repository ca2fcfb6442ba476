"""Pages of price lists, of what single products cost on them, and of changing many prices."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import quote

from fastapi.responses import Response
from sqlalchemy import Connection

from pos_app.domain.catalogue_rules import FieldRefusal
from pos_app.domain.money import minor_digits
from pos_app.domain.payloads import optional_text
from pos_app.domain.price_list import list_key
from pos_app.server.companies import company_of
from pos_app.server.product_finding import ProductSearch, find_products
from pos_app.server.roles import Action
from pos_app.server.thing_kinds import PRODUCT
from pos_app.server.thing_rows import load_things
from pos_app.server.web.forms import Form, Posted, Problems, page_router
from pos_app.server.web.saving import (
    NOBODY,
    SEEN,
    Rows,
    ThingPage,
    save_page,
    seen_in,
    standing,
    state_of,
    states,
)
from pos_app.server.web.showing import show
from pos_app.server.web.typed import figure, shown
from pos_app.server.web.visits import Visit, page_for

router = page_router()
PRICES, LISTED = "/office/prices", "/office/prices/list"
PRICE_LIST, LIST_PRICE = "price_list", "list_price"
_NEW = {"name": "", "percent": "0", "is_active": True, **NOBODY}
_See = Annotated[Visit, page_for(Action.SEE)]
_Change = Annotated[Visit, page_for(Action.CHANGE_CATALOGUE)]


class ProductNotFound(FieldRefusal):
    """A code that no product has, or a piece of a name that several have."""

    sentence = "No product has the code or barcode {code}. Look it up on the list of products."


@router.get("/prices")
def prices(visit: _See) -> Response:
    """List the price lists."""
    with visit.visitor.company() as connection:
        found = states(connection, visit.company_id, PRICE_LIST)
        own = states(connection, visit.company_id, LIST_PRICE)
    counts: dict[str, int] = {}
    for one in own:
        if one["price"] is not None:
            key = list_key(one["price_list"])
            counts[key] = counts.get(key, 0) + 1
    return show(
        visit,
        "prices.html",
        active="prices",
        lists=[{**one, "key": list_key(one["name"])} for one in found],
        counts=counts,
        shown=lambda value: shown(visit, value),
    )


@router.get("/prices/list")
def price_list(visit: _See, id: str = "") -> Response:
    """Show a list with what single products cost on it, or an empty form for a new one."""
    with visit.visitor.company() as connection:
        page = _page(visit, connection, id, id)
    return page.show(visit, seen=page.values["listed"][SEEN])


@router.post("/prices/list")
def price_list_saved(visit: _Change, form: Form, id: str = "") -> Response:
    """Save a price list."""
    name = form.text("name")
    with visit.visitor.company() as connection:
        page = _page(visit, connection, id, id or list_key(name))
    problems = Problems()
    form.text("name", problems)
    percent = figure(visit, form, "percent", problems)
    state = {
        "name": name,
        "percent": optional_text(percent) or "0",
        "is_active": form.flag("is_active"),
    }
    return save_page(visit, page, form, problems, state)


@router.post("/prices/own")
def list_price_saved(visit: _Change, form: Form, on: str = "") -> Response:
    """Save what one product costs on a list; without a price the list's own rule counts."""
    problems = Problems()
    with visit.visitor.company() as connection:
        page = _page(visit, connection, on, on)
        product = _product(visit, connection, form, problems)
        price_id = f"{on}\t{product}"
        standing_row = load_things(connection, visit.company_id, [(LIST_PRICE, price_id)])
    row = standing_row.get((LIST_PRICE, price_id))
    price = None if form.flag("remove") else figure(visit, form, "price", problems)
    if price is None and not form.flag("remove"):
        form.text("price", problems)
    own = ThingPage(
        LIST_PRICE,
        price_id,
        page.template,
        page.active,
        f"/office/prices/own?on={quote(on)}",
        page.here,
        lambda state: [(visit.t("Price"), shown(visit, state["price"]))],
        {**page.values, SEEN: page.values["listed"][SEEN]},
        {"product_id": "code", "ListPriceWrong": "price"},
    )
    state = {
        "price_list": page.values["listed"]["name"],
        "product_id": product,
        "price": optional_text(price),
    }
    fresh = Posted({**form.fields, SEEN: [str(row.revision if row else 0)]})
    used = form if form.text(SEEN) and seen_in(form) else fresh
    return save_page(visit, own, used, problems, state)


def _page(visit: Visit, connection: Connection, id: str, key: str) -> ThingPage:
    company = visit.company_id
    known = standing(connection, company, PRICE_LIST, id) if id else {}
    here = LISTED + (f"?id={quote(id)}" if id else "")
    currency = company_of(connection, company).currency
    values = {
        "listed": {**_NEW, **known},
        "list_id": id,
        "own": _own_prices(visit, connection, id, minor_digits(currency)) if id else [],
        "currency": currency,
        "shown": lambda value: shown(visit, value),
        "here": here,
        "back": PRICES,
    }

    def rows(state: Mapping[str, Any]) -> Rows:
        return [
            (visit.t("Name"), state["name"]),
            (visit.t("Percent off"), shown(visit, state["percent"])),
            (visit.t("In use"), visit.t("yes") if state["is_active"] else visit.t("no")),
        ]

    places = {
        "PriceListNameMissing": "name",
        "PercentOffWrong": "percent",
        "StateUnreadable": "name",
    }
    return ThingPage(
        PRICE_LIST, key or "-", "price_list.html", "prices", here, PRICES, rows, values, places
    )


def _own_prices(
    visit: Visit, connection: Connection, key: str, places: int
) -> list[dict[str, str]]:
    """Return the products that have a price of their own on a list."""
    own = [
        one
        for one in states(connection, visit.company_id, LIST_PRICE)
        if one["price"] is not None and list_key(one["price_list"]) == key
    ]
    keys = [(PRODUCT, one["product_id"]) for one in own]
    products = load_things(connection, visit.company_id, keys)
    found = []
    for one in own:
        row = products.get((PRODUCT, one["product_id"]))
        product = state_of(row) if row is not None else {"name": "?", "code": "", "price": None}
        found.append(
            {
                "id": one["product_id"],
                "name": product["name"],
                "code": product["code"],
                "usual": shown(visit, product["price"], places),
                "price": shown(visit, Decimal(one["price"]), places),
                SEEN: str(one[SEEN]),
            }
        )
    return sorted(found, key=lambda one: one["name"].casefold())


def _product(visit: Visit, connection: Connection, form: Posted, problems: Problems) -> str:
    """Return the id of the product that was named by its id, code or barcode."""
    if form.text("product_id"):
        return form.text("product_id")
    code = form.text("code", problems)
    if not code:
        return ""
    found = find_products(connection, visit.company_id, ProductSearch(code, status="active"))
    for one in found.products:
        if code == one["code"] or code in one["barcodes"]:
            return str(one["id"])
    problems.add("code", ProductNotFound("code", code=code[:60]))
    return ""
