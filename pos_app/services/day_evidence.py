"""Every single time behind an exception of the day, with the journal's entry that tells of it.

Nothing here is for the thread of the screen.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pos_app.domain.day_figures import ReceiptQuery
from pos_app.domain.journal import JournalEntry
from pos_app.domain.money import Money
from pos_app.services.day_sums import present_sums, span_of
from pos_app.store.day_evidence import LAST, Found, Place

if TYPE_CHECKING:
    from pos_app.store.store import Store


@dataclass(frozen=True, slots=True)
class Evidence:
    """One time that somebody did something worth a look, at a moment (UTC).

    `entry` is the journal's, None for a discount, which stands on a line for a `product`. `sale_id`
    and `number` are those of the receipt where there is one. The next page begins after `place`.
    """

    place: Place
    at: datetime
    staff: str
    amount: Money
    sale_id: str = ""
    number: str = ""
    entry: JournalEntry | None = None
    product: str = ""


def evidence_of(
    store: "Store", query: ReceiptQuery, after: Place = LAST, limit: int = 50
) -> list[Evidence]:
    """Return every time that a watched figure counts, the latest first.

    `after` is the place of the last one of the page before; fewer than `limit` are the last page.
    Raises ValueError for voids and refunds, which are documents: `receipts_of` lists them.
    """
    span = span_of(store.settings.shop(), query.start, query.end, query.currency)
    with present_sums(store, query.start) as sums:
        found = sums.evidence(query, span, after, limit)
    return [_evidence(store, one, query.currency) for one in found]


def _evidence(store: "Store", one: Found, currency: str) -> Evidence:
    entry = store.journal.get(one.seq) if one.seq else None
    at, staff = (one.at, one.staff) if entry is None else (entry.at, entry.staff)
    return Evidence(
        place=one.place,
        at=datetime.fromisoformat(at).astimezone(UTC),
        staff=staff,
        amount=Money(one.amount, currency),
        sale_id=one.sale_id,
        number=one.number,
        entry=entry,
        product=one.product,
    )
