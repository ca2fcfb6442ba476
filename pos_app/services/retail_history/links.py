"""Finding the sale that a cancelled line takes back."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain.cart import CartLine
from pos_app.domain.customer import Customer
from pos_app.domain.product import Product
from pos_app.domain.return_ import return_line
from pos_app.domain.sale import Sale
from pos_app.services.retail_history.lines import HistoryLine
from pos_app.services.retail_history.ringing import unlinked

if TYPE_CHECKING:
    from pos_app.store.sales import SoldLine
    from pos_app.store.transaction import Transaction

# More sales of one product to one customer than any history of a shop holds.
CANDIDATES = 2_000
REASON = "cancelled"
NO_CUSTOMER = "cancelled without a customer number, so its sale is not known"
NEVER_BOUGHT = "this customer has no earlier sale of it that has not come back already"
OTHER_PRICE = "this customer's earlier sales of it were at other prices"
NOT_ENOUGH_LEFT = "no single earlier sale of it to this customer has so many left"


@dataclass
class Links:
    """Links the lines of one cancellation; what its own earlier lines took back counts too."""

    tx: "Transaction"
    customer: Customer | None
    before: datetime
    _taken: defaultdict[tuple[str, int], Decimal] = field(
        default_factory=lambda: defaultdict(Decimal)
    )
    _found: dict[str, list["SoldLine"]] = field(default_factory=dict)
    _sales: dict[str, Sale] = field(default_factory=dict)

    def returned_line(self, line: HistoryLine, product: Product, line_id: int) -> CartLine:
        """Make the cart line of a cancelled line: linked to its sale, or saying why it is not.

        The sale is the latest earlier one of the same customer with the same code and price that
        has enough left to take back.
        """
        if self.customer is None:
            return unlinked(line, product, line_id, NO_CUSTOMER)
        wanted = -line.quantity
        candidates = self._candidates(product)
        at_price = [sold for sold in candidates if sold.line.unit_price == line.price]
        for sold in at_price:
            key = (sold.sale_id, sold.line.line_no)
            if sold.left - self._taken[key] >= wanted:
                already = sold.returned + self._taken[key]
                self._taken[key] += wanted
                sale = self._sale(sold.sale_id)
                linked = return_line(sale, sold.line.line_no, wanted, already, REASON)
                return replace(linked, id=line_id, name=line.description or linked.name)
        why = NOT_ENOUGH_LEFT if at_price else OTHER_PRICE if candidates else NEVER_BOUGHT
        return unlinked(line, product, line_id, why)

    def _sale(self, sale_id: str) -> Sale:
        if sale_id not in self._sales:
            sale = self.tx.sales.get(sale_id)
            if sale is None:
                raise LookupError(sale_id)
            self._sales[sale_id] = sale
        return self._sales[sale_id]

    def _candidates(self, product: Product) -> list["SoldLine"]:
        if product.id not in self._found:
            customer_id = self.customer.id if self.customer else None
            self._found[product.id] = self.tx.sales.of_product(
                product.id, customer_id, self.before, CANDIDATES
            )
        return self._found[product.id]
