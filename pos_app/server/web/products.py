"""Pages of products: found among thousands, looked at with their stock, made and changed."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi.responses import Response
from sqlalchemy import Connection

from pos_app.domain.catalogue_rules import FieldEmpty
from pos_app.domain.errors import PosError
from pos_app.domain.gtin import GTIN_LENGTHS, are_digits, require_check_digit
from pos_app.domain.money import minor_digits
from pos_app.domain.payloads import optional_text
from pos_app.domain.product import PRODUCT_KINDS, ProductKind
from pos_app.domain.words import Later, later
from pos_app.server.companies import company_of, list_shops
from pos_app.server.product_finding import ProductSearch, find_products
from pos_app.server.roles import Action
from pos_app.server.stamps import new_id
from pos_app.server.stock_values import levels_by_place
from pos_app.server.thing_kinds import CATEGORY, PRODUCT, TAX, UNIT
from pos_app.server.web.forms import Form, Posted, Problems, page_router
from pos_app.server.web.saving import NOBODY, SEEN, Rows, ThingPage, save_page, standing, states
from pos_app.server.web.showing import show
from pos_app.server.web.typed import figure, lines, shown
from pos_app.server.web.visits import Visit, page_for

router = page_router()
LIST, EDIT = "/office/products", "/office/products/edit"
PRODUCTS_ON_A_PAGE = 50
KIND_WORDS: dict[ProductKind, Later] = {
    ProductKind.GOODS: later("Goods"),
    ProductKind.SERVICE: later("Service"),
    ProductKind.POSTAGE: later("Postage"),
    ProductKind.VOUCHER: later("Voucher"),
    ProductKind.DISCOUNT: later("Discount"),
    ProductKind.FEE: later("Fee"),
    ProductKind.MANUAL: later("Named at the till"),
    ProductKind.SAMPLE: later("Sample"),
    ProductKind.ADJUSTMENT: later("Adjustment"),
}
_NEW: dict[str, Any] = {
    "id": "",
    "name": "",
    "code": "",
    "kind": ProductKind.GOODS.value,
    "barcodes": [],
    "category": "",
    "unit": "",
    "price": None,
    "min_price": None,
    "cost": None,
    "taxes": [],
    "is_active": True,
    "tile_position": None,
    **NOBODY,
}
_See = Annotated[Visit, page_for(Action.SEE)]
_Change = Annotated[Visit, page_for(Action.CHANGE_CATALOGUE)]


@router.get("/products")
def products(
    visit: _See, find: str = "", category: str = "", status: str = "", after: str = ""
) -> Response:
    """List products in order of their codes."""
    wanted = ProductSearch(find[:200], category[:200], status, after[:400], PRODUCTS_ON_A_PAGE)
    with visit.visitor.company() as connection:
        found = find_products(connection, visit.company_id, wanted)
        categories = states(connection, visit.company_id, CATEGORY)
        currency = company_of(connection, visit.company_id).currency
    query = {"find": find, "category": category, "status": status}
    query = {name: value for name, value in query.items() if value}
    return show(
        visit,
        "products.html",
        active="products",
        products=found.products,
        names={one["id"]: one["name"] for one in categories},
        categories=_named(categories),
        find=find,
        category=category,
        sold=status,
        shown=lambda value: shown(visit, value, minor_digits(currency)),
        currency=currency,
        next_path=_path(LIST, {**query, "after": found.after}) if found.after else "",
        first_path=_path(LIST, query) if after else "",
    )


@router.get("/products/edit")
def product(visit: _See, id: str = "") -> Response:
    """Show a product, or an empty form for a new one."""
    with visit.visitor.company() as connection:
        page = _page(visit, connection, id)
    return page.show(visit, seen=page.values["product"][SEEN])


@router.post("/products/edit")
def product_saved(visit: _Change, form: Form, id: str = "") -> Response:
    """Save a product."""
    with visit.visitor.company() as connection:
        page = _page(visit, connection, id, new_id(visit.now))
    problems = Problems()
    state = _typed(visit, form, problems, page)
    return save_page(visit, page, form, problems, None if problems else state)


def _page(visit: Visit, connection: Connection, id: str, fresh_id: str = "") -> ThingPage:
    company = visit.company_id
    known = dict(standing(connection, company, PRODUCT, id)) if id else {}
    categories = sorted(states(connection, company, CATEGORY), key=lambda one: one["name"])
    units, taxes = states(connection, company, UNIT), states(connection, company, TAX)
    shops = {shop.code: shop.name for shop in list_shops(connection, company, "", 500)}
    levels = levels_by_place(connection, company, id) if id else []
    currency = company_of(connection, company).currency
    here = _path(EDIT, {"id": id}) if id else EDIT
    values = {
        "product": {**_NEW, **known},
        "category_choices": [("", visit.t("None")), *_named(categories)],
        "units": units,
        "unit_choices": [(one["code"], f"{one['name']} ({one['code']})") for one in units],
        "taxes": taxes,
        "kinds": [(kind.value, visit.t(KIND_WORDS[kind])) for kind in PRODUCT_KINDS],
        "levels": [
            (shops.get(one.shop, one.shop), one.location, shown(visit, one.quantity))
            for one in levels
        ],
        "currency": currency,
        "here": here,
        "back": LIST,
        "shown": lambda value: shown(visit, value),
        "priced": lambda value: shown(visit, value, minor_digits(currency)),
    }
    return ThingPage(
        PRODUCT,
        id or fresh_id,
        "product.html",
        "products",
        here,
        LIST,
        lambda state: _rows(visit, state, categories),
        values,
    )


def _typed(visit: Visit, form: Posted, problems: Problems, page: ThingPage) -> dict[str, Any]:
    """Return what was typed as a product's state; what head office does not edit stays."""
    place = form.whole("tile_position", problems)
    barcodes = lines(form, "barcodes")
    if not form.flag("keep_barcodes"):
        known = page.values["product"]["barcodes"]  # what stood there already is as it is
        _check_barcodes([code for code in barcodes if code not in known], problems)
    if not form.text("unit"):
        problems.add("unit", FieldEmpty("unit"))
    return {
        "id": page.id,
        "code": form.text("code"),
        "name": form.text("name"),
        "price": optional_text(figure(visit, form, "price", problems)),
        "unit": form.text("unit"),
        "kind": form.text("kind") or ProductKind.GOODS.value,
        "category": form.text("category") or None,
        "taxes": [code for code in form.every("taxes") if code],
        "barcodes": barcodes,
        "cost": optional_text(figure(visit, form, "cost", problems)),
        "min_price": optional_text(figure(visit, form, "min_price", problems)),
        "is_active": form.flag("is_active"),
        "tile_position": place,
    }


def _check_barcodes(barcodes: list[str], problems: Problems) -> None:
    """Refuse trade item numbers (GTIN) whose last digit does not fit."""
    for code in barcodes:
        if are_digits(code) and len(code) in GTIN_LENGTHS:
            try:
                require_check_digit(code)
            except PosError as refusal:
                problems.add("barcodes", refusal)


def _rows(visit: Visit, state: Mapping[str, Any], categories: list[dict[str, Any]]) -> Rows:
    names = {one["id"]: one["name"] for one in categories}
    taxes = [tax if isinstance(tax, str) else tax["code"] for tax in state["taxes"]]
    kind = KIND_WORDS.get(ProductKind(state["kind"]))
    return [
        (visit.t("Name"), state["name"]),
        (visit.t("Own code"), state["code"]),
        (visit.t("Barcodes"), ", ".join(state["barcodes"])),
        (visit.t("Price"), shown(visit, state["price"])),
        (visit.t("Unit"), state["unit"]),
        (visit.t("Kind"), visit.t(kind) if kind else state["kind"]),
        (visit.t("Category"), names.get(state["category"], "")),
        (visit.t("Taxes"), ", ".join(taxes)),
        (visit.t("Cost"), shown(visit, state.get("cost"))),
        (visit.t("Lowest price"), shown(visit, state.get("min_price"))),
        (visit.t("Sold"), visit.t("yes") if state["is_active"] else visit.t("no")),
        (visit.t("Place among the tiles"), str(state.get("tile_position") or "")),
    ]


def _named(categories: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return sorted(((one["id"], one["name"]) for one in categories), key=lambda one: one[1])


def _path(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
