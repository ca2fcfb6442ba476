"""The settings page about stock: what happens at zero, the places, the days before a date."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pos_app.domain.stock_rule import AtZero, StockSettings
from pos_app.services.stock_rules import DAYS_MOST, DaysWrong, settings_refusals
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.draft_page import saved, typed, why_not_saved
from pos_app.ui.presenters.product_form import Choice, shop_at_zero_choices
from pos_app.ui.views import Tone

if TYPE_CHECKING:
    from pos_app.store.store import Store

SaveStock = Callable[[StockSettings], str]


@dataclass(frozen=True, slots=True)
class StockDraft:
    """Every field of the page as typed; a place in each line."""

    at_zero: str = AtZero.ALLOW.value
    locations: str = ""
    expiry_notice_days: str = ""


@dataclass(frozen=True, slots=True)
class StockPageState:
    """Everything on the page."""

    draft: StockDraft = StockDraft()
    choices: tuple[Choice, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    is_changed: bool = False
    result: str = ""
    result_tone: Tone = Tone.PLAIN


class StockSettingsPresenter:
    """Keeps a draft until it can be saved; nothing typed is ever lost by an error."""

    def __init__(
        self, store: "Store", save: SaveStock, on_state: Callable[[StockPageState], None]
    ) -> None:
        self._store = store
        self._save = save
        self._on_state = on_state
        self._state = StockPageState()
        self.refresh()

    @property
    def state(self) -> StockPageState:
        """What the page shows now."""
        return self._state

    def refresh(self) -> None:
        """Show what is in force."""
        stock = self._store.settings.shop().stock
        draft = StockDraft(
            stock.at_zero.value, "\n".join(stock.locations), str(stock.expiry_notice_days)
        )
        self._put(draft=draft, choices=shop_at_zero_choices(), errors={}, is_changed=False)

    def change(self, **values: Any) -> None:
        """Take over what was typed or chosen, by field; its error goes away."""
        self._put(**typed(self._state.draft, self._state.errors, values))

    def save(self) -> bool:
        """Save the page; on a refusal each error stands under its field."""
        shop = self._store.settings.shop()
        draft = self._state.draft
        lines = (" ".join(line.split()) for line in draft.locations.splitlines())
        typed = draft.expiry_notice_days.strip()
        is_number = typed.isascii() and typed.isdigit() and len(typed) <= len(str(DAYS_MOST))
        made = StockSettings(
            at_zero=AtZero(draft.at_zero),
            locations=tuple(dict.fromkeys(line for line in lines if line)),
            expiry_notice_days=int(typed) if is_number else 0,
        )
        refusals = settings_refusals(made, shop.location)
        if not is_number:
            refusals["expiry_notice_days"] = DaysWrong(most=DAYS_MOST)
        wrong = why_not_saved(made, refusals, self._save, amount_format(shop))
        if wrong:
            self._put(**wrong)
            return False
        self.refresh()
        self._put(**saved())
        return True

    def _put(self, **values: Any) -> None:
        self._state = replace(self._state, **values)
        self._on_state(self._state)
