"""Shops and tills: who was heard when, what head office has of each, and shutting one out."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi.responses import Response
from sqlalchemy import Connection, func, select

from pos_app import __version__
from pos_app.server.companies import Shop, company_of, list_shops, shop_of
from pos_app.server.heads import heads
from pos_app.server.roles import Action
from pos_app.server.second_step import second_step_state
from pos_app.server.tables import inbox
from pos_app.server.till_list import (
    ACTIVE,
    TillLine,
    list_tills,
    restore_till,
    revoke_till,
    till_line,
)
from pos_app.server.web.day_shown import todays_figures
from pos_app.server.web.figures import as_moment
from pos_app.server.web.forms import page_router
from pos_app.server.web.showing import go, show
from pos_app.server.web.visits import Visit, page_for

router = page_router()
_See = Annotated[Visit, page_for(Action.SEE)]
_Revoke = Annotated[Visit, page_for(Action.REVOKE_TILLS)]
MOST = 500
# A till at work asks for news all the time; one that was silent for a day is off or in trouble.
LATE, SILENT = timedelta(minutes=10), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TillShown:
    """A till with how it stands: `contact` is now, late, silent or never."""

    line: TillLine
    contact: str
    waiting: int

    @property
    def is_whole(self) -> bool:
        """Whether every entry that came is judged and none waits for a person."""
        return self.line.seq == self.line.judged_seq and not self.waiting

    @property
    def needs_look(self) -> bool:
        """Whether somebody should look after it."""
        return self.line.state == ACTIVE and (
            self.contact in {"silent", "never"} or not self.is_whole
        )


@dataclass(frozen=True, slots=True)
class ShopShown:
    """A shop and its tills."""

    shop: Shop
    tills: list[TillShown]


@router.get("/")
def overview(visit: _See) -> Response:
    """Show shops and tills, and what needs a look."""
    with visit.visitor.company() as connection:
        company = company_of(connection, visit.company_id)
        shops = shops_shown(connection, visit)
        today = todays_figures(connection, visit)
        second = second_step_state(connection, visit.company_id, visit.visitor.account.id)
    tills = [till for shop in shops for till in shop.tills if till.line.state == ACTIVE]
    return show(
        visit,
        "overview.html",
        active="overview",
        company=company,
        shops=shops,
        tills=tills,
        counts=_counts(tills),
        second=second,
        today=today,
        version=__version__,
    )


@router.get("/shops/{code}/tills/{till_id}")
def till(code: str, till_id: str, visit: _See) -> Response:
    """Show one till."""
    return _till(visit, code, till_id)


@router.post("/shops/{code}/tills/{till_id}/revoke")
def till_revoked(code: str, till_id: str, visit: _Revoke) -> Response:
    """Shut a till out; what it told stays."""
    with visit.visitor.change("till revoked", till_id) as connection:
        revoke_till(connection, visit.company_id, till_id)
    return go(visit, f"/office/shops/{code}/tills/{till_id}", visit.t("The till is shut out."))


@router.post("/shops/{code}/tills/{till_id}/restore")
def till_restored(code: str, till_id: str, visit: _Revoke) -> Response:
    """Let a till come back."""
    with visit.visitor.change("till restored", till_id) as connection:
        restore_till(connection, visit.company_id, till_id)
    return go(visit, f"/office/shops/{code}/tills/{till_id}", visit.t("The till may come back."))


def shops_shown(connection: Connection, visit: Visit) -> list[ShopShown]:
    """Return every shop with its tills, those of a shop by their number."""
    waiting = waiting_counts(connection, visit.company_id)
    by_shop: dict[str, list[TillShown]] = {}
    for line in list_tills(connection, visit.company_id, "", MOST):
        by_shop.setdefault(line.shop, []).append(_shown(line, visit, waiting))
    return [
        ShopShown(shop, sorted(by_shop.get(shop.code, []), key=lambda one: one.line.till))
        for shop in list_shops(connection, visit.company_id, "", MOST)
    ]


def waiting_counts(connection: Connection, company_id: str) -> Counter[str]:
    """Return how many entries of each till wait for a person."""
    found = (
        select(inbox.c.till_id, func.count())
        .where(inbox.c.company_id == company_id, inbox.c.state == "waiting")
        .group_by(inbox.c.till_id)
    )
    return Counter({row[0]: row[1] for row in connection.execute(found)})


def _till(visit: Visit, code: str, till_id: str) -> Response:
    with visit.visitor.company() as connection:
        shop = shop_of(connection, visit.company_id, code)
        line = till_line(connection, visit.company_id, till_id)
        waiting = waiting_counts(connection, visit.company_id)
        head = heads(connection, visit.company_id, visit.now).get(till_id)
        company = company_of(connection, visit.company_id)
    values: dict[str, Any] = {"shop": shop, "till": _shown(line, visit, waiting)}
    return show(visit, "till.html", active="shops", company=company, head=head, **values)


def _shown(line: TillLine, visit: Visit, waiting: Counter[str]) -> TillShown:
    heard = as_moment(line.heard_at)
    if heard is None:
        contact = "never"
    else:
        silent = visit.now - heard
        contact = "silent" if silent > SILENT else "late" if silent > LATE else "now"
    return TillShown(line, contact, waiting[line.id])


def _counts(tills: list[TillShown]) -> dict[str, int]:
    return {
        "receipts": sum(one.line.receipts for one in tills),
        "waiting": sum(one.waiting for one in tills),
        "now": sum(one.contact == "now" for one in tills),
        "silent": sum(one.contact in {"silent", "never"} for one in tills),
    }
