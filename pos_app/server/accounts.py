"""People of head office: their accounts, and their sessions.

An account's name is its email, in all companies only once; `doors` says which company it opens.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from pos_app.domain.errors import PosError
from pos_app.server.database import Office
from pos_app.server.doors import (
    DoorKind,
    find_door,
    new_secret,
    put_door,
    shut_door,
    shut_subject,
)
from pos_app.server.office_log import write_log
from pos_app.server.passwords import hash_password, is_password
from pos_app.server.roles import Role
from pos_app.server.second_step import CodeNeeded, CodeWrong, second_step_state, take_code
from pos_app.server.sessions import note_session
from pos_app.server.stamps import new_id, stamp
from pos_app.server.tables import accounts

SESSION_LASTS = timedelta(hours=12)
# Who is invited has a password that somebody else saw, and may only choose one of their own.
ACTIVE, INVITED, STOPPED = "active", "invited", "stopped"


class EmailTaken(PosError):
    """An email that signs somebody in already."""

    sentence = "{email} has an account already. Use another address."


class AccountUnknown(PosError):
    """An account that the company does not have."""

    sentence = "There is no such account. Look at the list of accounts."


class LastOwner(PosError):
    """A company would be left without an owner."""

    sentence = "This is the only owner of the company. Make somebody else an owner first."


class SignInWrong(PosError):
    """Email or password is wrong, or the account is stopped."""

    sentence = "Email or password is wrong. Check both, or ask an owner for a new password."


class PasswordWrong(SignInWrong):
    """Somebody who is signed in gives a password that is not theirs."""

    sentence = "This is not your password. Write the one that you signed in with."


class OwnAccount(PosError):
    """An owner does to themselves what only the password or the code of that account may do."""

    sentence = "This is your own account. Change its password and second step under My account."


class PasswordKept(PosError):
    """Another password was asked for, and it is the old one."""

    sentence = "This is the password that you have now. Choose another password."


class NotSignedIn(PosError):
    """Nobody is signed in, or not any more."""

    sentence = "You are not signed in, or no longer. Sign in again."


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made; invited where somebody else has seen its password."""

    email: str
    name: str
    role: Role
    password: str
    is_invited: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """A person at head office; `state` is `active`, `invited` or `stopped`."""

    id: str
    company_id: str
    email: str
    name: str
    role: Role
    state: str
    made_at: str


@dataclass(frozen=True, slots=True)
class Session:
    """A person who is signed in: the token is shown once."""

    token: str
    expires_at: str
    account: Account


def add_account(connection: Connection, company_id: str, new: NewAccount, now: datetime) -> Account:
    """Make an account; raises EmailTaken, PasswordTooShort."""
    state = INVITED if new.is_invited else ACTIVE
    account = Account(
        new_id(now), company_id, new.email.strip(), new.name, new.role, state, stamp(now)
    )
    kept = hash_password(new.password)
    try:
        with connection.begin_nested():
            put_door(connection, DoorKind.SIGN_IN, account.email, company_id, account.id)
    except IntegrityError as failure:
        raise EmailTaken(email=account.email) from failure
    connection.execute(
        insert(accounts),
        {
            "company_id": company_id,
            "id": account.id,
            "email": account.email,
            "name": account.name,
            "role": account.role.value,
            "password": kept,
            "state": account.state,
            "made_at": account.made_at,
        },
    )
    return account


def sign_in(
    office: Office, email: str, password: str, now: datetime, code: str = "", agent: str = ""
) -> Session:
    """Sign somebody in for twelve hours; raises SignInWrong, alike for whatever is wrong.

    Who has a second step needs a code too: raises CodeNeeded, CodeWrong, CodesTriedTooOften.
    """
    account, _kept = proven(office, email, password, now, code)
    return begin_session(office, account, now, agent)


def begin_session(office: Office, account: Account, now: datetime, agent: str = "") -> Session:
    """Begin a session of somebody who proved who they are."""
    token, expires = new_secret(), now + SESSION_LASTS
    with office.company(account.company_id) as connection:
        door = put_door(
            connection, DoorKind.SESSION, token, account.company_id, account.id, expires=expires
        )
        note_session(connection, door, agent, now)
        write_log(connection, account.company_id, account.name, "signed in", account.id, now)
    return Session(token, stamp(expires), account)


def proven(
    office: Office, email: str, password: str, now: datetime, code: str = ""
) -> tuple[Account, str]:
    """Return whose email and password these are, and how the password is kept.

    Raises SignInWrong, alike for whatever is wrong; then CodeNeeded, CodeWrong, CodesTriedTooOften.
    """
    account, kept = password_proven(office, email, password)
    check_second_step(office, account, code, now)
    return account, kept


def password_proven(office: Office, email: str, password: str) -> tuple[Account, str]:
    """Return whose email and password these are: the first step alone; raises SignInWrong."""
    with office.shared() as connection:
        door = find_door(connection, DoorKind.SIGN_IN, email)
    row: RowMapping | None = None
    if door is not None:
        with office.company(door.company_id) as connection:
            row = _row(connection, door.company_id, door.subject)
    right = is_password(None if row is None else row["password"], password)
    if row is None or not right or row["state"] == STOPPED:
        raise SignInWrong()
    return _account(row), row["password"]


def check_second_step(office: Office, account: Account, code: str, now: datetime) -> None:
    """Use the code of an account's second step up, where it has one.

    Raises CodeNeeded, CodeWrong, CodesTriedTooOften.
    """
    with office.company(account.company_id) as connection:
        if not second_step_state(connection, account.company_id, account.id).is_on:
            return
    if not code.strip():
        raise CodeNeeded()
    with office.company(account.company_id) as connection:
        is_right = take_code(connection, account.company_id, account.id, code, now)
    if not is_right:
        raise CodeWrong()


def account_and_password(
    connection: Connection, company_id: str, account_id: str
) -> tuple[Account, str]:
    """Return an account, and how its password is kept; raises AccountUnknown."""
    row = _row(connection, company_id, account_id)
    if row is None:
        raise AccountUnknown()
    return _account(row), row["password"]


def who_is(office: Office, token: str, now: datetime) -> Account:
    """Return whose session a token is; raises NotSignedIn."""
    with office.shared() as connection:
        door = find_door(connection, DoorKind.SESSION, token)
    if door is None or door.is_expired(now):
        raise NotSignedIn()
    with office.company(door.company_id) as connection:
        row = _row(connection, door.company_id, door.subject)
    if row is None or row["state"] == STOPPED:
        raise NotSignedIn()
    return _account(row)


def sign_out(office: Office, token: str) -> None:
    """End a session."""
    with office.shared() as connection:
        door = find_door(connection, DoorKind.SESSION, token)
        if door is not None:
            shut_door(connection, door)


def account_of(connection: Connection, company_id: str, account_id: str) -> Account:
    """Return an account; raises AccountUnknown."""
    row = _row(connection, company_id, account_id)
    if row is None:
        raise AccountUnknown()
    return _account(row)


def list_accounts(connection: Connection, company_id: str, after: str, limit: int) -> list[Account]:
    """Return accounts in the order in which they were made."""
    rows = connection.execute(
        select(accounts)
        .where(accounts.c.company_id == company_id, accounts.c.id > after)
        .order_by(accounts.c.id)
        .limit(limit)
    ).mappings()
    return [_account(row) for row in rows]


def change_account(
    connection: Connection,
    company_id: str,
    account_id: str,
    *,
    name: str | None = None,
    role: Role | None = None,
    state: str | None = None,
) -> Account:
    """Change an account; who is stopped is signed out. Raises AccountUnknown, LastOwner.

    Who was stopped and is let in again chooses another password first, as one who is invited: the
    old one may be a one-time password, or the reason why they were stopped.
    """
    before = account_of(connection, company_id, account_id)
    if state == ACTIVE and before.state != ACTIVE:
        state = INVITED
    loses_owner = (role not in (None, Role.OWNER)) or state == STOPPED
    if before.role is Role.OWNER and loses_owner:
        _check_other_owner(connection, company_id, account_id)
    values = {"name": name, "role": None if role is None else role.value, "state": state}
    values = {column: value for column, value in values.items() if value is not None}
    if values:
        connection.execute(
            update(accounts)
            .where(accounts.c.company_id == company_id, accounts.c.id == account_id)
            .values(**values)
        )
    if state == STOPPED:
        shut_subject(connection, company_id, account_id, DoorKind.SESSION, DoorKind.SECOND_STEP)
    return account_of(connection, company_id, account_id)


def set_password(
    connection: Connection,
    company_id: str,
    account_id: str,
    password: str,
    *,
    is_own: bool,
    keep_token: str = "",
) -> None:
    """Give a person another password, their own choice or not, and end their sessions.

    The session of `keep_token` goes on. Raises AccountUnknown, PasswordTooShort.
    """
    account = account_of(connection, company_id, account_id)
    state = account.state
    if state != STOPPED:
        state = ACTIVE if is_own else INVITED
    connection.execute(
        update(accounts)
        .where(accounts.c.company_id == company_id, accounts.c.id == account_id)
        .values(password=hash_password(password), state=state)
    )
    keep = find_door(connection, DoorKind.SESSION, keep_token) if keep_token else None
    kinds = (DoorKind.SESSION, DoorKind.SECOND_STEP)
    shut_subject(connection, company_id, account_id, *kinds, keep=keep)


def change_own_password(
    connection: Connection, account: Account, password: str, new_password: str, token: str
) -> None:
    """Let a person choose another password; raises PasswordWrong where theirs is another.

    Every session but the one of `token` ends. Raises PasswordTooShort, PasswordKept too.
    """
    check_own_password(connection, account, password)
    if new_password == password:  # which somebody else may have seen
        raise PasswordKept()
    set_password(
        connection, account.company_id, account.id, new_password, is_own=True, keep_token=token
    )


def check_not_own(account: Account, account_id: str) -> None:
    """Refuse what somebody does to another person's account on their own; raises OwnAccount."""
    if account.id == account_id:
        raise OwnAccount()


def check_own_password(connection: Connection, account: Account, password: str) -> None:
    """Make sure that it is still the person who signed in; raises PasswordWrong."""
    row = _row(connection, account.company_id, account.id)
    if row is None or not is_password(row["password"], password):
        raise PasswordWrong()


def _check_other_owner(connection: Connection, company_id: str, account_id: str) -> None:
    # Whoever changes accounts waits for the other: two owners must not stop each other at once.
    owners = connection.execute(
        select(accounts.c.id)
        .where(
            accounts.c.company_id == company_id,
            accounts.c.role == Role.OWNER.value,
            accounts.c.state != STOPPED,
        )
        .order_by(accounts.c.id)
        .with_for_update()
    ).scalars()
    if set(owners) <= {account_id}:
        raise LastOwner()


def _row(connection: Connection, company_id: str, account_id: str) -> RowMapping | None:
    return (
        connection.execute(
            select(accounts).where(accounts.c.company_id == company_id, accounts.c.id == account_id)
        )
        .mappings()
        .one_or_none()
    )


def _account(row: RowMapping) -> Account:
    return Account(
        row["id"],
        row["company_id"],
        row["email"],
        row["name"],
        Role(row["role"]),
        row["state"],
        row["made_at"],
    )
