"""The page about payments: which ways the shop takes, the card terminal, and held value."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pos_app.domain.errors import PosError
from pos_app.domain.payment import TenderMethod
from pos_app.domain.tender_settings import (
    HeldValueSettings,
    PointsSettings,
    TenderSettings,
    TerminalKind,
)
from pos_app.services.tender_rules import tender_refusals
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat, amount_format
from pos_app.ui.presenters.background_work import RunWork
from pos_app.ui.presenters.draft_page import saved, typed, why_not_saved
from pos_app.ui.presenters.office_words import method_words
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.typed_figures import NotAFigure, shown_figure, typed_decimal
from pos_app.ui.views import Tone

if TYPE_CHECKING:
    from pos_app.store.store import Store

SaveTenders = Callable[[TenderSettings], str]
# Every way that can be switched on, in the order of the F5 sheet; cash and card are always there.
OFFERED = tuple(m for m in TenderMethod if m not in (TenderMethod.CASH, TenderMethod.CARD))
_FIGURES = (
    "credit_limit",
    "offline_allowance",
    "months",
    "points_per_unit",
    "points_worth",
)


@dataclass(frozen=True, slots=True)
class PaymentsDraft:
    """Every field of the page as typed or ticked."""

    methods: frozenset[TenderMethod] = frozenset()
    terminal: str = TerminalKind.STANDALONE.value
    terminal_target: str = ""
    tips: bool = False
    keeps_accounts: bool = False
    accepts_unknown: bool = False
    credit_limit: str = ""
    offline_allowance: str = ""
    months: str = ""
    points_per_unit: str = ""
    points_worth: str = ""


@dataclass(frozen=True, slots=True)
class PaymentsPageState:
    """Everything on the page."""

    draft: PaymentsDraft = PaymentsDraft()
    methods: tuple[Choice, ...] = ()
    terminals: tuple[Choice, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    is_changed: bool = False
    is_asking: bool = False
    result: str = ""
    result_tone: Tone = Tone.PLAIN


class PaymentsPresenter:
    """Keeps a draft until it can be saved; nothing typed is ever lost by an error."""

    def __init__(
        self,
        store: "Store",
        save: SaveTenders,
        run: RunWork,
        on_state: Callable[[PaymentsPageState], None],
    ) -> None:
        self._store = store
        self._save = save
        self._run = run
        self._on_state = on_state
        self._state = PaymentsPageState()
        self.refresh()

    @property
    def state(self) -> PaymentsPageState:
        """What the page shows now."""
        return self._state

    def refresh(self) -> None:
        """Show what is in force."""
        shop = self._store.settings.shop()
        words = method_words()
        self._put(
            draft=_draft_of(shop.tenders, amount_format(shop)),
            methods=tuple(Choice(method.value, words[method]) for method in OFFERED),
            terminals=(
                Choice(TerminalKind.STANDALONE.value, t("By itself")),
                Choice(TerminalKind.NETWORK.value, t("Over the network")),
            ),
            errors={},
            is_changed=False,
        )

    def change(self, **values: Any) -> None:
        """Take over what was typed or ticked, by field; its error goes away."""
        self._put(**typed(self._state.draft, self._state.errors, values))

    def switch(self, key: str, is_on: bool) -> None:
        """Take a way to pay, or take it no more."""
        method = TenderMethod(key)
        methods = self._state.draft.methods
        self.change(methods=methods | {method} if is_on else methods - {method})

    def try_terminal(self) -> None:
        """Ask the terminal whether it is there; it charges nothing."""
        target = self._state.draft.terminal_target.strip()

        def ask(_working: object) -> None:
            from pos_app.services.card_terminals import NetworkTerminal  # noqa: PLC0415 - seldom

            NetworkTerminal(target).status("test")

        self._put(is_asking=True, result=t("The terminal is asked …"), result_tone=Tone.PLAIN)
        self._run(ask, lambda _none: self._tell(t("The terminal answers."), Tone.SUCCESS), self._no)

    def save(self) -> bool:
        """Save the page; on a refusal each error stands under its field."""
        shop = self._store.settings.shop()
        amounts = amount_format(shop)
        made, refusals = _settings_of(self._state.draft, shop.tenders, amounts)
        refusals = tender_refusals(made, shop.policy.currency) | refusals
        wrong = why_not_saved(made, refusals, self._save, amounts)
        if wrong:
            self._put(**wrong)
            return False
        self.refresh()
        self._put(**saved(), is_asking=False)
        return True

    def _no(self, error: Exception) -> None:
        told = t("The terminal does not answer as it should.")
        self._tell(sentence_of(error) if isinstance(error, PosError) else told, Tone.DANGER)

    def _tell(self, text: str, tone: Tone) -> None:
        self._put(result=text, result_tone=tone, is_asking=False)

    def _put(self, **values: Any) -> None:
        self._state = replace(self._state, **values)
        self._on_state(self._state)


def _draft_of(tenders: TenderSettings, amounts: AmountFormat) -> PaymentsDraft:
    held, points = tenders.held, tenders.points
    return PaymentsDraft(
        methods=frozenset(tenders.methods),
        terminal=tenders.terminal.value,
        terminal_target=tenders.terminal_target,
        tips=tenders.tips,
        keeps_accounts=tenders.keeps_accounts,
        accepts_unknown=held.accepts_unknown,
        credit_limit=shown_figure(tenders.credit_limit, amounts),
        offline_allowance=shown_figure(held.offline_allowance, amounts),
        months=str(held.months) if held.months else "",
        points_per_unit=shown_figure(points.per_unit or None, amounts),
        points_worth=shown_figure(points.worth, amounts),
    )


def _settings_of(
    draft: PaymentsDraft, before: TenderSettings, amounts: AmountFormat
) -> tuple[TenderSettings, dict[str, PosError]]:
    """Return the settings that the page makes, and by field what is no figure."""
    refusals: dict[str, PosError] = {}
    figures: dict[str, Decimal | None] = {}
    for name in _FIGURES:
        try:
            figures[name] = typed_decimal(getattr(draft, name), amounts)
        except NotAFigure as refusal:
            refusals[name] = refusal
            figures[name] = None
    made = replace(
        before,
        methods=tuple(method for method in OFFERED if method in draft.methods),
        terminal=TerminalKind(draft.terminal),
        terminal_target=draft.terminal_target.strip(),
        tips=draft.tips,
        keeps_accounts=draft.keeps_accounts,
        credit_limit=figures["credit_limit"],
        held=HeldValueSettings(
            offline_allowance=figures["offline_allowance"],
            accepts_unknown=draft.accepts_unknown,
            months=int(figures["months"] or 0),
        ),
        points=PointsSettings(
            per_unit=figures["points_per_unit"] or Decimal(0),
            worth=figures["points_worth"] or Decimal(0),
        ),
    )
    return made, refusals
