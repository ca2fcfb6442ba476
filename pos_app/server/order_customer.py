"""Whose an order is, where somebody names the customer as well."""

from pos_app.domain.errors import PosError
from pos_app.domain.order import Order
from pos_app.server.merged_customers import survivor_id
from pos_app.server.office_desk import OfficeDesk


class OrderOfOther(PosError):
    """A document for an order of somebody else."""

    sentence = "{number} is an order of {name}. Name that customer, or choose another order."


def check_customer(desk: OfficeDesk, order: Order, customer_id: str) -> None:
    """Refuse another customer than the order's; records that became one are the same.

    Raises CustomerUnknown or OrderOfOther.
    """
    mine = order.head.customer
    asked = survivor_id(desk.connection, desk.company_id, customer_id)
    if asked != survivor_id(desk.connection, desk.company_id, mine.id):
        desk.customer(asked)
        raise OrderOfOther(number=order.head.number, name=mine.name)
