"""What a till pulls: every thing with a later revision than its cursor, revisions kept whole.

The cursor is `REVISION`, or `REVISION/KIND/ID` inside a revision that is larger than a page.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, func, or_, select, update

from pos_app.server.stamps import stamp
from pos_app.server.sync_refusals import SyncRefusal
from pos_app.server.tables import branches, stock_levels, thing_states, things, tills
from pos_app.server.thing_kinds import CONNECTION, DOCUMENTS, PULLED_KINDS, is_pulled
from pos_app.server.till_connections import told_connections
from pos_app.server.till_identity import ACTIVE, Till
from pos_app.sync.wire import PAGE_THINGS, Pull, Pulled, StockElsewhere, Thing

PAGE_STOCK = 2_000
_RANK = {kind: rank for rank, kind in enumerate(PULLED_KINDS)}


class CursorWrong(SyncRefusal):
    """A cursor that head office did not give out."""

    sentence = "The till's place in the list is none. Let it begin at the beginning."


@dataclass(frozen=True, slots=True)
class _Cursor:
    """All up to `revision` came; with `kind` also those of the next one up to `kind` and `id`."""

    revision: int = 0
    kind: str = ""
    id: str = ""

    def text(self) -> str:
        """Return it as the till keeps it."""
        return f"{self.revision}/{self.kind}/{self.id}" if self.kind else str(self.revision)


def pull(connection: Connection, company_id: str, till: Till, asked: Pull, now: datetime) -> Pulled:
    """Return the next page for a till, and note how far it came; raises CursorWrong."""
    cursor = _cursor(asked.cursor)
    limit = min(max(asked.limit, 1), PAGE_THINGS)
    rows = _page(connection, till, cursor, limit)
    is_cut = len(rows) > limit
    page, after = _cut(rows, limit, cursor)
    left = _left(connection, till, after) if is_cut else 0
    stock, stock_cursor, has_more_stock = _stock(connection, till, asked.stock_cursor)
    connection.execute(
        update(tills)
        .where(tills.c.company_id == company_id, tills.c.id == till.id)
        .values(heard_at=stamp(now), pulled_revision=after.revision)
    )
    return Pulled(
        cursor=after.text(),
        things=tuple(_things(connection, till, page, cursor)),
        left=left + has_more_stock,
        stock_cursor=stock_cursor,
        stock=stock,
        tills=_others(connection, till),
        # Read after the things: what is merged meanwhile comes with a later revision.
        judged=_judged(connection, till),
    )


def news_revision(connection: Connection, company_id: str, shop: str) -> int:
    """Return the latest revision of anything that a shop's tills pull."""
    found = connection.execute(
        select(func.max(things.c.revision)).where(*_of_shop(company_id, shop))
    ).scalar_one()
    return int(found or 0)


def _judged(connection: Connection, till: Till) -> int | None:
    """Return up to which entry the till's own changes are merged; None before the first."""
    found = connection.execute(
        select(branches.c.judged_seq).where(
            branches.c.company_id == till.company_id,
            branches.c.till_id == till.id,
            branches.c.epoch == till.epoch,
            branches.c.branch == till.branch,
            branches.c.seq > 0,
        )
    ).scalar_one_or_none()
    return None if found is None else int(found)


def _cursor(text: str) -> _Cursor:
    revision, _, rest = text.partition("/")
    kind, _, thing_id = rest.partition("/")
    if (text and not _is_number(revision)) or (kind and kind not in _RANK) or "\0" in thing_id:
        raise CursorWrong()
    return _Cursor(int(revision or 0), kind, thing_id)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _of_shop(company_id: str, shop: str) -> tuple[Any, ...]:
    return (
        things.c.company_id == company_id,
        things.c.is_pulled == 1,
        things.c.shop.in_(["", shop]),
        things.c.kind.in_(PULLED_KINDS),
    )


def _page(connection: Connection, till: Till, cursor: _Cursor, limit: int) -> list[Any]:
    """Return more rows than the limit where there are more, in the order of things."""
    wanted = _of_shop(till.company_id, till.shop)
    rows: list[Any] = []
    if cursor.kind:
        rows = _rest_of_revision(connection, wanted, cursor, limit + 1)
    if len(rows) <= limit:
        later = select(things).where(*wanted, things.c.revision > cursor.revision)
        found = connection.execute(
            later.order_by(things.c.revision).limit(limit + 1 - len(rows))
        ).all()
        rows += sorted(found, key=_key)
    return rows


def _rest_of_revision(
    connection: Connection, wanted: tuple[Any, ...], cursor: _Cursor, most: int
) -> list[Any]:
    """Read on inside a large revision, kind by kind along the index."""
    rows: list[Any] = []
    for rank in range(_RANK[cursor.kind], len(PULLED_KINDS)):
        kind = PULLED_KINDS[rank]
        query = select(things).where(
            *wanted, things.c.revision == cursor.revision, things.c.kind == kind
        )
        if kind == cursor.kind:
            query = query.where(things.c.id > cursor.id)
        rows += connection.execute(query.order_by(things.c.id).limit(most - len(rows)))
        if len(rows) >= most:
            break
    return rows


def _key(row: Any) -> tuple[int, int, str]:
    return row.revision, _RANK[row.kind], row.id


def _cut(rows: list[Any], limit: int, cursor: _Cursor) -> tuple[list[Any], _Cursor]:
    """Cut a page off at a whole revision, or inside the only one that it holds."""
    if not rows:
        return [], _Cursor(cursor.revision) if cursor.kind else cursor
    if len(rows) <= limit:
        return rows, _Cursor(rows[-1].revision)
    broken = rows[-1].revision
    whole = [row for row in rows if row.revision != broken]
    if whole:
        return whole, _Cursor(whole[-1].revision)
    return _beginning_of(rows, limit, cursor, broken)


def _beginning_of(
    rows: list[Any], limit: int, cursor: _Cursor, revision: int
) -> tuple[list[Any], _Cursor]:
    """Return the first part of a revision that is larger than a page."""
    if not (cursor.kind and cursor.revision == revision):
        # The rows came in no order of kinds: the next page reads this revision in its order.
        return [], _Cursor(revision, PULLED_KINDS[0], "")
    page = rows[:limit]
    return page, _Cursor(revision, page[-1].kind, page[-1].id)


def _left(connection: Connection, till: Till, after: _Cursor) -> int:
    wanted = _of_shop(till.company_id, till.shop)
    later = things.c.revision > after.revision
    if after.kind:
        rest = or_(
            things.c.kind.in_(PULLED_KINDS[_RANK[after.kind] + 1 :]),
            and_(things.c.kind == after.kind, things.c.id > after.id),
        )
        later = or_(later, and_(things.c.revision == after.revision, rest))
    found = connection.execute(select(func.count()).select_from(things).where(*wanted, later))
    return int(found.scalar_one())


def _things(connection: Connection, till: Till, page: list[Any], cursor: _Cursor) -> list[Thing]:
    """Return rows as the wire carries them, without closed documents that the till never had."""
    closed = [row for row in page if row.kind in DOCUMENTS and not _is_open(row.kind, row.state)]
    strange = {(row.kind, row.id) for row in closed if row.till_id != till.id}
    strange -= _known_before(connection, till, strange, cursor.revision)
    lines = {row.id: row.state for row in page if row.kind == CONNECTION}
    told = told_connections(connection, till.company_id, lines) if lines else {}
    return [
        Thing(
            kind=row.kind,
            id=row.id,
            revision=row.revision,
            state=told.get(row.id, row.state) if row.kind == CONNECTION else row.state,
            by=row.by,
            lost=row.lost,
        )
        for row in page
        if (row.kind, row.id) not in strange
    ]


def _is_open(kind: str, state: str) -> bool:
    """Whether somebody still has something to do with a document."""
    try:
        return is_pulled(kind, msgspec.json.decode(state))
    except (msgspec.MsgspecError, LookupError, TypeError, AttributeError):
        return True


def _known_before(
    connection: Connection, till: Till, wanted: set[tuple[str, str]], revision: int
) -> set[tuple[str, str]]:
    """Return which documents had a state that the till may have pulled before."""
    if not wanted:
        return set()
    found = connection.execute(
        select(thing_states.c.kind, thing_states.c.id).where(
            thing_states.c.company_id == till.company_id,
            thing_states.c.kind.in_({kind for kind, _ in wanted}),
            thing_states.c.id.in_({thing_id for _, thing_id in wanted}),
            thing_states.c.revision <= revision,
        )
    )
    return {(row.kind, row.id) for row in found}


def _stock(
    connection: Connection, till: Till, cursor: str
) -> tuple[tuple[StockElsewhere, ...], str, bool]:
    """Return what the shop's other tills moved since a cursor, whole revisions at a time."""
    if cursor and not _is_number(cursor):
        raise CursorWrong()
    after = int(cursor or 0)
    query = (
        select(stock_levels, tills.c.till, tills.c.heard_at)
        .join(
            tills,
            and_(
                tills.c.company_id == stock_levels.c.company_id,
                tills.c.id == stock_levels.c.till_id,
            ),
        )
        .where(
            stock_levels.c.company_id == till.company_id,
            stock_levels.c.shop == till.shop,
            stock_levels.c.till_id != till.id,
        )
        .order_by(stock_levels.c.revision)
    )
    rows = list(
        connection.execute(query.where(stock_levels.c.revision > after).limit(PAGE_STOCK + 1))
    )
    has_more = len(rows) > PAGE_STOCK
    if has_more:
        broken = rows[-1].revision
        whole = [row for row in rows if row.revision != broken]
        rows = whole or list(
            connection.execute(query.where(stock_levels.c.revision == broken))
        )  # one revision alone is larger than the page
    moved = tuple(
        StockElsewhere(
            product_id=row.product_id,
            till=row.till,
            location=row.location,
            quantity_micro=row.level_micro,
            heard_at=row.heard_at,
        )
        for row in rows
    )
    return moved, str(rows[-1].revision if rows else after), has_more


def _others(connection: Connection, till: Till) -> tuple[tuple[str, str], ...]:
    rows = connection.execute(
        select(tills.c.till, tills.c.heard_at)
        .where(
            tills.c.company_id == till.company_id,
            tills.c.shop == till.shop,
            tills.c.id != till.id,
            tills.c.state == ACTIVE,
        )
        .order_by(tills.c.till)
    )
    return tuple((row.till, row.heard_at) for row in rows)
