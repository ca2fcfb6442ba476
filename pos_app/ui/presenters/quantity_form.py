"""How many of each line: the rows to be seen, what is typed, and what is wrong with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pos_app.domain.cart import QUANTITY_LIMIT, QuantityTooFine
from pos_app.domain.document import DocumentLine, LineFigureWrong
from pos_app.domain.errors import PosError
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.typed_figures import counted_figure, shown_figure
from pos_app.ui.views import Column, TableRow, Tone

_NONE = Decimal(0)


class NothingChosen(PosError):
    """A step for no units at all."""

    sentence = "Enter a quantity for at least one line."


@dataclass(frozen=True, slots=True)
class QuantityLine:
    """A line to choose from: at most `most` units of it, `first` of them to begin with."""

    line: DocumentLine
    most: Decimal
    first: Decimal = _NONE

    @property
    def key(self) -> str:
        """The line's id."""
        return self.line.id


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """The line whose fields are on show, as typed."""

    key: str
    name: str
    quantity: str
    most: str
    error: str = ""
    reason: str = ""
    is_spoilt: bool = False


class QuantityForm:
    """Keeps quantities as typed; `refuse(key, quantity)` raises what the rules say against one.

    `cells` writes what stands between a line's name and its quantity, under `columns`; it is
    called for rows in sight only. With `reasons` a line may have a reason, and be spoilt.
    """

    def __init__(
        self,
        lines: Iterable[QuantityLine],
        amounts: AmountFormat,
        columns: Sequence[Column],
        cells: Callable[[QuantityLine], tuple[str, ...]],
        refuse: Callable[[str, Decimal], object],
        reasons: Mapping[str, bool] | None = None,
    ) -> None:
        self.lines = tuple(lines)
        self.reasons = reasons
        self._amounts = amounts
        self._columns = tuple(columns)
        self._cells = cells
        self._refuse = refuse
        self._by_key = {one.key: one for one in self.lines}
        self.typed: dict[str, str] = {}
        self._errors: dict[str, str] = {}
        self.whys: dict[str, str] = {}
        self.spoilt: dict[str, bool] = {}
        self.marked = self.lines[0].key if self.lines else ""
        self.serial = 0

    @property
    def columns(self) -> tuple[Column, ...]:
        """The titles over the rows."""
        end = Column(t("Quantity"), 96, is_figure=True)
        why = () if self.reasons is None else (Column(t("Reason"), 120),)
        return (Column(t("Item"), 160, stretches=True), *self._columns, end, *why)

    @property
    def is_changed(self) -> bool:
        """Whether anything was typed."""
        return bool(self.typed or self.whys or self.spoilt)

    def count(self) -> int:
        """Return how many rows there are."""
        return len(self.lines)

    def fetch(self, offset: int, limit: int) -> Sequence[TableRow]:
        """Return up to `limit` rows from `offset` on."""
        return [self._row(one) for one in self.lines[offset : offset + limit]]

    def marked_line(self) -> MarkedLine | None:
        """Return the line whose fields are on show."""
        one = self._by_key.get(self.marked)
        if one is None:
            return None
        return MarkedLine(
            key=one.key,
            name=one.line.name,
            quantity=self._text(one),
            most=self._amounts.quantity(one.most, one.line.unit),
            error=self._errors.get(one.key, ""),
            reason=self.whys.get(one.key, ""),
            is_spoilt=self.spoilt.get(one.key, False),
        )

    def mark(self, key: str) -> None:
        """Show the fields of a line."""
        if key in self._by_key:
            self.marked = key

    def step(self, by: int) -> bool:
        """Mark the next line or the one before; False at the end."""
        keys = [one.key for one in self.lines]
        place = keys.index(self.marked) + by if self.marked in self._by_key else 0
        if not 0 <= place < len(keys):
            return False
        self.marked = keys[place]
        return True

    def find_product(self, product_id: str) -> bool:
        """Mark the first line of a product; False where there is none."""
        for one in self.lines:
            if one.line.product_id == product_id:
                self.marked = one.key
                return True
        return False

    def type(self, text: str) -> None:
        """Take what was typed for the marked line; what cannot be read is told at once."""
        one = self._by_key.get(self.marked)
        if one is None:
            return
        self.typed[one.key] = text[:60]
        self._errors.pop(one.key, None)
        try:
            counted_figure(text, self._amounts)
        except PosError as refusal:
            self._errors[one.key] = sentence_of(refusal, self._amounts)
        self.serial += 1

    def choose_reason(self, reason: str) -> None:
        """Say why the marked line comes back; the shop knows which reasons mean spoilt."""
        self.whys[self.marked] = reason
        self.spoilt[self.marked] = (self.reasons or {}).get(reason, False)
        self.serial += 1

    def choose_spoilt(self, is_spoilt: bool) -> None:
        """Say whether the marked line can be sold again."""
        self.spoilt[self.marked] = is_spoilt
        self.serial += 1

    def take_all(self, key: str = "") -> None:
        """Enter the most of every line, or of one."""
        for one in self.lines:
            if not key or one.key == key:
                self.typed[one.key] = shown_figure(one.most, self._amounts)
                self._errors.pop(one.key, None)
        self.serial += 1

    def take_none(self) -> None:
        """Enter nothing everywhere."""
        self.typed = dict.fromkeys(self._by_key, "")
        self._errors = {}
        self.serial += 1

    def keep_typed(self, before: "QuantityForm") -> None:
        """Take over what was typed in the form that this one replaces."""
        self.typed = {key: text for key, text in before.typed.items() if key in self._by_key}
        self.whys, self.spoilt = before.whys, before.spoilt
        self.mark(before.marked)
        self.serial = before.serial + 1

    def reason_of(self, key: str) -> tuple[str, bool]:
        """Return why a line comes back, and whether it is spoilt."""
        return self.whys.get(key, ""), self.spoilt.get(key, False)

    def quantities(self) -> dict[str, Decimal] | None:
        """Return the units of each line that has any, or None after telling all that is wrong.

        Raises NothingChosen where no line has any.
        """
        found: dict[str, Decimal] = {}
        self._errors = {}
        for one in self.lines:
            try:
                quantity = self._quantity(one)
            except PosError as refusal:
                self._errors[one.key] = sentence_of(refusal, self._amounts)
                continue
            if quantity:
                found[one.key] = quantity
        self.serial += 1
        if self._errors:
            self.marked = next(one.key for one in self.lines if one.key in self._errors)
            return None
        if not found:
            raise NothingChosen()
        return found

    def _quantity(self, one: QuantityLine) -> Decimal:
        if one.key not in self.typed:
            return one.first
        quantity = counted_figure(self.typed[one.key], self._amounts) or _NONE
        if quantity:
            _check_possible(quantity, one.line)
            self._refuse(one.key, quantity)
        return quantity

    def _text(self, one: QuantityLine) -> str:
        if one.key in self.typed:
            return self.typed[one.key]
        return shown_figure(one.first, self._amounts) if one.first else ""

    def _row(self, one: QuantityLine) -> TableRow:
        error = self._errors.get(one.key, "")
        mark = "⚠ " if error else ""
        why = () if self.reasons is None else (self.whys.get(one.key, ""),)
        cells = (mark + one.line.name, *self._cells(one), self._text(one) or "0", *why)
        return TableRow(one.key, cells, Tone.DANGER if error else Tone.PLAIN)


def _check_possible(quantity: Decimal, line: DocumentLine) -> None:
    """Refuse a quantity below zero or with more places than the unit has."""
    if quantity < 0:
        raise LineFigureWrong(figure=quantity, name=line.name, limit=f"{QUANTITY_LIMIT:,}")
    if quantity != round(quantity, line.unit.decimals):
        raise QuantityTooFine(
            quantity=quantity, unit=line.unit.name, name=line.name, places=line.unit.decimals
        )
