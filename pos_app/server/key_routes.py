"""Routes for people: the keys of the sales APIs, listed, made and taken back."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from pos_app.server.api_keys import (
    NAME_SIGNS,
    USUAL_USER,
    Api,
    ApiKey,
    NewKey,
    Right,
    list_keys,
    make_key,
    revoke_key,
)
from pos_app.server.key_sheets import KeySheet, key_sheet, rights_in_order
from pos_app.server.office_shapes import After, Asked, Code, Key, Name, Page, PageLimit, page_of
from pos_app.server.refusals import answers
from pos_app.server.roles import Action
from pos_app.server.visitors import Visitor, may

router = APIRouter(prefix="/office/v1/keys", tags=["keys"])
_KeyName = Annotated[Name, StringConstraints(max_length=NAME_SIGNS)]


class KeyAsked(Asked):
    """A key that somebody wants: for which API and shop, whose it is, and what it may do.

    `user_name` goes with the key where an API wants a name beside it.
    """

    api: Api
    shop: Code
    name: _KeyName
    rights: Annotated[tuple[Right, ...], Field(min_length=1, max_length=len(Right))] = (
        Right.READ,
        Right.WRITE,
    )
    user_name: _KeyName = USUAL_USER


class KeyShown(BaseModel):
    """A key as people see it, without its secret; moments are ISO 8601 UTC, empty for never."""

    id: str
    api: Api
    name: str
    shop: str
    rights: list[Right]
    user_name: str
    state: str
    made_at: str
    made_by: str
    used_at: str


@router.get("", responses=answers(401, 403, 422))
def keys(
    visitor: Annotated[Visitor, may(Action.SEE)], after: After = "", limit: PageLimit = 100
) -> Page[KeyShown]:
    """List the keys in the order in which they were made, revoked ones too; never a secret."""
    with visitor.company() as connection:
        found = list_keys(connection, visitor.company_id, after, limit)
    return page_of([_shown(key) for key in found], limit, "id")


@router.post("", status_code=201, responses=answers(401, 403, 404, 422))
def new_key(asked: KeyAsked, visitor: Annotated[Visitor, may(Action.CHANGE_KEYS)]) -> KeySheet:
    """Make a key; the answer says all that its user needs, and shows the secret this once."""
    new = NewKey(asked.api, asked.shop, asked.name, frozenset(asked.rights), asked.user_name)
    with visitor.change(f"API key made: {asked.api}", asked.name) as connection:
        made = make_key(connection, visitor.company_id, new, visitor.signature, visitor.now)
    return key_sheet(visitor.company_id, made)


@router.delete("/{key_id}", responses=answers(401, 403, 404, 422))
def gone_key(key_id: Key, visitor: Annotated[Visitor, may(Action.CHANGE_KEYS)]) -> KeyShown:
    """Take a key back: from now on it opens nothing; doing it twice does no harm."""
    with visitor.change("API key revoked", key_id) as connection:
        return _shown(revoke_key(connection, visitor.company_id, key_id))


def _shown(key: ApiKey) -> KeyShown:
    return KeyShown(
        id=key.id,
        api=key.api,
        name=key.name,
        shop=key.shop,
        rights=list(rights_in_order(key)),
        user_name=key.user_name,
        state=key.state,
        made_at=key.made_at,
        made_by=key.made_by,
        used_at=key.used_at,
    )
