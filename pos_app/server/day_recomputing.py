"""The sums of business days made anew from the journal, to check them or to put them right.

What is folded is what was placed: the documents that have rows, and the facts that were judged and
that nobody left in the journal only. A till is done in one transaction that keeps its judge
waiting; however long its past is, only some hundred documents are in memory at a time.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, select, text, tuple_

from pos_app.domain.errors import PosError
from pos_app.server.database import Office
from pos_app.server.day_adding import currency_of, is_of_same, write_sums
from pos_app.server.day_fold import EVENTS, DaySums, Whose, event_of, fold_event, fold_sale
from pos_app.server.inbox import DROP, WAITING
from pos_app.server.journal_entries import OWN_TILL, Told
from pos_app.server.judge_sales import read_sale
from pos_app.server.tables import DAY_TABLES, branches, doors, inbox, journal, sales, tills
from pos_app.server.thing_rows import hold_revision
from pos_app.server.till_lock import wait_for_till

_AT_ONCE = 500  # documents in memory
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DaySumsReport:
    """How many journals were compared, what was wrong, and the ids of those put right."""

    tills: int
    faults: list[str]
    repaired: list[str]


def recompute_day_sums(
    connection: Connection, company_id: str, till_ids: Sequence[str] | None = None
) -> None:
    """Make the sums of tills (None: of all, and of head office's own sales) anew."""
    for whose in _tills(connection, company_id, till_ids):
        _hold(connection, company_id, whose.till_id)
        for table in DAY_TABLES:
            connection.execute(
                delete(table).where(
                    table.c.company_id == company_id, table.c.till_id == whose.till_id
                )
            )
        for sums in _folded(connection, company_id, whose):
            write_sums(connection, company_id, sums)


def day_sum_faults(
    connection: Connection, company_id: str, till_ids: Sequence[str] | None = None
) -> list[str]:
    """Return which sums of tills (None: of all) are not those of the journal, a sentence each.

    Nothing is changed.
    """
    faults = []
    for whose in _tills(connection, company_id, till_ids):
        _hold(connection, company_id, whose.till_id)
        standing = _rows(connection, company_id, whose.till_id)
        attempt = connection.begin_nested()
        recompute_day_sums(connection, company_id, [whose.till_id])
        told = _rows(connection, company_id, whose.till_id)
        attempt.rollback()
        for table in DAY_TABLES:
            was, should_be = standing[table.name], told[table.name]
            names = [column.name for column in table.columns]
            for key in sorted(was.keys() | should_be.keys(), key=repr):
                if was.get(key) == should_be.get(key):
                    continue
                about = dict(zip(names[1:], key, strict=False))
                faults.append(
                    f"{table.name} of {about} is {was.get(key)}; by the journal it is "
                    f"{should_be.get(key)}"
                )
    return faults


def check_day_sums(office: Office, company_id: str, *, repairs: bool) -> DaySumsReport:
    """Compare every till's sums with the journal, and make the wrong ones anew if asked to.

    Each till has a transaction of its own, so that no till waits for more than its own check.
    """
    with office.company(company_id) as connection:
        till_ids = [one.till_id for one in _tills(connection, company_id, None)]
    faults, repaired = list[str](), list[str]()
    for till_id in till_ids:
        with office.company(company_id) as connection:
            found = day_sum_faults(connection, company_id, [till_id])
            if found and repairs:
                recompute_day_sums(connection, company_id, [till_id])
                repaired.append(till_id)
        faults += found
    return DaySumsReport(len(till_ids), faults, repaired)


def recompute_all(connection: Connection) -> None:
    """Make the sums of every company anew: for a migration."""
    for company_id in sorted(connection.scalars(select(doors.c.company_id).distinct()).all()):
        if connection.dialect.name == "postgresql":
            entering = text("SELECT set_config('pos_app.company', :company, true)")
            connection.execute(entering, {"company": company_id})
        recompute_day_sums(connection, company_id)


def _tills(connection: Connection, company_id: str, till_ids: Sequence[str] | None) -> list[Whose]:
    found = select(tills.c.shop, tills.c.id).where(tills.c.company_id == company_id)
    if till_ids is not None:
        found = found.where(tills.c.id.in_(till_ids))
    return [Whose(row.shop, row.id) for row in connection.execute(found.order_by(tills.c.id))]


def _hold(connection: Connection, company_id: str, till_id: str) -> None:
    """Keep everybody else from placing documents of a till."""
    if till_id.startswith(OWN_TILL):
        hold_revision(connection, company_id)
    else:
        wait_for_till(connection, company_id, till_id)


def _folded(connection: Connection, company_id: str, whose: Whose) -> Iterator[DaySums]:
    for rows in _documents(connection, company_id, whose.till_id):
        sums = DaySums()
        for row in rows:
            told = _told(row, whose)
            try:
                sale = read_sale(told).told
            except PosError:
                _log.warning("a document of till %s cannot be read any more", whose.till_id)
                continue
            is_known = row.voided_till is not None and is_of_same(row.voided_till, whose.till_id)
            fold_sale(sums, whose, sale, row.voided_kind if is_known else None)
        yield sums
    currency = currency_of(connection, company_id, whose.shop)
    for rows in _facts(connection, company_id, whose.till_id):
        sums = DaySums()
        for row in rows:
            event = _event(row)
            if event is not None:
                fold_event(sums, whose, event, currency)
        yield sums


def _documents(connection: Connection, company_id: str, till_id: str) -> Iterator[Sequence[Any]]:
    """Yield a till's documents with what their entries tell and what they voided."""
    voided = sales.alias("voided")
    is_entry = and_(
        journal.c.company_id == sales.c.company_id,
        journal.c.till_id == sales.c.till_id,
        journal.c.epoch == sales.c.epoch,
        journal.c.branch == sales.c.branch,
        journal.c.seq == sales.c.seq,
    )
    is_voided = and_(
        voided.c.company_id == sales.c.company_id,
        sales.c.voids != "",
        voided.c.id == sales.c.voids,
    )
    place = (sales.c.epoch, sales.c.seq, sales.c.branch, sales.c.id)
    found = (
        select(
            *place,
            journal.c.kind,
            journal.c.at,
            journal.c.staff,
            journal.c.payload,
            voided.c.kind.label("voided_kind"),
            voided.c.till_id.label("voided_till"),
        )
        .select_from(sales.join(journal, is_entry).outerjoin(voided, is_voided))
        .where(sales.c.company_id == company_id, sales.c.till_id == till_id)
        .order_by(*place)
        .limit(_AT_ONCE)
    )
    after: tuple[Any, ...] = (0, 0, 0, "")
    while rows := connection.execute(found.where(tuple_(*place) > after)).all():
        yield rows
        after = tuple(rows[-1][:4])


def _facts(connection: Connection, company_id: str, till_id: str) -> Iterator[Sequence[Any]]:
    """Yield a till's facts that were judged and may be worth a look."""
    is_judged = and_(
        branches.c.company_id == journal.c.company_id,
        branches.c.till_id == journal.c.till_id,
        branches.c.epoch == journal.c.epoch,
        branches.c.branch == journal.c.branch,
        branches.c.judged_seq >= journal.c.seq,
    )
    left_out = exists().where(
        inbox.c.company_id == journal.c.company_id,
        inbox.c.till_id == journal.c.till_id,
        inbox.c.epoch == journal.c.epoch,
        inbox.c.branch == journal.c.branch,
        inbox.c.seq == journal.c.seq,
        inbox.c.kind == journal.c.kind,
        inbox.c.raw == "",
        (inbox.c.state == WAITING) | (inbox.c.remedy == DROP),
    )
    place = (journal.c.epoch, journal.c.branch, journal.c.seq)
    found = (
        select(*place, journal.c.kind, journal.c.at, journal.c.staff, journal.c.payload)
        .join(branches, is_judged)
        .where(
            journal.c.company_id == company_id,
            journal.c.till_id == till_id,
            journal.c.kind.in_(sorted(EVENTS)),
            ~left_out,
        )
        .order_by(*place)
        .limit(_AT_ONCE)
    )
    after: tuple[Any, ...] = (-1, -1, -1)
    while rows := connection.execute(found.where(tuple_(*place) > after)).all():
        yield rows
        after = tuple(rows[-1][:3])


def _event(row: Any) -> Any:
    try:
        told = json.loads(row.payload)
    except (ValueError, RecursionError):
        return None
    return event_of(row.kind, row.at, row.staff, told) if isinstance(told, dict) else None


def _told(row: Any, whose: Whose) -> Told:
    place = (row.epoch, row.branch, row.seq)
    return Told(
        whose.till_id, whose.shop, "", *place, "", row.kind, row.at, row.staff, row.payload, row.at
    )


def _rows(connection: Connection, company_id: str, till_id: str) -> dict[str, dict[Any, Any]]:
    """Return a till's sums, by table and key."""
    found: dict[str, dict[Any, Any]] = {}
    for table in DAY_TABLES:
        keys = len(table.primary_key) - 1
        rows = connection.execute(
            select(*list(table.columns)[1:]).where(
                table.c.company_id == company_id, table.c.till_id == till_id
            )
        )
        found[table.name] = {tuple(row[:keys]): tuple(row[keys:]) for row in rows}
    return found
