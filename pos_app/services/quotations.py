"""Quotations: written, decided, turned into orders, and ended by their date."""

from dataclasses import replace
from datetime import date, timedelta

from pos_app.domain import order as orders
from pos_app.domain import quotation as rules
from pos_app.domain.customer import Customer
from pos_app.domain.document_settings import Series
from pos_app.domain.facts import FactKind
from pos_app.domain.order import Order
from pos_app.domain.order_of_quotation import head_anew, order_of_quotation
from pos_app.domain.quotation import Quotation, QuotationState
from pos_app.services.document_desk import DocumentDesk
from pos_app.services.document_records import ORDER, QUOTATION

_SAVED = FactKind.QUOTATION_SAVED
_ENDS = (QuotationState.DRAFT, QuotationState.SUBMITTED, QuotationState.APPROVED)


class Quotations(DocumentDesk):
    """The use cases; each is one transaction."""

    def draft(self, customer: Customer, day: date | None = None) -> Quotation:
        """Return an empty quotation that is not kept yet."""
        head = self.new_head(customer, day)
        expires = head.day + timedelta(days=self.shop.documents.valid_days)
        return Quotation(head, (), expires)

    def create(self, draft: Quotation) -> Quotation:
        """Keep a new quotation under the next number; raises what `quotation.checked` does."""
        rules.checked(draft)
        with self.store.transaction() as tx:
            number = self.next_number(tx, Series.QUOTATION, draft.head.day)
            new = replace(draft, head=replace(draft.head, number=number))
            return self.keep_new(tx, QUOTATION, new, _SAVED)

    def change(self, seen: Quotation, new: Quotation) -> Quotation:
        """Keep a draft as it was written anew; raises QuotationNotDraft or DocumentChanged."""
        with self.store.transaction() as tx:
            now = self.same(tx, QUOTATION, seen)
            return self.keep(tx, QUOTATION, rules.changed(now, new), _SAVED, "change")

    def submit(self, seen: Quotation) -> Quotation:
        """Hand it in for a decision."""
        with self.store.transaction() as tx:
            now = self.same(tx, QUOTATION, seen)
            return self.keep(tx, QUOTATION, rules.submitted(now, self.today), _SAVED, "submit")

    def decide(self, seen: Quotation, is_approved: bool, remark: str = "") -> Quotation:
        """Approve or reject it."""
        with self.store.transaction() as tx:
            now = self.same(tx, QUOTATION, seen)
            decided = rules.decided(now, is_approved, remark, self.today)
            return self.keep(tx, QUOTATION, decided, _SAVED, decided.state.value)

    def delete(self, seen: Quotation) -> Quotation:
        """Throw a draft away."""
        with self.store.transaction() as tx:
            now = self.same(tx, QUOTATION, seen)
            return self.keep(tx, QUOTATION, rules.deleted(now), _SAVED, "delete")

    def to_order(
        self, seen: Quotation, day: date | None = None, deliver_by: date | None = None
    ) -> Order:
        """Make an order of an approved quotation, once; lines and prices are the quotation's.

        Raises QuotationNotApproved, QuotationExpired, QuotationOrdered or DatesTurned.
        """
        with self.store.transaction() as tx:
            now = self.same(tx, QUOTATION, seen)
            order = orders.checked(self._order_of(now, day or self.today, deliver_by))
            ended = rules.ordered(now, order.head.id, "?", self.today)  # refuses before a number
            number = self.next_number(tx, Series.ORDER, order.head.day)
            order = replace(order, head=replace(order.head, number=number))
            self.keep_new(tx, ORDER, order, FactKind.ORDER_SAVED)
            self.keep(tx, QUOTATION, replace(ended, order_number=number), _SAVED, "order")
        return order

    def copy(self, of: Quotation) -> Quotation:
        """Return a new draft of an old quotation, from today on, not kept yet."""
        head = head_anew(of.head, self.new_id(), self.today, self.now, self.staff)
        expires = head.day + timedelta(days=self.shop.documents.valid_days)
        return Quotation(head, of.lines, expires, discounts=of.discounts)

    def expire_due(self) -> int:
        """End every quotation whose date has passed; returns how many."""
        today = self.today
        late = self.store.documents.past(QUOTATION.name, today, [state.value for state in _ENDS])
        count = 0
        for quotation_id in late:
            with self.store.transaction() as tx:
                now = tx.records.get(QUOTATION, quotation_id)
                ended = now and rules.expired(now, today)
                if ended and ended is not now:
                    self.keep(tx, QUOTATION, ended, _SAVED, "expire")
                    count += 1
        return count

    def _order_of(self, quotation: Quotation, day: date, deliver_by: date | None) -> Order:
        head = head_anew(quotation.head, self.new_id(), day, self.now, self.staff)
        return order_of_quotation(quotation, head, deliver_by, self.shop.location)
