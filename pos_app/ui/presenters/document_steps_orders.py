"""The steps of quotations, orders and delivery notes that ask for something."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from pos_app.domain import order as rules
from pos_app.domain.delivering import Transport
from pos_app.domain.delivery_note import TRANSPORT_LIMIT, DeliveryNote
from pos_app.domain.document import TEXT_LIMIT, DatesTurned
from pos_app.domain.order import InvoiceBasis, Order, ReasonMissing
from pos_app.domain.quotation import Quotation
from pos_app.domain.shop import ShopSettings
from pos_app.services.document_use_cases import DocumentUseCases
from pos_app.services.invoicing import InvoiceTerms
from pos_app.texts import t
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.document_steps import (
    Answers,
    FieldKind,
    Made,
    StepField,
    StepPlan,
    ending,
)
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.quantity_form import QuantityForm, QuantityLine
from pos_app.ui.presenters.refusals import in_one_piece
from pos_app.ui.presenters.typed_days import shown_day
from pos_app.ui.views import Column, Tone

Texts = Mapping[str, str]


def decide_quotation(
    cases: DocumentUseCases, quotation: Quotation, *, is_approved: bool
) -> StepPlan:
    """Approve or reject a quotation with a remark."""

    def do(answers: Answers) -> Made:
        return cases.quotations.decide(quotation, is_approved, answers.text("remark"))

    number = in_one_piece(quotation.head.number)
    if is_approved:
        title = t("Approve {number}").format(number=number)
        end = ending("done", t("Approve"), "check", do, Tone.SUCCESS)
    else:
        title = t("Reject {number}").format(number=number)
        end = ending("done", t("Reject"), "ban", do, Tone.DANGER)
    return StepPlan(title, (end,), about=whom(quotation), fields=(_remark(),))


def order_quotation(cases: DocumentUseCases, quotation: Quotation) -> StepPlan:
    """Make an order of an approved quotation."""

    def do(answers: Answers) -> Made:
        return cases.quotations.to_order(quotation, answers.day("day"), answers.day("deliver_by"))

    shop, today = cases.quotations.shop, cases.quotations.today
    return StepPlan(
        t("Order from {number}").format(number=in_one_piece(quotation.head.number)),
        (ending("done", t("Make the order"), "check", do),),
        about=whom(quotation),
        fields=(
            StepField("day", t("Date"), FieldKind.DAY, shown_day(today, shop), is_needed=True),
            StepField(
                "deliver_by", t("Deliver by"), FieldKind.DAY, hint=t("Left empty: nothing agreed")
            ),
        ),
        errors_at={DatesTurned: "deliver_by"},
    )


def decide_order(cases: DocumentUseCases, order: Order, *, is_approved: bool) -> StepPlan:
    """Approve an order, or return it to draft, with a remark."""

    def do(answers: Answers) -> Made:
        return cases.orders.decide(order, is_approved, answers.text("remark"))

    number = in_one_piece(order.head.number)
    if is_approved:
        title = t("Approve {number}").format(number=number)
        end = ending("done", t("Approve"), "check", do, Tone.SUCCESS)
    else:
        title = t("Return {number} to draft").format(number=number)
        end = ending("done", t("Return to draft"), "undo-2", do)
    return StepPlan(title, (end,), about=whom(order), fields=(_remark(),))


def cancel_order(cases: DocumentUseCases, order: Order) -> StepPlan:
    """Cancel an order with a reason."""

    def do(answers: Answers) -> Made:
        return cases.orders.cancel(order, answers.text("reason"))

    return StepPlan(
        t("Cancel {number}").format(number=in_one_piece(order.head.number)),
        (ending("done", t("Cancel the order"), "ban", do, Tone.DANGER),),
        about=whom(order),
        fields=(StepField("reason", t("Reason"), FieldKind.LONG, is_needed=True),),
        errors_at={ReasonMissing: "reason"},
    )


def finish_order(cases: DocumentUseCases, order: Order) -> StepPlan:
    """End an order with what was delivered."""

    def do(answers: Answers) -> Made:
        return cases.orders.finish(order, answers.text("remark"))

    return StepPlan(
        t("Finish {number}").format(number=in_one_piece(order.head.number)),
        (ending("done", t("Finish the order"), "check", do),),
        about=t("What is still to be delivered will not come any more."),
        fields=(_remark(),),
    )


def deliver_order(cases: DocumentUseCases, order: Order, texts: Texts) -> StepPlan:
    """Deliver what is open of an order, all of it to begin with."""
    desk = cases.deliveries
    shop, amounts = desk.shop, amount_format(desk.shop)
    location = texts.get("location") or order.location or shop.location
    lines = {one.line.id: one for one in order.lines}

    def cells(one: QuantityLine) -> tuple[str, ...]:
        line = lines[one.key]
        product_id, unit = one.line.product_id, one.line.unit
        stock = "" if product_id is None else desk.store.stock.shop_level(product_id, location)
        return (
            amounts.quantity(line.line.quantity, unit),
            amounts.quantity(line.to_deliver, unit),
            "" if stock == "" else amounts.number(Decimal(stock)),
        )

    def do(answers: Answers) -> Made:
        transport = Transport(
            day=answers.day("day"),
            location=location,
            carrier=answers.text("carrier"),
            tracking=answers.text("tracking"),
            remarks=answers.text("remarks"),
        )
        return desk.deliver(order, answers.quantities, transport)

    places = dict.fromkeys((location, shop.location, *shop.stock.locations))
    form = QuantityForm(
        (
            QuantityLine(one.line, one.to_deliver, one.to_deliver)
            for one in order.lines
            if one.to_deliver
        ),
        amounts,
        (
            Column(t("Ordered"), 104, is_figure=True),
            Column(t("Still open"), 104, is_figure=True),
            Column(t("In stock"), 104, is_figure=True),
        ),
        cells,
        lambda key, quantity: rules.delivered(only_line(order, lines[key]), {key: quantity}),
    )
    return StepPlan(
        t("Deliver {number}").format(number=in_one_piece(order.head.number)),
        (ending("done", t("Deliver"), "truck", do),),
        about=whom(order),
        fields=(
            day_field(order, desk.today, shop),
            StepField(
                "location",
                t("Location"),
                FieldKind.CHOICE,
                location,
                choices=tuple(Choice(place, place) for place in places),
            ),
            StepField("carrier", t("Carrier"), limit=TRANSPORT_LIMIT),
            StepField("tracking", t("Tracking number"), limit=TRANSPORT_LIMIT),
            StepField("remarks", t("Remarks on the paper"), FieldKind.LONG, limit=TEXT_LIMIT),
        ),
        quantities=form,
        errors_at={DatesTurned: "day"},
        remakes={"location": ()},
    )


def change_transport(cases: DocumentUseCases, note: DeliveryNote) -> StepPlan:
    """Say who carries a delivery that went out."""

    def do(answers: Answers) -> Made:
        carrier, tracking = answers.text("carrier"), answers.text("tracking")
        return cases.deliveries.change_transport(note, carrier, tracking, answers.text("remarks"))

    return StepPlan(
        t("Carrier of {number}").format(number=in_one_piece(note.head.number)),
        (ending("done", t("Save"), "check", do),),
        fields=(
            StepField("carrier", t("Carrier"), text=note.carrier, limit=TRANSPORT_LIMIT),
            StepField("tracking", t("Tracking number"), text=note.tracking, limit=TRANSPORT_LIMIT),
            StepField(
                "remarks",
                t("Remarks on the paper"),
                FieldKind.LONG,
                note.head.remarks,
                limit=TEXT_LIMIT,
            ),
        ),
    )


def invoice_order(cases: DocumentUseCases, order: Order, texts: Texts) -> StepPlan:
    """Invoice what was delivered of an order, or all that was ordered."""
    desk = cases.invoicing
    shop, amounts = desk.shop, amount_format(desk.shop)
    delivered, ordered = InvoiceBasis.DELIVERED, InvoiceBasis.ORDERED
    has_delivered = any(one.to_invoice(delivered) for one in order.lines)
    first = delivered if has_delivered else ordered
    basis = InvoiceBasis(texts.get("basis") or first.value)
    lines = {one.line.id: one for one in order.lines}

    def cells(one: QuantityLine) -> tuple[str, ...]:
        line, unit = lines[one.key], one.line.unit
        return (
            amounts.quantity(line.line.quantity, unit),
            amounts.quantity(line.delivered - line.returned, unit),
            amounts.quantity(line.billed, unit),
        )

    def do(answers: Answers) -> Made:
        terms = InvoiceTerms(answers.day("day"), answers.day("due"), answers.text("remarks"))
        return desk.of_order(order, basis, answers.quantities, terms)

    form = QuantityForm(
        (
            QuantityLine(one.line, most, most)
            for one in order.lines
            if (most := one.to_invoice(basis))
        ),
        amounts,
        (
            Column(t("Ordered"), 104, is_figure=True),
            Column(t("Delivered"), 104, is_figure=True),
            Column(t("Billed"), 104, is_figure=True),
        ),
        cells,
        lambda key, quantity: rules.invoiced(only_line(order, lines[key]), {key: quantity}, basis),
    )
    return StepPlan(
        t("Write the invoice for {number}").format(number=in_one_piece(order.head.number)),
        (ending("done", t("Issue the invoice"), "file-text", do),),
        about=whom(order),
        fields=(
            StepField(
                "basis",
                t("Invoice what was"),
                FieldKind.CHOICE,
                basis.value,
                choices=(
                    Choice(delivered.value, t("delivered")),
                    Choice(ordered.value, t("ordered, ahead of the delivery")),
                ),
            ),
            day_field(order, desk.today, shop),
            StepField(
                "due",
                t("To be paid by"),
                FieldKind.DAY,
                hint=t("Left empty: as agreed with the customer, or as the shop does"),
            ),
            StepField("remarks", t("Remarks on the paper"), FieldKind.LONG, limit=TEXT_LIMIT),
        ),
        quantities=form,
        errors_at={DatesTurned: "due"},
        remakes={"basis": ("quantities",)},
    )


def only_line(order: Order, line: rules.OrderLine) -> Order:
    """Return the order with one of its lines, so that a rule looks at no other."""
    return replace(order, lines=(line,))


def whom(document: Quotation | Order) -> str:
    """Return whom a document is for."""
    return document.head.customer.name


def day_field(order: Order, today: date, shop: ShopSettings) -> StepField:
    """Return the field for the day of what is done with an order: not before the order's own."""
    return StepField(
        "day",
        t("Date"),
        FieldKind.DAY,
        shown_day(today, shop),
        is_needed=True,
        earliest=order.head.day,
    )


def _remark() -> StepField:
    return StepField("remark", t("Remark"), FieldKind.LONG, hint=t("May stay empty"))
