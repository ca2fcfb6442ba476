"""The customers screen: what it lists, how it is searched and narrowed, and what it opens."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.approval import ApprovalNeeded
from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError
from pos_app.services.authority import UNRESTRICTED, Authority
from pos_app.services.checkout import Clock, utc_now
from pos_app.services.customer_codes import customer_by_code
from pos_app.services.customer_credit import CustomerCredit
from pos_app.services.customers import Customers
from pos_app.store.customer_lists import CustomerFilter
from pos_app.texts import t
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working, run_here
from pos_app.ui.presenters.customer_account import CustomerAccount
from pos_app.ui.presenters.customer_form import CustomerForm
from pos_app.ui.presenters.customer_words import status_word
from pos_app.ui.presenters.notice_board import NoticeBoard
from pos_app.ui.presenters.office_rows import FOUND_MOST, NO_ROWS, FixedRows, PagedRows, Rows
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import isolated, sentence_of
from pos_app.ui.views import Column, Notice, NoticeAction, Severity, TableRow

if TYPE_CHECKING:
    from pos_app.store.customers import CustomerList
    from pos_app.store.store import Store

ALL, ACTIVE, INACTIVE = "all", "active", "inactive"
ANYWHERE = "anywhere"
EXPORTED = "exported"
_IN_FIELD = ("number", "contact", "phone")
_STATUSES = {ALL: None, ACTIVE: True, INACTIVE: False}
_ANY = "*any*"  # the key of "every category": none is called so


@dataclass(frozen=True, slots=True)
class CustomersState:
    """Everything on the customers screen; `serial` grows whenever the rows are new.

    The choices of the filters stand beside what is chosen of each; `field` is where the typed
    text is looked for.
    """

    columns: tuple[Column, ...] = ()
    rows: Rows = NO_ROWS
    serial: int = 0
    text: str = ""
    field: str = ANYWHERE
    status: str = ALL
    category: str = _ANY
    region: str = _ANY
    fields: tuple[Choice, ...] = ()
    statuses: tuple[Choice, ...] = ()
    categories: tuple[Choice, ...] = ()
    regions: tuple[Choice, ...] = ()
    counted: str = ""
    is_empty_shop: bool = False
    is_exporting: bool = False
    notices: tuple[Notice, ...] = ()


class CustomersPresenter:
    """Lists customers and opens their forms; reads are quick enough for the GUI thread."""

    def __init__(
        self,
        store: "Store",
        customers: Customers,
        on_state: Callable[[CustomersState], None],
        publish: Callable[[Changes], None] = lambda _changes: None,
        *,
        now: Clock = utc_now,
        run: RunWork = run_here,
        authority: Authority = UNRESTRICTED,
    ) -> None:
        self._store = store
        self._customers = customers
        self._on_state = on_state
        self._publish = publish
        self._now = now
        self._run = run
        self._credit = CustomerCredit(store, now, customers.staff, authority)
        self._board = NoticeBoard()
        self._export: Stoppable | None = None
        self._listed: CustomerList | None = None
        self._listed_of: CustomerFilter | None = None
        self.on_approval: Callable[[ApprovalNeeded, Callable[[], None]], None] | None = None
        self._state = CustomersState()
        self.refresh()

    @property
    def state(self) -> CustomersState:
        """What the screen shows now."""
        return self._state

    def refresh(self) -> None:
        """Read everything anew, after a write or when the screen comes up."""
        self._listed_of = None
        customers = self._store.customers
        categories = _choices(t("Any group"), customers.words_in("category"))
        regions = _choices(t("Any region"), customers.words_in("region"))
        self._state = replace(
            self._state,
            columns=_columns(),
            fields=_field_choices(),
            statuses=_status_choices(),
            categories=categories,
            regions=regions,
            category=_still(self._state.category, categories),
            region=_still(self._state.region, regions),
            is_empty_shop=customers.count() == 0,
        )
        self._list()

    def search(self, text: str) -> None:
        """List whom was typed for, best first; nothing typed lists all by name."""
        self._state = replace(self._state, text=text)
        self._list()

    def narrow(self, **chosen: str) -> None:
        """Choose a `status`, `category`, `region`, or the `field` where the text is looked for."""
        self._state = replace(self._state, **chosen)  # type: ignore[arg-type]
        self._list()

    def scanned(self, code: str) -> CustomerForm | None:
        """Open the customer whose card was scanned, or offer to add one with it."""
        customer = customer_by_code(self._store, code)
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
        return None if customer is None else self._form(customer)

    def add(self, card_code: str = "") -> CustomerForm:
        """Return the form of a new customer."""
        return self._form(None, card_code)

    def account(self, customer_id: str) -> CustomerAccount:
        """Return a customer's account for the sheet."""
        return CustomerAccount(self._store, self._now, self._credit, customer_id, self._run)

    def export(self, path: Path) -> None:
        """Write all customers to a CSV or XLSX file, in the background."""
        from pos_app.services.customer_export import export_customers  # noqa: PLC0415 - heavy

        if self._export is not None:
            return

        def work(working: Working) -> int:
            reader = self._store.reader()
            try:
                return export_customers(reader, path, on_progress=working.report)
            finally:
                reader.close()

        self._state = replace(self._state, is_exporting=True)
        self._show()
        self._export = self._run(
            work, lambda count: self._exported(path, count), self._export_failed
        )

    def export_person(self, customer: Customer, path: Path) -> None:
        """Write all that is known of a person, in the background."""
        from pos_app.services.customer_privacy import CustomerPrivacy  # noqa: PLC0415 - seldom

        def work(working: Working) -> Path:
            reader = self._store.reader()
            try:
                return CustomerPrivacy(reader, self._now).export(customer, path, working.report)
            finally:
                reader.close()

        def done(readable: Path) -> None:
            text = t("All that is known of {name} is in {file} and {readable}.").format(
                name=isolated(customer.name),
                file=isolated(path.name),
                readable=isolated(readable.name),
            )
            action = NoticeAction(f"folder:{path}", t("Open the folder"), "folder-open")
            self._board.put(Notice(EXPORTED, Severity.MARK, text, actions=(action,)))
            self._show()

        self._run(work, done, self._refused)

    def erase(self, customer: Customer) -> bool:
        """Erase a person; what stands against it is told, and nothing is erased."""
        from pos_app.services.customer_privacy import CustomerPrivacy  # noqa: PLC0415 - seldom

        try:
            CustomerPrivacy(self._store, self._now, self._customers.staff).erase(customer)
        except PosError as refusal:
            self.refuse(refusal)
            return False
        self.tell(t("The person is erased."), Changes(customers=True))
        return True

    def tell(self, text: str, changes: Changes | None = None) -> None:
        """Say what another sheet of this screen has done."""
        self._board.tell(text)
        if changes is not None:
            self._publish(changes)
        self.refresh()

    def refuse(self, refusal: PosError) -> None:
        """Say why something was refused."""
        amounts = amount_format(self._store.settings.shop())
        self._board.refuse(sentence_of(refusal, amounts))
        self._show()

    def dismiss(self, key: str) -> None:
        """Take a notice away."""
        self._board.take_down(key)
        self._show()

    def _form(self, customer: Customer | None, card_code: str = "") -> CustomerForm:
        form = CustomerForm(
            self._store,
            self._customers,
            customer,
            credit=self._credit,
            card_code=card_code,
            on_saved=self._saved,
        )
        form.on_approval = self.on_approval
        return form

    def _list(self) -> None:
        state = self._state
        amounts = amount_format(self._store.settings.shop())
        typed = state.text.strip()
        listed = self._list_of(self._filter())
        if typed and state.field == ANYWHERE:
            found = listed.search(typed, FOUND_MOST)
            rows: Rows = FixedRows(tuple(customer_row(one) for one in found))
            counted = t("{count} found").format(count=len(found))
        else:
            rows = PagedRows(
                listed.total,
                lambda offset, limit: [customer_row(one) for one in listed.page(offset, limit)],
            )
            counted = t("{count} customers").format(count=amounts.count(listed.total))
        self._state = replace(state, rows=rows, counted=counted, serial=state.serial + 1)
        self._show()

    def _list_of(self, chosen: CustomerFilter) -> "CustomerList":
        """The list of a filter is made once, not at every letter typed."""
        if self._listed is None or self._listed_of != chosen:
            self._listed = self._store.customers.listed(chosen)
            self._listed_of = chosen
        return self._listed

    def _filter(self) -> CustomerFilter:
        state = self._state
        chosen = CustomerFilter(
            is_active=_STATUSES[state.status],
            category=None if state.category == _ANY else state.category,
            region=None if state.region == _ANY else state.region,
        )
        if state.field in _IN_FIELD and state.text.strip():
            values: dict[str, str] = {state.field: state.text.strip()}
            return replace(chosen, **values)  # type: ignore[arg-type]
        return chosen

    def _saved(self, customer: Customer) -> None:
        self._board.take_down("unknown")
        self._board.tell(t("{name} is saved.").format(name=isolated(customer.name)))
        self._publish(Changes(customers=True))
        self.refresh()

    def _exported(self, path: Path, count: int) -> None:
        self._export = None
        self._state = replace(self._state, is_exporting=False)
        amounts = amount_format(self._store.settings.shop())
        text = t("{count} customers are written to {file}.").format(
            count=amounts.count(count), file=isolated(path.name)
        )
        action = NoticeAction(f"folder:{path}", t("Open the folder"), "folder-open")
        self._board.put(Notice(EXPORTED, Severity.MARK, text, actions=(action,)))
        self._show()

    def _export_failed(self, error: Exception) -> None:
        self._export = None
        self._state = replace(self._state, is_exporting=False)
        self._refused(error)

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, PosError):
            self._show()
            raise error
        self.refuse(error)

    def _show(self) -> None:
        self._state = replace(self._state, notices=self._board.all())
        self._on_state(self._state)


def customer_row(customer: Customer) -> TableRow:
    """Write a customer as a row of the list."""
    place = customer.city or customer.postcode
    cells = (
        customer.number,
        customer.name,
        customer.contact,
        customer.phone,
        place,
        customer.category,
        customer.region,
        status_word(is_active=customer.is_active),
        customer.card_code,
        customer.email,
    )
    return TableRow(customer.id, cells)


def _columns() -> tuple[Column, ...]:
    return (
        Column(t("Number"), 104),
        Column(t("Name"), 200, stretches=True),
        Column(t("Contact"), 140),
        Column(t("Phone"), 176),
        Column(t("Town"), 136),
        Column(t("Customer group"), 152),
        Column(t("Region"), 110),
        Column(t("Status"), 90),
        Column(t("Card"), 130),
        Column(t("E-mail"), 200),
    )


def _field_choices() -> tuple[Choice, ...]:
    return (
        Choice(ANYWHERE, t("Everywhere")),
        Choice("number", t("Number")),
        Choice("contact", t("Contact")),
        Choice("phone", t("Phone")),
    )


def _status_choices() -> tuple[Choice, ...]:
    return (
        Choice(ALL, t("Any status")),
        Choice(ACTIVE, t("Active")),
        Choice(INACTIVE, t("Inactive")),
    )


def _choices(everything: str, words: list[str]) -> tuple[Choice, ...]:
    return (Choice(_ANY, everything), *(Choice(word, word) for word in words))


def _still(chosen: str, choices: tuple[Choice, ...]) -> str:
    return chosen if any(choice.key == chosen for choice in choices) else _ANY
