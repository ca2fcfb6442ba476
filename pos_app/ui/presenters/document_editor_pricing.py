"""What a document comes to while it is being written: at once, or elsewhere where it is long."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pos_app.domain.discount import DocumentDiscount
from pos_app.domain.document import DocumentLine
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.pricing import Priced, PriceLine, PricePolicy, price
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.background_work import RunWork
from pos_app.ui.presenters.document_editor_lines import EditorLines
from pos_app.ui.presenters.office_words import tax_name

# What has more lines takes longer than a frame to price, and to keep.
AT_ONCE_MOST = 250


@dataclass(frozen=True, slots=True)
class Totals:
    """What the document comes to: each part with its words, and the total."""

    parts: tuple[tuple[str, str], ...] = ()
    total: str = ""
    is_waiting: bool = False


NOTHING = Totals()


def totals_of(priced: Priced, amounts: AmountFormat) -> Totals:
    """Write what a document comes to: its discount, net, each tax, and the total."""
    parts = [(t("Net"), amounts.money(priced.net))]
    parts += [(tax_name(row.tax, amounts), amounts.money(row.amount)) for row in priced.taxes]
    given = sum(figure.minor for figure in priced.document_discounts)
    if given:
        off = Money(-given, priced.net.currency)
        parts.insert(0, (t("Discount"), amounts.money(off)))
    return Totals(tuple(parts), amounts.money(priced.gross))


class LivePrice:
    """Prices the latest state only; lines that did not change keep what they came to.

    `told(keys, priced)` gets the ids of the lines in the order of the figures.
    """

    def __init__(
        self, run: RunWork, policy: PricePolicy, told: Callable[[tuple[str, ...], Priced], None]
    ) -> None:
        self._run = run
        self._policy = policy
        self._told = told
        self._known: dict[str, tuple[DocumentLine, PriceLine]] = {}
        self._waiting: tuple[list[DocumentLine], tuple[DocumentDiscount, ...]] | None = None
        self._is_running = False

    @property
    def is_waiting(self) -> bool:
        """Whether figures are still being worked out."""
        return self._is_running

    def price(self, lines: Sequence[DocumentLine], discounts: Sequence[DocumentDiscount]) -> None:
        """Price these lines, now or soon."""
        if len(lines) <= AT_ONCE_MOST and not self._is_running:
            keys = tuple(line.id for line in lines)
            self._told(keys, price(self._price_lines(lines), self._policy, discounts))
            return
        self._waiting = (list(lines), tuple(discounts))
        if not self._is_running:
            self._next()

    def _next(self) -> None:
        if self._waiting is None:
            return
        (lines, discounts), self._waiting = self._waiting, None
        priced_lines, policy = self._price_lines(lines), self._policy
        self._is_running = True

        def done(priced: Priced) -> None:
            self._is_running = False
            if self._waiting is not None:
                self._next()
            else:
                self._told(tuple(line.id for line in lines), priced)

        def failed(error: Exception) -> None:
            self._is_running = False
            raise error

        self._run(lambda _working: price(priced_lines, policy, discounts), done, failed)

    def _price_lines(self, lines: Sequence[DocumentLine]) -> list[PriceLine]:
        """Return what pricing takes; the same line gives the same object, which it remembers."""
        known, self._known = self._known, {}
        for line in lines:
            found = known.get(line.id)
            if found is None or found[0] is not line:
                made = PriceLine(line.quantity, line.unit_price, line.discount, taxes=line.taxes)
                found = (line, made)
            self._known[line.id] = found
        return [self._known[line.id][1] for line in lines]


class LiveSum:
    """Keeps the totals and the figures of the lines up to date.

    `late` is called when those that were worked out elsewhere are here. `discounts` raises where
    what is typed is none; the lines are summed without it then.
    """

    def __init__(
        self,
        run: RunWork,
        policy: PricePolicy,
        lines: EditorLines,
        discounts: Callable[[], Sequence[DocumentDiscount]],
        late: Callable[[], None],
    ) -> None:
        self.totals = NOTHING
        self._lines = lines
        self._discounts = discounts
        self._late = late
        self._prices = LivePrice(run, policy, self._priced)

    def price(self) -> None:
        """Price what stands on the document now."""
        try:
            discounts = self._discounts()
        except PosError:
            discounts = ()
        self._prices.price(self._lines.lines, discounts)
        self.totals = replace(self.totals, is_waiting=self._prices.is_waiting)

    def _priced(self, keys: tuple[str, ...], priced: Priced) -> None:
        was_waiting = self.totals.is_waiting
        self._lines.figure(keys, priced.lines)
        self.totals = totals_of(priced, self._lines.amounts)
        if was_waiting:
            self._late()
