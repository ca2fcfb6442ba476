"""Routes for what the tills sell by: products, taxes, people, settings and the rest, as edited."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from pos_app.server.catalogue import get_thing, list_things, save_thing
from pos_app.server.news import Topic
from pos_app.server.office_shapes import After, Asked, Key, Page, PageLimit, page_of
from pos_app.server.refusals import answers
from pos_app.server.roles import Action
from pos_app.server.thing_rows import ThingRow
from pos_app.server.till_connections import shown_connection
from pos_app.server.visitors import Visitor, may

router = APIRouter(prefix="/office/v1/catalogue", tags=["catalogue"])
_See = Annotated[Visitor, may(Action.SEE)]


class EditedKind(StrEnum):
    """What head office edits; `catalogue.EDITED_KINDS` says the same."""

    UNIT = "unit"
    TAX = "tax"
    CATEGORY = "category"
    PRODUCT = "product"
    CUSTOMER = "customer"
    SETTINGS = "settings"
    STAFF = "staff"
    ROLE = "role"
    PRICE_LIST = "price_list"
    LIST_PRICE = "list_price"
    CONNECTION = "connection"


@dataclass(frozen=True, slots=True)
class ThingShown:
    """A thing as it stands at a revision: `state` is what tills pull, None where it is gone.

    `by` changed it last, at `at` (ISO 8601 UTC); `shop` is empty for every shop; `lost` names the
    values that gave way in the latest quarrel.
    """

    kind: str
    id: str
    shop: str
    revision: int
    state: dict[str, Any] | None
    by: str
    at: str
    lost: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ThingSaved:
    """At which revision a thing stands now, and its state."""

    revision: int
    state: dict[str, Any]


class ThingAsked(Asked):
    """A thing to be saved: of settings only what changes, of a record what stands in its `state`.

    `seen` is the revision that was read, so that nobody else's change is overwritten; 0 for a new
    thing. `shop` says for which shop a new member of staff is, empty for all.
    """

    state: dict[str, Any]
    seen: Annotated[int, Field(ge=0, le=2**62)] | None = None
    shop: Key = ""


@router.get("/{kind}", responses=answers(401, 403, 409, 422))
def listed(
    kind: EditedKind,
    visitor: _See,
    search: Key = "",
    after: After = "",
    limit: PageLimit = 100,
) -> Page[ThingShown]:
    """List things of a kind in order of their ids; `search` is a piece of what they say."""
    with visitor.company() as connection:
        found = list_things(
            connection, visitor.company_id, kind, after=after, limit=limit, search=search
        )
    return page_of([_shown(row) for row in found], limit, "id")


@router.get("/{kind}/{thing_id}", responses=answers(401, 403, 404, 409, 422))
def shown(kind: EditedKind, thing_id: Key, visitor: _See) -> ThingShown:
    """Show a thing as it stands."""
    with visitor.company() as connection:
        return _shown(get_thing(connection, visitor.company_id, kind, thing_id))


@router.put("/{kind}/{thing_id}", responses=answers(401, 403, 404, 409, 422))
def saved(
    kind: EditedKind,
    thing_id: Key,
    asked: ThingAsked,
    visitor: Annotated[Visitor, may(Action.CHANGE_CATALOGUE)],
) -> ThingSaved:
    """Save a thing as head office's word; the tills hear of it at once."""
    with visitor.change(f"{kind} saved", thing_id) as connection:
        found = save_thing(
            connection,
            visitor.company_id,
            kind,
            thing_id,
            asked.state,
            visitor.account.name,
            visitor.now,
            shop=asked.shop,
            seen=asked.seen,
        )
    visitor.serving.news.tell(visitor.company_id, Topic.THINGS)
    return ThingSaved(found.revision, _state_shown(kind, found.state))


def _state_shown(kind: str, state: str) -> dict[str, Any]:
    """What a thing says, without what nobody is shown."""
    found: dict[str, Any] = json.loads(state)
    return shown_connection(found) if kind == EditedKind.CONNECTION else found


def _shown(row: ThingRow) -> ThingShown:
    return ThingShown(
        row.kind,
        row.id,
        row.shop,
        row.revision,
        _state_shown(row.kind, row.state) if row.state else None,
        row.by,
        row.at,
        json.loads(row.lost) if row.lost else [],
    )
