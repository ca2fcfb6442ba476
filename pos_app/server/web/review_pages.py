"""What waits for a person: refused entries and values that gave way; and the log."""

import json
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response

from pos_app.domain.errors import PosError
from pos_app.domain.words import later
from pos_app.server.inbox import (
    ACCEPT,
    DROP,
    OFFICE,
    RETRY,
    SETTLED,
    WAITING,
    Waiting,
    list_waiting,
)
from pos_app.server.journal_entries import entry_of
from pos_app.server.news import Topic
from pos_app.server.office_log import list_log
from pos_app.server.quarrel_list import list_quarrels
from pos_app.server.roles import Action
from pos_app.server.settling import settle
from pos_app.server.till_list import list_tills
from pos_app.server.web.forms import Form, Problems, page_router
from pos_app.server.web.overview import MOST
from pos_app.server.web.showing import go, show
from pos_app.server.web.visits import Visit, page_for

router = page_router()
_See = Annotated[Visit, page_for(Action.SEE)]
_Settle = Annotated[Visit, page_for(Action.SETTLE)]
_After = Annotated[str, Query(max_length=60)]
PAGE = 50
REMEDIES = {
    RETRY: (
        later("Try again"),
        later("Judges the entry once more: right after what was missing has come."),
    ),
    ACCEPT: (
        later("Take as it is"),
        later("Takes the entry although a rule speaks against it, and marks it."),
    ),
    DROP: (
        later("Leave aside"),
        later("Keeps the entry in the journal only; it counts in no figure."),
    ),
}
DONE = {
    RETRY: later("Judged again."),
    ACCEPT: later("Taken as it is."),
    DROP: later("Left aside."),
    OFFICE: later("Settled."),
}


@dataclass(frozen=True, slots=True)
class WaitingShown:
    """A waiting entry with whose it is, and what it says (JSON, for people to read)."""

    row: Waiting
    till: str
    says: str


@router.get("/inbox")
def inbox(visit: _See, state: str = WAITING, after: _After = "") -> Response:
    """List entries that no rule could take."""
    return _inbox(visit, SETTLED if state == SETTLED else WAITING, after)


@router.post("/inbox/{inbox_id}")
def settled(inbox_id: str, visit: _Settle, form: Form) -> Response:
    """Settle a waiting entry by the remedy that somebody chose."""
    remedy, who = form.text("remedy"), visit.visitor.account.name
    try:
        with visit.visitor.change(f"waiting entry settled: {remedy}", inbox_id) as connection:
            settle(connection, visit.company_id, inbox_id, remedy, who, visit.now)
    except PosError as failure:
        return _inbox(visit, WAITING, "", Problems({"": failure}))
    visit.serving.news.tell(visit.company_id, Topic.THINGS)
    return go(visit, "/office/inbox", visit.t(DONE[remedy]))


@router.get("/inbox/quarrels")
def quarrels(visit: _See, after: _After = "") -> Response:
    """List values that gave way to another side's."""
    with visit.visitor.company() as connection:
        found = list_quarrels(connection, visit.company_id, after, PAGE)
    more = found[-1].id if len(found) == PAGE else ""
    return show(visit, "quarrels.html", active="inbox", quarrels=found, more=more, after=after)


@router.get("/log")
def log(visit: Annotated[Visit, page_for(Action.SEE_LOG)], after: _After = "") -> Response:
    """List what people did at head office."""
    with visit.visitor.company() as connection:
        found = list_log(connection, visit.company_id, after, PAGE)
    more = found[-1].id if len(found) == PAGE else ""
    return show(visit, "log.html", active="log", lines=found, more=more, after=after)


def _inbox(visit: Visit, state: str, after: str, problems: Problems | None = None) -> Response:
    with visit.visitor.company() as connection:
        rows = list_waiting(connection, visit.company_id, state=state, after=after, limit=PAGE)
        tills = {
            line.id: f"{line.shop} / {line.till}"
            for line in list_tills(connection, visit.company_id, "", MOST)
        }
        found = [
            WaitingShown(row, tills.get(row.till_id, row.till_id), _says(connection, row))
            for row in rows
        ]
    return show(
        visit,
        "inbox.html",
        422 if problems else 200,
        active="inbox",
        state=state,
        rows=found,
        remedies=REMEDIES,
        done=DONE,
        after=after,
        more=rows[-1].id if len(rows) == PAGE else "",
        problems=problems or Problems(),
    )


def _says(connection: Any, row: Waiting) -> str:
    if row.raw:
        return row.raw[:4_000]
    place = {"till_id": row.till_id, "epoch": row.epoch, "branch": row.branch, "seq": row.seq}
    told = entry_of(connection, row.company_id, place)
    if told is None:
        return ""
    try:
        return json.dumps(json.loads(told.payload), indent=2, ensure_ascii=False)[:4_000]
    except ValueError:
        return told.payload[:4_000]
