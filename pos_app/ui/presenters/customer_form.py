"""The sheet of one customer: what is typed, what is wrong with it, and saving it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError
from pos_app.services.catalogue_rules import FieldRefusal
from pos_app.services.customers import Customers, customer_refusals
from pos_app.texts import t
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.refusals import sentence_of

if TYPE_CHECKING:
    from pos_app.store.store import Store


@dataclass(frozen=True, slots=True)
class CustomerFormState:
    """Everything on the sheet; the draft is the customer as typed so far."""

    title: str
    draft: Customer
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
        card_code: str = "",
        on_saved: Callable[[Customer], None] = lambda _customer: None,
    ) -> None:
        self._amounts = amount_format(store.settings.shop())
        self._customers = customers
        self._is_new = customer is None
        self._on_saved = on_saved
        self._on_state: Callable[[CustomerFormState], None] = lambda _state: None
        country = store.settings.shop().country
        blank = Customer(id=customers.new_id(), number="", name="", country=country)
        self._first = customer or replace(blank, card_code=card_code)
        self._draft = self._first
        self._errors: dict[str, str] = {}
        self._message = ""

    def watch(self, on_state: Callable[[CustomerFormState], None]) -> None:
        """Show the form now and after every change."""
        self._on_state = on_state
        self._show()

    @property
    def state(self) -> CustomerFormState:
        """What the sheet shows now."""
        return CustomerFormState(
            title=t("New customer") if self._is_new else self._first.name,
            draft=self._draft,
            errors=dict(self._errors),
            message=self._message,
            is_new=self._is_new,
            is_changed=self._draft != self._first,
        )

    def change(self, **values: str) -> None:
        """Take over what was typed, by field; its error goes away."""
        self._draft = replace(self._draft, **values)
        for name in values:
            self._errors.pop(name, None)
        self._message = ""
        self._show()

    def save(self) -> bool:
        """Save the customer; on a refusal every error stands under its field and all stays."""
        refusals = customer_refusals(self._draft)
        self._errors = {name: self._say(refusal) for name, refusal in refusals.items()}
        self._message = ""
        if self._errors:
            self._message = t("Please look at the fields marked red. Nothing is lost.")
        else:
            self._try_to_save()
        self._show()
        return not self._errors and not self._message

    def _try_to_save(self) -> None:
        try:
            saved = self._customers.save(self._draft)
        except PosError as refusal:
            self._refuse(refusal)
            return
        self._draft = self._first = saved
        self._is_new = False
        self._on_saved(saved)

    def _refuse(self, refusal: PosError) -> None:
        if isinstance(refusal, FieldRefusal):
            self._errors[refusal.field] = self._say(refusal)
        elif type(refusal).__name__ == "NumberTaken":
            is_number = refusal.fields.get("code") == self._draft.number.strip()
            self._errors["number" if is_number else "card_code"] = self._say(refusal)
        else:
            self._message = self._say(refusal)

    def _say(self, refusal: PosError) -> str:
        return sentence_of(refusal, self._amounts)

    def _show(self) -> None:
        self._on_state(self.state)
