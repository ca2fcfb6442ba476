"""What the actions that a shop may reserve are called, at the till and at head office alike."""

from pos_app.domain.approval import Action
from pos_app.domain.words import Later, later

ACTION_WORDS: dict[Action, Later] = {
    Action.DISCOUNT: later("Discount"),
    Action.PRICE_CHANGE: later("Other price"),
    Action.PRICE_BELOW_COST: later("Price below cost"),
    Action.REFUND: later("Refund"),
    Action.RETURN_WITHOUT_RECEIPT: later("Return without receipt"),
    Action.VOID: later("Void a sale"),
    Action.REMOVE_LINE: later("Remove from a sale"),
    Action.NO_SALE: later("Open the drawer without a sale"),
    Action.CASH_OUT: later("Take cash out"),
    Action.CLOSE_SHIFT: later("Close the shift"),
    Action.CASH_DIFFERENCE: later("Cash difference"),
    Action.NEGATIVE_STOCK: later("Sell more than is in stock"),
    Action.STOCK_CHANGE: later("Change stock"),
    Action.CREDIT_LIMIT: later("Credit above the limit"),
    Action.GIFT_CARD: later("Block or release a card"),
    Action.PRODUCTS: later("Products and prices"),
    Action.SETTINGS: later("Settings and staff"),
}
