"""The kinds of facts at the till: a picture for each, and the sentences it may say."""

from pos_app.domain.fact_names import FACT_NAMES
from pos_app.domain.facts import FactKind as F
from pos_app.domain.words import Later, later
from pos_app.services.journal_reading import FactGroup
from pos_app.texts import t

_ICONS: dict[F, str] = {
    F.STORE_OPENED: "store",
    F.SALE_COMPLETED: "receipt-text",
    F.LINE_REMOVED: "list-x",
    F.PRICE_OVERRIDDEN: "tag",
    F.SALE_PARKED: "circle-pause",
    F.SALE_RECALLED: "circle-play",
    F.SALE_DISCARDED: "trash-2",
    F.DRAWER_OPENED: "lock-open",
    F.RECEIPT_REPRINTED: "printer",
    F.STOCK_MOVED: "warehouse",
    F.PRODUCT_SAVED: "package",
    F.PRODUCTS_IMPORTED: "package-plus",
    F.CATEGORY_SAVED: "tags",
    F.CUSTOMER_SAVED: "user",
    F.SETTINGS_CHANGED: "settings",
    F.STORE_RESTORED: "rotate-ccw",
    F.STAFF_SAVED: "users",
    F.ROLE_SAVED: "users",
    F.SIGNED_IN: "key-round",
    F.SIGNED_OUT: "log-out",
    F.SIGN_IN_REFUSED: "lock",
    F.APPROVAL_GIVEN: "shield-check",
    F.APPROVAL_REFUSED: "ban",
    F.SHIFT_OPENED: "sun",
    F.CASH_MOVED: "hand-coins",
    F.CASH_COUNTED: "coins",
    F.SHIFT_READ: "eye",
    F.SHIFT_CLOSED: "moon",
    F.CARD_ASKED: "credit-card",
    F.CARD_APPROVED: "credit-card",
    F.CARD_DECLINED: "credit-card",
    F.CARD_USED: "credit-card",
    F.CARD_REVERSED: "credit-card",
    F.CARD_OWED: "credit-card",
    F.CARD_OWED_ENDED: "credit-card",
    F.STORED_VALUE_CHANGED: "gift",
    F.QUANTITY_LOWERED: "minus",
    F.DISCOUNT_GIVEN: "badge-percent",
    F.PAYMENT_GIVEN_BACK: "undo-2",
    F.STOCK_RULE_SAVED: "warehouse",
    F.SUPPLIER_SAVED: "truck",
    F.BATCH_SAVED: "package",
    F.AVERAGE_COST_CHANGED: "calculator",
    F.GOODS_RECEIVED: "truck",
    F.STOCK_TAKE_OPENED: "clipboard-list",
    F.STOCK_TAKE_COUNTED: "clipboard-list",
    F.STOCK_TAKE_CLOSED: "clipboard-list",
    F.KITCHEN_TOLD: "printer",
    F.KITCHEN_SLIP_REPRINTED: "printer",
    F.LABELS_MADE: "tags",
    F.QUOTATION_SAVED: "file-text",
    F.ORDER_SAVED: "clipboard-list",
    F.DELIVERY_NOTE_SAVED: "truck",
    F.INVOICE_SAVED: "file-text",
    F.INVOICE_ISSUED: "file-text",
    F.INVOICE_PAID: "banknote",
    F.INVOICE_CREDITED: "undo-2",
    F.INVOICE_REMINDED: "mail",
    F.GOODS_TAKEN_BACK: "undo-2",
    F.CREDIT_TERMS_SAVED: "landmark",
    F.CREDIT_EVALUATED: "landmark",
    F.PRICE_LIST_SAVED: "tags",
    F.LIST_PRICE_SAVED: "tag",
    F.CUSTOMERS_IMPORTED: "user-plus",
    F.CUSTOMERS_MERGED: "users",
    F.CUSTOMER_ERASED: "user",
    F.RECORD_RECEIVED: "download",
    F.EPOCH_BEGUN: "key-round",
}
_NAMED = (later("{word} {name} saved"),)
_DOCUMENT = (
    later("{word} {number} for {name}: {state}"),
    later("{word} {number}: {state}"),
    later("{word} for {name}: {state}"),
)
_CARD = (later("{word}: {amount} ({card})"), later("{word}: {amount}"))
SENTENCES: dict[F, tuple[Later, ...]] = {
    F.STORE_OPENED: (later("Till {till} of {shop} was set up and its journal began"),),
    F.SALE_COMPLETED: (
        later("{kind} {number} over {amount}, paid by {methods}"),
        later("{kind} {number} over {amount}"),
    ),
    F.LINE_REMOVED: (
        later("{quantity} × {name} at {price} taken out of the cart"),
        later("{quantity} × {name} taken out of the cart"),
    ),
    F.PRICE_OVERRIDDEN: (
        later("{name} sells at {price} instead of {list_price}"),
        later("{name} sells at {price}"),
    ),
    F.SALE_PARKED: (
        later("A sale of {amount} was put aside as “{name}”"),
        later("A sale of {amount} was put aside"),
    ),
    F.SALE_RECALLED: (
        later("A sale that was put aside came into another one, lines: {lines}"),
        later("A sale that was put aside came back, lines: {count}"),
    ),
    F.SALE_DISCARDED: (later("A whole sale of {amount} was given up before payment"),),
    F.DRAWER_OPENED: (
        later("The drawer was opened without a sale: {reason}"),
        later("The drawer was opened without a sale"),
    ),
    F.RECEIPT_REPRINTED: (later("A copy of receipt {number} was printed"),),
    F.STOCK_MOVED: (
        later("{reason}: {quantity} × {name}"),
        later("{reason}: {count} movements of stock"),
        later("Movements of stock: {count}"),
    ),
    F.PRODUCT_SAVED: (
        later("{word} {name} ({code}) saved at {price}"),
        later("{word} {name} ({code}) saved"),
    ),
    F.PRODUCTS_IMPORTED: (
        later("{added} products added and {changed} changed from {name}"),
        later("Products from {name}: {count}"),
    ),
    F.CATEGORY_SAVED: _NAMED,
    F.CUSTOMER_SAVED: (later("{word} {name} ({number}) saved"), *_NAMED),
    F.SETTINGS_CHANGED: (
        later("Tax {tax} saved"),
        later("Unit {unit} saved"),
        later("Settings changed: {names}"),
    ),
    F.STORE_RESTORED: (later("The till was restored from a backup of {count} entries"),),
    F.STAFF_SAVED: (later("{word} {name} ({code}) saved"), *_NAMED),
    F.ROLE_SAVED: _NAMED,
    F.SIGNED_IN: (later("{who} signed in ({how})"), later("{who} signed in")),
    F.SIGNED_OUT: (
        later("{who} left a sale behind that was put aside: {aside}"),
        later("{who} signed out ({how})"),
        later("{who} signed out"),
    ),
    F.SIGN_IN_REFUSED: (
        later("{who} could not sign in ({how})"),
        later("Somebody could not sign in ({how})"),
    ),
    F.APPROVAL_GIVEN: (
        later("{approver} approved for {asker}: {request} – {reason}"),
        later("{approver} approved for {asker}: {request}"),
    ),
    F.APPROVAL_REFUSED: (
        later("Not approved: {request} ({why})"),
        later("Not approved: {request}"),
    ),
    F.SHIFT_OPENED: (
        later("Shift {number} opened with {amount} in the drawer"),
        later("Shift {number} opened"),
    ),
    F.CASH_MOVED: (
        later("{kind} of {amount}, slip {number}: {reason}"),
        later("{kind} of {amount}, slip {number}"),
    ),
    F.CASH_COUNTED: (
        later("Count confirmed: {amount}, {expected} expected"),
        later("Counting the drawer: {counted} so far"),
        later("The count of the drawer was begun or given up"),
    ),
    F.SHIFT_READ: (
        later("The shift's figures were read, turnover {amount}"),
        later("Z report {number} was printed again"),
    ),
    F.SHIFT_CLOSED: (
        later("Shift {number} closed with Z report {z}, difference {difference}"),
        later("Shift {number} closed with Z report {z}"),
        later("Shift {number} closed"),
    ),
    F.CARD_ASKED: _CARD,
    F.CARD_APPROVED: _CARD,
    F.CARD_DECLINED: (later("{word}: {amount} ({why})"), *_CARD),
    F.CARD_USED: _CARD,
    F.CARD_REVERSED: (later("{word}: {amount} ({why})"), *_CARD),
    F.CARD_OWED: (later("{amount} of receipt {number} still wait for the card"),),
    F.CARD_OWED_ENDED: (later("The card has its money of receipt {number}: {amount}"),),
    F.STORED_VALUE_CHANGED: (
        later("{kind} {number}: {action}, {amount}; {balance} now"),
        later("{kind} {number}: {action}"),
        later("{kind} {number} changed"),
        later("Points of a sale: {points}"),
    ),
    F.QUANTITY_LOWERED: (later("{name} lowered from {before} to {after}, {amount} less"),),
    F.DISCOUNT_GIVEN: (
        later("{percent} off {name}, {amount} less: {reason}"),
        later("{percent} off {name}, {amount} less"),
        later("{percent} off the whole sale, {amount} less"),
    ),
    F.PAYMENT_GIVEN_BACK: (later("{amount} ({method}) given back before the sale was finished"),),
    F.STOCK_RULE_SAVED: (later("Stock rule of {name} saved"), later("A stock rule was saved")),
    F.SUPPLIER_SAVED: _NAMED,
    F.BATCH_SAVED: (later("Batch {batch} of {name} saved"), later("Batch {batch} saved")),
    F.AVERAGE_COST_CHANGED: (
        later("Average cost of {name} is {price} now"),
        later("The average cost of a product changed"),
    ),
    F.GOODS_RECEIVED: (
        later("{quantity} × {name} received"),
        later("Delivery of {supplier}, lines: {lines}"),
        later("Delivery, lines: {lines}"),
    ),
    F.STOCK_TAKE_OPENED: (later("Stock take {name} begun"), later("A stock take was begun")),
    F.STOCK_TAKE_COUNTED: (
        later("{quantity} × {name} counted"),
        later("A product was counted"),
    ),
    F.STOCK_TAKE_CLOSED: (later("Stock take {name} ended"), later("A stock take was ended")),
    F.KITCHEN_TOLD: (
        later("The kitchen was told of {name}: {items}"),
        later("The kitchen was told: {items}"),
        later("The kitchen was told"),
    ),
    F.KITCHEN_SLIP_REPRINTED: (later("Kitchen slips of receipt {number} printed again"),),
    F.LABELS_MADE: (later("{count} labels made"),),
    F.QUOTATION_SAVED: _DOCUMENT,
    F.ORDER_SAVED: _DOCUMENT,
    F.DELIVERY_NOTE_SAVED: _DOCUMENT,
    F.INVOICE_SAVED: _DOCUMENT,
    F.INVOICE_ISSUED: (later("Invoice {number} for {name} issued over {amount}"), *_DOCUMENT),
    F.INVOICE_PAID: (later("{paid} of invoice {number} of {name} paid"), *_DOCUMENT),
    F.INVOICE_CREDITED: (later("{credited} of invoice {number} of {name} credited"), *_DOCUMENT),
    F.INVOICE_REMINDED: (later("{name} was reminded of invoice {number}"), *_DOCUMENT),
    F.GOODS_TAKEN_BACK: (
        later("Goods taken back from {name}, {number}: {reason}"),
        *_DOCUMENT,
    ),
    F.CREDIT_TERMS_SAVED: (
        later("Credit limit of a customer: {amount}"),
        later("Credit terms of a customer saved"),
    ),
    F.CREDIT_EVALUATED: (
        later("A customer's credit evaluated: {score} points"),
        later("A customer's credit evaluated"),
    ),
    F.PRICE_LIST_SAVED: _NAMED,
    F.LIST_PRICE_SAVED: (
        later("{name} costs {price} on the list {list_price}"),
        later("{name} has no own price on the list {list_price}"),
        later("A list price was saved"),
    ),
    F.CUSTOMERS_IMPORTED: (
        later("{added} customers added and {changed} changed from {name}"),
        later("Customers from {name}: {count}"),
    ),
    F.CUSTOMERS_MERGED: (later("{name} ({number}) became one with another customer"),),
    F.CUSTOMER_ERASED: (later("A customer's personal data were erased"),),
    F.RECORD_RECEIVED: (
        later("Came from head office: {what} {name}"),
        later("Came from head office: {what}"),
    ),
    F.EPOCH_BEGUN: (
        later("The journal goes on under key {epoch}: {reason}"),
        later("The journal goes on under a new key"),
    ),
}
_GROUPS: dict[FactGroup, Later] = {
    FactGroup.SALES: later("Sales"),
    FactGroup.CART: later("Cart"),
    FactGroup.CASH: later("Cash"),
    FactGroup.STAFF: later("Staff"),
    FactGroup.STOCK: later("Stock"),
    FactGroup.DOCUMENTS: later("Documents"),
    FactGroup.CATALOGUE: later("Catalogue"),
    FactGroup.SETTINGS: later("Settings"),
    FactGroup.SYNC: later("Head office"),
}


def fact_word(kind: F) -> str:
    """Return what a kind of fact is called."""
    return t(FACT_NAMES[kind])


def fact_icon(kind: F) -> str:
    """Return the picture of a kind of fact."""
    return _ICONS[kind]


def group_word(group: FactGroup) -> str:
    """Return what a group of kinds is called."""
    return t(_GROUPS[group])
