"""The lines of a document that is being written: typed, checked, moved, removed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pos_app.domain.discount import NO_DISCOUNT, LineDiscount
from pos_app.domain.document import (
    NAME_LIMIT,
    PRICE_PLACES,
    TEXT_LIMIT,
    DocumentLine,
    check_lines,
)
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.pricing import LineFigures
from pos_app.domain.tax import Tax
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.office_words import key_of, tax_name
from pos_app.ui.presenters.paper_texts import check_paper_text
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.typed_figures import counted_figure, shown_figure, shown_price
from pos_app.ui.views import Column, TableRow, Tone

PERCENT, AMOUNT = "percent", "amount"
REASON_LIMIT = 200
_DISCOUNT, _ABOUT_DISCOUNT = "discount", ("discount_kind", "reason")
_NONE = Decimal(0)
_TOLD_LETTERS = 24  # of a name in a sentence below its field, so that it never widens the field
_TEXTS = {"name": NAME_LIMIT, "specification": TEXT_LIMIT, "remark": TEXT_LIMIT}
FIELDS = (
    "name",
    "quantity",
    "price",
    "discount",
    "discount_kind",
    "reason",
    "specification",
    "remark",
)


class NameMissing(PosError):
    """A line that does not say what it is."""

    sentence = "Write what it is."


class QuantityMissing(PosError):
    """A line without a quantity."""

    sentence = "Enter how many."


class PriceMissing(PosError):
    """A line without a price."""

    sentence = "Enter the price; 0 where it costs nothing."


@dataclass(slots=True)
class _Removed:
    place: int
    line: DocumentLine
    typed: dict[str, str] = field(default_factory=dict)


class EditorLines:
    """Keeps lines as they can stand and, beside them, what was typed and cannot.

    `serial` grows with every change; totals are shown `with_tax` or without. Rows
    are written for those in sight only.
    """

    def __init__(
        self,
        lines: Sequence[DocumentLine],
        amounts: AmountFormat,
        taxes: Sequence[Tax] = (),
        *,
        with_tax: bool,
    ) -> None:
        self.tax_choices = tuple(Choice(key_of(tax), tax_name(tax, amounts)) for tax in taxes)
        self._taxes = {key_of(tax): tax for tax in taxes}
        self._with_tax = with_tax
        self.lines = list(lines)
        self.marked = lines[0].id if lines else ""
        self.serial = 0
        self.amounts = amounts
        self._typed: dict[str, dict[str, str]] = {}
        self._errors: dict[str, dict[str, str]] = {}
        self._figures: dict[str, LineFigures] = {}
        self._removed: list[_Removed] = []

    @property
    def columns(self) -> tuple[Column, ...]:
        """The titles over the rows."""
        return (
            Column(t("No."), 44, is_figure=True),
            Column(t("Item"), 160, stretches=True),
            Column(t("Quantity"), 104, is_figure=True),
            Column(t("Price"), 88, is_figure=True),
            Column(t("Discount"), 92, is_figure=True),
            Column(t("Total"), 100, is_figure=True),
        )

    def count(self) -> int:
        """Return how many rows there are."""
        return len(self.lines)

    def fetch(self, offset: int, limit: int) -> Sequence[TableRow]:
        """Return up to `limit` rows from `offset` on."""
        chosen = self.lines[offset : offset + limit]
        return [self._row(place, line) for place, line in enumerate(chosen, offset + 1)]

    def figure(self, keys: Sequence[str], figures: Sequence[LineFigures]) -> None:
        """Take what the lines come to."""
        self._figures = dict(zip(keys, figures, strict=True))
        self.serial += 1

    @property
    def place(self) -> int:
        """The marked line's place, -1 for none."""
        return next((at for at, one in enumerate(self.lines) if one.id == self.marked), -1)

    @property
    def line(self) -> DocumentLine | None:
        """The marked line."""
        place = self.place
        return None if place < 0 else self.lines[place]

    def texts(self) -> dict[str, str]:
        """Return what stands in the marked line's fields."""
        line = self.line
        return {} if line is None else {**self._shown(line), **self._typed.get(line.id, {})}

    def errors(self) -> Mapping[str, str]:
        """Return what is wrong with the marked line, by field."""
        return self._errors.get(self.marked, {})

    @property
    def known(self) -> list[DocumentLine]:
        """The lines and those that may come back, whose ids no new line may have."""
        return [*self.lines, *(removed.line for removed in self._removed)]

    @property
    def wrong(self) -> int:
        """How many lines are wrong."""
        return len(self._errors)

    def mark(self, key: str) -> None:
        """Show the fields of a line."""
        self.marked = key

    def step(self, by: int) -> bool:
        """Mark the next line or the one before; False at the end."""
        place = self.place + by
        if not 0 <= place < len(self.lines):
            return False
        self.marked = self.lines[place].id
        return True

    def add(self, line: DocumentLine) -> None:
        """Put a new line at the end and mark it."""
        self.lines.append(line)
        self.marked = line.id
        self.serial += 1

    def put(self, line: DocumentLine) -> None:
        """Put a line in the place of the one with its id."""
        for place, old in enumerate(self.lines):
            if old.id == line.id:
                self.lines[place] = line
        self.serial += 1

    def more_of(self, product_id: str, quantity: Decimal) -> bool:
        """Add to the quantity of a product's last line and mark it; False where there is none."""
        for line in reversed(self.lines):
            if line.product_id == product_id and "quantity" not in self._errors.get(line.id, {}):
                self._typed.get(line.id, {}).pop("quantity", None)
                self.put(replace(line, quantity=line.quantity + quantity))
                self.marked = line.id
                return True
        return False

    def change(self, name: str, text: str) -> None:
        """Take what was typed into a field of the marked line.

        What can stand is taken over at once; a figure that is none is told at once.
        """
        line = self.line
        if line is None:
            return
        typed = self._typed.setdefault(line.id, {})
        typed[name] = text
        errors = self._errors.setdefault(line.id, {})
        field_name = _DISCOUNT if name in _ABOUT_DISCOUNT else name
        errors.pop(name, None)
        errors.pop(field_name, None)
        try:
            self.put(self._with(line, name, {**self._shown(line), **typed}))
        except PosError as refusal:
            errors[field_name] = sentence_of(refusal, self.amounts)
        if not errors:
            del self._errors[line.id]
        self.serial += 1

    def move(self, by: int) -> bool:
        """Move the marked line up (-1) or down (1); False at the end."""
        place = self.place
        to = place + by
        if place < 0 or not 0 <= to < len(self.lines):
            return False
        self.lines[place], self.lines[to] = self.lines[to], self.lines[place]
        self.serial += 1
        return True

    def remove(self) -> DocumentLine | None:
        """Take the marked line away and return it; `bring_back` undoes that."""
        place = self.place
        if place < 0:
            return None
        line = self.lines.pop(place)
        self._errors.pop(line.id, None)
        self._removed.append(_Removed(place, line, self._typed.pop(line.id, {})))
        near = self.lines[min(place, len(self.lines) - 1)] if self.lines else None
        self.marked = "" if near is None else near.id
        self.serial += 1
        return line

    @property
    def can_bring_back(self) -> bool:
        """Whether a line was removed that can come back."""
        return bool(self._removed)

    def bring_back(self) -> bool:
        """Put the line that was removed last where it was; False where there is none."""
        if not self._removed:
            return False
        back = self._removed.pop()
        self.lines.insert(min(back.place, len(self.lines)), back.line)
        if back.typed:
            self._typed[back.line.id] = back.typed
        self.marked = back.line.id
        self.serial += 1
        return True

    def check(self) -> bool:
        """Tell all that is wrong with all lines and mark the first wrong one; True for nothing."""
        self._errors = {}
        for line in self.lines:
            errors = self._wrong_with(line)
            if errors:
                self._errors[line.id] = errors
        first = next((one.id for one in self.lines if one.id in self._errors), None)
        self.marked = first or self.marked
        self.serial += 1
        return first is None

    def _wrong_with(self, line: DocumentLine) -> dict[str, str]:
        typed = self._typed.get(line.id, {})
        wrong = {}
        for name in FIELDS:
            try:
                if name in typed and name not in _ABOUT_DISCOUNT:
                    self._with(line, name, {**self._shown(line), **typed})
                self._check(line, name, typed)
            except PosError as refusal:
                wrong[name] = sentence_of(refusal, self.amounts)
        return wrong

    def _check(self, line: DocumentLine, name: str, typed: Mapping[str, str]) -> None:
        """Refuse what the rules say against one field."""
        # Each figure by itself, so that both can be told at once.
        name_told = line.name.strip()[:_TOLD_LETTERS] or "-"
        probe = replace(line, name=name_told, specification="", remark="")
        if name == "quantity":
            if name in typed and not typed[name].strip():
                raise QuantityMissing()
            check_lines([replace(probe, unit_price=_NONE)])
        elif name == "price":
            if name in typed and not typed[name].strip():
                raise PriceMissing()
            check_lines([replace(probe, quantity=Decimal(1))])
        elif name == "name":
            if not line.name.strip():
                raise NameMissing()
            check_paper_text(line.name, NAME_LIMIT)
        elif name in _TEXTS:
            check_paper_text(getattr(line, name), _TEXTS[name])
        elif name == "reason":
            check_paper_text(line.discount.reason, REASON_LIMIT)

    def _with(self, line: DocumentLine, name: str, texts: Mapping[str, str]) -> DocumentLine:
        """Return a line with what stands in a field; raises what cannot be read."""
        text = texts[name]
        if name in _TEXTS:
            return replace(line, **{name: text})  # type: ignore[arg-type]
        if name == "quantity":
            quantity = counted_figure(text, self.amounts)
            return line if quantity is None else replace(line, quantity=quantity)
        if name == "price":
            price = counted_figure(text, self.amounts)
            return line if price is None else replace(line, unit_price=price)
        if name == "tax":
            tax = self._taxes.get(text)
            return line if tax is None else replace(line, taxes=(tax,))
        value = counted_figure(texts["discount"], self.amounts) or _NONE
        is_percent = texts["discount_kind"] == PERCENT
        if not value and not texts["reason"]:
            return replace(line, discount=NO_DISCOUNT)
        off = (value, _NONE) if is_percent else (_NONE, value)
        return replace(line, discount=LineDiscount(*off, texts["reason"]))

    def _shown(self, line: DocumentLine) -> dict[str, str]:
        amounts, discount = self.amounts, line.discount
        is_amount = bool(discount.amount_per_unit) and not discount.percent
        value = discount.amount_per_unit if is_amount else discount.percent
        return {
            "name": line.name,
            "quantity": shown_figure(line.quantity, amounts),
            "price": shown_price(line.unit_price, amounts, PRICE_PLACES),
            "discount": shown_figure(value, amounts) if value else "",
            "discount_kind": AMOUNT if is_amount else PERCENT,
            "reason": discount.reason,
            "specification": line.specification,
            "remark": line.remark,
            # Products bring their taxes along; only what is in no catalogue has a choice.
            "tax": "" if line.product_id or not line.taxes else key_of(line.taxes[0]),
        }

    def _total(self, figures: LineFigures) -> Money:
        return figures.gross if self._with_tax else figures.net

    def _row(self, place: int, line: DocumentLine) -> TableRow:
        amounts, discount = self.amounts, line.discount
        figures = self._figures.get(line.id)
        mark = "⚠ " if line.id in self._errors else ""
        off = amounts.percent(discount.percent) if discount.percent else ""
        if discount.amount_per_unit:
            off = amounts.price(discount.amount_per_unit)
        name = line.name if not line.code else f"{line.name} · {line.code}"
        cells = (
            f"{place}",
            mark + (name or t("(no name yet)")),
            amounts.quantity(line.quantity, line.unit),
            amounts.price(line.unit_price),
            off,
            "…" if figures is None else amounts.plain(self._total(figures)),
        )
        return TableRow(line.id, cells, Tone.DANGER if mark else Tone.PLAIN)
