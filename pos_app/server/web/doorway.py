"""The door of head office's pages: password, second step, signing out, and how pages look."""

from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from pos_app.domain.errors import PosError
from pos_app.server.accounts import (
    STOPPED,
    Account,
    NotSignedIn,
    Session,
    SignInWrong,
    account_of,
    begin_session,
    check_second_step,
    password_proven,
    sign_out,
)
from pos_app.server.doors import DoorKind, find_door, new_secret, put_door, shut_door
from pos_app.server.password_tries import TooManyRequests, count_try
from pos_app.server.second_step import CodeNeeded, CodesTriedTooOften, CodeWrong, second_step_state
from pos_app.server.visitors import Serving, serving_of
from pos_app.server.web.cookies import (
    LANGUAGE,
    SECOND_STEP,
    SESSION,
    THEME,
    forget_cookie,
    read_cookie,
    set_choice_cookie,
    set_secret_cookie,
    set_session_cookie,
)
from pos_app.server.web.forms import Form, Posted, Problems, page_router
from pos_app.server.web.showing import go, own_path, show
from pos_app.server.web.visits import THEMES, Visit, page_for, visit_of
from pos_app.texts import LANGUAGES

CODE_WITHIN = timedelta(minutes=5)
root = APIRouter(include_in_schema=False)
router = page_router()
_BUSY = (TooManyRequests, CodesTriedTooOften)


@root.get("/")
@root.get("/office")
def to_pages() -> Response:
    """Lead to the pages."""
    return RedirectResponse("/office/", 303)


@router.get("/sign-in")
def sign_in_page(request: Request) -> Response:
    """Show the door."""
    return show(visit_of(request), "sign_in.html", next=request.query_params.get("next", ""))


@router.post("/sign-in")
def signing_in(request: Request, form: Form) -> Response:
    """Take the first step: let somebody in, or ask for their code."""
    visit, serving, email = visit_of(request), serving_of(request), form.text("email")
    try:
        count_try(serving, email, _address(request))
        account, _kept = password_proven(serving.office, email, form.raw("password"))
    except (SignInWrong, TooManyRequests) as failure:
        return _again(visit, "sign_in.html", form, failure)
    with serving.office.company(account.company_id) as connection:
        has_second = second_step_state(connection, account.company_id, account.id).is_on
    return _ask_code(visit, account, form) if has_second else _let_in(visit, account, form)


@router.get("/sign-in/code")
def code_page(request: Request) -> Response:
    """Ask for the second step."""
    visit = visit_of(request)
    _who_waits(visit.serving, read_cookie(request, SECOND_STEP), visit)
    return show(visit, "sign_in_code.html", next=request.query_params.get("next", ""))


@router.post("/sign-in/code")
def giving_code(request: Request, form: Form) -> Response:
    """Take the second step."""
    visit = visit_of(request)
    secret = read_cookie(request, SECOND_STEP)
    account = _who_waits(visit.serving, secret, visit)
    try:
        count_try(visit.serving, account.email, _address(request))
        check_second_step(visit.serving.office, account, form.text("code"), visit.now)
    except (CodeWrong, CodeNeeded, *_BUSY) as failure:
        return _again(visit, "sign_in_code.html", form, failure)
    answer = _let_in(visit, account, form)
    with visit.serving.office.shared() as connection:
        door = find_door(connection, DoorKind.SECOND_STEP, secret)
        if door is not None:
            shut_door(connection, door)
    forget_cookie(request, answer, SECOND_STEP)
    return answer


@router.post("/sign-out")
def signing_out(visit: Annotated[Visit, page_for(None, also_invited=True)]) -> Response:
    """End this session."""
    sign_out(visit.serving.office, visit.visitor.token)
    answer = go(visit, "/office/sign-in", visit.t("You are signed out."))
    forget_cookie(visit.request, answer, SESSION)
    return answer


@router.post("/looks")
def looks(request: Request, form: Form) -> Response:
    """Keep language and dress in the browser: before signing in too."""
    visit = visit_of(request)
    answer = go(visit, own_path(form.text("back")))
    for cookie, known, value in (
        (LANGUAGE, LANGUAGES, form.text("language")),
        (THEME, THEMES, form.text("theme")),
    ):
        if value in known:
            set_choice_cookie(request, answer, cookie, value)
    return answer


def _ask_code(visit: Visit, account: Account, form: Posted) -> Response:
    secret, expires = new_secret(), visit.now + CODE_WITHIN
    with visit.serving.office.company(account.company_id) as connection:
        kind = DoorKind.SECOND_STEP
        put_door(connection, kind, secret, account.company_id, account.id, expires=expires)
    answer = go(visit, "/office/sign-in/code" + _next_of(own_path(form.text("next"))))
    set_secret_cookie(visit.request, answer, SECOND_STEP, secret, int(CODE_WITHIN.total_seconds()))
    return answer


def _let_in(visit: Visit, account: Account, form: Posted) -> Response:
    """Begin a session under a new token, whatever the browser had before."""
    serving, request = visit.serving, visit.request
    agent = request.headers.get("user-agent", "")
    session: Session = begin_session(serving.office, account, visit.now, agent)
    before = read_cookie(request, SESSION)
    if before:
        sign_out(serving.office, before)
    answer = go(visit, own_path(form.text("next")))
    set_session_cookie(request, answer, session.token)
    return answer


def _who_waits(serving: Serving, secret: str, visit: Visit) -> Account:
    """Return whose password was right a moment ago; raises NotSignedIn."""
    with serving.office.shared() as connection:
        door = find_door(connection, DoorKind.SECOND_STEP, secret) if secret else None
    if door is None or door.is_expired(visit.now):
        raise NotSignedIn()
    with serving.office.company(door.company_id) as connection:
        account = account_of(connection, door.company_id, door.subject)
    if account.state == STOPPED:
        raise NotSignedIn()
    return account


def _again(visit: Visit, template: str, form: Posted, failure: PosError) -> Response:
    status = 429 if isinstance(failure, _BUSY) else 401
    problems = Problems({"": failure})
    return show(visit, template, status, posted=form, problems=problems, next=form.text("next"))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _next_of(path: str) -> str:
    return "" if path == "/office/" else f"?next={quote(path, safe='')}"
