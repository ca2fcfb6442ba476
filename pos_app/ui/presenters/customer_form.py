"""The sheet of one customer: what is typed, what is wrong with it, and saving it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pos_app.domain.approval import ApprovalNeeded
from pos_app.domain.catalogue_rules import FieldRefusal
from pos_app.domain.credit import CreditTerms
from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.services.customer_credit import CustomerCredit
from pos_app.services.customer_records import PRICE_LIST
from pos_app.services.customers import Customers, customer_refusals
from pos_app.texts import t
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.typed_figures import NotAFigure, counted_figure, shown_figure

if TYPE_CHECKING:
    from pos_app.store.store import Store

_CREDIT_FIELDS = frozenset(
    {"credit_limit", "credit_days", "bank_name", "bank_account", "payment_terms"}
)
# Which field a refusal of the terms is about.
_ABOUT = {
    "CreditLimitWrong": "credit_limit",
    "CreditDaysWrong": "credit_days",
    "NotWholeMinorUnits": "credit_limit",
}


@dataclass(frozen=True, slots=True)
class CreditDraft:
    """What stands in the fields of credit and bank, as typed."""

    credit_limit: str = ""
    credit_days: str = ""
    bank_name: str = ""
    bank_account: str = ""
    payment_terms: str = ""


@dataclass(frozen=True, slots=True)
class CustomerFormState:
    """Everything on the sheet; the drafts are the customer and the credit as typed so far."""

    title: str
    draft: Customer
    credit: CreditDraft = CreditDraft()
    price_lists: tuple[Choice, ...] = ()
    categories: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    message: str = ""
    is_new: bool = True
    is_changed: bool = False


class CustomerForm:
    """Keeps a draft until it can be saved; nothing typed is ever lost by an error."""

    def __init__(
        self,
        store: "Store",
        customers: Customers,
        customer: Customer | None,
        *,
        credit: CustomerCredit | None = None,
        card_code: str = "",
        on_saved: Callable[[Customer], None] = lambda _customer: None,
    ) -> None:
        shop = store.settings.shop()
        self._store = store
        self._amounts = amount_format(shop)
        self._currency = shop.policy.currency
        self._customers = customers
        self._credit = credit
        self._is_new = customer is None
        self._on_saved = on_saved
        self._on_state: Callable[[CustomerFormState], None] = lambda _state: None
        self.on_approval: Callable[[ApprovalNeeded, Callable[[], None]], None] | None = None
        self.on_done: Callable[[], None] = lambda: None
        blank = Customer(id=customers.new_id(), number="", name="", country=shop.country)
        self._kept = customer
        self._first = customer or replace(blank, card_code=card_code)
        self._draft = self._first
        empty = CreditTerms(self._first.id)
        self._terms = empty if credit is None else credit.terms(self._first.id)
        self._first_credit = self._credit_draft = self._draft_of(self._terms)
        self._errors: dict[str, str] = {}
        self._message = ""
        self._price_lists = (
            Choice("", t("Usual prices")),
            *(Choice(one.name, one.name) for one in store.records.in_progress(PRICE_LIST)),
        )
        self._categories = tuple(store.customers.words_in("category"))
        self._regions = tuple(store.customers.words_in("region"))

    def watch(self, on_state: Callable[[CustomerFormState], None]) -> None:
        """Show the form now and after every change."""
        self._on_state = on_state
        self._show()

    @property
    def customer(self) -> Customer | None:
        """The customer as kept, or None while there is none yet."""
        return self._kept

    @property
    def state(self) -> CustomerFormState:
        """What the sheet shows now."""
        is_same = self._draft == self._first and self._credit_draft == self._first_credit
        return CustomerFormState(
            title=t("New customer") if self._is_new else self._first.name,
            draft=self._draft,
            credit=self._credit_draft,
            price_lists=self._lists_offered(),
            categories=self._categories,
            regions=self._regions,
            errors=dict(self._errors),
            message=self._message,
            is_new=self._is_new,
            is_changed=not is_same,
        )

    def change(self, **values: Any) -> None:
        """Take over what was typed, by field; its error goes away."""
        credit = {name: value for name, value in values.items() if name in _CREDIT_FIELDS}
        own = {name: value for name, value in values.items() if name not in _CREDIT_FIELDS}
        self._draft = replace(self._draft, **own)
        self._credit_draft = replace(self._credit_draft, **credit)
        for name in values:
            self._errors.pop(name, None)
        self._message = ""
        self._show()

    def save(self) -> bool:
        """Save the customer; on a refusal every error stands under its field and all stays."""
        refusals = customer_refusals(self._draft)
        self._errors = {name: self._say(refusal) for name, refusal in refusals.items()}
        self._message = ""
        terms = self._read_terms()
        if self._errors or terms is None:
            self._message = t("Please look at the fields marked red. Nothing is lost.")
        else:
            self._try_to_save(terms)
        self._show()
        return not self._errors and not self._message

    def _try_to_save(self, terms: CreditTerms) -> None:
        try:
            with self._store.transaction() as tx:
                saved = self._customers.save_in(tx, self._draft, self._kept)
                if self._credit is not None:
                    terms = self._credit.save_in(tx, saved, self._terms, terms)
        except ApprovalNeeded as need:
            self._message = self._say(need)
            if self.on_approval is not None:
                self.on_approval(need, self._again)
            return
        except PosError as refusal:
            self._refuse(refusal)
            return
        self._kept = self._draft = self._first = saved
        self._terms = terms
        self._first_credit = self._credit_draft = self._draft_of(terms)
        self._is_new = False
        self._on_saved(saved)

    def _again(self) -> None:
        """Save once somebody has agreed, and let the sheet close."""
        if self.save():
            self.on_done()

    def _read_terms(self) -> CreditTerms | None:
        """Read the figures of the credit, or note what is wrong with them."""
        draft = self._credit_draft
        limit, days = None, None
        try:
            amount = counted_figure(draft.credit_limit, self._amounts)
            limit = None if amount is None else Money.of(amount, self._currency)
        except PosError as refusal:
            self._errors["credit_limit"] = self._say(refusal)
        try:
            figure = counted_figure(draft.credit_days, self._amounts)
            if figure is not None and figure != figure.to_integral_value():
                raise NotAFigure(text=draft.credit_days.strip()[:40], example="30")
            days = None if figure is None else int(figure)
        except PosError as refusal:
            self._errors["credit_days"] = self._say(refusal)
        if self._errors:
            return None
        return replace(
            self._terms,
            credit_limit=limit,
            credit_days=days,
            bank_name=draft.bank_name,
            bank_account=draft.bank_account,
            payment_terms=draft.payment_terms,
        )

    def _draft_of(self, terms: CreditTerms) -> CreditDraft:
        limit = terms.credit_limit
        return CreditDraft(
            credit_limit="" if limit is None else shown_figure(limit.amount, self._amounts),
            credit_days="" if terms.credit_days is None else str(terms.credit_days),
            bank_name=terms.bank_name,
            bank_account=terms.bank_account,
            payment_terms=terms.payment_terms,
        )

    def _lists_offered(self) -> tuple[Choice, ...]:
        """The active lists, and the customer's own also where it is not active any more."""
        own = self._draft.price_list
        if not own or any(one.key == own for one in self._price_lists):
            return self._price_lists
        return (*self._price_lists, Choice(own, own))

    def _refuse(self, refusal: PosError) -> None:
        name = type(refusal).__name__
        if isinstance(refusal, FieldRefusal):
            self._errors[refusal.field] = self._say(refusal)
        elif name in _ABOUT:
            self._errors[_ABOUT[name]] = self._say(refusal)
        elif name == "NumberTaken":
            is_number = refusal.fields.get("code") == self._draft.number.strip()
            self._errors["number" if is_number else "card_code"] = self._say(refusal)
        else:
            self._message = self._say(refusal)

    def _say(self, refusal: PosError) -> str:
        return sentence_of(refusal, self._amounts)

    def _show(self) -> None:
        self._on_state(self.state)
