"""Pages of the keys of the sales APIs: made, shown once with all that their user needs, revoked."""

from typing import Annotated

from fastapi.responses import Response
from sqlalchemy import Connection

from pos_app.domain.errors import PosError
from pos_app.domain.words import Later, later
from pos_app.server.api_keys import (
    USUAL_USER,
    Api,
    ApiKey,
    KeyNameWrong,
    NewKey,
    Right,
    list_keys,
    make_key,
    revoke_key,
)
from pos_app.server.companies import ShopUnknown, list_shops
from pos_app.server.key_sheets import key_sheet, rights_in_order
from pos_app.server.roles import Action
from pos_app.server.web.forms import Form, Posted, Problems, page_router
from pos_app.server.web.showing import go, show
from pos_app.server.web.visits import Visit, page_for
from pos_app.sync.known_dialects import dialects_by_api

router = page_router()
KEYS = "/office/keys"
RIGHT_WORDS: dict[Right, Later] = {
    Right.READ: later("Read"),
    Right.WRITE: later("Write"),
    Right.APPROVE: later("Let customers go beyond their credit"),
}
CHOOSE = later("Choose one of the list.")
AT_LEAST_ONE = later("Choose at least one.")
_See = Annotated[Visit, page_for(Action.SEE)]
_Change = Annotated[Visit, page_for(Action.CHANGE_KEYS)]


@router.get("/keys")
def keys(visit: _See) -> Response:
    """List the keys, the latest first."""
    with visit.visitor.company() as connection:
        found = _all_keys(connection, visit.company_id)
        shops = {one.code: one.name for one in list_shops(connection, visit.company_id, "", 500)}
    return show(
        visit,
        "keys.html",
        active="keys",
        keys=list(reversed(found)),
        shops=shops,
        apis=titles(),
        rights_of=rights_in_order,
        right_words=RIGHT_WORDS,
    )


@router.get("/keys/new")
def new_key(visit: _Change) -> Response:
    """Show an empty form."""
    return _form(visit, Posted({}), Problems())


@router.post("/keys/new")
def key_made(visit: _Change, form: Form) -> Response:
    """Make a key and show its secret, this once."""
    problems = Problems()
    api = _api(form, problems)
    rights = frozenset(right for right in Right if right.value in form.every("rights"))
    if not rights:
        problems.add("rights", AT_LEAST_ONE)
    name = form.text("name", problems, most=200)
    user = form.text("user_name", most=200) or USUAL_USER
    if problems or api is None:
        return _form(visit, form, problems)
    new = NewKey(api, form.text("shop"), name, rights, user)
    visitor = visit.visitor
    try:
        with visitor.change(f"API key made: {api}", name) as connection:
            made = make_key(connection, visitor.company_id, new, visitor.signature, visitor.now)
    except KeyNameWrong as refusal:
        problems.add("name", refusal)
    except ShopUnknown as refusal:
        problems.add("shop", refusal)
    except PosError as refusal:
        problems.add("", refusal)
    else:
        sheet = key_sheet(visit.company_id, made)
        answer = show(
            visit,
            "key_made.html",
            active="keys",
            sheet=sheet,
            api=titles()[api],
            rights=[RIGHT_WORDS[right] for right in sheet.rights],
        )
        answer.headers["Cache-Control"] = "no-store"  # nobody else's look at this browser
        return answer
    return _form(visit, form, problems)


@router.post("/keys/revoke")
def key_revoked(visit: _Change, id: str = "") -> Response:
    """Take a key back."""
    with visit.visitor.change("API key revoked", id[:60]) as connection:
        gone = revoke_key(connection, visit.company_id, id)
    told = visit.t("{name} opens nothing any more.").format(name=gone.name)
    return go(visit, KEYS, told)


def titles() -> dict[str, str]:
    """Return what people call each API, by its short name."""
    return {api: dialect.title for api, dialect in dialects_by_api().items()}


def _form(visit: Visit, form: Posted, problems: Problems) -> Response:
    with visit.visitor.company() as connection:
        shops = list_shops(connection, visit.company_id, "", 500)
    return show(
        visit,
        "key.html",
        422 if problems else 200,
        active="keys",
        posted=form,
        problems=problems,
        shops=[(one.code, one.name) for one in shops],
        apis=list(titles().items()),
        rights=[(right.value, visit.t(words)) for right, words in RIGHT_WORDS.items()],
        usual=[Right.READ.value, Right.WRITE.value],
        usual_user=USUAL_USER,
    )


def _api(form: Posted, problems: Problems) -> Api | None:
    try:
        return Api(form.text("api"))
    except ValueError:
        problems.add("api", CHOOSE)
        return None


def _all_keys(connection: Connection, company_id: str) -> list[ApiKey]:
    found: list[ApiKey] = []
    while page := list_keys(connection, company_id, found[-1].id if found else "", 100):
        found += page
    return found
