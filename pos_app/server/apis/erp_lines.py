"""Lines of quotations and orders as the ERP sales module sends and takes them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from pos_app.domain.document import DocumentHead, DocumentLine, Party, party_of
from pos_app.domain.price_figures import LineFigures
from pos_app.server.apis.erp_shapes import (
    Exact,
    Number,
    Shape,
    Text,
    address_text,
    line_id,
    moment,
    own_line_id,
)
from pos_app.server.apis.exact import whole_or_fraction
from pos_app.server.office_customers import buyer
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.office_orders import OrderedItem

ITEMS_MOST = 5000


class ItemSent(Shape):
    """What somebody wants: `unitPrice` holds the tax where the product's own price does.

    Without a price the product's own counts. A change may name the line that it means by its `id`;
    without, it is one of the same product, or a new one.
    """

    id: Annotated[Text, Field(max_length=500)] | None = None
    product_id: Annotated[Text, Field(max_length=200)] | None
    quantity: Exact
    unit_price: Exact | None = None
    remark: Text | None = None


class ItemShown(Shape):
    """A line: `unitPrice` as it was agreed, `amount` with tax; the amounts make the total."""

    id: str
    product_id: str | None
    product_code: str
    product_name: str
    specification: str
    unit: str
    quantity: Number
    unit_price: Number
    amount: Number
    remark: str


Items = Annotated[list[ItemSent], Field(max_length=ITEMS_MOST)]


class DocumentMade(Shape):
    """What a new quotation and a new order say alike."""

    customer_id: Annotated[Text, Field(max_length=200)]
    payment_terms: Text | None = None
    shipping_terms: Text | None = None
    remarks: Text | None = None
    items: Items


class DocumentChanged(Shape):
    """What changes of a draft; what is left out stays, `items` are all of them anew."""

    customer_id: Annotated[Text, Field(max_length=200)] | None = None
    payment_terms: Text | None = None
    shipping_terms: Text | None = None
    remarks: Text | None = None
    items: Items | None = None


def head_as_said(
    desk: OfficeDesk, head: DocumentHead, asked: DocumentChanged, day: date | None
) -> DocumentHead:
    """Return a head with what was said of it; raises CustomerUnknown or CustomerNotActive."""
    texts: dict[str, Any] = {
        name: getattr(asked, name) or ""
        for name in ("payment_terms", "shipping_terms", "remarks")
        if name in asked.model_fields_set
    }
    head = replace(head, day=day or head.day, **texts)
    if asked.customer_id is None or asked.customer_id == head.customer.id:
        return head
    return replace(head, customer=party_of(buyer(desk, asked.customer_id)))


def terms_said(asked: DocumentMade) -> dict[str, str]:
    """Return the texts of a new document as head office's use cases take them."""
    return {
        "payment_terms": asked.payment_terms or "",
        "shipping_terms": asked.shipping_terms or "",
        "remarks": asked.remarks or "",
    }


def wanted(
    items: list[ItemSent], document_id: str = "", known: Sequence[DocumentLine] = ()
) -> list[OrderedItem]:
    """Return what somebody wants as head office's use cases take it."""
    ids = [line.id for line in known]
    return [
        OrderedItem(
            item.product_id or "",
            item.quantity,
            item.unit_price,
            item.remark or "",
            own_line_id(document_id, item.id or "", ids),
        )
        for item in items
    ]


def shown_line(document_id: str, line: DocumentLine, figures: LineFigures) -> dict[str, Any]:
    """Return a line of a document as it is sent."""
    return {
        "id": line_id(document_id, line.id),
        "product_id": line.product_id,
        "product_code": line.code,
        "product_name": line.name,
        "specification": line.specification,
        "unit": line.unit.name,
        "quantity": whole_or_fraction(line.quantity),
        "unit_price": whole_or_fraction(line.unit_price),
        "amount": whole_or_fraction(figures.gross),
        "remark": line.remark,
    }


def shown_customer(customer: Party) -> dict[str, Any]:
    """Return whom a document is for as it is sent."""
    return {
        "customer_id": customer.id,
        "customer_name": customer.name,
        "contact": customer.contact,
        "phone": customer.phone,
    }


def shown_terms(head: DocumentHead) -> dict[str, Any]:
    """Return what only the detail of a document says of its head."""
    return {
        "address": address_text(head.customer),
        "payment_terms": head.payment_terms,
        "shipping_terms": head.shipping_terms,
        "remarks": head.remarks,
    }


def shown_signed(head: DocumentHead) -> dict[str, Any]:
    """Return who made a document and who changed it last."""
    return {
        "created_by": head.created_by,
        "created_at": moment(head.created_at),
        "updated_by": head.updated_by,
        "updated_at": moment(head.updated_at),
    }
