"""What a member of staff may not do alone: the request, the refusal that asks, the approval."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money


class Action(StrEnum):
    """What the shop's policy may let only some do; the order is that of the settings page."""

    DISCOUNT = "discount"
    PRICE_CHANGE = "price_change"
    PRICE_BELOW_COST = "price_below_cost"
    REFUND = "refund"
    RETURN_WITHOUT_RECEIPT = "return_without_receipt"
    VOID = "void"
    REMOVE_LINE = "remove_line"
    NO_SALE = "no_sale"
    CASH_OUT = "cash_out"
    CLOSE_SHIFT = "close_shift"
    CASH_DIFFERENCE = "cash_difference"
    NEGATIVE_STOCK = "negative_stock"
    STOCK_CHANGE = "stock_change"
    CREDIT_LIMIT = "credit_limit"
    GIFT_CARD = "gift_card"
    PRODUCTS = "products"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """What somebody wants to do: the action, what it is worth, and what it is about.

    `amount` is above zero whatever the direction; `percent` belongs to discounts; `about` names
    the document, item or drawer in words that the approver understands.
    """

    action: Action
    amount: Money | None = None
    percent: Decimal | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class GivenApproval:
    """An approval that was used: what for, who asked, who agreed, how, why and when (UTC).

    `challenge` belongs to one-time codes: a code is good once.
    """

    id: str
    request: ApprovalRequest
    asker: str
    approver: str
    how: str
    reason: str
    at: datetime
    challenge: str = ""


class MayNotApprove(PosError):
    """Somebody without the right tried to approve."""

    sentence = "{name} may not approve this. Ask somebody with more rights, or leave it."


class NobodyMayApprove(PosError):
    """No active member of staff has the right."""

    sentence = "Nobody here may approve this. The owner can change that in Settings, Staff."


class CodeMalformed(PosError):
    """Something else than eight digits was typed as an approval code."""

    sentence = "An approval code has 8 digits. Type it again as it was told to you."


class CodeWrong(PosError):
    """A code that was made for another till, action, amount or challenge, or by nobody."""

    sentence = (
        "That code is not for this till, this action and this amount. Read all four lines to the "
        "manager again and type the new code."
    )


class CodeExpired(PosError):
    """A code that was right once and is too old."""

    sentence = "That code is older than {minutes} minutes. Ask the manager for a new one."


class CodeUsed(PosError):
    """A code that has let something through already."""

    sentence = "That code was used already. Ask the manager for a new one."


class NoCodesHere(PosError):
    """Nobody who may approve has a key for codes."""

    sentence = "Nobody has a key for approval codes yet. It is made in Settings, Staff."


class ApprovalNeeded(PosError):
    """The policy asks for somebody with more rights; `request` says for what."""

    sentence = "{about} needs the approval of a supervisor or manager."

    def __init__(self, request: ApprovalRequest) -> None:
        super().__init__(about=request.about or request.action.value.replace("_", " "))
        self.request = request
