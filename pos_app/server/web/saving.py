"""One thing of the catalogue on a page: saved as the JSON routes save it, and shown again if not.

What somebody else saved since the page was made is shown beside what was typed: nothing is lost.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi.responses import Response
from sqlalchemy import Connection

from pos_app.domain.catalogue_rules import FieldRefusal
from pos_app.domain.errors import PosError
from pos_app.domain.words import later
from pos_app.server.catalogue import ChangedMeanwhile, get_thing, list_things, save_thing
from pos_app.server.news import Topic
from pos_app.server.thing_rows import ThingRow
from pos_app.server.web.forms import TOKEN, Posted, Problems
from pos_app.server.web.showing import go, show
from pos_app.server.web.visits import Visit

Plain = Mapping[str, Any]
Rows = list[tuple[str, str]]
SEEN = "seen"
# What a page says of a thing that is new.
NOBODY: dict[str, Any] = {SEEN: 0, "changed_by": "", "changed_at": ""}
SAVED = later("Saved. Each till has it as soon as it reaches head office.")
_SECRETS = frozenset({"key"})
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ThingPage:
    """A page that edits one thing: its template, its place in the menu and where it is.

    `values` are the template's; `rows` says in words what a state holds, for comparing two;
    `fields` maps a refusal's field or kind to the form's field, where they differ.
    """

    kind: str
    id: str
    template: str
    active: str
    here: str
    back: str
    rows: Callable[[Plain], Rows]
    values: Mapping[str, Any]
    fields: Mapping[str, str] = field(default_factory=dict)
    shop: str = ""
    log: str = ""

    def show(self, visit: Visit, status: int = 200, **more: Any) -> Response:
        """Return the page."""
        return show(visit, self.template, status, active=self.active, **{**self.values, **more})


def save_page(
    visit: Visit,
    page: ThingPage,
    form: Posted,
    problems: Problems,
    state: Plain | None,
    also: Callable[[Connection], None] = lambda _connection: None,
) -> Response:
    """Save what was typed and lead back, or show the page again with what is wrong.

    `also` does what belongs to the same change. Without a `state` there are problems already.
    """
    if state is not None and not problems:
        try:
            return _saved(visit, page, form, state, also)
        except ChangedMeanwhile:
            return _conflict(visit, page, form, state)
        except FieldRefusal as refusal:
            problems.add(page.fields.get(refusal.field, refusal.field), refusal)
        except PosError as refusal:
            problems.add(page.fields.get(type(refusal).__name__, ""), refusal)
    return page.show(visit, 422, posted=form, problems=problems, seen=seen_in(form))


def seen_in(form: Posted) -> int:
    """Return from which revision a form was made; 0 for a thing that was not there."""
    told = form.text(SEEN)
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 18 else 0


def standing(connection: Connection, company_id: str, kind: str, thing_id: str) -> Plain:
    """Return what a thing says now, with its revision under `seen`; raises ThingUnknown."""
    row = get_thing(connection, company_id, kind, thing_id)
    return {**state_of(row), SEEN: row.revision, "changed_by": row.by, "changed_at": row.at}


def states(connection: Connection, company_id: str, kind: str) -> list[dict[str, Any]]:
    """Return every thing of a kind of which there are few; records as what is in their state."""
    found: list[dict[str, Any]] = []
    after = ""
    while rows := list_things(connection, company_id, kind, after=after, limit=_AT_ONCE):
        found += [{**state_of(row), SEEN: row.revision, "for_shop": row.shop} for row in rows]
        after = rows[-1].id
        if len(rows) < _AT_ONCE:
            break
    return [one for one in found if len(one) > 2]


def _saved(
    visit: Visit,
    page: ThingPage,
    form: Posted,
    state: Plain,
    also: Callable[[Connection], None],
) -> Response:
    visitor = visit.visitor
    with visitor.change(page.log or f"{page.kind} saved", page.id) as connection:
        save_thing(
            connection,
            visitor.company_id,
            page.kind,
            page.id,
            state,
            visitor.account.name,
            visitor.now,
            shop=page.shop,
            seen=seen_in(form),
        )
        also(connection)
    visit.serving.news.tell(visit.company_id, Topic.THINGS)
    return go(visit, page.back, visit.t(SAVED))


def _conflict(visit: Visit, page: ThingPage, form: Posted, state: Plain) -> Response:
    """Show what stands now beside what was typed."""
    with visit.visitor.company() as connection:
        row = get_thing(connection, visit.company_id, page.kind, page.id)
    theirs, mine = dict(page.rows(state_of(row))), dict(page.rows({**state_of(row), **state}))
    rows = [
        (label, theirs.get(label, ""), text)
        for label, text in mine.items()
        if theirs.get(label, "") != text
    ]
    kept = {
        name: values
        for name, values in form.fields.items()
        if name not in {TOKEN, SEEN} and name not in _SECRETS
    }
    secrets = [name for name in _SECRETS if form.text(name)]
    return show(
        visit,
        "conflict.html",
        409,
        active=page.active,
        here=page.here,
        by=row.by,
        at=row.at,
        seen=row.revision,
        rows=rows,
        kept=kept,
        secrets=secrets,
    )


def state_of(row: ThingRow) -> dict[str, Any]:
    """What a thing says; of a record what stands under its `state`."""
    found: dict[str, Any] = json.loads(row.state) if row.state else {}
    inner = found.get("state")
    return dict(inner) if isinstance(inner, dict) else found
