"""The sheet on which a document is written: whom it is for, its lines, and what it comes to."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pos_app.domain.approval import ApprovalNeeded
from pos_app.domain.customer import Customer
from pos_app.domain.document import (
    LINE_LIMIT,
    CustomerMissing,
    DatesTurned,
    DocumentEmpty,
    DocumentLine,
    TooManyLines,
)
from pos_app.domain.errors import PosError
from pos_app.domain.product import Product
from pos_app.domain.quotation import QuotationExpired
from pos_app.services.customer_codes import active_by_code
from pos_app.services.document_lines import free_line, product_line
from pos_app.services.document_use_cases import DocumentUseCases
from pos_app.texts import t
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.background_work import RunWork
from pos_app.ui.presenters.document_editor_finding import (
    customer_hits,
    found_product,
    look_up,
    product_hits,
    repriced,
)
from pos_app.ui.presenters.document_editor_head import EditorHead
from pos_app.ui.presenters.document_editor_kinds import (
    NOBODY,
    Content,
    Keeping,
    Written,
    editor_kind,
    keeper,
    lines_of,
)
from pos_app.ui.presenters.document_editor_lines import EditorLines
from pos_app.ui.presenters.document_editor_pricing import (
    AT_ONCE_MOST,
    LiveSum,
)
from pos_app.ui.presenters.document_editor_state import EditorState
from pos_app.ui.presenters.document_steps import Ask
from pos_app.ui.presenters.refusals import in_one_piece, isolated, sentence_of
from pos_app.ui.presenters.typed_days import sentence_with_days
from pos_app.ui.views import SearchHit

if TYPE_CHECKING:
    from pos_app.store.store import Store

DRAFT, FINISH = "draft", "finish"


class DocumentEditor:
    """Keeps what is typed until it is saved; no refusal loses any of it.

    A draft that was kept is changed from the state that was seen, so that nothing that another
    window wrote is overwritten.
    """

    def __init__(
        self,
        cases: DocumentUseCases,
        store: "Store",
        document: Written | None,
        kind: str,
        run: RunWork,
        on_saved: Callable[[Any], None],
    ) -> None:
        self._cases = cases
        self._store = store
        self._on_saved = on_saved
        self._on_state: Callable[[EditorState], None] = lambda _state: None
        self.ask: Ask | None = None
        self.retry: Callable[[str], None] = lambda _key: None
        self.kind = editor_kind(cases, kind)
        self.amounts = amount_format(cases.orders.shop)
        self._blank = document or self.kind.blank(NOBODY)
        known = document and store.records.get(self.kind.record, document.head.id)
        self._kept: Written | None = document if known is not None else None
        policy = self._blank.head.policy
        self.head = EditorHead(cases.orders, store, self._blank, self.kind)
        with_tax, taxes = policy.prices_include_tax, store.products.taxes()
        self.lines = EditorLines(lines_of(self._blank), self.amounts, taxes, with_tax=with_tax)
        self._run = run
        self._is_busy = False
        self.on_done: Callable[[], object] = lambda: None
        self._hits: dict[str, tuple[SearchHit, ...]] = {"customer": (), "product": ()}
        self._looked_for = ""
        self._message, self._is_refused = "", False
        self._sum = LiveSum(run, policy, self.lines, self.head.discounts, self._show)
        self._first = self._snapshot()
        self._sum.price()

    @property
    def title(self) -> str:
        """What stands above the sheet."""
        if self._kept is None:
            return self.kind.title
        number = self._kept.head.number
        return in_one_piece(number) if number else t("Draft of an invoice")

    @property
    def is_changed(self) -> bool:
        """Whether anything differs from what is kept."""
        return self._snapshot() != self._first

    @property
    def state(self) -> EditorState:
        """What the sheet shows now."""
        line = {f"line.{name}": text for name, text in self.lines.texts().items()}
        wrong = {f"line.{name}": text for name, text in self.lines.errors().items()}
        return EditorState(
            title=self.title,
            texts={**self.head.texts, **line},
            errors={**self.head.errors, **wrong},
            customer_about=self.head.about_customer,
            customer_hits=self._hits["customer"],
            product_hits=self._hits["product"],
            looked_for=self._looked_for,
            marked=self.lines.place,
            serial=self.lines.serial,
            totals=self._sum.totals,
            is_busy=self._is_busy,
            can_bring_back=self.lines.can_bring_back,
            message=self._message,
            is_refused=self._is_refused,
        )

    def watch(self, on_state: Callable[[EditorState], None]) -> None:
        """Show the form now and after every change."""
        self._on_state = on_state
        self._show()

    def change(self, name: str, text: str) -> None:
        """Take what was typed or chosen; its error goes away."""
        if name.startswith("line."):
            self.lines.change(name.removeprefix("line."), text)
            self._say("")
            self._sum.price()
        else:
            self.head.change(name, text, is_new=self._kept is None)
            self._say("")
            if name in ("discount", "discount_kind"):
                self._sum.price()
        self._show()

    def pick_day(self, name: str, day: date) -> None:
        """Take a day from the calendar."""
        self.head.pick_day(name, day, is_new=self._kept is None)
        self._show()

    def look_for_customer(self, text: str) -> None:
        """List customers for what was typed."""
        self.head.change("customer", text, is_new=False)
        self._hits["customer"] = customer_hits(self._store, text)
        self._looked_for = text
        self._show()

    def choose_customer(self, customer_id: str) -> None:
        """Write the document for a customer: their price list, days to pay and terms."""
        customer = self._store.customers.get(customer_id)
        if customer is not None:
            self.use_customer(customer)

    def use_customer(self, customer: Customer) -> None:
        """Write the document for this customer."""
        before = self.head.customer
        self.head.use_customer(customer, is_new=self._kept is None)
        self._hits["customer"] = ()
        self._follow_prices(before, customer)
        self._sum.price()
        self._show()

    def leave_customer(self) -> None:
        """Take the only one found, or show the chosen customer where nobody was chosen."""
        hits, self._hits["customer"] = self._hits["customer"], ()
        if len(hits) == 1 and self.head.texts["customer"].strip() != self.head.party.name:
            self.choose_customer(hits[0].key)
            return
        self.head.change("customer", self.head.party.name, is_new=False)
        self._show()

    def look_for_product(self, text: str) -> None:
        """List products for what was typed."""
        self._hits["product"] = product_hits(self._store, self.amounts, text)
        self._looked_for = text
        self._show()

    def add_product(self, product_id: str) -> bool:
        """Add a line for a product; False where it is gone."""
        product = self._store.products.get(product_id)
        return product is not None and self._gesture(lambda: self._add(product, Decimal(1)))

    def enter(self, text: str) -> bool:
        """Add the product of a typed code, or the first one found for a name; True if added."""
        if not text.strip():
            return False
        product, quantity = found_product(self._cases.orders, self._store, text)
        if product is None:
            told = t("“{text}” was not found. Type more of its name, or write a free line.")
            self._say(told.format(text=isolated(text.strip()[:40])), is_refused=True)
            self._show()
            return False
        chosen = product
        return self._gesture(lambda: self._add(chosen, quantity))

    def scan(self, code: str) -> None:
        """Take a scanned code: one more of a product, or the customer whose card it is."""
        product, quantity = look_up(self._cases.orders, code)
        if product is not None:
            chosen = product
            self._gesture(lambda: self._add_scanned(chosen, quantity))
            return
        try:
            customer = active_by_code(self._store, code.strip())
        except PosError as refusal:
            self._say(sentence_of(refusal, self.amounts), is_refused=True)
            self._show()
            return
        if customer is not None:
            self.use_customer(customer)
            return
        told = t("Nothing here has the code {code}.").format(code=isolated(code[:40]))
        self._say(told, is_refused=True)
        self._show()

    def add_free(self) -> bool:
        """Add a line for what is in no catalogue."""
        return self._gesture(lambda: self._add_line(free_line(self._store, self.lines.known)))

    def mark(self, place: int) -> None:
        """Show the fields of the line at a place."""
        if 0 <= place < len(self.lines.lines):
            self.lines.mark(self.lines.lines[place].id)
            self._show()

    def step(self, by: int) -> bool:
        """Go to the next line or the one before; False at the end."""
        has_moved = self.lines.step(by)
        self._show()
        return has_moved

    def move(self, by: int) -> None:
        """Move the marked line up (-1) or down (1)."""
        if self.lines.move(by):
            self._sum.price()
            self._show()

    def remove(self) -> None:
        """Take the marked line away; `bring_back` undoes that."""
        line = self.lines.remove()
        if line is None:
            return
        told = t("{name} was removed.").format(name=isolated(line.name) or t("The line"))
        self._sum.price()
        self._say(told)
        self._show()

    def bring_back(self) -> None:
        """Put the line that was removed last where it was."""
        if self.lines.bring_back():
            self._say("")
            self._sum.price()
        self._show()

    def press(self, key: str) -> bool:
        """Save as a draft, or save and finish; True when it is done and the sheet may close.

        A long document is written elsewhere; `on_done` is called when it is kept.
        """
        if self._is_busy:
            return False
        self._say("")
        content = self._content()
        is_done = False
        if content is not None:
            keep = keeper(self.kind, self._kept, self._blank, content, is_changed=self.is_changed)
            if len(content.lines) > AT_ONCE_MOST:
                self._is_busy = True
                self._say(t("Saving …"))
                self._run(
                    lambda _working: keep(key == FINISH), lambda kept: self._written(kept, key)
                )
            else:
                is_done = self._take(keep(key == FINISH), key)
        self._show()
        return is_done

    def _written(self, kept: Keeping, key: str) -> None:
        """Go on after a long document was written."""
        self._is_busy = False
        self._say("")
        is_done = self._take(kept, key)
        self._show()
        if is_done:
            self.on_done()

    def _take(self, keeping: Keeping, key: str) -> bool:
        """Take what became of the document; False where the sheet has to stay."""
        if keeping.kept is not None:
            if keeping.kept is not self._kept:
                self._on_saved(keeping.kept)
            self._kept = self._blank = keeping.kept
            self._first = self._snapshot()
        if keeping.finished is not None:
            self._on_saved(keeping.finished)
        refusal = keeping.refusal
        if refusal is None:
            return True
        if isinstance(refusal, ApprovalNeeded) and self.ask is not None:
            self.ask(refusal, lambda: self.retry(key))
        elif keeping.kept is None:
            self._refuse(refusal)
        else:
            self._refuse_finish(refusal)
        return False

    def _refuse_finish(self, refusal: PosError) -> None:
        why = self._sentence(refusal)
        if isinstance(refusal, QuotationExpired):
            self.head.errors["until"] = why
        self._say(t("It is saved as a draft. {why}").format(why=why), is_refused=True)

    def _sentence(self, refusal: PosError) -> str:
        return sentence_with_days(refusal, self.amounts, self._cases.orders.shop)

    def _refuse(self, refusal: PosError) -> None:
        told = self._sentence(refusal)
        if isinstance(refusal, CustomerMissing):
            self.head.errors["customer"] = told
        elif isinstance(refusal, DatesTurned):
            self.head.errors["until"] = told
        else:
            self._say(told, is_refused=True)

    def _content(self) -> Content | None:
        """Read every field, or tell all that is wrong at once."""
        read = self.head.read((self._kept or self._blank).head)
        are_sound = self.lines.check()
        if read is None or not are_sound:
            self._say(t("Please look at the fields marked red. Nothing is lost."), is_refused=True)
            return None
        if not self.lines.lines:
            self._say(sentence_of(DocumentEmpty()), is_refused=True)
            return None
        head, discounts, until = read
        return Content(head, tuple(self.lines.lines), discounts, until)

    def _follow_prices(self, before: Customer | None, customer: Customer) -> None:
        changed = repriced(self._store, self.lines.lines, before, customer)
        for line in changed:
            self.lines.put(line)
        if changed:
            told = t("{count} prices now follow what {name} pays.")
            self._say(told.format(count=len(changed), name=isolated(customer.name)))

    def _add(self, product: Product, quantity: Decimal) -> None:
        line = product_line(self._store, self.head.customer, self.lines.known, product, quantity)
        self._add_line(line)

    def _add_scanned(self, product: Product, quantity: Decimal) -> None:
        if not self.lines.more_of(product.id, quantity):
            self._add(product, quantity)

    def _add_line(self, line: DocumentLine) -> None:
        if len(self.lines.lines) >= LINE_LIMIT:
            raise TooManyLines(limit=LINE_LIMIT)
        self.lines.add(line)

    def _gesture(self, do: Callable[[], None]) -> bool:
        """Change the lines; a refusal is told and False returned."""
        self._hits["product"] = ()
        try:
            do()
        except PosError as refusal:
            self._say(sentence_of(refusal, self.amounts), is_refused=True)
            self._show()
            return False
        self._say("")
        self._sum.price()
        self._show()
        return True

    def _snapshot(self) -> tuple[object, ...]:
        return self.head.snapshot, tuple(self.lines.lines), self.lines.wrong

    def _say(self, text: str, *, is_refused: bool = False) -> None:
        self._message, self._is_refused = text, is_refused

    def _show(self) -> None:
        self._on_state(self.state)
