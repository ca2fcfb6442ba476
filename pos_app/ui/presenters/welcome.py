"""The first run: three short choices, and the shop can sell."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pos_app.domain.errors import PosError
from pos_app.domain.shop import ReceiptSettings, ShopSettings
from pos_app.domain.tax import Tax
from pos_app.services.country_presets import CountryPreset, preset_of
from pos_app.services.shop_setup import ShopSetup, for_country, settings_refusals, worked_example
from pos_app.texts import LANGUAGES, t, t_in
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.country_names import country_names
from pos_app.ui.presenters.office_words import tax_name
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import sentence_of

if TYPE_CHECKING:
    from pos_app.store.store import Store


class Start(StrEnum):
    """What the shop begins with."""

    DEMO = "demo"
    IMPORT = "import"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class WelcomeState:
    """Everything on the first sheet; `place` counts the three choices from 1."""

    place: int = 1
    country: str = ""
    countries: tuple[Choice, ...] = ()
    languages: tuple[Choice, ...] = ()
    language: str = "en"
    facts: tuple[tuple[str, str], ...] = ()
    country_note: str = ""
    rate: str = ""
    asks_rate: bool = False
    name: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    can_go_on: bool = False


class WelcomePresenter:
    """Leads a new shop through country, name and first products."""

    def __init__(
        self,
        store: "Store",
        setup: ShopSetup,
        on_state: Callable[[WelcomeState], None],
        on_start: Callable[[Start], None],
        on_language: Callable[[str], None] = lambda _code: None,
        publish: Callable[[Changes], None] = lambda _changes: None,
        *,
        country: str = "",
    ) -> None:
        self._store = store
        self._setup = setup
        self._on_state = on_state
        self._on_start = on_start
        self._on_language = on_language
        self._publish = publish
        self._shop = store.settings.shop()
        language = self._shop.screen.language
        self._state = WelcomeState(
            countries=_countries(language),
            languages=tuple(Choice(code, name) for code, name in LANGUAGES.items()),
            language=language,
        )
        self._has_chosen_language = False
        if preset_of(country) is not None:
            self.choose_country(country)

    @property
    def state(self) -> WelcomeState:
        """What the sheet shows now."""
        return self._state

    def show(self) -> None:
        """Show the first choice."""
        self._on_state(self._state)

    def choose_country(self, code: str) -> None:
        """Choose the country; its currency, taxes and language follow."""
        preset = preset_of(code)
        if preset is None:
            return
        spoken = next((one for one in preset.languages if one in LANGUAGES), "en")
        if not self._has_chosen_language and spoken != self._state.language:
            self._speak(spoken)
        self._state = replace(
            self._state,
            country=preset.code,
            asks_rate=preset.needs_own_rate,
            country_note=_source_words(preset),
            can_go_on=True,
            errors={},
        )
        self._state = replace(self._state, facts=self._facts(preset))
        self._on_state(self._state)

    def choose_language(self, code: str) -> None:
        """Let the screen speak another language from now on."""
        self._has_chosen_language = True
        self._speak(code)
        preset = preset_of(self._state.country)
        if preset is not None:
            self._state = replace(
                self._state, facts=self._facts(preset), country_note=_source_words(preset)
            )
        self._on_state(self._state)

    def enter_rate(self, text: str) -> None:
        """Enter the tax rate where it depends on the place."""
        self._put(rate=text, errors={})

    def enter_name(self, text: str) -> None:
        """Enter the shop's name as it stands on the receipt."""
        self._put(name=text, errors={}, can_go_on=bool(text.strip()))

    def go_on(self) -> None:
        """Go to the next choice, or say what is missing."""
        if self._state.place == 1:
            errors = self._rate_errors()
            place = 1 if errors else 2
            can_go_on = place == 1 or bool(self._state.name.strip())
            self._put(place=place, errors=errors, can_go_on=can_go_on)
        elif self._state.place == 2:
            errors = self._name_errors()
            self._put(place=2 if errors else 3, errors=errors)

    def go_back(self) -> None:
        """Go back to the choice before; nothing is forgotten."""
        self._put(place=max(1, self._state.place - 1), errors={}, can_go_on=True)

    def start(self, what: Start) -> bool:
        """Save the set-up and begin; the demo shop has its own file and changes nothing here."""
        if what is not Start.DEMO:
            preset = preset_of(self._state.country)
            if preset is None:
                self._put(place=1)
                return False
            try:
                self._setup.start(self._made(), self._with_rate(preset))
            except PosError as refusal:
                amounts = amount_format(self._shop)
                self._put(errors={"start": sentence_of(refusal, amounts)})
                return False
            self._publish(Changes(settings=True, products=True))
        self._on_start(what)
        return True

    def _made(self) -> ShopSettings:
        name = " ".join(self._state.name.split())
        screen = replace(self._shop.screen, language=self._state.language)
        receipt = self._shop.receipt
        if receipt.footer == ReceiptSettings().footer:  # nobody has written one yet
            thanks = t_in(self._state.language, "Thank you for your visit")
            receipt = replace(receipt, footer=(thanks,))
        return replace(self._shop, name=name, screen=screen, receipt=receipt)

    def _name_errors(self) -> dict[str, str]:
        refusal = settings_refusals(self._made()).get("name")
        if refusal is None:
            return {}
        return {"name": sentence_of(refusal, amount_format(self._shop))}

    def _rate_errors(self) -> dict[str, str]:
        if self._state.asks_rate and self._rate() is None:
            return {"rate": t("Enter the rate of your town in percent, such as 8.25, or 0.")}
        return {}

    def _rate(self) -> Decimal | None:
        try:
            rate = Decimal(self._state.rate.strip().rstrip("%").strip().replace(",", "."))
        except InvalidOperation:
            return None
        return rate if rate.is_finite() and 0 <= rate < 100 else None

    def _with_rate(self, preset: CountryPreset) -> CountryPreset:
        rate = self._rate() if self._state.asks_rate else None
        if rate is None:
            return preset
        name = f"{preset.taxes[0].name.rsplit(' ', 2)[0]} {rate:f} %"
        return replace(preset, taxes=(Tax(rate=rate, name=name, code="S"),))

    def _facts(self, preset: CountryPreset) -> tuple[tuple[str, str], ...]:
        """What the country fixes, and one sale reckoned with it."""
        shop = for_country(self._made(), preset)
        amounts = amount_format(shop)
        taxes = ", ".join(tax_name(tax, amounts) for tax in preset.taxes)
        kind = t("prices include tax") if preset.prices_include_tax else t("tax is added")
        told = kind if preset.needs_own_rate else f"{taxes} ({kind})"
        facts = [(t("Currency"), preset.currency), (t("Taxes"), told)]
        if preset.cash_rounding is not None:
            step = amounts.price(preset.cash_rounding.step)
            facts.append((t("Cash is rounded to"), step))
        if not preset.needs_own_rate:
            facts.append((t("Example"), self._example(preset)))
        return tuple(facts)

    def _example(self, preset: CountryPreset) -> str:
        shop = for_country(self._made(), preset)
        amounts = amount_format(shop)
        price = max(preset.banknotes) / 25
        price = price - Decimal("0.01") if amounts.digits and price < 20 else price
        made = worked_example(shop.policy, shop.cash_rounding, preset.taxes[0], price)
        return t("3 × {price} = {total}, of which {tax} tax").format(
            price=amounts.price(price),
            total=amounts.money(made.gross),
            tax=amounts.money(made.tax_amount),
        )

    def _speak(self, code: str) -> None:
        self._on_language(code)
        self._state = replace(self._state, language=code, countries=_countries(code))

    def _put(self, **values: Any) -> None:
        self._state = replace(self._state, **values)
        self._on_state(self._state)


def _source_words(preset: CountryPreset) -> str:
    return t("Source: {source}").format(source=preset.source)


def _countries(language: str) -> tuple[Choice, ...]:
    return tuple(Choice(code, name) for code, name in country_names(language).items())
