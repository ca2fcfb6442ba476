"""Routes for reviewing: entries that wait, values that gave way, and the signed heads of tills."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter

from pos_app.domain.till_head import SignedHead
from pos_app.server.heads import heads
from pos_app.server.inbox import Waiting, list_waiting
from pos_app.server.news import Topic
from pos_app.server.office_shapes import After, Asked, Key, Page, PageLimit, page_of
from pos_app.server.quarrel_list import Quarrel, list_quarrels
from pos_app.server.refusals import answers
from pos_app.server.roles import Action
from pos_app.server.settling import settle
from pos_app.server.visitors import Visitor, may

router = APIRouter(prefix="/office/v1", tags=["review"])
_See = Annotated[Visitor, may(Action.SEE)]


class Remedy(Asked):
    """What to do with a waiting entry: judge it again, take it as it is, or leave it aside."""

    remedy: Literal["retry", "accept", "drop"]


@dataclass(frozen=True, slots=True)
class TillHeadShown:
    """Where a till's journal ends at head office, signed with the company's key."""

    till_id: str
    signed: SignedHead


@router.get("/inbox", responses=answers(401, 403, 422))
def inbox(
    visitor: _See,
    state: Literal["waiting", "settled"] = "waiting",
    after: After = "",
    limit: PageLimit = 100,
) -> Page[Waiting]:
    """List the entries that no rule could take, each with its reason."""
    with visitor.company() as connection:
        found = list_waiting(connection, visitor.company_id, state=state, after=after, limit=limit)
    return page_of(found, limit, "id")


@router.post(
    "/inbox/{inbox_id}/settle", status_code=204, responses=answers(401, 403, 404, 409, 422)
)
def settled(inbox_id: Key, asked: Remedy, visitor: Annotated[Visitor, may(Action.SETTLE)]) -> None:
    """Settle a waiting entry."""
    what = f"waiting entry settled: {asked.remedy}"
    with visitor.change(what, inbox_id) as connection:
        settle(
            connection,
            visitor.company_id,
            inbox_id,
            asked.remedy,
            visitor.account.name,
            visitor.now,
        )
    visitor.serving.news.tell(visitor.company_id, Topic.THINGS)


@router.get("/quarrels", responses=answers(401, 403, 422))
def quarrels(visitor: _See, after: After = "", limit: PageLimit = 100) -> Page[Quarrel]:
    """List the values that gave way to another side's, the latest first."""
    with visitor.company() as connection:
        found = list_quarrels(connection, visitor.company_id, after, limit)
    return page_of(found, limit, "id")


@router.get("/heads", responses=answers(401, 403))
def signed_heads(visitor: _See) -> list[TillHeadShown]:
    """List where each till's journal ends: the proof that head office has all of it."""
    with visitor.company() as connection:
        found = heads(connection, visitor.company_id, visitor.now)
    return [TillHeadShown(till_id, head) for till_id, head in sorted(found.items())]
