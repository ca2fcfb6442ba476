"""The page about the drawer: how it is counted, the float, reasons, and foreign notes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pos_app.domain.cash_rules import NoSuchCurrency, cash_refusals
from pos_app.domain.cash_settings import AcceptedCurrency, CashSettings
from pos_app.domain.errors import PosError
from pos_app.domain.shop import ShopSettings
from pos_app.ui.presenters.amounts import AmountFormat, amount_format
from pos_app.ui.presenters.draft_page import saved, typed, why_not_saved
from pos_app.ui.presenters.typed_figures import NotAFigure, shown_figure, typed_decimal
from pos_app.ui.views import Tone

if TYPE_CHECKING:
    from pos_app.store.store import Store

SaveCash = Callable[[CashSettings], str]


@dataclass(frozen=True, slots=True)
class CashDraft:
    """Every field of the page as typed; several lines and several figures as one text each."""

    is_blind: bool = False
    needs_shift: bool = False
    float_target: str = ""
    reasons_in: str = ""
    reasons_out: str = ""
    denominations: str = ""
    accepted: str = ""


@dataclass(frozen=True, slots=True)
class CashPageState:
    """Everything on the page."""

    draft: CashDraft = CashDraft()
    currency: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    is_changed: bool = False
    result: str = ""
    result_tone: Tone = Tone.PLAIN


class CashSettingsPresenter:
    """Keeps a draft until it can be saved; nothing typed is ever lost by an error."""

    def __init__(
        self, store: "Store", save: SaveCash, on_state: Callable[[CashPageState], None]
    ) -> None:
        self._store = store
        self._save = save
        self._on_state = on_state
        self._state = CashPageState()
        self.refresh()

    @property
    def state(self) -> CashPageState:
        """What the page shows now."""
        return self._state

    def refresh(self) -> None:
        """Show what is in force."""
        shop = self._store.settings.shop()
        draft = _draft_of(shop, amount_format(shop))
        self._put(draft=draft, currency=shop.policy.currency, errors={}, is_changed=False)

    def change(self, **values: Any) -> None:
        """Take over what was typed or ticked, by field; its error goes away."""
        self._put(**typed(self._state.draft, self._state.errors, values))

    def save(self) -> bool:
        """Save the page; on a refusal each error stands under its field."""
        shop = self._store.settings.shop()
        amounts = amount_format(shop)
        made, refusals = _settings_of(self._state.draft, amounts)
        refusals = cash_refusals(made, shop.policy.currency) | refusals
        wrong = why_not_saved(made, refusals, self._save, amounts)
        if wrong:
            self._put(**wrong)
            return False
        self.refresh()
        self._put(**saved())
        return True

    def _put(self, **values: Any) -> None:
        self._state = replace(self._state, **values)
        self._on_state(self._state)


def _draft_of(shop: ShopSettings, amounts: AmountFormat) -> CashDraft:
    cash = shop.cash
    return CashDraft(
        is_blind=cash.is_blind,
        needs_shift=cash.needs_shift,
        float_target=shown_figure(cash.float_target or None, amounts),
        reasons_in="\n".join(cash.reasons_in),
        reasons_out="\n".join(cash.reasons_out),
        denominations="  ".join(shown_figure(value, amounts) for value in cash.denominations),
        accepted="\n".join(
            f"{one.code} {shown_figure(one.rate, amounts)}" for one in cash.accepted
        ),
    )


def _settings_of(
    draft: CashDraft, amounts: AmountFormat
) -> tuple[CashSettings, dict[str, PosError]]:
    """Return the settings that the texts make, and by field what cannot be read."""
    refusals: dict[str, PosError] = {}
    target, denominations, accepted = Decimal(0), [], []
    try:
        target = typed_decimal(draft.float_target, amounts) or Decimal(0)
    except NotAFigure as refusal:
        refusals["float_target"] = refusal
    try:
        for part in draft.denominations.replace(";", " ").split():
            denominations.append(typed_decimal(part, amounts) or Decimal(0))  # noqa: PERF401 - each may be refused
    except NotAFigure as refusal:
        refusals["denominations"] = refusal
    try:
        accepted = [_accepted(line, amounts) for line in _lines(draft.accepted)]
    except PosError as refusal:
        refusals["accepted"] = refusal
    made = CashSettings(
        is_blind=draft.is_blind,
        needs_shift=draft.needs_shift,
        float_target=target,
        reasons_in=_lines(draft.reasons_in),
        reasons_out=_lines(draft.reasons_out),
        denominations=tuple(denominations),
        accepted=tuple(accepted),
    )
    return made, refusals


def _accepted(line: str, amounts: AmountFormat) -> AcceptedCurrency:
    """Read a line such as `USD 0.92`; raises NoSuchCurrency or NotAFigure."""
    code, _, rate = line.replace("=", " ").partition(" ")
    if not code.isalpha():
        raise NoSuchCurrency(code=line[:10])
    return AcceptedCurrency(code.upper(), typed_decimal(rate, amounts) or Decimal(0))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())
