"""The approvals page of the settings: what needs somebody, and what each role may do."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pos_app.domain.approval import Action, ApprovalNeeded, ApprovalRequest
from pos_app.domain.approval_policy import BY_PERCENT, TAKEN_OUT, WITHOUT_FIGURE, ApprovalRule
from pos_app.domain.errors import PosError
from pos_app.domain.staff import Permission, Role
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.staff import Staff
from pos_app.texts import t
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.approval_words import action_name, role_name
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.staff_form import Ask
from pos_app.ui.presenters.typed_figures import NotAFigure, shown_figure, typed_decimal
from pos_app.ui.views import Tone

if TYPE_CHECKING:
    from pos_app.store.store import Store

LOCK_MOST_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One action: whether it is reserved, from which figure on, and what the shown role may.

    The figures are texts as typed; `unit` stands behind them. Empty figures: always, no limit.
    """

    action: Action
    name: str
    is_reserved: bool
    above: str
    per_shift: str
    may: bool
    limit: str
    unit: str
    has_figure: bool
    has_shift_sum: bool


@dataclass(frozen=True, slots=True)
class RulesState:
    """Everything on the page; `errors` are keyed by action and field, or by field."""

    rows: tuple[RuleRow, ...] = ()
    roles: tuple[Choice, ...] = ()
    role: str = ""
    lock_s: str = ""
    reasons: str = ""
    is_changed: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    result: str = ""
    result_tone: Tone = Tone.PLAIN


class RulesPresenter:
    """Keeps one draft of the rules and of the role that is shown until it is saved."""

    def __init__(
        self,
        store: "Store",
        setup: ShopSetup,
        staff: Staff,
        on_state: Callable[[RulesState], None],
        *,
        ask: Ask,
        publish: Callable[[Changes], None] = lambda _changes: None,
    ) -> None:
        self._store = store
        self._setup = setup
        self._staff = staff
        self._on_state = on_state
        self._ask = ask
        self._publish = publish
        self.state = RulesState()
        self.refresh()

    def refresh(self, role_key: str = "") -> None:
        """Read rules and roles anew; what was not saved is forgotten."""
        shop = self._store.settings.shop()
        self._amounts = amount_format(shop)
        self._roles = {role.key: role for role in self._staff.roles()}
        role = self._roles.get(role_key or self.state.role) or next(iter(self._roles.values()))
        policy = shop.approvals
        rows = tuple(
            self._row(policy.rule(action), role, shop.policy.currency) for action in Action
        )
        self._put(
            rows=rows,
            roles=tuple(Choice(one.key, role_name(one)) for one in self._roles.values()),
            role=role.key,
            lock_s=f"{policy.auto_lock_s}",
            reasons="\n".join(t(reason) for reason in policy.reasons),
            is_changed=False,
            errors={},
        )
        self._reasons_shown = self.state.reasons

    def choose_role(self, key: str) -> None:
        """Show what another role may; changes of the one before are saved first."""
        if not self.state.is_changed or self.save():
            self.refresh(key)

    def change(self, action: Action, **values: Any) -> None:
        """Take over what was typed or ticked for an action."""
        rows = tuple(
            replace(row, **values) if row.action is action else row for row in self.state.rows
        )
        self._put(rows=rows, is_changed=True, result="", errors=self._without(action, values))

    def change_whole(self, **values: Any) -> None:
        """Take over the seconds or the reasons."""
        self._put(**values, is_changed=True, result="")

    def save(self) -> bool:
        """Save rules and role; what is no figure stands red beside its field."""
        errors: dict[str, str] = {}
        rules = tuple(self._rule(row, errors) for row in self.state.rows)
        permissions = tuple(
            Permission(row.action, self._figure(row, "limit", errors))
            for row in self.state.rows
            if row.may
        )
        seconds = self._seconds(errors)
        if errors:
            problem = t("Please look at the fields marked red. Nothing is lost.")
            self._put(errors=errors, result=problem, result_tone=Tone.DANGER)
            return False
        try:
            role = replace(self._roles[self.state.role], permissions=permissions)
            self._keep(rules, role, seconds)
        except ApprovalNeeded as need:
            self._ask(need, self._save_again)
            return False
        except PosError as refusal:
            self._put(result=sentence_of(refusal, self._amounts), result_tone=Tone.DANGER)
            return False
        self._publish(Changes(settings=True, staff=True))
        self.refresh()
        self._put(result=t("The rules are saved."), result_tone=Tone.SUCCESS)
        return True

    def _save_again(self) -> None:
        self.save()

    def _keep(self, rules: tuple[ApprovalRule, ...], role: Role, seconds: int) -> None:
        shop = self._store.settings.shop()
        policy = replace(shop.approvals, rules=rules, auto_lock_s=seconds)
        if self.state.reasons != self._reasons_shown:
            lines = (line.strip() for line in self.state.reasons.splitlines())
            policy = replace(policy, reasons=tuple(line for line in lines if line))
        if role != self._roles[role.key]:
            self._staff.save_role(role)
        else:
            self._staff.authority.require(ApprovalRequest(Action.SETTINGS))
        self._setup.save(replace(shop, approvals=policy))

    def _row(self, rule: ApprovalRule, role: Role, currency: str) -> RuleRow:
        permission = role.permission(rule.action)
        return RuleRow(
            action=rule.action,
            name=action_name(rule.action),
            is_reserved=rule.is_reserved,
            above=self._shown(rule.above),
            per_shift=self._shown(rule.per_shift),
            may=permission is not None,
            limit=self._shown(permission.limit if permission else None),
            unit="%" if rule.action in BY_PERCENT else currency,
            has_figure=rule.action not in WITHOUT_FIGURE,
            has_shift_sum=rule.action in TAKEN_OUT,
        )

    def _rule(self, row: RuleRow, errors: dict[str, str]) -> ApprovalRule:
        return ApprovalRule(
            row.action,
            row.is_reserved,
            self._figure(row, "above", errors),
            self._figure(row, "per_shift", errors),
        )

    def _figure(self, row: RuleRow, name: str, errors: dict[str, str]) -> Decimal | None:
        try:
            figure = typed_decimal(getattr(row, name), self._amounts)
        except NotAFigure as refusal:
            errors[f"{row.action.value}.{name}"] = sentence_of(refusal, self._amounts)
            return None
        if figure is not None and figure < 0:
            errors[f"{row.action.value}.{name}"] = t("Enter 0 or more.")
        return figure

    def _seconds(self, errors: dict[str, str]) -> int:
        text = self.state.lock_s.strip() or "0"
        if not text.isascii() or not text.isdigit() or int(text) > LOCK_MOST_S:
            errors["lock_s"] = t("Enter whole seconds, 0 for never.")
            return 0
        return int(text)

    def _shown(self, figure: Decimal | None) -> str:
        return "" if figure is None else shown_figure(figure, self._amounts)

    def _without(self, action: Action, values: dict[str, Any]) -> dict[str, str]:
        gone = {f"{action.value}.{name}" for name in values}
        return {key: error for key, error in self.state.errors.items() if key not in gone}

    def _put(self, **values: Any) -> None:
        self.state = replace(self.state, **values)
        self._on_state(self.state)
