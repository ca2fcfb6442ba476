"""The filters of a list of documents as they are typed: fields, what is wrong, what is meant."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pos_app.domain.errors import PosError
from pos_app.services.document_records import DELIVERY_NOTE
from pos_app.store.documents import EVERYTHING, DocumentFilter
from pos_app.texts import t
from pos_app.ui.presenters.document_list_tabs import ListTab
from pos_app.ui.presenters.office_desk import OfficeDesk
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import isolated, sentence_of
from pos_app.ui.presenters.stock_page import PageField

if TYPE_CHECKING:
    from pos_app.domain.customer import Customer
    from pos_app.store.store import Store

NUMBER, CUSTOMER, ORIGIN, TOTAL_FROM, TOTAL_TO = (
    "number", "customer", "origin", "total_from", "total_to",
)  # fmt: skip
_CHOICES_MOST = 20
_TEXT_MOST = 100
_UNITS_OF_ONE = 1000  # the list of deliveries counts thousandths


class DatesCross(PosError):
    """A span of dates that ends before it begins."""

    sentence = "This is before the first date. Nothing can be between them."


class FilterForm:
    """Keeps what is typed; what cannot be read stays typed and narrows nothing."""

    def __init__(self, tab: ListTab, desk: OfficeDesk, store: "Store") -> None:
        self._tab = tab
        self._desk = desk
        self._store = store
        self._texts: dict[str, str] = {}
        self._errors: dict[str, str] = {}
        self._customers: tuple[Choice, ...] = ()
        self._customer_id = ""
        self._chosen = EVERYTHING

    @property
    def chosen(self) -> DocumentFilter:
        """What the fields say."""
        return self._chosen

    @property
    def count(self) -> int:
        """How many fields narrow the list."""
        return sum(1 for key, text in self._texts.items() if text and key not in self._errors)

    def change(self, key: str, text: str) -> None:
        """Take what was typed in a field."""
        self._texts[key] = text.strip()[:_TEXT_MOST]
        if key == CUSTOMER:
            self._find_customer(self._texts[key])
        self._read()

    def choose_customer(self, customer_id: str) -> None:
        """Narrow the list to one customer."""
        customer = self._store.customers.get(customer_id)
        if customer is not None:
            self._take(customer)
            self._read()

    def clear(self) -> None:
        """Empty every field."""
        self._texts, self._errors, self._customers = {}, {}, ()
        self._customer_id, self._chosen = "", EVERYTHING

    def fields(self) -> tuple[PageField, ...]:
        """Return the fields as they are to be drawn."""
        found = [
            self._field(NUMBER, t("Number")),
            self._field(CUSTOMER, t("Customer"), self._customers, is_open=True),
        ]
        if self._tab.origin:
            found.append(self._field(ORIGIN, self._tab.origin))
        for name, low, high in self._tab.dates:
            found.append(self._field(f"{name}_from", low, is_figure=True))
            found.append(self._field(f"{name}_to", high, is_figure=True))
        low, high = self._tab.totals
        if low:
            found.append(self._field(TOTAL_FROM, low, is_figure=True))
            found.append(self._field(TOTAL_TO, high, is_figure=True))
        return tuple(found)

    def _field(
        self,
        key: str,
        label: str,
        choices: tuple[Choice, ...] = (),
        *,
        is_open: bool = False,
        is_figure: bool = False,
    ) -> PageField:
        return PageField(
            key,
            label,
            self._texts.get(key, ""),
            choices,
            is_open,
            error=self._errors.get(key, ""),
            is_figure=is_figure,
        )

    def _find_customer(self, text: str) -> None:
        """Take the one customer that a text means; of several it offers a choice."""
        self._customer_id = ""
        known = next((one for one in self._customers if one.label == text), None)
        if known is not None:
            self._customer_id = known.key
            return
        found = self._store.customers.search(text, _CHOICES_MOST) if text else []
        self._customers = tuple(Choice(one.id, _label(one)) for one in found)
        if len(found) == 1:
            self._take(found[0])

    def _take(self, customer: "Customer") -> None:
        self._customer_id = customer.id
        self._texts[CUSTOMER] = _label(customer)
        self._customers = (Choice(customer.id, _label(customer)),)

    def _read(self) -> None:
        self._errors = {}
        values: dict[str, Any] = {
            "number": self._texts.get(NUMBER, ""),
            "origin_number": self._texts.get(ORIGIN, ""),
            "customer_id": self._customer_id,
            "customer_name": "" if self._customer_id else self._texts.get(CUSTOMER, ""),
        }
        for name, _, _ in self._tab.dates:
            for key in (f"{name}_from", f"{name}_to"):
                values[key] = self._value(key, self._desk.day)
            first, last = values[f"{name}_from"], values[f"{name}_to"]
            if first is not None and last is not None and last < first:
                self._errors[f"{name}_to"] = sentence_of(DatesCross())
        for key in (TOTAL_FROM, TOTAL_TO):
            figure = self._value(key, self._desk.figure)
            values[key] = None if figure is None else self._minor(figure)
        self._chosen = replace(EVERYTHING, **values)

    def _value(self, key: str, read: Callable[[str], Any]) -> Any:
        try:
            return read(self._texts.get(key, ""))
        except PosError as refusal:
            self._errors[key] = sentence_of(refusal, self._desk.amounts)
            return None

    def _minor(self, figure: Decimal) -> int:
        if self._tab.record == DELIVERY_NOTE.name:
            return int(figure * _UNITS_OF_ONE)
        return int(figure.scaleb(self._desk.amounts.digits))


def _label(customer: "Customer") -> str:
    return isolated(f"{customer.name} ({customer.number})" if customer.number else customer.name)
