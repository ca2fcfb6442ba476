"""A product by what an outside system calls it: our id, or the shop's own code for it."""

import json

from sqlalchemy import select

from pos_app.domain.payload_reading import product_of
from pos_app.domain.product import Product
from pos_app.server.office_desk import OfficeDesk, ProductUnknown
from pos_app.server.tables import things
from pos_app.server.thing_kinds import PRODUCT


def product_called(desk: OfficeDesk, word: str) -> Product:
    """Return the product with this id or, where no id is such, this code; raises ProductUnknown."""
    try:
        return desk.product(word)
    except ProductUnknown:
        found = _by_code(desk, word)
        if found is None:
            raise
        return found


def _by_code(desk: OfficeDesk, code: str) -> Product | None:
    if not code or "\0" in code:
        return None
    written = json.dumps(code, ensure_ascii=False)
    rows = desk.connection.execute(
        select(things.c.state)
        .where(
            things.c.company_id == desk.company_id,
            things.c.kind == PRODUCT,
            things.c.state.contains(written, autoescape=True),
        )
        .order_by(things.c.id)
    )
    found = [state for row in rows if (state := json.loads(row.state)).get("code") == code]
    active = [state for state in found if state.get("is_active", True)]
    return product_of((active or found)[0]) if found else None
