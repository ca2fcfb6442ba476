"""The sheet of a step: its fields and quantities, what is wrong with them, and taking the step.

A step is a plan: what is asked, and what is done with the answers. One form serves all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pos_app.domain.approval import ApprovalNeeded
from pos_app.domain.delivery_note import DeliveryNote
from pos_app.domain.document import DatesTurned, DocumentTextWrong, check_dates
from pos_app.domain.errors import PosError
from pos_app.domain.invoice import Invoice
from pos_app.domain.money import Money
from pos_app.domain.order import Order
from pos_app.domain.quotation import Quotation
from pos_app.domain.sales_return import SalesReturn
from pos_app.domain.shop import ShopSettings
from pos_app.texts import t
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.background_work import RunWork, run_here
from pos_app.ui.presenters.paper_texts import check_paper_text
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.quantity_form import QuantityForm
from pos_app.ui.presenters.typed_days import sentence_with_days, shown_day, typed_day
from pos_app.ui.presenters.typed_figures import counted_figure
from pos_app.ui.views import SheetAction, Tone

Made = Quotation | Order | DeliveryNote | Invoice | SalesReturn
Ask = Callable[[ApprovalNeeded, Callable[[], None]], None]
TEXT_MOST = 500
AT_ONCE_MOST = 250


class FieldKind(StrEnum):
    """What a field takes."""

    LINE = "line"
    LONG = "long"
    DAY = "day"
    MONEY = "money"
    CHOICE = "choice"
    READ = "read"


class NoDay(PosError):
    """An empty date where one is needed."""

    sentence = "Enter the date."


class NoAmount(PosError):
    """An empty amount."""

    sentence = "Enter the amount."


@dataclass(frozen=True, slots=True)
class StepField:
    """A field of a step, with what stands in it to begin with.

    `limit` counts letters, no date may be before `earliest` or after `latest`.
    """

    key: str
    label: str
    kind: FieldKind = FieldKind.LINE
    text: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    limit: int = TEXT_MOST
    is_needed: bool = False
    earliest: date | None = None
    latest: date | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What was entered, read and checked."""

    texts: Mapping[str, str]
    days: Mapping[str, date | None]
    amounts: Mapping[str, Money]
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    form: QuantityForm | None = None

    def text(self, key: str) -> str:
        """Return a text or the key of a choice."""
        return self.texts.get(key, "")

    def day(self, key: str) -> date | None:
        """Return a date, or None where none was entered."""
        return self.days.get(key)


@dataclass(frozen=True, slots=True)
class Ending:
    """A button that ends the sheet: what it does, with None where nothing came of it here."""

    action: SheetAction
    do: Callable[[Answers], Made | None]


@dataclass(frozen=True, slots=True)
class StepPlan:
    """What a step asks and does.

    `errors_at` says at which field a refusal is told. When a field of `remakes` changes, the plan
    is made anew and the fields named there begin again (`quantities` too). `mail` makes the
    address (RFC 6068) that opens a mail program with the letter.
    """

    title: str
    endings: tuple[Ending, ...]
    about: str = ""
    fields: tuple[StepField, ...] = ()
    quantities: QuantityForm | None = None
    errors_at: Mapping[type[PosError], str] = field(default_factory=dict)
    remakes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    currency: str = ""
    mail: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class StepState:
    """Everything on the sheet; `texts` are as typed, by field."""

    plan: StepPlan
    texts: Mapping[str, str]
    errors: Mapping[str, str]
    message: str = ""
    is_refused: bool = False
    is_changed: bool = False


class StepForm:
    """Keeps what is typed until the step is taken; a refusal loses nothing."""

    def __init__(
        self,
        make: Callable[[Mapping[str, str]], StepPlan],
        shop: ShopSettings,
        today: date,
        on_done: Callable[[Any], None],
        run: RunWork = run_here,
    ) -> None:
        self._run = run
        self.is_busy = False
        self.on_closed: Callable[[], object] = lambda: None
        self._make = make
        self._shop = shop
        self._today = today
        self._amounts = amount_format(shop)
        self._on_done = on_done
        self._on_state: Callable[[StepState], None] = lambda _state: None
        self.ask: Ask | None = None
        self.retry: Callable[[str], None] = lambda _key: None
        self._typed: dict[str, str] = {}
        self._errors: dict[str, str] = {}
        self._message, self._is_refused = "", False
        self.plan = make({})

    @property
    def state(self) -> StepState:
        """What the sheet shows now."""
        quantities = self.plan.quantities
        return StepState(
            plan=self.plan,
            texts={one.key: self.text(one.key) for one in self.plan.fields},
            errors=dict(self._errors),
            message=self._message,
            is_refused=self._is_refused,
            is_changed=bool(self._typed) or (quantities is not None and quantities.is_changed),
        )

    def watch(self, on_state: Callable[[StepState], None]) -> None:
        """Show the form now and after every change."""
        self._on_state = on_state
        on_state(self.state)

    def text(self, key: str) -> str:
        """Return what stands in a field."""
        if key in self._typed:
            return self._typed[key]
        return next((one.text for one in self.plan.fields if one.key == key), "")

    def shown_day(self, key: str) -> date:
        """Return the day that a calendar begins with."""
        try:
            return typed_day(self.text(key), self._today, self._shop) or self._today
        except PosError:
            return self._today

    def change(self, key: str, text: str) -> None:
        """Take what was typed or chosen; its error goes away."""
        if self.text(key) == text:
            return
        self._typed[key] = text
        self._errors.pop(key, None)
        self._say("")
        if key in self.plan.remakes:
            self._remake(key)
        self.show()

    def pick_day(self, key: str, day: date) -> None:
        """Take a day from the calendar."""
        self.change(key, shown_day(day, self._shop))

    def show(self) -> None:
        """Draw the state."""
        self._on_state(self.state)

    def tell(self, text: str) -> None:
        """Say that something was done while the sheet stays."""
        self._say(text)
        self.show()

    def press(self, key: str) -> bool:
        """Take the step by one of its endings; True when it is done and the sheet may close.

        One for many lines is taken elsewhere; `on_closed` is called when it is done.
        """
        if self.is_busy:
            return False
        ending = next(one for one in self.plan.endings if one.action.key == key)
        self._errors = {}
        self._say("")
        is_done = False
        try:
            answers = self._answers()
            if answers is not None and len(answers.quantities) > AT_ONCE_MOST:
                self._take_elsewhere(ending, answers)
            elif answers is not None:
                self._done(ending.do(answers))
                is_done = True
        except PosError as refusal:
            self._refused(refusal, key)
        self.show()
        return is_done

    def _take_elsewhere(self, ending: Ending, answers: Answers) -> None:
        def done(made: Made | None) -> None:
            self.is_busy = False
            self._done(made)
            self.on_closed()

        def failed(error: Exception) -> None:
            self.is_busy = False
            self._say("")
            if not isinstance(error, PosError):
                raise error
            self._refused(error, ending.action.key)
            self.show()

        self.is_busy = True
        self._say(t("Saving …"))
        self._run(lambda _working: ending.do(answers), done, failed)

    def _done(self, made: Made | None) -> None:
        if made is not None:
            self._on_done(made)

    def _refused(self, refusal: PosError, key: str) -> None:
        if isinstance(refusal, ApprovalNeeded) and self.ask is not None:
            self.ask(refusal, lambda: self.retry(key))
        else:
            self._refuse(refusal)

    def _answers(self) -> Answers | None:
        """Read every field, or tell all that is wrong at once."""
        texts: dict[str, str] = {}
        days: dict[str, date | None] = {}
        money: dict[str, Money] = {}
        for one in self.plan.fields:
            text = texts[one.key] = self.text(one.key)
            try:
                if one.kind is FieldKind.DAY:
                    days[one.key] = self._day(one, text)
                elif one.kind is FieldKind.MONEY:
                    money[one.key] = self._money(text)
                elif one.kind in (FieldKind.LINE, FieldKind.LONG):
                    texts[one.key] = text.strip()
                    check_paper_text(texts[one.key], one.limit)
            except PosError as refusal:
                self._errors[one.key] = sentence_with_days(refusal, self._amounts, self._shop)
        quantities: Mapping[str, Decimal] | None = {}
        if self.plan.quantities is not None:
            quantities = self.plan.quantities.quantities()
        if self._errors or quantities is None:
            self._say(t("Please look at the fields marked red. Nothing is lost."), is_refused=True)
            return None
        return Answers(texts, days, money, quantities, self.plan.quantities)

    def _day(self, one: StepField, text: str) -> date | None:
        day = typed_day(text, self._today, self._shop)
        if day is None and one.is_needed:
            raise NoDay()
        if one.earliest is not None:
            check_dates(one.earliest, day)
        if one.latest is not None and day is not None:
            check_dates(day, one.latest)
        return day

    def _money(self, text: str) -> Money:
        figure = counted_figure(text, self._amounts)
        if figure is None:
            raise NoAmount()
        return Money.of(figure, self.plan.currency or self._shop.policy.currency)

    def _refuse(self, refusal: PosError) -> None:
        """Tell a refusal at its field where it has one, else above the buttons."""
        place = next(
            (key for kind, key in self.plan.errors_at.items() if isinstance(refusal, kind)), ""
        )
        if isinstance(refusal, DatesTurned) and not place:
            place = next((one.key for one in self.plan.fields if one.kind is FieldKind.DAY), "")
        told = sentence_with_days(refusal, self._amounts, self._shop)
        if place and not isinstance(refusal, DocumentTextWrong):
            self._errors[place] = told
        else:
            self._say(told, is_refused=True)

    def _remake(self, key: str) -> None:
        before = self.plan
        for forgotten in before.remakes[key]:
            self._typed.pop(forgotten, None)
            self._errors.pop(forgotten, None)
        self.plan = self._make(dict(self._typed))
        quantities = self.plan.quantities
        keeps = "quantities" not in before.remakes[key]
        if quantities is not None and before.quantities is not None and keeps:
            quantities.keep_typed(before.quantities)

    def _say(self, text: str, *, is_refused: bool = False) -> None:
        self._message, self._is_refused = text, is_refused


def ending(
    key: str, label: str, icon: str, do: Callable[[Answers], Made | None], tone: Tone = Tone.PRIMARY
) -> Ending:
    """Return a button that ends a sheet."""
    return Ending(SheetAction(key, label, icon, tone), do)
