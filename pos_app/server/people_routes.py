"""Routes for people: signing in and out, who one is, and the accounts of a company."""

from typing import Annotated

from fastapi import APIRouter, Request

from pos_app.server.accounts import (
    Account,
    NewAccount,
    account_of,
    add_account,
    change_account,
    change_own_password,
    check_not_own,
    list_accounts,
    set_password,
    sign_in,
    sign_out,
)
from pos_app.server.office_shapes import (
    AccountChanged,
    AccountMade,
    After,
    Key,
    OneTimePassword,
    OwnPassword,
    Page,
    PageLimit,
    SignedIn,
    SignIn,
    page_of,
)
from pos_app.server.password_tries import count_try
from pos_app.server.passwords import new_password
from pos_app.server.refusals import answers
from pos_app.server.roles import Action
from pos_app.server.visitors import Visitor, may, serving_of

router = APIRouter(prefix="/office/v1", tags=["people"])


@router.post("/sign-in", responses=answers(401, 422))
def signing_in(asked: SignIn, request: Request) -> SignedIn:
    """Sign in for twelve hours; `code` is the second step's, where the account has one."""
    serving = serving_of(request)
    count_try(serving, asked.email, request.client.host if request.client else "")
    session = sign_in(
        serving.office,
        asked.email,
        asked.password,
        serving.now(),
        asked.code,
        request.headers.get("user-agent", ""),
    )
    request.state.company = session.account.company_id
    request.state.person = session.account.id
    return SignedIn(token=session.token, expires_at=session.expires_at, account=session.account)


@router.post("/sign-out", status_code=204, responses=answers(401))
def signing_out(visitor: Annotated[Visitor, may(None)]) -> None:
    """End this session."""
    sign_out(visitor.serving.office, visitor.token)


@router.get("/me", responses=answers(401))
def me(visitor: Annotated[Visitor, may(None)]) -> Account:
    """Say who is signed in."""
    return visitor.account


@router.post("/me/password", status_code=204, responses=answers(401, 422))
def own_password(asked: OwnPassword, visitor: Annotated[Visitor, may(None)]) -> None:
    """Choose another password; every other session ends."""
    account = visitor.account
    count_try(visitor.serving, account.email, "")
    with visitor.change("own password changed", account.id) as connection:
        change_own_password(connection, account, asked.password, asked.new_password, visitor.token)


@router.get("/accounts", responses=answers(401, 403, 422))
def accounts(
    visitor: Annotated[Visitor, may(Action.SEE_ACCOUNTS)], after: After = "", limit: PageLimit = 100
) -> Page[Account]:
    """List the people of the company in the order in which they came."""
    with visitor.company() as connection:
        found = list_accounts(connection, visitor.company_id, after, limit)
    return page_of(found, limit, "id")


@router.post("/accounts", status_code=201, responses=answers(401, 403, 409, 422))
def make_account(
    asked: AccountMade, visitor: Annotated[Visitor, may(Action.CHANGE_ACCOUNTS)]
) -> OneTimePassword:
    """Let somebody in, with a password that they change first."""
    password = new_password()
    new = NewAccount(asked.email, asked.name, asked.role, password, is_invited=True)
    with visitor.change(f"account made: {asked.role}", asked.email) as connection:
        account = add_account(connection, visitor.company_id, new, visitor.now)
    return OneTimePassword(account=account, password=password)


@router.get("/accounts/{account_id}", responses=answers(401, 403, 404, 422))
def one_account(account_id: Key, visitor: Annotated[Visitor, may(Action.SEE_ACCOUNTS)]) -> Account:
    """Show one person."""
    with visitor.company() as connection:
        return account_of(connection, visitor.company_id, account_id)


@router.patch("/accounts/{account_id}", responses=answers(401, 403, 404, 409, 422))
def changed_account(
    account_id: Key,
    asked: AccountChanged,
    visitor: Annotated[Visitor, may(Action.CHANGE_ACCOUNTS)],
) -> Account:
    """Change a person's name, role or whether they may come in; who is stopped is signed out."""
    changes = asked.model_dump(exclude_none=True, mode="json")
    with visitor.change(f"account changed: {changes}", account_id) as connection:
        return change_account(
            connection,
            visitor.company_id,
            account_id,
            name=asked.name,
            role=asked.role,
            state=asked.state,
        )


@router.post("/accounts/{account_id}/password", responses=answers(401, 403, 404, 409, 422))
def reset_password(
    account_id: Key, visitor: Annotated[Visitor, may(Action.CHANGE_ACCOUNTS)]
) -> OneTimePassword:
    """Give somebody a new password that they change first; their sessions end."""
    check_not_own(visitor.account, account_id)
    password = new_password()
    with visitor.change("password reset", account_id) as connection:
        set_password(connection, visitor.company_id, account_id, password, is_own=False)
        account = account_of(connection, visitor.company_id, account_id)
    return OneTimePassword(account=account, password=password)
