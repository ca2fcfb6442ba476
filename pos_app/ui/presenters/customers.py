"""The customers screen: what it lists and how it is searched."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pos_app.domain.customer import Customer
from pos_app.services.customers import Customers
from pos_app.texts import t
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.customer_form import CustomerForm
from pos_app.ui.presenters.notice_board import NoticeBoard
from pos_app.ui.presenters.office_rows import FOUND_MOST, NO_ROWS, FixedRows, PagedRows, Rows
from pos_app.ui.presenters.refusals import isolated
from pos_app.ui.views import Column, Notice, NoticeAction, Severity, TableRow

if TYPE_CHECKING:
    from pos_app.store.store import Store


@dataclass(frozen=True, slots=True)
class CustomersState:
    """Everything on the customers screen; `serial` grows whenever the rows are new."""

    columns: tuple[Column, ...] = ()
    rows: Rows = NO_ROWS
    serial: int = 0
    text: str = ""
    counted: str = ""
    is_empty_shop: bool = False
    notices: tuple[Notice, ...] = ()


class CustomersPresenter:
    """Lists customers and opens their forms."""

    def __init__(
        self,
        store: "Store",
        customers: Customers,
        on_state: Callable[[CustomersState], None],
        publish: Callable[[Changes], None] = lambda _changes: None,
    ) -> None:
        self._store = store
        self._customers = customers
        self._on_state = on_state
        self._publish = publish
        self._board = NoticeBoard()
        self._state = CustomersState()
        self.refresh()

    @property
    def state(self) -> CustomersState:
        """What the screen shows now."""
        return self._state

    def refresh(self) -> None:
        """Read everything anew, after a write or when the screen comes up."""
        self._state = replace(
            self._state, columns=_columns(), is_empty_shop=self._store.customers.count() == 0
        )
        self.search(self._state.text)

    def search(self, text: str) -> None:
        """List whom was typed for, best first; nothing typed lists all by name."""
        if text.strip():
            found = self._store.customers.search(text, FOUND_MOST)
            rows: Rows = FixedRows(tuple(customer_row(one) for one in found))
            counted = t("{count} found").format(count=len(found))
        else:
            total = self._store.customers.count()
            rows = PagedRows(total, self._page)
            amounts = amount_format(self._store.settings.shop())
            counted = t("{count} customers").format(count=amounts.count(total))
        self._state = replace(
            self._state, text=text, rows=rows, counted=counted, serial=self._state.serial + 1
        )
        self._show()

    def scanned(self, code: str) -> CustomerForm | None:
        """Open the customer whose card was scanned, or offer to add one with it."""
        customer = self._store.customers.find(code)
        if customer is not None:
            return self.open(customer.id)
        text = t("No customer has the card {code}.").format(code=isolated(code[:40]))
        action = NoticeAction(f"add:{code[:200]}", t("Add a customer"), "user-plus")
        self._board.put(Notice("unknown", Severity.MARK, text, actions=(action,)))
        self._show()
        return None

    def open(self, customer_id: str) -> CustomerForm | None:
        """Return the form of a customer, or None where there is none."""
        customer = self._store.customers.get(customer_id)
        if customer is None:
            return None
        return CustomerForm(self._store, self._customers, customer, on_saved=self._saved)

    def add(self, card_code: str = "") -> CustomerForm:
        """Return the form of a new customer."""
        return CustomerForm(
            self._store, self._customers, None, card_code=card_code, on_saved=self._saved
        )

    def dismiss(self, key: str) -> None:
        """Take a notice away."""
        self._board.take_down(key)
        self._show()

    def _saved(self, customer: Customer) -> None:
        self._board.take_down("unknown")
        self._board.tell(t("{name} is saved.").format(name=isolated(customer.name)))
        self._publish(Changes(customers=True))
        self.refresh()

    def _page(self, offset: int, limit: int) -> list[TableRow]:
        return [customer_row(one) for one in self._store.customers.page(offset, limit)]

    def _show(self) -> None:
        self._state = replace(self._state, notices=self._board.all())
        self._on_state(self._state)


def customer_row(customer: Customer) -> TableRow:
    """Write a customer as a row of the list."""
    place = " ".join(part for part in (customer.postcode, customer.city) if part)
    cells = (
        customer.number,
        customer.name,
        customer.phone,
        place,
        customer.card_code,
        customer.email,
    )
    return TableRow(customer.id, cells)


def _columns() -> tuple[Column, ...]:
    return (
        Column(t("Number"), 100),
        Column(t("Name"), 200, stretches=True),
        Column(t("Phone"), 180),
        Column(t("Town"), 150),
        Column(t("Card"), 150),
        Column(t("E-mail"), 200),
    )
