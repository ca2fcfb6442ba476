"""Pages of who works at the tills and what each role may do; no PIN is shown or set here."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import quote

from fastapi.responses import Response
from sqlalchemy import Connection

from pos_app.domain.action_words import ACTION_WORDS
from pos_app.domain.approval import Action as TillAction
from pos_app.domain.approval_policy import BY_PERCENT, WITHOUT_FIGURE
from pos_app.domain.payloads import optional_text
from pos_app.domain.plain import to_plain
from pos_app.domain.staff import USUAL_ROLES
from pos_app.domain.words import later
from pos_app.server.companies import company_of, list_shops
from pos_app.server.roles import Action
from pos_app.server.stamps import new_id
from pos_app.server.thing_kinds import ROLE, STAFF
from pos_app.server.web.forms import Form, Posted, Problems, page_router
from pos_app.server.web.saving import NOBODY, SEEN, Rows, ThingPage, save_page, standing, states
from pos_app.server.web.showing import show
from pos_app.server.web.typed import figure, shown
from pos_app.server.web.visits import Visit, page_for
from pos_app.texts import LANGUAGES

router = page_router()
STAFF_LIST = "/office/staff"
_NEW_MEMBER = {
    "id": "",
    "code": "",
    "name": "",
    "role": "cashier",
    "language": "",
    "is_active": True,
    **NOBODY,
}
_NEW_ROLE = {"key": "", "name": "", "permissions": [], **NOBODY}
NOT_NEGATIVE = later("Enter 0 or more, or leave it empty.")
_See = Annotated[Visit, page_for(Action.SEE)]
_Change = Annotated[Visit, page_for(Action.CHANGE_CATALOGUE)]


@router.get("/staff")
def staff(visit: _See) -> Response:
    """List members of staff and roles."""
    with visit.visitor.company() as connection:
        members = states(connection, visit.company_id, STAFF)
        roles = _roles(visit, connection)
        shops = {one.code: one.name for one in list_shops(connection, visit.company_id, "", 500)}
    members.sort(key=lambda one: (not one.get("is_active", True), one["name"].casefold()))
    return show(visit, "staff.html", active="staff", members=members, roles=roles, shops=shops)


@router.get("/staff/edit")
def member(visit: _See, id: str = "") -> Response:
    """Show a member of staff, or an empty form for a new one."""
    with visit.visitor.company() as connection:
        page = _member_page(visit, connection, id)
    return page.show(visit, seen=page.values["member"][SEEN])


@router.post("/staff/edit")
def member_saved(visit: _Change, form: Form, id: str = "") -> Response:
    """Save a member of staff."""
    with visit.visitor.company() as connection:
        shop = "" if id else form.text("shop")
        page = _member_page(visit, connection, id, new_id(visit.now), shop)
    problems = Problems()
    state = {
        "id": page.id,
        "code": form.text("code", problems),
        "name": form.text("name", problems),
        "role": form.text("role", problems),
        "language": form.text("language"),
        "is_active": form.flag("is_active"),
    }
    return save_page(visit, page, form, problems, state)


@router.get("/roles/edit")
def role(visit: _See, id: str = "") -> Response:
    """Show what a role may do, or an empty form for a new one."""
    with visit.visitor.company() as connection:
        page = _role_page(visit, connection, id)
    return page.show(visit, seen=page.values["role"][SEEN])


@router.post("/roles/edit")
def role_saved(visit: _Change, form: Form, id: str = "") -> Response:
    """Save a role."""
    with visit.visitor.company() as connection:
        page = _role_page(visit, connection, id, new_id(visit.now))
    problems = Problems()
    state = {
        "key": page.id,
        "name": form.text("name", problems),
        "permissions": _typed_permissions(visit, form, problems),
    }
    return save_page(visit, page, form, problems, state)


def _typed_permissions(
    visit: Visit, form: Posted, problems: Problems
) -> list[dict[str, str | None]]:
    chosen = set(form.every("may"))
    found = []
    for action in TillAction:
        if action.value not in chosen:
            continue
        limit = None
        if action not in WITHOUT_FIGURE:
            limit = figure(visit, form, f"limit-{action.value}", problems)
            if limit is not None and limit < 0:
                problems.add(f"limit-{action.value}", NOT_NEGATIVE)
        found.append({"action": action.value, "limit": optional_text(limit)})
    return found


def _roles(visit: Visit, connection: Connection) -> dict[str, dict[str, Any]]:
    """Return every role by its key, the usual ones translated where nobody renamed them."""
    found: dict[str, dict[str, Any]] = {
        one.key: {**_plain_role(one), **NOBODY} for one in USUAL_ROLES
    }
    found |= {one["key"]: one for one in states(connection, visit.company_id, ROLE)}
    return {key: {**one, "name": visit.t(one["name"])} for key, one in found.items()}


def _plain_role(role: Any) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(role)
    return {**plain, "name": str(plain["name"])}


def _member_page(
    visit: Visit, connection: Connection, id: str, fresh_id: str = "", shop: str = ""
) -> ThingPage:
    known = standing(connection, visit.company_id, STAFF, id) if id else {}
    roles = _roles(visit, connection)
    shops = list_shops(connection, visit.company_id, "", 500)
    here = f"{STAFF_LIST}/edit" + (f"?id={quote(id)}" if id else "")
    values = {
        "member": {**_NEW_MEMBER, **known},
        "roles": [(key, one["name"]) for key, one in roles.items()],
        "languages_known": [("", visit.t("as the till")), *LANGUAGES.items()],
        "shops": [("", visit.t("all shops")), *((one.code, one.name) for one in shops)],
        "here": here,
        "back": STAFF_LIST,
    }

    def rows(state: Mapping[str, Any]) -> Rows:
        return [
            (visit.t("Name"), state["name"]),
            (visit.t("Code"), state["code"]),
            (visit.t("Role"), str(roles.get(state["role"], {}).get("name", state["role"]))),
            (visit.t("Language"), state.get("language", "")),
            (visit.t("Works here"), visit.t("yes") if state["is_active"] else visit.t("no")),
        ]

    places = {"RoleUnknown": "role"}
    shop = shop if shop in {one.code for one in shops} else ""
    return ThingPage(
        STAFF, id or fresh_id, "member.html", "staff", here, STAFF_LIST, rows, values, places, shop
    )


def _role_page(visit: Visit, connection: Connection, id: str, fresh_id: str = "") -> ThingPage:
    roles = _roles(visit, connection)
    known: Mapping[str, Any] = {}
    if id and id in roles and not roles[id][SEEN]:
        known = roles[id]  # a usual role that nobody changed yet
    elif id:
        known = standing(connection, visit.company_id, ROLE, id)
        known = {**known, "name": visit.t(known["name"])}
    allowed = {one["action"]: one["limit"] for one in known.get("permissions", ())}
    here = "/office/roles/edit" + (f"?id={quote(id)}" if id else "")
    currency = company_of(connection, visit.company_id).currency
    values = {
        "role": {**_NEW_ROLE, **known},
        "actions": [
            {
                "key": action.value,
                "words": visit.t(ACTION_WORDS[action]),
                "is_allowed": action.value in allowed,
                "limit": shown(visit, allowed.get(action.value)),
                "unit": ""
                if action in WITHOUT_FIGURE
                else "%"
                if action in BY_PERCENT
                else currency,
            }
            for action in TillAction
        ],
        "here": here,
        "back": STAFF_LIST,
    }

    def rows(state: Mapping[str, Any]) -> Rows:
        own = {one["action"]: one["limit"] for one in state["permissions"]}
        told = [(visit.t("Name"), state["name"])]
        for action in TillAction:
            limit = own.get(action.value)
            words = visit.t("no") if action.value not in own else visit.t("yes")
            if limit is not None:
                words = visit.t("up to {limit}").format(limit=shown(visit, Decimal(limit)))
            told.append((visit.t(ACTION_WORDS[action]), words))
        return told

    return ThingPage(ROLE, id or fresh_id, "role.html", "staff", here, STAFF_LIST, rows, values)
