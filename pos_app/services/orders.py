"""Orders: written, approved within the customer's credit, finished or cancelled."""

from dataclasses import replace
from datetime import date

from pos_app.domain import order as rules
from pos_app.domain.customer import Customer
from pos_app.domain.document_settings import Series
from pos_app.domain.facts import FactKind
from pos_app.domain.order import Order
from pos_app.services.credit_check import require_credit
from pos_app.services.document_desk import DocumentDesk
from pos_app.services.document_records import ORDER, QUOTATION

_SAVED = FactKind.ORDER_SAVED


class Orders(DocumentDesk):
    """The use cases; each is one transaction."""

    def draft(self, customer: Customer, day: date | None = None) -> Order:
        """Return an empty order that is not kept yet."""
        return Order(self.new_head(customer, day), (), location=self.shop.location)

    def create(self, draft: Order) -> Order:
        """Keep a new order under the next number; raises what `order.checked` does."""
        rules.checked(draft)
        with self.store.transaction() as tx:
            number = self.next_number(tx, Series.ORDER, draft.head.day)
            new = replace(draft, head=replace(draft.head, number=number))
            return self.keep_new(tx, ORDER, new, _SAVED)

    def change(self, seen: Order, new: Order) -> Order:
        """Keep a draft as it was written anew; raises OrderNotDraft or DocumentChanged."""
        with self.store.transaction() as tx:
            now = self.same(tx, ORDER, seen)
            return self.keep(tx, ORDER, rules.changed(now, new), _SAVED, "change")

    def decide(self, seen: Order, is_approved: bool, remark: str = "") -> Order:
        """Approve it, or return it to draft with a remark.

        Raises CustomerOverLimit, CustomerPastDue or ApprovalNeeded where credit does not allow it.
        """
        with self.store.transaction() as tx:
            now = self.same(tx, ORDER, seen)
            decided = rules.decided(now, is_approved, remark)
            if is_approved:
                require_credit(self, tx, now.head.customer, now.priced.gross, is_order=True)
            action = "approve" if is_approved else "reject"
            return self.keep(tx, ORDER, decided, _SAVED, action)

    def cancel(self, seen: Order, reason: str) -> Order:
        """Cancel it with a reason; raises OrderUnderWay or ReasonMissing."""
        with self.store.transaction() as tx:
            now = self.same(tx, ORDER, seen)
            return self.keep(tx, ORDER, rules.cancelled(now, reason), _SAVED, "cancel")

    def finish(self, seen: Order, remark: str = "") -> Order:
        """End it with what was delivered; raises InvoicedAhead."""
        with self.store.transaction() as tx:
            now = self.same(tx, ORDER, seen)
            return self.keep(tx, ORDER, rules.finished(now, remark), _SAVED, "finish")

    def delete(self, seen: Order) -> Order:
        """Throw a draft away; the quotation it came from can become an order again."""
        with self.store.transaction() as tx:
            now = self.same(tx, ORDER, seen)
            quotation = tx.records.get(QUOTATION, now.quotation_id) if now.quotation_id else None
            if quotation is not None and quotation.order_id == now.head.id:
                free = replace(quotation, order_id="", order_number="")
                self.keep(tx, QUOTATION, free, FactKind.QUOTATION_SAVED, "order_deleted")
            return self.keep(tx, ORDER, rules.deleted(now), _SAVED, "delete")
