"""Shops, and codes by which new tills come to them."""

from datetime import timedelta
from typing import Annotated
from zoneinfo import available_timezones

from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from pos_app.domain.errors import PosError
from pos_app.domain.words import later
from pos_app.server.companies import Shop, add_shop, change_shop, list_shops, shop_of
from pos_app.server.enrolment_codes import make_code, withdraw_codes
from pos_app.server.office_shapes import Code, Name
from pos_app.server.qr_picture import qr_data
from pos_app.server.roles import Action
from pos_app.server.stamps import stamp
from pos_app.server.web.forms import Form, Posted, Problems, page_router
from pos_app.server.web.overview import MOST, shops_shown
from pos_app.server.web.showing import go, show
from pos_app.server.web.visits import Visit, page_for

router = page_router()
_See = Annotated[Visit, page_for(Action.SEE)]
_Change = Annotated[Visit, page_for(Action.CHANGE_SHOPS)]
_Enrol = Annotated[Visit, page_for(Action.ENROL_TILLS)]
LASTS = {
    "60": later("an hour"),
    "1440": later("a day"),
    "10080": later("a week"),
}
_CODE, _NAME = TypeAdapter(Code), TypeAdapter(Name)


@router.get("/shops")
def shops(visit: _See) -> Response:
    """List the shops with their tills."""
    with visit.visitor.company() as connection:
        found = shops_shown(connection, visit)
    return show(visit, "shops.html", active="shops", shops=found)


@router.get("/shops/new")
def new_shop(visit: _Change) -> Response:
    """Ask what a new shop is called."""
    return _edit(visit, None)


@router.post("/shops/new")
def shop_made(visit: _Change, form: Form) -> Response:
    """Make a shop."""
    problems = Problems()
    code = form.text("code", problems)
    _check(_CODE, "code", code, problems, visit.t("Use up to 20 letters, digits, - and _."))
    if code == "new":  # its page has another address
        problems.add("code", visit.t("Choose another code."))
    shop = Shop(code, _name(visit, form, problems), form.text("time_zone"), stamp(visit.now))
    if not problems:
        try:
            with visit.visitor.change("shop made", code) as connection:
                add_shop(connection, visit.company_id, shop)
            return go(visit, "/office/shops", visit.t("The shop is made."))
        except PosError as failure:
            problems.add("", failure)
    return _edit(visit, None, problems, form)


@router.get("/shops/{code}")
def shop(code: str, visit: _See) -> Response:
    """Show what a shop is called."""
    with visit.visitor.company() as connection:
        found = shop_of(connection, visit.company_id, code)
    return _edit(visit, found)


@router.post("/shops/{code}")
def shop_changed(code: str, visit: _Change, form: Form) -> Response:
    """Give a shop another name or time zone."""
    problems = Problems()
    name = _name(visit, form, problems)
    if not problems:
        try:
            with visit.visitor.change("shop changed", code) as connection:
                change_shop(
                    connection,
                    visit.company_id,
                    code,
                    name=name,
                    time_zone=form.text("time_zone"),
                )
            return go(visit, "/office/shops", visit.t("Saved."))
        except PosError as failure:
            problems.add("", failure)
    with visit.visitor.company() as connection:
        found = shop_of(connection, visit.company_id, code)
    return _edit(visit, found, problems, form)


@router.get("/codes")
def codes(visit: _See) -> Response:
    """Say how a new till comes in, and offer to make a code."""
    return _codes(visit)


@router.post("/codes")
def code_made(visit: _Enrol, form: Form) -> Response:
    """Make a code for one till, shown this once as text and picture."""
    wanted, minutes = form.text("shop"), form.text("minutes")
    if minutes not in LASTS:
        return _codes(visit, Problems({"minutes": later("Choose how long it is good for.")}))
    try:
        with visit.visitor.change("enrolment code made", wanted) as connection:
            made = make_code(
                connection,
                visit.company_id,
                wanted,
                visit.now,
                lasts=timedelta(minutes=int(minutes)),
                url=visit.serving.settings.public_url,
            )
            found = shop_of(connection, visit.company_id, wanted)
    except PosError as failure:
        return _codes(visit, Problems({"": failure}))
    picture = qr_data(made.invitation)
    return show(visit, "code.html", active="codes", made=made, shop=found, picture=picture)


@router.post("/codes/{code}/withdraw")
def codes_withdrawn(code: str, visit: _Enrol) -> Response:
    """Take every unused code of a shop away."""
    with visit.visitor.change("enrolment codes withdrawn", code) as connection:
        count = withdraw_codes(connection, visit.company_id, code)
    return go(visit, "/office/codes", visit.t("{count} codes withdrawn.").format(count=count))


def _codes(visit: Visit, problems: Problems | None = None) -> Response:
    with visit.visitor.company() as connection:
        found = list_shops(connection, visit.company_id, "", MOST)
    status = 422 if problems else 200
    values = {"shops": found, "lasts": LASTS, "problems": problems or Problems()}
    return show(visit, "codes.html", status, active="codes", **values)


def _edit(
    visit: Visit, found: Shop | None, problems: Problems | None = None, form: Posted | None = None
) -> Response:
    return show(
        visit,
        "shop.html",
        422 if problems else 200,
        active="shops",
        shop=found,
        zones=sorted(available_timezones()),
        problems=problems or Problems(),
        posted=form or Posted({}),
    )


def _name(visit: Visit, form: Posted, problems: Problems) -> str:
    name = form.text("name", problems)
    _check(_NAME, "name", name, problems, visit.t("Write a name of at most 120 characters."))
    return name


def _check(
    kind: TypeAdapter[str], field: str, value: str, problems: Problems, sentence: str
) -> None:
    try:
        kind.validate_python(value)
    except ValidationError:
        problems.add(field, sentence)
