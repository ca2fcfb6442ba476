"""What actions, roles and ways to approve are called on the screen."""

from pos_app.domain.action_words import ACTION_WORDS
from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.staff import Role
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.refusals import isolated


def action_name(action: Action) -> str:
    """Return the word for an action."""
    return t(ACTION_WORDS[action])


def role_name(role: Role) -> str:
    """Return a role's name; the usual ones are translated."""
    return t(role.name)


def request_text(request: ApprovalRequest, amounts: AmountFormat) -> str:
    """Say what is asked for in one line: the action, how much of it, and what it is about."""
    parts = [action_name(request.action)]
    if request.percent is not None:
        parts.append(amounts.percent(round(request.percent, 2)))
    if request.amount is not None:
        parts.append(amounts.money(request.amount))
    if request.about:
        parts.append(isolated(request.about))
    return " · ".join(parts)


def code_lines(
    request: ApprovalRequest, till: str, challenge: str, amounts: AmountFormat
) -> tuple[tuple[str, str], ...]:
    """Return what is read to a manager far away: till, action, amount and challenge."""
    amount = t("none") if request.amount is None else amounts.money(request.amount)
    spaced = f"{challenge[:3]} {challenge[3:]}"
    return (
        (t("Till"), till),
        (t("Action"), f"{action_name(request.action)} ({request.action.value})"),
        (t("Amount"), amount),
        (t("Challenge"), spaced),
    )
