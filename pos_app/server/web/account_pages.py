"""Everybody's own account: password, second step, recovery codes, sessions, language and dress."""

from typing import Annotated

from fastapi.responses import Response

from pos_app.domain.errors import PosError
from pos_app.server.accounts import INVITED, change_own_password, check_own_password
from pos_app.server.password_tries import count_try
from pos_app.server.passwords import LEAST_SIGNS, MOST_SIGNS
from pos_app.server.qr_picture import qr_data
from pos_app.server.second_step import (
    SecondStepOffer,
    begin_second_step,
    confirm_second_step,
    drop_second_step,
    new_recovery_codes,
    offered_second_step,
    second_step_state,
)
from pos_app.server.sessions import end_session, end_sessions, sessions_of
from pos_app.server.web.forms import Form, Posted, Problems, page_router
from pos_app.server.web.showing import go, show
from pos_app.server.web.visits import Visit, page_for

router = page_router()
# Each names itself after others: the one that says most stands first.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
_Visit = Annotated[Visit, page_for(None)]
_Invited = Annotated[Visit, page_for(None, also_invited=True)]


@router.get("/account")
def account_page(visit: _Visit) -> Response:
    """Show somebody their account."""
    return _account(visit)


@router.get("/password")
def password_page(visit: _Invited) -> Response:
    """Ask for another password."""
    return _password(visit)


@router.post("/password")
def password_changed(visit: _Invited, form: Form) -> Response:
    """Change one's own password; every other session ends."""
    visitor, problems = visit.visitor, Problems()
    old, new = form.raw("password"), form.raw("new_password")
    if new != form.raw("new_again"):
        problems.add("new_again", visit.t("The two passwords differ. Write the new one again."))
        return _password(visit, 422, problems)
    was_invited = visitor.account.state == INVITED
    try:
        count_try(visit.serving, visitor.account.email, "")
        with visitor.change("own password changed", visitor.account.id) as connection:
            change_own_password(connection, visitor.account, old, new, visitor.token)
    except PosError as failure:
        problems.add("", failure)
        return _password(visit, 422, problems)
    told = visit.t("Your password is changed. Other sessions were ended.")
    return go(visit, "/office/" if was_invited else "/office/account", told)


@router.post("/account/second-step")
def second_step_begun(visit: _Visit, form: Form) -> Response:
    """Make a secret for an authenticator app."""
    visitor = visit.visitor
    try:
        _check_person(visit, form)
        with visitor.change("second step begun", visitor.account.id) as connection:
            begin_second_step(connection, visit.company_id, visitor.account.id, _email(visit))
    except PosError as failure:
        return _account(visit, 422, Problems({"password": failure}))
    return go(visit, "/office/account/second-step")


@router.get("/account/second-step")
def second_step_page(visit: _Visit) -> Response:
    """Show the picture to scan, until a code proves that it was."""
    return _second_step(visit)


@router.post("/account/second-step/confirm")
def second_step_confirmed(visit: _Visit, form: Form) -> Response:
    """Turn the second step on, and show the recovery codes this once."""
    visitor = visit.visitor
    try:
        count_try(visit.serving, visitor.account.email, "")
        with visitor.change("second step set up", visitor.account.id) as connection:
            codes = confirm_second_step(
                connection, visit.company_id, visitor.account.id, form.text("code"), visit.now
            )
            end_sessions(connection, visit.company_id, visitor.account.id, visitor.token)
    except PosError as failure:
        return _second_step(visit, 422, Problems({"code": failure}))
    return show(visit, "recovery_codes.html", codes=codes, is_first=True)


@router.post("/account/recovery-codes")
def recovery_codes_made(visit: _Visit, form: Form) -> Response:
    """Make recovery codes anew, and show them this once."""
    visitor = visit.visitor
    try:
        _check_person(visit, form)
        with visitor.change("recovery codes made", visitor.account.id) as connection:
            codes = new_recovery_codes(connection, visit.company_id, visitor.account.id)
    except PosError as failure:
        return _account(visit, 422, Problems({"password": failure}))
    return show(visit, "recovery_codes.html", codes=codes, is_first=False)


@router.post("/account/second-step/drop")
def second_step_dropped(visit: _Visit, form: Form) -> Response:
    """Take one's own second step away."""
    visitor = visit.visitor
    try:
        _check_person(visit, form)
        with visitor.change("second step taken away", visitor.account.id) as connection:
            drop_second_step(connection, visit.company_id, visitor.account.id)
            end_sessions(connection, visit.company_id, visitor.account.id, visitor.token)
    except PosError as failure:
        return _account(visit, 422, Problems({"password": failure}))
    return go(visit, "/office/account", visit.t("The second step is taken away."))


@router.post("/account/sessions/{session_id}/end")
def session_ended(session_id: str, visit: _Visit) -> Response:
    """End one of one's own sessions."""
    visitor = visit.visitor
    with visitor.change("own session ended", visitor.account.id) as connection:
        end_session(connection, visit.company_id, visitor.account.id, session_id)
    return go(visit, "/office/account", visit.t("The session is ended."))


@router.post("/account/sign-out-everywhere")
def signed_out_everywhere(visit: _Visit) -> Response:
    """End every session but this one."""
    visitor = visit.visitor
    with visitor.change("signed out everywhere else", visitor.account.id) as connection:
        end_sessions(connection, visit.company_id, visitor.account.id, visitor.token)
    return go(visit, "/office/account", visit.t("You are signed out everywhere else."))


def _check_person(visit: Visit, form: Posted) -> None:
    visitor = visit.visitor
    count_try(visit.serving, visitor.account.email, "")
    with visitor.company() as connection:
        check_own_password(connection, visitor.account, form.raw("password"))


def _account(visit: Visit, status: int = 200, problems: Problems | None = None) -> Response:
    visitor = visit.visitor
    with visitor.company() as connection:
        state = second_step_state(connection, visit.company_id, visitor.account.id)
        open_sessions = sessions_of(
            connection, visit.company_id, visitor.account.id, visitor.token, visit.now
        )
    values = {"second": state, "sessions": open_sessions, "problems": problems or Problems()}
    return show(visit, "account.html", status, active="account", program=program_named, **values)


def _password(visit: Visit, status: int = 200, problems: Problems | None = None) -> Response:
    limits = {"least": LEAST_SIGNS, "most": MOST_SIGNS}
    is_invited = visit.visitor.account.state == INVITED
    values = {**limits, "is_invited": is_invited, "problems": problems or Problems()}
    return show(visit, "password.html", status, **values)


def _second_step(visit: Visit, status: int = 200, problems: Problems | None = None) -> Response:
    account = visit.visitor.account
    with visit.visitor.company() as connection:
        offer = offered_second_step(connection, visit.company_id, account.id, _email(visit))
    values = {
        "secret": _grouped(offer),
        "picture": qr_data(offer.uri),
        "problems": problems or Problems(),
    }
    return show(visit, "second_step.html", status, **values)


def _email(visit: Visit) -> str:
    return visit.visitor.account.email


def _grouped(offer: SecondStepOffer) -> str:
    """The secret as people type it, in groups of four."""
    return " ".join(offer.secret[at : at + 4] for at in range(0, len(offer.secret), 4))


def program_named(agent: str) -> str:
    """Return which browser and which system an agent's words name, its beginning for others."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " · ".join(one for one in (browser, system) if one) or agent[:60]
