"""Pages of the settings of shops: one shop at a time, or the same change for several at once."""

import json
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi.responses import Response
from sqlalchemy import Connection

from pos_app.domain.action_words import ACTION_WORDS
from pos_app.domain.approval import Action as TillAction
from pos_app.domain.approval_policy import BY_PERCENT, TAKEN_OUT, WITHOUT_FIGURE
from pos_app.domain.money import minor_digits
from pos_app.domain.payloads import optional_text
from pos_app.domain.plain import from_plain, to_plain
from pos_app.domain.shop import ShopSettings
from pos_app.server.catalogue import save_thing
from pos_app.server.companies import Shop, list_shops, shop_of
from pos_app.server.roles import Action
from pos_app.server.thing_kinds import SETTINGS
from pos_app.server.thing_rows import load_things
from pos_app.server.web.forms import Form, Posted, Problems, page_router
from pos_app.server.web.saving import SEEN, Rows, ThingPage, save_page
from pos_app.server.web.settings_fields import (
    GROUPS,
    NOT_NEGATIVE,
    SettingField,
    as_typed,
    typed_value,
    value_at,
)
from pos_app.server.web.showing import show
from pos_app.server.web.typed import figure, lines, shown
from pos_app.server.web.visits import Visit, page_for

router = page_router()
SHOPS, SHOP = "/office/settings", "/office/settings/shop"
FREE, ALWAYS, ABOVE, PER_SHIFT = "free", "always", "above", "per_shift"
_See = Annotated[Visit, page_for(Action.SEE)]
_Change = Annotated[Visit, page_for(Action.CHANGE_SHOPS)]


@router.get("/settings")
def settings(visit: _See) -> Response:
    """List the shops whose settings there are."""
    with visit.visitor.company() as connection:
        shops = list_shops(connection, visit.company_id, "", 500)
        keys = [(SETTINGS, shop.code) for shop in shops]
        known = load_things(connection, visit.company_id, keys)
    rows = {code: row for (_, code), row in known.items()}
    return show(visit, "settings.html", active="settings", shops=shops, rows=rows)


@router.get("/settings/shop")
def shop_settings(visit: _See, id: str = "") -> Response:
    """Show a shop's settings."""
    with visit.visitor.company() as connection:
        page = _page(visit, connection, id)
    return page.show(visit, seen=page.values[SEEN])


@router.post("/settings/shop")
def shop_settings_saved(visit: _Change, form: Form, id: str = "") -> Response:
    """Save a shop's settings, and what was changed in them for the other shops that are ticked."""
    with visit.visitor.company() as connection:
        page = _page(visit, connection, id)
    problems = Problems()
    before: Mapping[str, Any] = page.values["whole"]
    state = _typed(visit, form, problems, before)
    changed = {name: value for name, value in state.items() if before.get(name) != value}
    others = [code for code in form.every("also") if code and code != id]

    def also(connection: Connection) -> None:
        for code in others:
            _save_for(visit, connection, code, changed, before)

    # Without changes nothing is sent; the shop's name stands for a shop of which nothing is known.
    return save_page(visit, page, form, problems, {"name": state["name"], **changed}, also)


def _save_for(
    visit: Visit,
    connection: Connection,
    code: str,
    changed: Mapping[str, Any],
    before: Mapping[str, Any],
) -> None:
    """Change in another shop what was changed here, field by field; its name and address stay."""
    shop = shop_of(connection, visit.company_id, code)
    own = _whole(connection, visit.company_id, shop)[0]
    state: dict[str, Any] = {"name": own["name"]}
    for name, value in changed.items():
        if name in {"name", "address", "phone"}:
            continue
        mine, was = own.get(name), before.get(name)
        if isinstance(value, dict) and isinstance(mine, dict) and isinstance(was, dict):
            state[name] = {**mine, **{k: v for k, v in value.items() if was.get(k) != v}}
        else:
            state[name] = value
    visitor = visit.visitor
    save_thing(
        connection, visit.company_id, SETTINGS, code, state, visitor.account.name, visitor.now
    )


def _whole(connection: Connection, company_id: str, shop: Shop) -> tuple[dict[str, Any], int]:
    """Return all of a shop's settings as plain values, and their revision."""
    row = load_things(connection, company_id, [(SETTINGS, shop.code)]).get((SETTINGS, shop.code))
    state = json.loads(row.state) if row is not None else {"name": shop.name}
    whole: dict[str, Any] = to_plain(from_plain(ShopSettings, state))
    return {**whole, **{k: v for k, v in state.items() if k not in whole}}, (
        0 if row is None else row.revision
    )


def _page(visit: Visit, connection: Connection, code: str) -> ThingPage:
    shop = shop_of(connection, visit.company_id, code)
    whole, revision = _whole(connection, visit.company_id, shop)
    places = minor_digits(whole["policy"]["currency"])
    here = f"{SHOP}?id={quote(code)}"
    shops = list_shops(connection, visit.company_id, "", 500)
    values = {
        "shop": shop,
        "whole": whole,
        SEEN: revision,
        "currency": whole["policy"]["currency"],
        "groups": [
            (group, [(one, as_typed(visit, one, whole, places)) for one in group.fields])
            for group in GROUPS
        ],
        "reasons": _reasons(whole, written_off=False),
        "spoilt": _reasons(whole, written_off=True),
        "rules": _rules(visit, whole),
        "lock_minutes": whole["approvals"]["auto_lock_s"] // 60,
        "approval_reasons": "\n".join(visit.t(one) for one in whole["approvals"]["reasons"]),
        "others": [one for one in shops if one.code != code],
        "here": here,
        "back": SHOPS,
    }
    fields = {
        "address": "address",
        "header": "receipt-header",
        "footer": "receipt-footer",
        "cash_step": "cash_rounding-step",
        "float_target": "cash-float_target",
        "reasons_in": "cash-reasons_in",
        "reasons_out": "cash-reasons_out",
        "head_office": "head_office-after_h",
        "TimeZoneUnknown": "time_zone",
    }
    return ThingPage(
        SETTINGS,
        code,
        "shop_settings.html",
        "settings",
        here,
        SHOPS,
        lambda state: _rows(visit, state, places),
        values,
        fields,
    )


def _typed(
    visit: Visit, form: Posted, problems: Problems, before: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the settings with what was typed; what has no field stays."""
    state: dict[str, Any] = json.loads(json.dumps(before))
    for field in (one for group in GROUPS for one in group.fields):
        value = typed_value(visit, form, field, problems)
        if field.path == "documents.payment_terms":
            value = "\n".join(value)
        if field.path != "cash_rounding.step":
            _put(state, field, value)
        elif value is None or value == "0":
            state["cash_rounding"] = None
        else:
            known = before.get("cash_rounding") or {"mode": "half_up", "only_cash": True}
            state["cash_rounding"] = {**known, "step": value}
    state["returns"] = {
        **state["returns"],
        "reasons": [
            *({"text": one, "written_off": False} for one in lines(form, "return_reasons")),
            *({"text": one, "written_off": True} for one in lines(form, "return_spoilt")),
        ],
    }
    minutes = form.whole("lock_minutes", problems) or 0
    if not 0 <= minutes <= 24 * 60:
        problems.add("lock_minutes", NOT_NEGATIVE)
    approvals = dict(state["approvals"])
    approvals["auto_lock_s"] = minutes * 60
    typed_reasons = lines(form, "approval_reasons")
    if typed_reasons != [visit.t(one) for one in approvals["reasons"]]:
        approvals["reasons"] = typed_reasons
    approvals["rules"] = _typed_rules(visit, form, problems, before)
    state["approvals"] = approvals
    return state


def _put(state: dict[str, Any], field: SettingField, value: Any) -> None:
    *outer, last = field.path.split(".")
    place = state
    for part in outer:
        place = place[part]
    place[last] = value


def _typed_rules(
    visit: Visit, form: Posted, problems: Problems, before: Mapping[str, Any]
) -> list[dict[str, Any]]:
    known = {one["action"]: one for one in before["approvals"]["rules"]}
    found = []
    for action in TillAction:
        way, name = form.text(f"rule-{action.value}"), f"figure-{action.value}"
        number = figure(visit, form, name, problems) if way in {ABOVE, PER_SHIFT} else None
        if way in {ABOVE, PER_SHIFT} and (number is None or number < 0):
            problems.add(name, NOT_NEGATIVE)
        own = known.get(action.value, {})
        has_both = way == ABOVE and own.get("above") is not None  # a sum beside it stays
        summed = own.get("per_shift") if has_both else None
        found.append(
            {
                "action": action.value,
                "is_reserved": way != FREE,
                "above": optional_text(number) if way == ABOVE else None,
                "per_shift": optional_text(number) if way == PER_SHIFT else summed,
            }
        )
    return found


def _rules(visit: Visit, whole: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rule of every action as the form shows it."""
    known = {one["action"]: one for one in whole["approvals"]["rules"]}
    found = []
    for action in TillAction:
        rule = known.get(action.value, {"is_reserved": True, "above": None, "per_shift": None})
        way = FREE if not rule["is_reserved"] else ALWAYS
        if way == ALWAYS and rule["above"] is not None:
            way = ABOVE
        elif way == ALWAYS and rule["per_shift"] is not None:
            way = PER_SHIFT
        ways = [(FREE, visit.t("everybody may")), (ALWAYS, visit.t("always needs approval"))]
        if action not in WITHOUT_FIGURE:
            ways.append((ABOVE, visit.t("needs approval above")))
        if action in TAKEN_OUT:
            ways.append((PER_SHIFT, visit.t("needs approval beyond this sum in a shift")))
        number = rule["above"] if way == ABOVE else rule["per_shift"]
        found.append(
            {
                "key": action.value,
                "words": visit.t(ACTION_WORDS[action]),
                "way": way,
                "ways": ways,
                "figure": shown(visit, number) if way in {ABOVE, PER_SHIFT} else "",
                "has_figure": action not in WITHOUT_FIGURE,
                "unit": "%" if action in BY_PERCENT else whole["policy"]["currency"],
            }
        )
    return found


def _reasons(whole: Mapping[str, Any], *, written_off: bool) -> str:
    reasons = whole["returns"]["reasons"]
    return "\n".join(one["text"] for one in reasons if one["written_off"] is written_off)


def _rows(visit: Visit, state: Mapping[str, Any], places: int) -> Rows:
    whole = to_plain(from_plain(ShopSettings, state))
    told: Rows = []
    for field in (one for group in GROUPS for one in group.fields):
        value = as_typed(visit, field, whole, places)
        if isinstance(value, bool):
            value = visit.t("yes") if value else visit.t("no")
        words = dict(field.choices).get(str(value_at(whole, field.path)))
        told.append((visit.t(field.label), visit.t(words) if words else str(value)))
    for rule in _rules(visit, whole):
        said = f"{dict(rule['ways'])[rule['way']]} {rule['figure']}".strip()
        told.append((visit.t("Approval: {what}").format(what=rule["words"]), said))
    told.append((visit.t("Reasons to take goods back"), _reasons(whole, written_off=False)))
    told.append((visit.t("Reasons that write goods off"), _reasons(whole, written_off=True)))
    return told
