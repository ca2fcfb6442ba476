"""Words, signs and colours of sales documents: their kinds, states and what can be done."""

from collections.abc import Callable
from enum import StrEnum

from pos_app.domain.delivery_note import DeliveryNote, DeliveryNoteState
from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.order import Order, OrderState
from pos_app.domain.quotation import Quotation, QuotationState
from pos_app.domain.sales_return import SalesReturn, SalesReturnState
from pos_app.services.document_records import (
    DELIVERY_NOTE,
    INVOICE,
    ORDER,
    QUOTATION,
    SALES_RETURN,
)
from pos_app.texts import t
from pos_app.ui.views import SheetAction, Tone

SalesDocument = Quotation | Order | DeliveryNote | Invoice | SalesReturn
# What is done with a document beside the steps of its own.
COPY, COLLECT, PAY_AT_TILL, TRANSPORT = "copy", "collect", "pay_at_till", "transport"
# What takes a document further; the first of these that is possible is the main button.
STEPS = (
    "submit",
    "approve",
    "order",
    "deliver",
    "issue",
    "receive",
    "pay_back",
    "invoice",
    "change",
)
_SIGNS: dict[str, str] = {
    "change": "pencil",
    "submit": "send",
    "approve": "check",
    "reject": "undo-2",
    "order": "clipboard-list",
    "delete": "trash-2",
    "deliver": "truck",
    "invoice": "file-text",
    "take_back": "undo-2",
    "finish": "circle-check",
    "cancel": "ban",
    "issue": "send",
    "receive": "hand-coins",
    "pay_back": "banknote",
    "remind": "bell",
    "postpone": "calendar-days",
    "credit": "rotate-ccw",
    COPY: "copy",
    COLLECT: "shopping-basket",
    PAY_AT_TILL: "shopping-basket",
    TRANSPORT: "truck",
}
_GONE_FOR_EVER = ("delete", "cancel")
_TONES = {
    "submitted": Tone.WARNING,
    "approved": Tone.SUCCESS,
    "rejected": Tone.DANGER,
    "partially_delivered": Tone.WARNING,
    "fully_delivered": Tone.SUCCESS,
    "unpaid": Tone.WARNING,
    "partially_paid": Tone.WARNING,
    "fully_paid": Tone.SUCCESS,
}


def record_of(document: SalesDocument) -> str:
    """Return the name of the record that a document is."""
    kinds = (QUOTATION, ORDER, DELIVERY_NOTE, INVOICE, SALES_RETURN)
    return next(kind.name for kind in kinds if kind.type is type(document))


def kind_word(record: str) -> str:
    """Return what a person calls a kind of document."""
    return {
        QUOTATION.name: t("Quotation"),
        ORDER.name: t("Order"),
        DELIVERY_NOTE.name: t("Delivery note"),
        INVOICE.name: t("Invoice"),
        SALES_RETURN.name: t("Return"),
    }[record]


def state_words(record: str) -> dict[str, str]:
    """Return the states of a kind, as they follow each other, in words."""
    return _STATES[record]()


def _quotation_states() -> dict[str, str]:
    return {
        QuotationState.DRAFT: t("Draft"),
        QuotationState.SUBMITTED: t("Submitted"),
        QuotationState.APPROVED: t("Approved"),
        QuotationState.REJECTED: t("Rejected"),
        QuotationState.EXPIRED: t("Expired"),
    }


def _order_states() -> dict[str, str]:
    return {
        OrderState.DRAFT: t("Draft"),
        OrderState.APPROVED: t("Approved"),
        OrderState.PARTIALLY_DELIVERED: t("Partly delivered"),
        OrderState.FULLY_DELIVERED: t("Fully delivered"),
        OrderState.CANCELLED: t("Cancelled"),
    }


def _delivery_note_states() -> dict[str, str]:
    return {
        DeliveryNoteState.COMPLETED: t("Done"),
        DeliveryNoteState.CANCELLED: t("Cancelled"),
    }


def _invoice_states() -> dict[str, str]:
    return {
        InvoiceState.DRAFT: t("Draft"),
        InvoiceState.UNPAID: t("Unpaid"),
        InvoiceState.PARTIALLY_PAID: t("Partly paid"),
        InvoiceState.FULLY_PAID: t("Fully paid"),
    }


def _return_states() -> dict[str, str]:
    return {SalesReturnState.COMPLETED: t("Done")}


_STATES: dict[str, Callable[[], dict[str, str]]] = {
    QUOTATION.name: _quotation_states,
    ORDER.name: _order_states,
    DELIVERY_NOTE.name: _delivery_note_states,
    INVOICE.name: _invoice_states,
    SALES_RETURN.name: _return_states,
}


def state_word(record: str, state: str) -> str:
    """Return a state in words; a document that was thrown away says so."""
    return state_words(record).get(state) or t("Deleted")


def state_tone(state: StrEnum) -> Tone:
    """Return the colour of a state."""
    return _TONES.get(state.value, Tone.PLAIN)


def action_words() -> dict[str, str]:
    """Return what the button of each action says."""
    return {
        "change": t("Edit"),
        "submit": t("Submit"),
        "approve": t("Approve"),
        "reject": t("Reject"),
        "order": t("Make an order"),
        "delete": t("Delete"),
        "deliver": t("Deliver"),
        "invoice": t("Invoice it"),
        "take_back": t("Take goods back"),
        "finish": t("Finish the order"),
        "cancel": t("Cancel the order"),
        "issue": t("Issue"),
        "receive": t("Receive payment"),
        "pay_back": t("Pay back"),
        "remind": t("Remind"),
        "postpone": t("Postpone"),
        "credit": t("Credit"),
        COPY: t("Make a copy"),
        COLLECT: t("Collect at the till"),
        PAY_AT_TILL: t("Pay at the till"),
        TRANSPORT: t("Carrier and tracking"),
    }


def buttons_of(record: str, keys: list[str]) -> tuple[SheetAction | None, tuple[SheetAction, ...]]:
    """Return the main button, which is the next step, and the others in their order."""
    words = action_words()
    if record == ORDER.name and "approve" not in keys:  # it was approved before
        words["reject"] = t("Return to draft")
    main = next((key for key in STEPS if key in keys), "")

    def button(key: str) -> SheetAction:
        tone = Tone.PRIMARY if key == main else Tone.PLAIN
        if key in _GONE_FOR_EVER:
            tone = Tone.DANGER
        return SheetAction(key, words[key], _SIGNS[key], tone)

    others = tuple(button(key) for key in keys if key != main)
    return (button(main) if main else None), others
