"""The sheet of one product: what is typed, what is wrong with it, and saving it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pos_app.domain.catalogue_rules import FieldRefusal, product_refusals
from pos_app.domain.errors import PosError
from pos_app.domain.product import PIECE, PRODUCT_KINDS, Category, Product, ProductKind, Unit
from pos_app.domain.stock import MoveReason
from pos_app.domain.stock_rule import AtZero, StockRule
from pos_app.domain.tax import Tax
from pos_app.services.catalogue import CORRECTIONS, SETS_LEVEL, Catalogue
from pos_app.services.stock_rules import check_rule, rule_of
from pos_app.texts import t
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.barcode_hints import BarcodeHint, barcode_hint
from pos_app.ui.presenters.office_words import key_of, kind_words, reason_words, tax_name, unit_sign
from pos_app.ui.presenters.product_stock import StockRow, stock_rows
from pos_app.ui.presenters.refusals import isolated, sentence_of
from pos_app.ui.presenters.typed_figures import (
    counted_figure,
    shown_figure,
    shown_price,
    typed_decimal,
)

if TYPE_CHECKING:
    from pos_app.store.store import Store

NO_CATEGORY = ""
_FIGURES = ("price", "cost", "min_price")


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """What stands in the fields, as typed; keys of choices, `taxes` and `barcodes` in order."""

    code: str = ""
    name: str = ""
    kind: str = ProductKind.GOODS.value
    unit: str = PIECE.code
    category: str = NO_CATEGORY
    price: str = ""
    cost: str = ""
    min_price: str = ""
    taxes: tuple[str, ...] = ()
    barcodes: tuple[str, ...] = ()
    tile: str = ""
    is_active: bool = True
    at_zero: str = ""
    reorder_at: str = ""
    reorder_to: str = ""
    tracks_batches: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a choice: its key, its words, and a colour (#RRGGBB) where it has one."""

    key: str
    label: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class ProductFormState:
    """Everything on the sheet; `errors` and `hints` belong under the fields of those keys."""

    title: str
    draft: ProductDraft
    units: tuple[Choice, ...] = ()
    categories: tuple[Choice, ...] = ()
    taxes: tuple[Choice, ...] = ()
    kinds: tuple[Choice, ...] = ()
    reasons: tuple[Choice, ...] = ()
    stock: tuple[StockRow, ...] = ()
    at_zero: tuple[Choice, ...] = ()
    barcode_hints: tuple[BarcodeHint, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    margin: str = ""
    message: str = ""
    is_new: bool = True
    is_stocked: bool = True
    is_changed: bool = False


class ProductForm:
    """Keeps a draft until it can be saved; nothing typed is ever lost by an error."""

    def __init__(
        self,
        store: "Store",
        catalogue: Catalogue,
        product: Product | None,
        *,
        barcode: str = "",
        category_id: str | None = None,
        on_saved: Callable[[str], None] = lambda _name: None,
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._known = product
        self._id = product.id if product is not None else catalogue.new_id()
        self._on_saved = on_saved
        self._on_state: Callable[[ProductFormState], None] = lambda _state: None
        self._amounts = amount_format(store.settings.shop())
        self._location = store.settings.shop().location
        self._read_choices()
        draft = self._draft_of(product) if product is not None else self._blank(category_id)
        if barcode:
            draft = replace(draft, barcodes=(barcode,))
        self._first = draft
        self._draft = draft
        self._errors: dict[str, str] = {}
        self._message = ""

    def watch(self, on_state: Callable[[ProductFormState], None]) -> None:
        """Show the form now and after every change."""
        self._on_state = on_state
        self._show()

    @property
    def state(self) -> ProductFormState:
        """What the sheet shows now."""
        return ProductFormState(
            title=t("New product") if self._known is None else self._known.name,
            draft=self._draft,
            units=tuple(Choice(unit.code, _unit_words(unit)) for unit in self._units.values()),
            categories=_category_choices(self._categories),
            taxes=tuple(
                Choice(key, tax_name(tax, self._amounts)) for key, tax in self._taxes.items()
            ),
            kinds=tuple(Choice(kind.value, kind_words()[kind]) for kind in PRODUCT_KINDS),
            reasons=tuple(Choice(reason.value, reason_words()[reason]) for reason in CORRECTIONS),
            stock=stock_rows(self._store, self._known, self._catalogue.now),
            at_zero=at_zero_choices(),
            barcode_hints=tuple(barcode_hint(code) for code in self._draft.barcodes),
            errors=dict(self._errors),
            margin=self._margin(),
            message=self._message,
            is_new=self._known is None,
            is_stocked=self._draft.kind == ProductKind.GOODS.value,
            is_changed=self._draft != self._first,
        )

    def change(self, **values: Any) -> None:
        """Take over what was typed or chosen, by field of the draft; its error goes away."""
        self._draft = replace(self._draft, **values)
        for name in values:
            self._errors.pop(_FIELD_OF.get(name, name), None)
        self._message = ""
        self._show()

    def choose_tax(self, key: str, is_chosen: bool) -> None:
        """Put a tax on the product, or take it off."""
        kept = tuple(one for one in self._draft.taxes if one != key)
        self.change(taxes=(*kept, key) if is_chosen else kept)

    def add_barcode(self, code: str) -> bool:
        """Add a scanned or typed barcode; False, with an error, where it cannot be."""
        code = "".join(code.split())
        if not code:
            return False
        if code in self._draft.barcodes:
            return self._wrong("barcodes", t("{code} is already on the list.").format(code=code))
        owner = self._store.products.find(code)
        if owner is not None and owner.id != self._id:
            taken = t("{code} already belongs to {name}. Remove it there first.")
            return self._wrong("barcodes", taken.format(code=code, name=isolated(owner.name)))
        self.change(barcodes=(*self._draft.barcodes, code))
        return True

    def remove_barcode(self, code: str) -> None:
        """Take a barcode away."""
        self.change(barcodes=tuple(one for one in self._draft.barcodes if one != code))

    def add_category(self, name: str, colour: str = "") -> bool:
        """Make a new group and choose it; False, with an error, where it cannot be."""
        place = 1 + max((category.position for category in self._categories), default=-1)
        category = Category(self._catalogue.new_id(), name.strip(), colour, place)
        try:
            self._catalogue.save_category(category)
        except PosError as refusal:
            return self._wrong("category", sentence_of(refusal, self._amounts))
        self._read_choices()
        self.change(category=category.id)
        return True

    def save(self) -> bool:
        """Save the product; on a refusal every error stands under its field and all stays typed."""
        product, self._errors = self._product()
        rule = self._rule()
        self._message = ""
        if product is not None and not self._errors:
            try:
                self._catalogue.save_product(product, rule)
            except PosError as refusal:
                self._refuse(refusal)
            else:
                self._known, self._first = product, self._draft
                self._on_saved(product.name)
        elif self._errors:
            self._message = t("Please look at the fields marked red. Nothing is lost.")
        self._show()
        return not self._errors and not self._message

    def correct_stock(self, location: str, reason: str, figure: str, note: str = "") -> bool:
        """Correct the stock by a movement; only for a product that is saved already."""
        self._errors.pop("stock", None)
        try:
            typed = typed_decimal(figure, self._amounts)
            if typed is None:
                return self._wrong("stock", t("Enter how many."))
            where = location or self._location
            level = self._catalogue.correct_stock(self._id, where, MoveReason(reason), typed, note)
        except PosError as refusal:
            return self._wrong("stock", sentence_of(refusal, self._amounts))
        told = t("Stock at {location} is now {level}.")
        self._message = told.format(location=isolated(where), level=self._amounts.number(level))
        self._show()
        return True

    def figure_label(self, reason: str) -> str:
        """Return what the figure of a correction means for a reason."""
        if MoveReason(reason) in SETS_LEVEL:
            return t("How many are there now")
        if MoveReason(reason) is MoveReason.WRITE_OFF:
            return t("How many go out")
        return t("How many come in")

    def _product(self) -> tuple[Product | None, dict[str, str]]:
        """Build the product that is typed, and say what is wrong by field."""
        errors: dict[str, str] = {}
        figures: dict[str, Decimal | None] = {}
        for name in _FIGURES:
            try:
                figures[name] = typed_decimal(getattr(self._draft, name), self._amounts)
            except PosError as refusal:
                errors[name] = sentence_of(refusal, self._amounts)
        tile = self._draft.tile.strip()
        if tile and not (tile.isascii() and tile.isdigit()):
            errors["tile_position"] = t("Enter a whole number from 1, or leave it empty.")
        if errors:
            figures = {name: figures.get(name) for name in _FIGURES}
        draft = self._draft
        product = Product(
            id=self._id,
            code=draft.code.strip() or (draft.barcodes[0] if draft.barcodes else ""),
            name=" ".join(draft.name.split()),
            price=figures["price"],
            unit=self._units.get(draft.unit, PIECE),
            kind=ProductKind(draft.kind),
            category_id=draft.category or None,
            taxes=tuple(self._taxes[key] for key in draft.taxes if key in self._taxes),
            barcodes=draft.barcodes,
            cost=figures["cost"],
            min_price=figures["min_price"],
            is_active=draft.is_active,
            tile_position=int(tile) if tile and "tile_position" not in errors else None,
        )
        for name, wrong in product_refusals(product).items():
            errors.setdefault(name, sentence_of(wrong, self._amounts))
        return product, errors

    def _rule(self) -> StockRule:
        """The rule that is typed; what is wrong with it goes under its fields."""
        draft, rule = self._draft, StockRule(self._id)
        at_zero = AtZero(draft.at_zero) if draft.at_zero else None
        try:
            at = counted_figure(draft.reorder_at, self._amounts)
            to = counted_figure(draft.reorder_to, self._amounts)
            rule = StockRule(self._id, at_zero, at, to, draft.tracks_batches)
            check_rule(rule)
        except PosError as refusal:
            self._errors["reorder_at"] = sentence_of(refusal, self._amounts)
        return rule

    def _refuse(self, refusal: PosError) -> None:
        sentence = sentence_of(refusal, self._amounts)
        if isinstance(refusal, FieldRefusal):
            self._errors[refusal.field] = sentence
        elif type(refusal).__name__ == "BarcodeTaken":
            is_own = refusal.fields.get("code") == self._draft.code.strip()
            self._errors["code" if is_own else "barcodes"] = sentence
        else:
            self._message = sentence

    def _wrong(self, field: str, sentence: str) -> bool:
        self._errors[field] = sentence
        self._show()
        return False

    def _read_choices(self) -> None:
        products = self._store.products
        known = self._known
        units = {unit.code: unit for unit in products.units()}
        units.setdefault(PIECE.code, PIECE)
        taxes = {key_of(tax): tax for tax in products.taxes()}
        if known is not None:
            units.setdefault(known.unit.code, known.unit)
            taxes |= {key_of(tax): tax for tax in known.taxes}
        self._units: dict[str, Unit] = units
        self._taxes: dict[str, Tax] = taxes
        self._categories = products.categories()

    def _blank(self, category_id: str | None) -> ProductDraft:
        """A new product starts with the standard rate, the first on the shop's list."""
        standard = next((key for key, tax in self._taxes.items() if tax.code == "S"), None)
        first = standard or next(iter(self._taxes), None)
        return ProductDraft(category=category_id or NO_CATEGORY, taxes=(first,) if first else ())

    def _draft_of(self, product: Product) -> ProductDraft:
        rule = rule_of(self._store, product.id)
        return ProductDraft(
            code=product.code,
            name=product.name,
            kind=product.kind.value,
            unit=product.unit.code,
            category=product.category_id or NO_CATEGORY,
            price=shown_price(product.price, self._amounts),
            cost=shown_price(product.cost, self._amounts),
            min_price=shown_price(product.min_price, self._amounts),
            taxes=tuple(key_of(tax) for tax in product.taxes),
            barcodes=product.barcodes,
            tile="" if product.tile_position is None else str(product.tile_position),
            is_active=product.is_active,
            at_zero=rule.at_zero.value if rule.at_zero else "",
            reorder_at=shown_figure(rule.reorder_at, self._amounts),
            reorder_to=shown_figure(rule.reorder_to, self._amounts),
            tracks_batches=rule.tracks_batches,
        )

    def _margin(self) -> str:
        """What is earned on one, where price and cost can be read and one tax may be inside."""
        try:
            price = typed_decimal(self._draft.price, self._amounts)
            cost = typed_decimal(self._draft.cost, self._amounts)
        except PosError:
            return ""
        if price is None or cost is None or price <= 0:
            return ""
        policy = self._store.settings.shop().policy
        rates = [self._taxes[key].rate for key in self._draft.taxes if key in self._taxes]
        inside = sum((rate for rate in rates if rate), Decimal(0))
        net = price / (1 + inside / 100) if policy.prices_include_tax else price
        percent = (net - cost) / net * 100
        return t("Margin {percent} before tax").format(
            percent=self._amounts.percent(percent.quantize(Decimal("0.1")))
        )

    def _show(self) -> None:
        self._on_state(self.state)


# Fields of the draft that the product calls otherwise.
_FIELD_OF = {"tile": "tile_position", "reorder_to": "reorder_at"}


def at_zero_choices() -> tuple[Choice, ...]:
    """Return what can happen at zero, with following the shop first."""
    return (Choice("", t("As the shop does")), *shop_at_zero_choices())


def shop_at_zero_choices() -> tuple[Choice, ...]:
    """Return what can happen when more is sold than the books have."""
    return (
        Choice(AtZero.ALLOW.value, t("Sell without a word")),
        Choice(AtZero.WARN.value, t("Sell, and say so")),
        Choice(AtZero.BLOCK.value, t("Do not sell")),
    )


def _unit_words(unit: Unit) -> str:
    sign = unit_sign(unit)
    return sign if unit.name in ("", unit.code) else f"{t(unit.name)} ({sign})"


def _category_choices(categories: list[Category]) -> tuple[Choice, ...]:
    named = (Choice(category.id, category.name, category.colour) for category in categories)
    return (Choice(NO_CATEGORY, t("None")), *named)
