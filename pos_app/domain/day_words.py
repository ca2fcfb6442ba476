"""What the figures of a day are called, for screen, paper, sheets and head office's page alike."""

from pos_app.domain.day_figures import Watched
from pos_app.domain.day_review import Attention, AttentionKind
from pos_app.domain.payment import TenderMethod
from pos_app.domain.words import Later, Say, later

METHOD_WORDS = {
    TenderMethod.CASH: later("Cash"),
    TenderMethod.CARD: later("Card"),
    TenderMethod.BANK_TRANSFER: later("Bank transfer"),
    TenderMethod.ON_ACCOUNT: later("On account"),
    TenderMethod.MOBILE: later("Mobile payment"),
    TenderMethod.CHEQUE: later("Cheque"),
    TenderMethod.GIFT_CARD: later("Gift card"),
    TenderMethod.STORE_CREDIT: later("Store credit"),
    TenderMethod.DEPOSIT: later("Deposit"),
    TenderMethod.POINTS: later("Points"),
}
WATCHED_WORDS = {
    Watched.VOID: later("Voids"),
    Watched.REFUND: later("Refunds"),
    Watched.DISCOUNT: later("Discounts"),
    Watched.PRICE_OVERRIDE: later("Prices changed"),
    Watched.LINE_REMOVED: later("Lines removed"),
    Watched.QUANTITY_LOWERED: later("Quantities lowered"),
    Watched.SALE_DISCARDED: later("Sales given up"),
    Watched.NO_SALE: later("Drawer opened"),
}
_ATTENTION_WORDS = {
    AttentionKind.CHAIN_BROKEN: later("Journal and head office differ. Have the store verified."),
    AttentionKind.REFUSED: later("Entries refused elsewhere: {count}."),
    AttentionKind.UNSENT: later("Entries not sent yet: {count}."),
    AttentionKind.VOIDS: later("Voids: {count}."),
    AttentionKind.REFUNDS: later("Refunds: {count}."),
    AttentionKind.OVERRIDES: later("Prices changed: {count}."),
    AttentionKind.NO_SALES: later("Drawer opened without a sale: {count}."),
    AttentionKind.LOW_STOCK: later("Products that run low: {count}."),
    AttentionKind.OVERDUE: later("Invoices overdue: {count}."),
    AttentionKind.SHIFT_OPEN: later("A shift is still open. Count the drawer and close it."),
}
_WITH_AMOUNT = {
    AttentionKind.VOIDS: later("Voids: {count}, {amount}."),
    AttentionKind.REFUNDS: later("Refunds: {count}, {amount}."),
    AttentionKind.OVERRIDES: later("Prices changed: {count}, by {amount}."),
    AttentionKind.OVERDUE: later("Invoices overdue: {count}, {amount}."),
}
_BY_THE_MOST = (
    AttentionKind.VOIDS,
    AttentionKind.REFUNDS,
    AttentionKind.OVERRIDES,
    AttentionKind.NO_SALES,
)
_MOST_BY = later("Most by {name}.")
_CASHIER = later("Cashier {name}.")
_MISSING = later("{amount} is missing from the drawer.")
_TOO_MUCH = later("There is {amount} too much in the drawer.")


def method_words(method: str) -> str:
    """Return what a way to pay is called, to be translated; its own name where it is unknown."""
    try:
        return METHOD_WORDS[TenderMethod(method)]
    except ValueError:
        return method


def attention_words(one: Attention) -> Later:
    """Return the sentence about a thing to look at, with `{count}` and `{amount}` (its size)."""
    if one.kind is AttentionKind.CASH_DIFFERENCE:
        return _MISSING if one.amount is not None and one.amount.minor < 0 else _TOO_MUCH
    if one.amount is not None and one.kind in _WITH_AMOUNT:
        return _WITH_AMOUNT[one.kind]
    return _ATTENTION_WORDS[one.kind]


def attention_sentence(one: Attention, say: Say, amount: str, name: str) -> str:
    """Say what should be looked at and whose it is; `amount` (its size) and `name` as written."""
    words = say(attention_words(one)).format(count=one.count, amount=amount)
    if not one.about:
        return words
    whose = _MOST_BY if one.kind in _BY_THE_MOST else _CASHIER
    return f"{words} {say(whose).format(name=name)}"
