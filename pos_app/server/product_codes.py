"""A product by what an outside system calls it: our id, or the shop's own code for it."""

from sqlalchemy import select

from pos_app.domain.product import Product
from pos_app.server.office_desk import OfficeDesk, ProductUnknown
from pos_app.server.tables import listed
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
    """Return the product with a code; of several the one that is still sold."""
    if not code or "\0" in code:
        return None
    found = desk.connection.execute(
        select(listed.c.id)
        .where(
            listed.c.company_id == desk.company_id,
            listed.c.kind == PRODUCT,
            listed.c.number == code,
        )
        .order_by(listed.c.status, listed.c.id)  # active before inactive
    ).scalars()
    product_id = found.first()
    return None if product_id is None else desk.product(product_id)
