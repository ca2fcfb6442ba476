"""Counts as they are typed: what is wrong stays beside its row, and the total is always live."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from pos_app.domain.cash_count import CashCount, put_loose, put_pieces, read_pieces
from pos_app.domain.denominations import Denomination, counted_denominations
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.shop import ShopSettings
from pos_app.ui.presenters.amounts import AmountFormat, amount_format
from pos_app.ui.presenters.cash_state import CountRow, CountView
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.typed_figures import shown_figure, typed_decimal

LOOSE = "loose"


class CountDraft:
    """The counts of all currencies in progress; one of them is on show."""

    def __init__(self, shop: ShopSettings, counts: Sequence[CashCount] = ()) -> None:
        self._shop = shop
        self.currency = shop.policy.currency
        self._counts = {count.currency: count for count in counts}
        self._typed: dict[tuple[str, str], str] = {}
        self._wrong: dict[tuple[str, str], PosError] = {}

    @property
    def is_right(self) -> bool:
        """Whether everything that was typed is a count."""
        return not self._wrong

    def counts(self) -> tuple[CashCount, ...]:
        """Return the counts, the shop's own currency first, others where something was counted."""
        own = self._shop.policy.currency
        others = (count for code, count in self._counts.items() if code != own)
        counted = (count for count in others if count.pieces or count.loose)
        return (self.count_of(own), *counted)

    def count_of(self, currency: str) -> CashCount:
        """Return the count of one currency."""
        return self._counts.get(currency, CashCount(currency))

    def choose(self, currency: str) -> None:
        """Count another currency."""
        self.currency = currency

    def type(self, key: str, text: str) -> None:
        """Take what was typed for a note or coin, or for what is not sorted."""
        place = (self.currency, key)
        self._typed[place] = text
        self._wrong.pop(place, None)
        count = self.count_of(self.currency)
        try:
            if key == LOOSE:
                amount = typed_decimal(text, self._amounts(self.currency)) or Decimal(0)
                count = put_loose(count, amount)
            else:
                count = put_pieces(count, Decimal(key), read_pieces(text))
        except PosError as refusal:
            self._wrong[place] = refusal
            return
        self._counts[self.currency] = count

    def step(self, key: str, by: int) -> None:
        """Count one more of a note or coin, or one less; never below none."""
        pieces = max(self.count_of(self.currency).of(Decimal(key)) + by, 0)
        self.type(key, str(pieces) if pieces else "")

    def view(self, currencies: Iterable[str]) -> CountView:
        """Return what the count looks like now."""
        code, amounts = self.currency, self._amounts(self.currency)
        count = self.count_of(code)
        first = next(iter(self._wrong.values()), None)
        return CountView(
            currency=code,
            currencies=tuple(Choice(one, one) for one in currencies),
            rows=tuple(self._row(one, count, amounts) for one in self._denominations(code)),
            loose=self._typed.get((code, LOOSE), _figure(count.loose, amounts)),
            is_loose_wrong=(code, LOOSE) in self._wrong,
            total=amounts.money(count.total),
            error="" if first is None else sentence_of(first, amounts),
        )

    def _row(self, one: Denomination, count: CashCount, amounts: AmountFormat) -> CountRow:
        key = str(one.value)
        place = (self.currency, key)
        pieces = count.of(one.value)
        amount = Money.of(one.value * pieces, self.currency)
        return CountRow(
            key=key,
            label=amounts.price(one.value) if one.value % 1 else amounts.number(one.value),
            is_note=one.is_note,
            text=self._typed.get(place, str(pieces) if pieces else ""),
            amount=amounts.plain(amount) if pieces else "",
            is_wrong=place in self._wrong,
        )

    def _denominations(self, currency: str) -> tuple[Denomination, ...]:
        own = self._shop.policy.currency
        return counted_denominations(
            currency, self._shop.cash.denominations if currency == own else ()
        )

    def _amounts(self, currency: str) -> AmountFormat:
        policy = replace(self._shop.policy, currency=currency, step=None)
        return amount_format(replace(self._shop, policy=policy))


def _figure(amount: Decimal, amounts: AmountFormat) -> str:
    return shown_figure(amount, amounts) if amount else ""
