"""What the description of Add Sale shows: an answer, and the body as a form."""

from typing import Any

from pos_app.server.apis.add_sale_shapes import AMOUNT_FORM

_TEXT = {"type": "string"}
_AMOUNT = {"type": "string", "pattern": f"^{AMOUNT_FORM}$"}
_DAY = {"type": "string", "format": "date"}
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": [
        "invoice_number",
        "customer_id",
        "sub_total_amount",
        "total_amount",
        "amount_paid",
        "invoice_type",
        "payment_type",
        "due_date",
    ],
    "properties": {
        "invoice_code": {"type": "string", "pattern": "^[0-9]{6}$"},
        "invoice_number": _TEXT,
        "customer_id": {"type": "string", "pattern": "^[0-9]{1,18}$"},
        "sub_total_amount": _AMOUNT,
        "total_amount": _AMOUNT,
        "amount_paid": _AMOUNT,
        "discount": _AMOUNT,
        "invoice_type": {"type": "string", "enum": ["main", "pos", "order"]},
        "invoice_colour": _TEXT,
        "invoice_note": _TEXT,
        "invoice_terms": _TEXT,
        "payment_date": _DAY,
        "payment_type": _TEXT,
        "payment_status": _TEXT,
        "payment_internal_note": _TEXT,
        "issued_by": _TEXT,
        "due_date": _DAY,
        "reminder_date": _DAY,
        "reminder_message": _TEXT,
        "items": {"type": "string", "description": "The items as JSON"},
    },
}
FORM = {
    "application/x-www-form-urlencoded": {"schema": _SCHEMA},
    "multipart/form-data": {"schema": _SCHEMA},
}
_MOMENTS = {"created_at": "2024-08-04 08:23:45", "updated_at": "2024-08-04 08:23:45"}
ANSWER: dict[str, Any] = {
    "status": 200,
    "message": "Sale added successfully",
    "data": {
        "sales": {
            "id": 32,
            "invoice_code": 324232,
            "invoice_number": "INV-000001",
            "customer_id": "42",
            "sub_total_amount": "100.00",
            "total_amount": "200.00",
            "amount_paid": "200.00",
            "discount": "0.00",
            "invoice_type": "pos",
            "invoice_colour": "#FFFFFF",
            "invoice_note": "Thanks for doing business",
            "invoice_terms": "60% payment before work commerce",
            "payment_internal_note": "Counted twice",
            "payment_date": "2024-08-04",
            "payment_type": "None",
            "payment_status": "paid",
            "issued_by": "Jones Nathal",
            "due_date": "2024-08-30",
            "reminder_date": "2024-08-25",
            "reminder_message": "Please pay by Friday",
        }
        | _MOMENTS,
        "sales-item": [
            {
                "id": 45,
                "invoice_code": "324232",
                "invoice_number": "INV-000001",
                "item_name": "Sale",
                "description": "As agreed",
                "unit_price": "100.00",
                "quantity": "1",
                "tax": "0.00",
            }
            | _MOMENTS,
            {
                "id": 46,
                "invoice_code": "324232",
                "invoice_number": "INV-000001",
                "item_name": "Tax and charges",
                "description": "As agreed",
                "unit_price": "100.00",
                "quantity": "1",
                "tax": "0.00",
            }
            | _MOMENTS,
        ],
        "sales-payment": [
            {
                "invoice_code": "324232",
                "customer_name": "Peter Amos",
                "amount_paid": "200.00",
                "payment_method": "Cash",
                "internal_payment_note": "Counted twice",
                "issued_by": "Jones Nathal",
                "payment_at": "2024-08-04 08:23:45",
            }
            | _MOMENTS,
        ],
    },
}
