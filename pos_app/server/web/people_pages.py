"""People of head office: letting somebody in, roles, one-time passwords, and the second step."""

from typing import Annotated, Any

from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from pos_app.domain.errors import PosError
from pos_app.domain.words import later
from pos_app.server.accounts import (
    ACTIVE,
    INVITED,
    STOPPED,
    NewAccount,
    account_of,
    add_account,
    change_account,
    check_not_own,
    list_accounts,
    set_password,
)
from pos_app.server.office_shapes import PAGE_MOST, Email, Name
from pos_app.server.passwords import new_password
from pos_app.server.roles import Action, Role
from pos_app.server.second_step import drop_second_step, second_step_state, with_second_step
from pos_app.server.sessions import end_sessions
from pos_app.server.web.forms import Form, Posted, Problems, page_router
from pos_app.server.web.showing import go, show
from pos_app.server.web.visits import Visit, page_for

router = page_router()
_See = Annotated[Visit, page_for(Action.SEE_ACCOUNTS)]
_Change = Annotated[Visit, page_for(Action.CHANGE_ACCOUNTS)]
ROLES = {
    Role.OWNER: later("Owner"),
    Role.MANAGER: later("Manager"),
    Role.AUDITOR: later("Auditor"),
}
ROLE_WORDS = {
    Role.OWNER: later("May do everything, also let people in and stop them."),
    Role.MANAGER: later("Runs shops, tills and goods, but changes no people."),
    Role.AUDITOR: later("Looks at everything and changes nothing."),
}
STATES = {
    ACTIVE: (later("Active"), "good"),
    INVITED: (later("Has to choose a password"), "warning"),
    STOPPED: (later("Stopped"), "bad"),
}
_EMAIL, _NAME = TypeAdapter(Email), TypeAdapter(Name)
_WORDS: dict[str, Any] = {"roles": ROLES, "role_words": ROLE_WORDS, "states": STATES}


@router.get("/people")
def people(visit: _See) -> Response:
    """List who may come in."""
    with visit.visitor.company() as connection:
        found = list_accounts(connection, visit.company_id, "", PAGE_MOST)
        protected = with_second_step(connection, visit.company_id)
    return show(visit, "people.html", active="people", people=found, protected=protected, **_WORDS)


@router.get("/people/new")
def new_person(visit: _Change) -> Response:
    """Ask who is to be let in."""
    return show(visit, "person_new.html", active="people", **_WORDS)


@router.post("/people/new")
def person_made(visit: _Change, form: Form) -> Response:
    """Let somebody in with a one-time password, shown this once."""
    problems, password = Problems(), new_password()
    email, name = form.text("email", problems), form.text("name", problems)
    role = _role(form, problems)
    _check(_EMAIL, "email", email, problems, visit.t("Write an address such as ann@example.com."))
    _check(_NAME, "name", name, problems, visit.t("Write a name of at most 120 characters."))
    if not problems and role is not None:
        try:
            with visit.visitor.change(f"account made: {role}", email) as connection:
                new = NewAccount(email, name, role, password, is_invited=True)
                account = add_account(connection, visit.company_id, new, visit.now)
            return _one_time(visit, account.email, password)
        except PosError as failure:
            problems.add("email", failure)
    return show(
        visit, "person_new.html", 422, active="people", posted=form, problems=problems, **_WORDS
    )


@router.get("/people/{account_id}")
def person(account_id: str, visit: _See) -> Response:
    """Show one person."""
    return _person(visit, account_id)


@router.post("/people/{account_id}")
def person_changed(account_id: str, visit: _Change, form: Form) -> Response:
    """Change a person's name or role."""
    problems = Problems()
    name, role = form.text("name", problems), _role(form, problems)
    _check(_NAME, "name", name, problems, visit.t("Write a name of at most 120 characters."))
    if problems:
        return _person(visit, account_id, problems, form)
    try:
        with visit.visitor.change(f"account changed: {name}, {role}", account_id) as connection:
            change_account(connection, visit.company_id, account_id, name=name, role=role)
    except PosError as failure:
        return _person(visit, account_id, Problems({"": failure}), form)
    return go(visit, f"/office/people/{account_id}", visit.t("Saved."))


@router.post("/people/{account_id}/stop")
def person_stopped(account_id: str, visit: _Change) -> Response:
    """Let a person in no more, and end their sessions."""
    return _set_state(visit, account_id, STOPPED, visit.t("This person cannot come in any more."))


@router.post("/people/{account_id}/start")
def person_started(account_id: str, visit: _Change) -> Response:
    """Let a stopped person in again."""
    return _set_state(visit, account_id, ACTIVE, visit.t("This person may come in again."))


@router.post("/people/{account_id}/password")
def password_given(account_id: str, visit: _Change) -> Response:
    """Give a person a one-time password, shown this once; their sessions end."""
    check_not_own(visit.visitor.account, account_id)
    password = new_password()
    with visit.visitor.change("password reset", account_id) as connection:
        set_password(connection, visit.company_id, account_id, password, is_own=False)
        account = account_of(connection, visit.company_id, account_id)
    return _one_time(visit, account.email, password)


@router.post("/people/{account_id}/second-step/drop")
def second_step_dropped(account_id: str, visit: _Change) -> Response:
    """Take away the second step of somebody who lost their phone; their sessions end."""
    check_not_own(visit.visitor.account, account_id)
    with visit.visitor.change("second step reset", account_id) as connection:
        account = account_of(connection, visit.company_id, account_id)
        drop_second_step(connection, visit.company_id, account.id)
        end_sessions(connection, visit.company_id, account.id)
    told = visit.t("The second step is reset. They sign in with their password alone.")
    return go(visit, f"/office/people/{account_id}", told)


def _set_state(visit: Visit, account_id: str, state: str, told: str) -> Response:
    try:
        with visit.visitor.change(f"account {state}", account_id) as connection:
            change_account(connection, visit.company_id, account_id, state=state)
    except PosError as failure:
        return _person(visit, account_id, Problems({"": failure}))
    return go(visit, f"/office/people/{account_id}", told)


def _person(
    visit: Visit, account_id: str, problems: Problems | None = None, form: Posted | None = None
) -> Response:
    with visit.visitor.company() as connection:
        found = account_of(connection, visit.company_id, account_id)
        state = second_step_state(connection, visit.company_id, account_id)
    return show(
        visit,
        "person.html",
        422 if problems else 200,
        active="people",
        person=found,
        second=state,
        problems=problems or Problems(),
        posted=form or Posted({}),
        **_WORDS,
    )


def _one_time(visit: Visit, email: str, password: str) -> Response:
    return show(visit, "one_time.html", active="people", email=email, password=password)


def _role(form: Posted, problems: Problems) -> Role | None:
    try:
        return Role(form.text("role"))
    except ValueError:
        problems.add("role", later("Choose one of the roles."))
        return None


def _check(
    kind: TypeAdapter[str], field: str, value: str, problems: Problems, sentence: str
) -> None:
    try:
        kind.validate_python(value)
    except ValidationError:
        problems.add(field, sentence)
