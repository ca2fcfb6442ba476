"""How money goes back: to the tenders it came by, never more than came, parts summing exactly."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pos_app.domain.cart import SaleKind
from pos_app.domain.money import Money
from pos_app.domain.payment import CashRounding, Tender, TenderMethod, TenderRequest
from pos_app.domain.sale import Sale

_CASH = TenderMethod.CASH


@dataclass(frozen=True, slots=True)
class TenderLeft:
    """How much of a tender has not gone back yet, above zero; cash of all kinds is one."""

    method: TenderMethod
    left: Money
    reference: str = ""


def tenders_left(original: Sale, earlier: Iterable[Sale]) -> tuple[TenderLeft, ...]:
    """Return what each tender of `original` can still give back, in the document's order.

    `earlier` are the returns and the void of it so far. What went back in another way than it
    came counts against the tenders from the last to the first.
    """
    left: dict[tuple[TenderMethod, str], int] = {}
    for tender in original.tenders:
        key = _key(tender)
        left[key] = left.get(key, 0) + tender.amount.minor
    strange = 0
    for back in _given_back(earlier):
        key = _key(back)
        most = max(left.get(key, 0), 0)
        taken = min(most, -back.amount.minor)
        if key in left:
            left[key] -= taken
        strange += -back.amount.minor - taken
    for key in reversed(left):
        taken = min(max(left[key], 0), max(strange, 0))
        left[key] -= taken
        strange -= taken
    return tuple(
        TenderLeft(method, Money(minor, original.currency), reference)
        for (method, reference), minor in left.items()
        if minor > 0
    )


def refund_requests(
    original: Sale, earlier: Iterable[Sale], amount: Money
) -> tuple[TenderRequest, ...]:
    """Return the tenders that give `amount` (above zero) back the way it came.

    Exact tenders go first, up to what came by each; cash gives the rest, because only cash is
    rounded. Requests of a refund are negative; the last one has no amount and gives the rest.
    """
    requests = []
    rest = amount
    for tender in tenders_left(original, earlier):
        if tender.method is _CASH or rest.minor <= 0:
            continue
        part = min(tender.left, rest, key=lambda money: money.minor)
        requests.append(TenderRequest(tender.method, -part, reference=tender.reference))
        rest -= part
    if rest.minor > 0:
        requests.append(TenderRequest(_CASH))
    return tuple(requests)


def refund_rounding(rounding: CashRounding | None, earlier: Sequence[Sale]) -> CashRounding | None:
    """Return how the next refund of a document is rounded, after `earlier` ones of it.

    Each part is rounded from where the parts before it ended, so that all parts together give
    back what one refund of the whole would.
    """
    if rounding is None:
        return None
    before = sum(_unrounded(document, rounding) for document in earlier)
    return replace(rounding, before=max(before, 0))


def _unrounded(document: Sale, rounding: CashRounding) -> int:
    """What a refund asked to be paid in rounded money, in minor units above zero."""
    if document.kind is SaleKind.EXCHANGE:
        return 0
    exact = sum(t.amount.minor for t in document.tenders if t.method is not _CASH)
    return -(document.gross.minor - (exact if rounding.only_cash else 0))


def _given_back(earlier: Iterable[Sale]) -> Iterator[Tender]:
    for document in earlier:
        yield from (tender for tender in document.tenders if tender.amount.minor < 0)


def _key(tender: Tender) -> tuple[TenderMethod, str]:
    return tender.method, "" if tender.method is _CASH else tender.reference
