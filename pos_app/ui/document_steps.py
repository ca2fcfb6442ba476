"""Opening the sheet of a step that needs more than a touch: decide, deliver, invoice, receive …."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtWidgets import QWidget

from pos_app.domain.cart import Cart
from pos_app.domain.delivery_note import DeliveryNote
from pos_app.domain.errors import PosError
from pos_app.domain.invoice import Invoice, InvoiceAction
from pos_app.domain.order import Order, OrderAction
from pos_app.domain.quotation import Quotation, QuotationAction
from pos_app.services.document_use_cases import DocumentUseCases
from pos_app.services.scanning import Scanning
from pos_app.ui.background import run_in_background
from pos_app.ui.document_steps_sheet import StepSheet
from pos_app.ui.presenters import document_steps_invoices as invoices
from pos_app.ui.presenters import document_steps_orders as orders
from pos_app.ui.presenters import document_steps_returns as returns
from pos_app.ui.presenters.document_steps import Ask, Made, StepForm, StepPlan

Stepped = Quotation | Order | DeliveryNote | Invoice
StepAction = QuotationAction | OrderAction | InvoiceAction
TRANSPORT = "transport"
Sell = Callable[[Cart], None]


def open_step(
    parent: QWidget,
    use_cases: DocumentUseCases,
    document: Stepped,
    action: StepAction | str,
    on_done: Callable[[Made], None],
    *,
    ask: Ask | None = None,
    sell: Sell | None = None,
) -> StepSheet:
    """Open the sheet for an action on the document that the user sees.

    `on_done` gets what the use case returned: the document in its new state, or the delivery
    note, invoice or return that came of it. `ask` raises an approval, and does again what was
    refused. `sell` takes a cart to the till; with it money can be taken there. A delivery note
    has the action `TRANSPORT`. Scans belong to the sheet's `take_scan` while it is open. Raises
    ValueError for an action that asks for nothing.
    """
    desk = use_cases.orders
    make = plan_maker(use_cases, document, f"{action}", sell)
    work = partial(run_in_background, owner=parent)
    form = StepForm(make, desk.shop, desk.today, on_done, work)
    form.ask = ask
    sheet = StepSheet(form, parent, partial(_product_id, use_cases))
    sheet.open()
    return sheet


def plan_maker(
    use_cases: DocumentUseCases, document: Stepped, action: str, sell: Sell | None = None
) -> Callable[[Mapping[str, str]], StepPlan]:
    """Return what makes the plan of an action from what was chosen so far; raises ValueError."""
    make = _STEPS.get(_key(document, action))
    if make is None:
        raise ValueError(f"{action} asks for nothing")
    return lambda texts: make(use_cases, document, texts, sell)


def _key(document: Stepped, action: str) -> tuple[str, str]:
    return type(document).__name__, action


def _product_id(use_cases: DocumentUseCases, code: str) -> str:
    desk = use_cases.orders
    counter = desk.checkout
    try:
        product = Scanning(counter.store, counter.now, counter.shop).look_up(code).product
    except PosError:
        return ""
    return "" if product is None else product.id


_STEPS: dict[tuple[str, str], Callable[..., StepPlan]] = {
    ("Quotation", "approve"): lambda c, d, _t, _s: orders.decide_quotation(c, d, is_approved=True),
    ("Quotation", "reject"): lambda c, d, _t, _s: orders.decide_quotation(c, d, is_approved=False),
    ("Quotation", "order"): lambda c, d, _t, _s: orders.order_quotation(c, d),
    ("Order", "approve"): lambda c, d, _t, _s: orders.decide_order(c, d, is_approved=True),
    ("Order", "reject"): lambda c, d, _t, _s: orders.decide_order(c, d, is_approved=False),
    ("Order", "cancel"): lambda c, d, _t, _s: orders.cancel_order(c, d),
    ("Order", "finish"): lambda c, d, _t, _s: orders.finish_order(c, d),
    ("Order", "deliver"): lambda c, d, t, _s: orders.deliver_order(c, d, t),
    ("Order", "invoice"): lambda c, d, t, _s: orders.invoice_order(c, d, t),
    ("Order", "take_back"): lambda c, d, t, _s: returns.take_back_order(c, d, t),
    ("DeliveryNote", TRANSPORT): lambda c, d, _t, _s: orders.change_transport(c, d),
    ("Invoice", "receive"): lambda c, d, _t, s: invoices.receive_payment(c, d, s),
    ("Invoice", "pay_back"): lambda c, d, _t, _s: invoices.pay_back(c, d),
    ("Invoice", "postpone"): lambda c, d, _t, _s: invoices.postpone(c, d),
    ("Invoice", "remind"): lambda c, d, t, _s: invoices.remind(c, d, t),
    ("Invoice", "credit"): lambda c, d, _t, _s: invoices.credit_invoice(c, d),
}
