"""The settings screen: its fields, and a receipt and an example that follow as one types."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pos_app.domain.cash_settings import CashSettings
from pos_app.domain.catalogue_rules import FieldRefusal
from pos_app.domain.device_settings import DeviceSettings
from pos_app.domain.errors import PosError
from pos_app.domain.kitchen import KitchenRoute, follow_renamed
from pos_app.domain.money import MINOR_DIGITS
from pos_app.domain.shop import PrinterSettings, ShopSettings
from pos_app.domain.stock_rule import StockSettings
from pos_app.domain.tax import Tax
from pos_app.domain.tender_settings import TenderSettings
from pos_app.services.catalogue import Catalogue
from pos_app.services.country_presets import preset_of
from pos_app.services.printer_setup import receipt_picture, sample_sale
from pos_app.services.shop_setup import ShopSetup, for_country, settings_refusals, worked_example
from pos_app.texts import LANGUAGES, t
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.amounts import AmountFormat, amount_format
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.country_names import country_names, currency_names
from pos_app.ui.presenters.notice_board import NoticeBoard
from pos_app.ui.presenters.office_words import (
    key_of,
    rounding_mode_words,
    tax_name,
    tax_rounding_words,
)
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.settings_draft import BLANK, SettingsDraft, draft_of, settings_of
from pos_app.ui.presenters.settings_pages import Page, where_to_look
from pos_app.ui.presenters.typed_figures import shown_price, typed_decimal
from pos_app.ui.views import Notice

if TYPE_CHECKING:
    from pos_app.store.store import Store


@dataclass(frozen=True, slots=True)
class ExampleLine:
    """One line of the reckoned example; the last is what the customer hands over in cash."""

    label: str
    amount: str
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class SettingsState:
    """Everything that the pages share; `serial` grows whenever the draft was read anew."""

    page: Page = Page.SHOP
    draft: SettingsDraft = BLANK
    serial: int = 0
    is_changed: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    countries: tuple[Choice, ...] = ()
    currencies: tuple[Choice, ...] = ()
    languages: tuple[Choice, ...] = ()
    roundings: tuple[Choice, ...] = ()
    modes: tuple[Choice, ...] = ()
    taxes: tuple[Choice, ...] = ()
    country_note: str = ""
    example: tuple[ExampleLine, ...] = ()
    example_price: str = ""
    example_tax: str = ""
    picture: bytes = b""
    picture_problem: str = ""


class SettingsPresenter:
    """Keeps one draft over all pages until it is saved; nothing typed is lost by an error."""

    def __init__(
        self,
        store: "Store",
        setup: ShopSetup,
        catalogue: Catalogue,
        run: RunWork,
        on_state: Callable[[SettingsState], None],
        *,
        now: Callable[[], datetime],
        publish: Callable[[Changes], None] = lambda _changes: None,
    ) -> None:
        self._store = store
        self._setup = setup
        self._catalogue = catalogue
        self._run = run
        self._on_state = on_state
        self._now = now
        self._publish = publish
        self._board = NoticeBoard()
        self._drawing: Stoppable | None = None
        self._state = SettingsState()
        self._shop = store.settings.shop()
        self.refresh()

    @property
    def state(self) -> SettingsState:
        """What the screen shows now."""
        return self._state

    @property
    def shop(self) -> ShopSettings:
        """The settings in force."""
        return self._shop

    @property
    def amounts(self) -> AmountFormat:
        """How figures are written here."""
        return self._amounts

    def refresh(self) -> None:
        """Read the settings anew and forget what was typed but not saved."""
        self._shop = self._store.settings.shop()
        self._amounts = amount_format(self._shop)
        self._taxes = {key_of(tax): tax for tax in self._store.products.taxes()}
        language = self._shop.screen.language
        kept = self._state.example_tax
        self._state = replace(
            self._state,
            draft=draft_of(self._shop, self._amounts),
            serial=self._state.serial + 1,
            is_changed=False,
            errors={},
            countries=_choices(country_names(language)),
            currencies=_choices(currency_names(language, MINOR_DIGITS)),
            languages=_choices(LANGUAGES),
            roundings=_choices({key.value: word for key, word in tax_rounding_words().items()}),
            modes=_choices(rounding_mode_words()),
            taxes=self._tax_choices(),
            example_price=self._state.example_price or self._first_price(),
            example_tax=kept if kept in self._taxes else next(iter(self._taxes), ""),
        )
        self._follow()

    def open_page(self, page: Page) -> None:
        """Turn to a page; what was typed on others stays."""
        self._state = replace(self._state, page=page)
        self._show()

    def change(self, **values: Any) -> None:
        """Take over what was typed or chosen, by field of the draft."""
        draft = replace(self._state.draft, **values)
        errors = {name: error for name, error in self._state.errors.items() if name not in values}
        self._state = replace(self._state, draft=draft, errors=errors)
        self._follow(draws=bool(_ON_RECEIPT & values.keys()))

    def choose_country(self, code: str) -> None:
        """Choose the country and fill in what it fixes; taxes are added by `add_country_taxes`."""
        preset = preset_of(code)
        if preset is None:
            self.change(country=code)
            return
        fixed = draft_of(for_country(self._shop, preset), self._amounts)
        self.change(
            country=code,
            currency=fixed.currency,
            prices_include_tax=fixed.prices_include_tax,
            tax_rounding=fixed.tax_rounding,
            cash_step=fixed.cash_step,
            cash_mode=fixed.cash_mode,
            cash_only=fixed.cash_only,
            quick_amounts=fixed.quick_amounts,
        )

    def add_country_taxes(self) -> None:
        """Put the country's usual taxes on the shop's list."""
        preset = preset_of(self._state.draft.country)
        for tax in preset.taxes if preset is not None else ():
            if tax not in self._taxes.values():
                self._catalogue.save_tax(tax)
        self._publish(Changes(settings=True, products=True))
        self._reread_taxes()

    def try_example(self, *, price: str | None = None, tax: str | None = None) -> None:
        """Reckon the example with another price or another tax."""
        state = self._state
        self._state = replace(
            state,
            example_price=state.example_price if price is None else price,
            example_tax=state.example_tax if tax is None else tax,
        )
        self._follow(draws=False)

    def save_tax(
        self, code: str, name: str, rate: str, *, is_fixed: bool = False,
        included: bool | None = None, affects_next: bool = False,
    ) -> str:  # fmt: skip
        """Put a tax on the list, in place of one with this code; return what is wrong, if any."""
        try:
            figure = typed_decimal(rate, self._amounts)
            tax = Tax(
                rate=None if is_fixed else figure,
                fixed_per_unit=figure if is_fixed else None,
                included=included,
                affects_next=affects_next,
                name=name.strip(),
                code=code.strip(),
            )
            self._catalogue.save_tax(tax)
        except PosError as refusal:
            return sentence_of(refusal, self._amounts)
        self._publish(Changes(settings=True, products=True))
        self._reread_taxes()
        return ""

    def tax(self, key: str) -> Tax | None:
        """Return a tax of the list."""
        return self._taxes.get(key)

    def save(self) -> bool:
        """Save all pages at once; on a refusal every error stands under its field."""
        shop, wrong = settings_of(self._state.draft, self._shop, self._amounts)
        errors = {name: sentence_of(refusal, self._amounts) for name, refusal in wrong.items()}
        for name, refusal in settings_refusals(shop).items():
            errors.setdefault(name, sentence_of(refusal, self._amounts))
        if not errors and self._try_to_save(shop, errors):
            return True
        refused = errors.pop("", "")
        self._state = replace(self._state, errors=errors)
        self._board.refuse(refused or where_to_look(errors))
        self._show()
        return False

    def save_printers(self, printers: tuple[PrinterSettings, ...]) -> str:
        """Save the list of printers alone; return what is wrong, if anything."""
        names = [[printer.name for printer in ones] for ones in (self._shop.printers, printers)]
        kitchen = follow_renamed(self._shop.kitchen, *names)
        return self.save_apart(printers=printers, kitchen=kitchen)

    def save_kitchen(self, routes: tuple[KitchenRoute, ...]) -> str:
        """Save the kitchen and pick-up slips alone; return what is wrong, if anything."""
        return self.save_apart(kitchen=routes)

    def save_devices(self, devices: DeviceSettings) -> str:
        """Save the displays and the scale alone; return what is wrong, if anything."""
        return self.save_apart(devices=devices)

    def save_tenders(self, tenders: TenderSettings) -> str:
        """Save the ways to pay alone; return what is wrong, if anything."""
        return self.save_apart(tenders=tenders)

    def save_stock(self, stock: StockSettings) -> str:
        """Save the rules of the stock alone; return what is wrong, if anything."""
        return self.save_apart(stock=stock)

    def save_cash(self, cash: CashSettings) -> str:
        """Save the rules of the drawer alone; return what is wrong, if anything."""
        return self.save_apart(cash=cash)

    def discard(self) -> None:
        """Give up what was typed and show what is in force."""
        self._board.forget_the_moment()
        self.refresh()

    def dismiss(self, key: str) -> None:
        """Take a notice away."""
        self._board.take_down(key)
        self._show()

    def tell(self, text: str) -> None:
        """Hang up a short word that leaves by itself."""
        self._board.tell(text)
        self._show()

    def taxes_now(self) -> tuple[Tax, ...]:
        """Return the taxes on the shop's list."""
        return tuple(self._taxes.values())

    def _try_to_save(self, shop: ShopSettings, errors: dict[str, str]) -> bool:
        try:
            self._setup.save(shop)
        except PosError as refusal:
            field = refusal.field if isinstance(refusal, FieldRefusal) else ""
            errors[field] = sentence_of(refusal, self._amounts)
            return False
        self._board.forget_the_moment()
        self._board.tell(t("The settings are saved."))
        self._publish(Changes(settings=True))
        self.refresh()
        return True

    def save_apart(self, **values: Any) -> str:
        """Save settings that are not on the draft; return what is wrong, if anything."""
        try:
            self._setup.save(replace(self._shop, **values))
        except PosError as refusal:
            return sentence_of(refusal, self._amounts)
        self._shop = self._store.settings.shop()
        self._publish(Changes(settings=True))
        self._show()
        return ""

    def _reread_taxes(self) -> None:
        self._taxes = {key_of(tax): tax for tax in self._store.products.taxes()}
        kept = self._state.example_tax
        chosen = kept if kept in self._taxes else next(iter(self._taxes), "")
        self._state = replace(self._state, taxes=self._tax_choices(), example_tax=chosen)
        self._follow()

    def _tax_choices(self) -> tuple[Choice, ...]:
        return tuple(Choice(k, tax_name(one, self._amounts)) for k, one in self._taxes.items())

    def _first_price(self) -> str:
        """A price such as stands on a shelf, in this currency."""
        scale = max(self._shop.quick_amounts, default=Decimal(50)) / 50
        price = Decimal("1.99") * scale
        return shown_price(price.quantize(Decimal(1)) if scale > 1 else price, self._amounts)

    def _follow(self, *, draws: bool = True) -> None:
        """Reckon the example anew and draw the receipt anew."""
        draft = self._state.draft
        preset = preset_of(draft.country)
        note = t("Source: {source}. Check it, and change it where your shop differs.")
        self._state = replace(
            self._state,
            is_changed=draft != draft_of(self._shop, self._amounts),
            country_note=note.format(source=preset.source) if preset is not None else "",
            example=self._example(),
        )
        self._show()
        if draws:
            self._draw()

    def _example(self) -> tuple[ExampleLine, ...]:
        shop, wrong = settings_of(self._state.draft, self._shop, self._amounts)
        try:
            price = typed_decimal(self._state.example_price, self._amounts)
            if price is None or "cash_step" in wrong:
                return ()
            tax = self._taxes.get(self._state.example_tax)
            made = worked_example(shop.policy, shop.cash_rounding, tax, price)
        except PosError:
            return ()
        # The draft's currency may differ from the one in force: write the example in its own.
        money = amount_format(shop).money
        tax_label = tax_name(tax, self._amounts) if tax is not None else t("No tax")
        lines = [
            ExampleLine(t("Before tax"), money(made.net)),
            ExampleLine(tax_label, money(made.tax_amount)),
            ExampleLine(t("Total"), money(made.gross), is_total=True),
        ]
        if made.cash_rounding:
            lines.append(ExampleLine(t("Rounding for cash"), money(made.cash_rounding)))
            lines.append(ExampleLine(t("To pay in cash"), money(made.cash_due), is_total=True))
        return tuple(lines)

    def _draw(self) -> None:
        """Draw the receipt of the draft in the background; the latest draft wins."""
        if self._drawing is not None:
            self._drawing.cancel()
        shop, _ = settings_of(self._state.draft, self._shop, self._amounts)
        taxes, at = self.taxes_now(), self._now()
        printer = shop.printers[0] if shop.printers else PrinterSettings()

        def work(working: Working) -> bytes:
            sale = sample_sale(shop, taxes, at)
            working.stop_if_cancelled()
            return receipt_picture(sale, shop, printer)

        self._drawing = self._run(work, self._drawn, self._not_drawn)

    def _drawn(self, picture: bytes) -> None:
        self._state = replace(self._state, picture=picture, picture_problem="")
        self._show()

    def _not_drawn(self, error: Exception) -> None:
        if not isinstance(error, PosError):
            raise error
        self._state = replace(
            self._state, picture=b"", picture_problem=sentence_of(error, self._amounts)
        )
        self._show()

    def _show(self) -> None:
        self._state = replace(self._state, notices=self._board.all())
        self._on_state(self._state)


_ON_RECEIPT = frozenset(
    "name address phone tax_number country logo_path header footer shows_tax_table shows_qr "
    "receipt_language currency prices_include_tax tax_rounding rounding cash_step cash_mode "
    "cash_only language".split()
)


def _choices(words: dict[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(key, word) for key, word in words.items())
