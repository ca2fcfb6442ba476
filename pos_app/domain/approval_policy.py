"""What the shop reserves for some: the rules per action, and whether a request needs somebody."""

from dataclasses import dataclass
from decimal import Decimal

from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.money import Money
from pos_app.domain.staff import Role
from pos_app.domain.words import later

# What a cashier takes back out of sales counts together against the limit of a shift.
TAKEN_OUT = (Action.VOID, Action.REMOVE_LINE)
BY_PERCENT = (Action.DISCOUNT,)
WITHOUT_FIGURE = (
    Action.RETURN_WITHOUT_RECEIPT,
    Action.NO_SALE,
    Action.CLOSE_SHIFT,
    Action.NEGATIVE_STOCK,
    Action.GIFT_CARD,
    Action.PRODUCTS,
    Action.SETTINGS,
)


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """When an action is reserved: always, above a figure, or once a shift's sum is used up.

    `above` is a percentage for discounts and currency units for everything else; `per_shift` is
    the sum in currency units that one cashier may reach in a shift. With neither, always.
    """

    action: Action
    is_reserved: bool = True
    above: Decimal | None = None
    per_shift: Decimal | None = None


USUAL_RULES = (
    ApprovalRule(Action.DISCOUNT, above=Decimal(10)),
    ApprovalRule(Action.PRICE_CHANGE),
    ApprovalRule(Action.PRICE_BELOW_COST),
    ApprovalRule(Action.REFUND, above=Decimal(50)),
    ApprovalRule(Action.RETURN_WITHOUT_RECEIPT),
    ApprovalRule(Action.VOID),
    ApprovalRule(Action.REMOVE_LINE, per_shift=Decimal(50)),
    ApprovalRule(Action.NO_SALE),
    ApprovalRule(Action.CASH_OUT),
    ApprovalRule(Action.CLOSE_SHIFT, is_reserved=False),
    ApprovalRule(Action.CASH_DIFFERENCE, above=Decimal(5)),
    ApprovalRule(Action.NEGATIVE_STOCK, is_reserved=False),
    ApprovalRule(Action.STOCK_CHANGE),
    ApprovalRule(Action.CREDIT_LIMIT),
    ApprovalRule(Action.GIFT_CARD),
    ApprovalRule(Action.PRODUCTS),
    ApprovalRule(Action.SETTINGS),
)
USUAL_REASONS = (
    later("Damaged goods"),
    later("Wrong price on the shelf"),
    later("Typed wrongly"),
    later("Goodwill"),
    later("Customer changed their mind"),
)


@dataclass(frozen=True, slots=True)
class ApprovalPolicy:
    """The shop's rules, the reasons to choose from, and when an idle till locks itself.

    It counts only in a shop that has staff. `auto_lock_s` is in seconds; 0 never locks.
    """

    rules: tuple[ApprovalRule, ...] = USUAL_RULES
    reasons: tuple[str, ...] = USUAL_REASONS
    auto_lock_s: int = 180

    def rule(self, action: Action) -> ApprovalRule:
        """Return the rule of an action; one that the shop never named is reserved."""
        return next((one for one in self.rules if one.action is action), ApprovalRule(action))


def needs(
    policy: ApprovalPolicy, role: Role, request: ApprovalRequest, used: Money | None = None
) -> bool:
    """Tell whether somebody of `role` may not do this without more rights.

    `used` is what the cashier has used up of the shift's sum before this request. An approver is
    somebody for whose own role this says no.
    """
    rule = policy.rule(request.action)
    if not rule.is_reserved or not _is_beyond(rule, request, used):
        return False
    permission = role.permission(request.action)
    if permission is None:
        return True
    figure = figure_of(request)
    return permission.limit is not None and (figure is None or figure > permission.limit)


def figure_of(request: ApprovalRequest) -> Decimal | None:
    """Return what limits are compared with: percent for discounts, else currency units."""
    if request.action in BY_PERCENT:
        return request.percent
    return None if request.amount is None else abs(request.amount.amount)


def counts_per_shift(policy: ApprovalPolicy, action: Action) -> bool:
    """Whether what was used in the shift has to be known for this action."""
    return policy.rule(action).per_shift is not None


def _is_beyond(rule: ApprovalRule, request: ApprovalRequest, used: Money | None) -> bool:
    if rule.above is None and rule.per_shift is None:
        return True
    figure = figure_of(request)
    if rule.above is not None and (figure is None or figure > rule.above):
        return True
    if rule.per_shift is None or request.amount is None:
        return False
    before = Decimal(0) if used is None else used.amount
    return before + abs(request.amount.amount) > rule.per_shift
