"""Every single time behind a watched figure: entries of the journal, or lines with a discount."""

from dataclasses import dataclass

from pos_app.domain.day_figures import ReceiptQuery, Watched
from pos_app.store.connection import Database
from pos_app.store.day_fold import HELD_SQL
from pos_app.store.day_span import Span

Place = tuple[int, int]
LAST: Place = (2**63 - 1, 2**63 - 1)  # whatever comes last stands before it


@dataclass(frozen=True, slots=True)
class Found:
    """One time: `amount` is in minor units of the figure's currency, 0 or above.

    `seq` is the journal's entry, 0 for a line with a discount, whose document was made `at` (ISO
    8601, UTC) and whose `product` it names. `sale_id` and `number` are those of the document that
    the cart became, empty where it became none. The next page goes on after `place`.
    """

    place: Place
    amount: int
    seq: int = 0
    sale_id: str = ""
    number: str = ""
    at: str = ""
    staff: str = ""
    product: str = ""


_FACTS = (
    "SELECT w.slot, w.seq, w.amount, coalesce(s.id, ''), coalesce(s.number, '') "
    "FROM watched_facts w LEFT JOIN sales s ON w.cart <> '' AND s.id = w.cart "
    "WHERE w.slot >= ? AND w.slot < ? AND w.currency = ? AND w.kind = ? "
    "AND (? OR w.staff = ?) AND (w.slot, w.seq) < (?, ?) "
    "ORDER BY w.slot DESC, w.seq DESC LIMIT ?"
)
_LINES = (
    "SELECT s.row, l.line_no, l.discount, s.id, s.number, s.at, s.staff, l.name "
    "FROM sales s CROSS JOIN sale_lines l ON l.sale = s.row "
    "WHERE s.business_day BETWEEN ? AND ? AND s.currency = ? AND (? OR s.staff = ?) "
    f"AND l.discount > 0 AND NOT {HELD_SQL} AND (s.row, l.line_no) < (?, ?) "
    "ORDER BY s.row DESC, l.line_no DESC LIMIT ?"
)


def evidence_of(
    database: Database, query: ReceiptQuery, span: Span, after: Place, limit: int
) -> list[Found]:
    """Return what a watched figure counts, the latest first, from behind a place on.

    Of the query the days, the currency, the cashier and what is watched are looked at. Raises
    ValueError where that is documents, which have a list of their own.
    """
    if query.watched is None or query.watched.is_document:
        raise ValueError("only what leaves no document of its own has such evidence")
    who = int(not query.staff and not query.is_unnamed), query.staff
    if query.watched is Watched.DISCOUNT:
        rows = database.rows(_LINES, (*span.values, *who, *after, limit))
        return [
            Found((row, line), amount, 0, sale_id, number, at, staff, product)
            for row, line, amount, sale_id, number, at, staff, product in rows
        ]
    slots = span.first_slot, span.end_slot, span.currency
    rows = database.rows(_FACTS, (*slots, query.watched.value, *who, *after, limit))
    return [
        Found((slot, seq), amount, seq, sale_id, number)
        for slot, seq, amount, sale_id, number in rows
    ]
