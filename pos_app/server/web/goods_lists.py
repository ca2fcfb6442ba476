"""Pages of the lists that products are made from: groups and units, and the taxes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import quote

from fastapi.responses import Response
from sqlalchemy import Connection

from pos_app.domain.errors import PosError
from pos_app.domain.payloads import tax_payload
from pos_app.domain.tax import Tax
from pos_app.server.companies import company_of
from pos_app.server.roles import Action
from pos_app.server.stamps import new_id
from pos_app.server.thing_kinds import CATEGORY, TAX, UNIT
from pos_app.server.web.forms import Form, Posted, Problems, page_router
from pos_app.server.web.saving import NOBODY, SEEN, Rows, ThingPage, save_page, standing, states
from pos_app.server.web.showing import show
from pos_app.server.web.typed import figure, shown
from pos_app.server.web.visits import Visit, page_for

router = page_router()
CATEGORIES, TAXES = "/office/categories", "/office/taxes"
_NEW_CATEGORY = {"id": "", "name": "", "colour": "", "position": 0, **NOBODY}
_NEW_UNIT = {"code": "", "name": "", "decimals": 0, **NOBODY}
_NEW_TAX = {
    "code": "",
    "name": "",
    "rate": None,
    "fixed_per_unit": None,
    "included": None,
    "affects_next": False,
    **NOBODY,
}
_INCLUDED = {"": None, "yes": True, "no": False}
_See = Annotated[Visit, page_for(Action.SEE)]
_Change = Annotated[Visit, page_for(Action.CHANGE_CATALOGUE)]


@router.get("/categories")
def categories(visit: _See) -> Response:
    """List groups of products, and units."""
    with visit.visitor.company() as connection:
        found = states(connection, visit.company_id, CATEGORY)
        units = states(connection, visit.company_id, UNIT)
    found.sort(key=lambda one: (one["position"], one["name"].casefold()))
    return show(visit, "categories.html", active="categories", categories=found, units=units)


@router.get("/categories/edit")
def category(visit: _See, id: str = "") -> Response:
    """Show a group, or an empty form for a new one."""
    with visit.visitor.company() as connection:
        page = _category_page(visit, connection, id)
    return page.show(visit, seen=page.values["category"][SEEN])


@router.post("/categories/edit")
def category_saved(visit: _Change, form: Form, id: str = "") -> Response:
    """Save a group."""
    with visit.visitor.company() as connection:
        page = _category_page(visit, connection, id, new_id(visit.now))
    problems = Problems()
    state = {
        "id": page.id,
        "name": form.text("name"),
        "colour": form.text("colour", most=40) if form.flag("has_colour") else "",
        "position": form.whole("position", problems) or 0,
    }
    return save_page(visit, page, form, problems, state)


@router.get("/units/edit")
def unit(visit: _See, id: str = "") -> Response:
    """Show a unit, or an empty form for a new one."""
    with visit.visitor.company() as connection:
        page = _unit_page(visit, connection, id, id)
    return page.show(visit, seen=page.values["unit"][SEEN])


@router.post("/units/edit")
def unit_saved(visit: _Change, form: Form, id: str = "") -> Response:
    """Save a unit."""
    code = id or form.text("code", most=100)
    with visit.visitor.company() as connection:
        page = _unit_page(visit, connection, id, code)
    problems = Problems()
    decimals = form.whole("decimals", problems)
    form.text("code", None if id else problems)
    state = {"code": code, "name": form.text("name"), "decimals": decimals or 0}
    return save_page(visit, page, form, problems, state)


@router.get("/taxes")
def taxes(visit: _See) -> Response:
    """List the taxes."""
    with visit.visitor.company() as connection:
        found = states(connection, visit.company_id, TAX)
        currency = company_of(connection, visit.company_id).currency
    return show(
        visit,
        "taxes.html",
        active="taxes",
        taxes=found,
        currency=currency,
        shown=lambda value: shown(visit, value),
    )


@router.get("/taxes/edit")
def tax(visit: _See, id: str = "") -> Response:
    """Show a tax, or an empty form for a new one."""
    with visit.visitor.company() as connection:
        page = _tax_page(visit, connection, id, id)
    return page.show(visit, seen=page.values["tax"][SEEN])


@router.post("/taxes/edit")
def tax_saved(visit: _Change, form: Form, id: str = "") -> Response:
    """Save a tax."""
    code = id or form.text("code", most=100)
    with visit.visitor.company() as connection:
        page = _tax_page(visit, connection, id, code)
    problems = Problems()
    form.text("code", None if id else problems)
    return save_page(visit, page, form, problems, _typed_tax(visit, form, problems, code))


def _typed_tax(visit: Visit, form: Posted, problems: Problems, code: str) -> dict[str, Any] | None:
    """Return a tax as it was typed: in percent, or a fixed amount for each unit sold."""
    is_fixed = form.text("way") == "fixed"
    field = "fixed_per_unit" if is_fixed else "rate"
    value = figure(visit, form, field, problems)
    if value is None:
        form.text(field, problems)
        return None
    try:
        made = Tax(
            rate=None if is_fixed else value,
            fixed_per_unit=value if is_fixed else None,
            included=_INCLUDED.get(form.text("included")),
            affects_next=form.flag("affects_next"),
            name=form.text("name"),
            code=code,
        )
    except PosError as refusal:
        problems.add(field, refusal)
        return None
    return tax_payload(made)


def _category_page(visit: Visit, connection: Connection, id: str, fresh_id: str = "") -> ThingPage:
    known = standing(connection, visit.company_id, CATEGORY, id) if id else {}
    here = f"{CATEGORIES}/edit" + (f"?id={quote(id)}" if id else "")
    values = {"category": {**_NEW_CATEGORY, **known}, "here": here, "back": CATEGORIES}

    def rows(state: Mapping[str, Any]) -> Rows:
        return [
            (visit.t("Name"), state["name"]),
            (visit.t("Colour of its tiles"), state.get("colour", "")),
            (visit.t("Place in the list"), str(state.get("position", 0))),
        ]

    template = "category.html"
    return ThingPage(
        CATEGORY, id or fresh_id, template, "categories", here, CATEGORIES, rows, values
    )


def _unit_page(visit: Visit, connection: Connection, id: str, code: str) -> ThingPage:
    known = standing(connection, visit.company_id, UNIT, id) if id else {}
    here = "/office/units/edit" + (f"?id={quote(id)}" if id else "")
    values = {"unit": {**_NEW_UNIT, **known}, "here": here, "back": CATEGORIES}

    def rows(state: Mapping[str, Any]) -> Rows:
        return [
            (visit.t("Name"), state["name"]),
            (visit.t("Decimal places of a quantity"), str(state["decimals"])),
        ]

    places = {"StateUnreadable": "code"}
    return ThingPage(
        UNIT, code or "-", "unit.html", "categories", here, CATEGORIES, rows, values, places
    )


def _tax_page(visit: Visit, connection: Connection, id: str, code: str) -> ThingPage:
    known = standing(connection, visit.company_id, TAX, id) if id else {}
    here = f"{TAXES}/edit" + (f"?id={quote(id)}" if id else "")
    whole = {**_NEW_TAX, **known}
    included = next(word for word, value in _INCLUDED.items() if value is whole["included"])
    values = {
        "tax": whole,
        "included": included,
        "currency": company_of(connection, visit.company_id).currency,
        "shown": lambda value: shown(visit, value),
        "here": here,
        "back": TAXES,
    }

    def rows(state: Mapping[str, Any]) -> Rows:
        said = {None: visit.t("as the shop's prices"), True: visit.t("yes"), False: visit.t("no")}
        return [
            (visit.t("Name"), state["name"]),
            (visit.t("Rate in percent"), shown(visit, _number(state["rate"]))),
            (visit.t("Amount for each unit"), shown(visit, _number(state["fixed_per_unit"]))),
            (visit.t("Contained in the price"), said[state["included"]]),
            (
                visit.t("The next tax is taken on it, too"),
                visit.t("yes") if state["affects_next"] else visit.t("no"),
            ),
        ]

    places = {"TaxOutOfRange": "rate", "StateUnreadable": "code"}
    return ThingPage(TAX, code or "-", "tax.html", "taxes", here, TAXES, rows, values, places)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
