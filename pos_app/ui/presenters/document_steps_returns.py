"""The step that takes goods of an order back."""

from collections.abc import Mapping
from decimal import Decimal

from pos_app.domain import order as rules
from pos_app.domain.delivery_note import DeliveryNote
from pos_app.domain.document import TEXT_LIMIT, DatesTurned
from pos_app.domain.order import Order
from pos_app.domain.taking_back import Back, ReturnTerms
from pos_app.services.document_use_cases import DocumentUseCases
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
from pos_app.ui.presenters.document_steps_orders import day_field, only_line, whom
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.quantity_form import QuantityForm, QuantityLine
from pos_app.ui.presenters.refusals import in_one_piece
from pos_app.ui.views import Column

Texts = Mapping[str, str]
_NONE = Decimal(0)


def take_back_order(cases: DocumentUseCases, order: Order, texts: Texts) -> StepPlan:
    """Take goods of an order back, of one delivery if that is chosen."""
    desk = cases.returns
    shop, amounts = desk.shop, amount_format(desk.shop)
    notes = {note.head.id: note for note in cases.deliveries.of_order(order.head.id)}
    note = notes.get(texts.get("delivery", ""))
    went_out = None if note is None else _still_out(cases, note)
    lines = {one.line.id: one for one in order.lines}
    location = texts.get("location") or order.location or shop.location
    places = dict.fromkeys((location, shop.location, *shop.stock.locations))

    def most(line_id: str, left: Decimal) -> Decimal:
        return left if went_out is None else min(left, went_out.get(line_id, _NONE))

    def cells(one: QuantityLine) -> tuple[str, ...]:
        line, unit = lines[one.key], one.line.unit
        return (amounts.quantity(line.delivered, unit), amounts.quantity(one.most, unit))

    limits = {one.line.id: most(one.line.id, one.to_return) for one in order.lines}

    def refuse(key: str, quantity: Decimal) -> None:
        if quantity > limits[key]:
            name, number = lines[key].line.name, order.head.number
            number = number if note is None else note.head.number
            raise rules.MoreThanDelivered(left=limits[key], name=name, number=number)
        rules.taken_back(only_line(order, lines[key]), {key: quantity})

    form = QuantityForm(
        (QuantityLine(one.line, limits[one.line.id]) for one in order.lines if limits[one.line.id]),
        amounts,
        (
            Column(t("Delivered"), 104, is_figure=True),
            Column(t("Returnable"), 110, is_figure=True),
        ),
        cells,
        refuse,
        {reason.text: reason.written_off for reason in shop.returns.reasons},
    )

    def do(answers: Answers) -> Made:
        backs = {
            key: Back(quantity, *form.reason_of(key))
            for key, quantity in answers.quantities.items()
        }
        terms = ReturnTerms(
            reason=answers.text("reason") or next((b.reason for b in backs.values()), ""),
            day=answers.day("day"),
            location=location,
            remarks=answers.text("remarks"),
            delivery_id="" if note is None else note.head.id,
            delivery_number="" if note is None else note.head.number,
        )
        return desk.take_back(order, backs, terms)

    anything = Choice("", t("the whole order"))
    return StepPlan(
        t("Take back of {number}").format(number=in_one_piece(order.head.number)),
        (ending("done", t("Take back"), "undo-2", do),),
        about=whom(order),
        fields=(
            StepField(
                "delivery",
                t("Against"),
                FieldKind.CHOICE,
                texts.get("delivery", ""),
                choices=(anything, *(Choice(key, one.head.number) for key, one in notes.items())),
            ),
            day_field(order, desk.today, shop),
            StepField(
                "location",
                t("Location"),
                FieldKind.CHOICE,
                location,
                choices=tuple(Choice(place, place) for place in places),
            ),
            StepField("reason", t("Reason"), hint=t("Left empty: that of the first line")),
            StepField("remarks", t("Remarks on the paper"), FieldKind.LONG, limit=TEXT_LIMIT),
        ),
        quantities=form,
        errors_at={DatesTurned: "day"},
        remakes={"delivery": (), "location": ()},
    )


def _still_out(cases: DocumentUseCases, note: DeliveryNote) -> dict[str, Decimal]:
    """Return what of a delivery has not come back against it, by the order's line id."""
    found: dict[str, Decimal] = {}
    for line in note.lines:
        found[line.order_line_id] = found.get(line.order_line_id, _NONE) + line.line.quantity
    for back in cases.returns.of_order(note.order_id):
        for returned in back.lines if back.delivery_id == note.head.id else ():
            found[returned.order_line_id] -= returned.line.quantity
    return found
