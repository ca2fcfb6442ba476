"""Head office's own edits: products, taxes, people, settings, checked before a till hears of them.

A changed tax or unit changes every product that holds it in the same revision, so that a till
never sells by half of it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from pos_app.domain.errors import PosError
from pos_app.domain.facts import canonical
from pos_app.domain.plain import UNREADABLE
from pos_app.server.catalogue_checks import CHECKS, Desk
from pos_app.server.stamps import stamp
from pos_app.server.tables import things
from pos_app.server.thing_kinds import CONNECTION, SETTINGS, shop_of
from pos_app.server.thing_rows import ThingRow, load_things
from pos_app.server.things import Change, Saved, Things

Plain = Mapping[str, Any]
MOST_LISTED = 500
EDITED_KINDS = tuple(CHECKS)
_ID_LIMIT = 200


class ThingUnknown(PosError):
    """A thing that head office does not have."""

    sentence = "There is no {kind} {id}. Look at the list."


class KindNotEdited(PosError):
    """A kind of thing that only tills make, or that there is not."""

    sentence = "Head office does not edit {kind}. It edits: {kinds}."


class StateUnreadable(PosError):
    """What should be saved does not have the shape of its kind."""

    sentence = "This cannot be saved as it is ({detail}). Correct it and save again."


class ChangedMeanwhile(PosError):
    """Somebody else saved the same thing since it was read."""

    sentence = (
        "{by} changed this meanwhile. Look at it as it is now and make your change once more."
    )


def save_thing(  # noqa: PLR0917 - who says what of which thing, and when
    connection: Connection,
    company_id: str,
    kind: str,
    thing_id: str,
    state: Plain,
    by: str,
    now: datetime,
    *,
    shop: str = "",
    seen: int | None = None,
) -> Saved:
    """Check a thing and save it as head office's word; tell the news of things after the commit.

    `state` is as tills pull it, or for records (staff, role, price_list, list_price) only what
    stands under its `state`; of settings only what changes. `shop` says for which shop a new
    member of staff is (empty: for all). With `seen`, the revision that was read, nobody else's
    change is overwritten. Raises KindNotEdited, StateUnreadable, ChangedMeanwhile or a refusal of
    the kind's own rules, most of them a FieldRefusal.
    """
    check = CHECKS.get(kind)
    if check is None:
        raise KindNotEdited(kind=kind, kinds=", ".join(EDITED_KINDS))
    _check_text(thing_id)
    held = Things(connection, company_id, now)
    standing = held.thing(kind, thing_id)
    if seen is not None and seen != (0 if standing is None else standing.revision):
        raise ChangedMeanwhile(by="Somebody" if standing is None else standing.by or "Somebody")
    try:
        checked = check(Desk(connection, company_id, held), thing_id, state)
        canonical(checked).encode()  # no floats, no halves of letters
    except PosError:
        raise
    except UNREADABLE as failure:
        detail = f"{type(failure).__name__}: {failure}"[:200]
        raise StateUnreadable(detail=detail) from failure
    saved = held.put(
        Change(
            kind=kind,
            id=thing_id,
            state=checked,
            by=by,
            at=stamp(now),
            shop=thing_id if kind == SETTINGS else shop_of(kind, shop),
        )
    )
    if kind == CONNECTION:
        held.forget(kind, thing_id)  # no key that was changed stays behind, sealed or not
    held.flush()
    return saved


def get_thing(connection: Connection, company_id: str, kind: str, thing_id: str) -> ThingRow:
    """Return a thing as it stands; raises ThingUnknown."""
    _check_text(kind, thing_id)
    found = load_things(connection, company_id, [(kind, thing_id)]).get((kind, thing_id))
    if found is None:
        raise ThingUnknown(kind=kind, id=thing_id)
    return found


def list_things(
    connection: Connection,
    company_id: str,
    kind: str,
    *,
    after: str = "",
    limit: int = 100,
    search: str = "",
    shop: str | None = None,
) -> list[ThingRow]:
    """Return things of a kind in order of their ids, those after `after`; at most 500.

    `search` is a piece of what they say, whatever the capitals (of English letters); `shop`
    leaves out those of other shops. Raises StateUnreadable for half letters and the like.
    """
    _check_text(*(text or "-" for text in (kind, after, search, shop)))
    columns = [things.c[name] for name in ThingRow.__struct_fields__]
    found = select(*columns).where(
        things.c.company_id == company_id, things.c.kind == kind, things.c.id > after
    )
    if search:
        found = found.where(things.c.state.icontains(search, autoescape=True))
    if shop is not None:
        found = found.where(things.c.shop.in_(["", shop]))
    rows = connection.execute(found.order_by(things.c.id).limit(min(max(limit, 1), MOST_LISTED)))
    return [ThingRow(*row) for row in rows]


def _check_text(*texts: str) -> None:
    """Refuse what no database can look for."""
    for text in texts:
        if not 0 < len(text) <= _ID_LIMIT or "\0" in text or not _is_whole(text):
            raise StateUnreadable(detail="an id or a search is empty, too long or broken")


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)
