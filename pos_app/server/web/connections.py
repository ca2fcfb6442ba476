"""Pages of the tills' connections to other systems, which head office makes for them."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi.responses import Response
from sqlalchemy import Connection

from pos_app.server.api_keys import Api
from pos_app.server.catalogue import save_thing
from pos_app.server.companies import list_shops
from pos_app.server.news import Topic
from pos_app.server.roles import Action
from pos_app.server.stamps import new_id
from pos_app.server.thing_kinds import CONNECTION
from pos_app.server.till_connections import HAS_KEY, REMOVED, shown_connection
from pos_app.server.web.forms import Form, Posted, Problems, page_router
from pos_app.server.web.saving import (
    NOBODY,
    SEEN,
    Rows,
    ThingPage,
    save_page,
    seen_in,
    standing,
    states,
)
from pos_app.server.web.showing import go, show
from pos_app.server.web.visits import Visit, page_for
from pos_app.sync.dialect import Dialect
from pos_app.sync.entered_connections import FROM_BEGINNING, FROM_NOW, KEY, WORDS_OF_NEEDS
from pos_app.sync.known_dialects import dialects_by_api

router = page_router()
CONNECTIONS = "/office/connections"
_NEW: dict[str, Any] = {
    "id": "",
    "api": Api.SALES.value,
    "name": "",
    "url": "",
    "user": "",
    "company": "",
    "connection": "",
    "options": {},
    "is_on": True,
    "since": FROM_NOW,
    HAS_KEY: False,
    **NOBODY,
}
_See = Annotated[Visit, page_for(Action.SEE)]
_Change = Annotated[Visit, page_for(Action.CHANGE_KEYS)]


@router.get("/connections")
def connections(visit: _See) -> Response:
    """List the connections that head office has made for tills."""
    with visit.visitor.company() as connection:
        found = [
            shown_connection(one)
            for one in states(connection, visit.company_id, CONNECTION)
            if not one.get(REMOVED)
        ]
        shops = {one.code: one.name for one in list_shops(connection, visit.company_id, "", 500)}
    return show(
        visit,
        "connections.html",
        active="connections",
        connections=sorted(found, key=lambda one: one["name"].casefold()),
        shops=shops,
        titles={api: one.title for api, one in dialects_by_api().items()},
    )


@router.get("/connections/edit")
def connection(visit: _See, id: str = "", api: str = "") -> Response:
    """Show a connection, or the form for a new one of an API."""
    with visit.visitor.company() as database:
        page = _page(visit, database, id, api)
    return page.show(visit, seen=page.values["line"][SEEN])


@router.post("/connections/edit")
def connection_saved(visit: _Change, form: Form, id: str = "", api: str = "") -> Response:
    """Save a connection; an empty key leaves the known one as it is."""
    shop = "" if id else form.text("shop")
    with visit.visitor.company() as database:
        page = _page(visit, database, id, api, new_id(visit.now), shop)
    problems = Problems()
    state = _typed(form, page)
    form.text("name", problems)
    form.text("url", problems)
    for name in sorted(page.values["dialect"].needs):
        if name != KEY or not page.values["line"][HAS_KEY]:
            form.text(name, problems)
    return save_page(visit, page, form, problems, state)


@router.post("/connections/remove")
def connection_removed(visit: _Change, form: Form, id: str = "") -> Response:
    """Remove a connection: each till forgets it with its key as soon as it hears of it."""
    visitor = visit.visitor
    with visitor.change(f"{CONNECTION} removed", id[:60]) as database:
        standing(database, visit.company_id, CONNECTION, id)
        save_thing(
            database,
            visit.company_id,
            CONNECTION,
            id,
            {"id": id, REMOVED: True},
            visitor.account.name,
            visitor.now,
            seen=seen_in(form) or None,
        )
    visit.serving.news.tell(visit.company_id, Topic.THINGS)
    told = visit.t("Removed. Each till forgets it as soon as it reaches head office.")
    return go(visit, CONNECTIONS, told)


def _typed(form: Posted, page: ThingPage) -> dict[str, Any]:
    line, dialect = page.values["line"], page.values["dialect"]
    day = form.text("since_day")
    since = day if form.text("since") == "day" and day else form.text("since") or FROM_NOW
    return {
        "id": page.id,
        "api": dialect.api,
        "name": form.text("name"),
        "url": form.text("url"),
        KEY: form.raw(KEY),
        **{name: form.text(name) for name in ("user", "company", "connection")},
        "options": {one.name: form.text(f"option-{one.name}", most=300) for one in dialect.options},
        "is_on": form.flag("is_on"),
        "since": line["since"] if line["id"] else since,
    }


def _page(
    visit: Visit, database: Connection, id: str, api: str, fresh_id: str = "", shop: str = ""
) -> ThingPage:
    known = standing(database, visit.company_id, CONNECTION, id) if id else {}
    line = {**_NEW, **shown_connection(known)} if known else dict(_NEW)
    known_dialects = dialects_by_api()
    chosen = line["api"] if id else api
    dialect = known_dialects.get(chosen) or known_dialects[Api.SALES.value]
    shops = list_shops(database, visit.company_id, "", 500)
    query = f"?id={quote(id)}" if id else f"?api={dialect.api}"
    here = f"{CONNECTIONS}/edit{query}"
    values = {
        "line": line,
        "dialect": dialect,
        "apis": [(one.api, one.title) for one in known_dialects.values()],
        "shops": [("", visit.t("all shops")), *((one.code, one.name) for one in shops)],
        "options": _options(visit, dialect, line["options"]),
        "labels": {name: _label(visit, str(words)) for name, words in WORDS_OF_NEEDS.items()},
        "starts": [
            (FROM_NOW, visit.t("from now on")),
            (FROM_BEGINNING, visit.t("everything since the beginning")),
            ("day", visit.t("from a day on")),
        ],
        "here": here,
        "back": CONNECTIONS,
    }
    fields = {
        "NotAnAddress": "url",
        "AddressNotSafe": "url",
        "BeginningWrong": "since_day",
        "ConnectionNameWrong": "name",
    }
    shop = shop if shop in {one.code for one in shops} else ""
    return ThingPage(
        CONNECTION,
        id or fresh_id,
        "connection.html",
        "connections",
        here,
        CONNECTIONS,
        lambda state: _rows(visit, state),
        values,
        fields,
        shop,
    )


def _options(visit: Visit, dialect: Dialect, chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"option-{one.name}",
            "words": visit.t(one.words),
            "value": chosen.get(one.name, one.usual),
            "choices": [(value, visit.t(words)) for value, words in one.choices],
        }
        for one in dialect.options
    ]


def _label(visit: Visit, words: str) -> str:
    said = visit.t(words)
    return said[:1].upper() + said[1:]


def _rows(visit: Visit, state: Mapping[str, Any]) -> Rows:
    if state.get(REMOVED):
        return [(visit.t("Name"), visit.t("removed"))]
    return [
        (visit.t("Name"), state["name"]),
        (visit.t("Address"), state["url"]),
        (_label(visit, str(WORDS_OF_NEEDS["user"])), state["user"]),
        (_label(visit, str(WORDS_OF_NEEDS["company"])), state["company"]),
        (_label(visit, str(WORDS_OF_NEEDS["connection"])), state["connection"]),
        (visit.t("Switched on"), visit.t("yes") if state["is_on"] else visit.t("no")),
        *((name, str(value)) for name, value in state["options"].items()),
        (visit.t("Key"), visit.t("a new one") if state.get(KEY) else ""),
    ]
