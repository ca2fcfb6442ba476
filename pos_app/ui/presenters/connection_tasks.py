"""What is done with a connection now and then: naming products, comparing a feed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pos_app.domain.errors import PosError
from pos_app.texts import t
from pos_app.ui.presenters.background_work import RunWork
from pos_app.ui.presenters.connections import ConnectionDesk, ConnectionsPresenter
from pos_app.ui.presenters.receipt_words import day_words
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.typed_days import typed_day
from pos_app.ui.views import Column, TableRow, Tone

if TYPE_CHECKING:
    from pos_app.domain.reconciliation import Reconciliation
    from pos_app.domain.sales_feed import FeedDocument

ROWS_MOST = 1_000  # differences that are listed; the sums count all


@dataclass(frozen=True, slots=True)
class ItemsState:
    """The list of what the other side calls products."""

    text: str = ""
    is_busy: bool = True
    is_changed: bool = False
    problem: str = ""


class ItemsPresenter:
    """Keeps what is typed until it is saved."""

    def __init__(
        self,
        desk: ConnectionDesk,
        connection_id: str,
        on_state: Callable[[ItemsState], None],
        on_saved: Callable[[], None],
        run: RunWork,
    ) -> None:
        self._desk = desk
        self._id = connection_id
        self._on_state = on_state
        self._on_saved = on_saved
        self._run = run
        self.state = ItemsState()

    def begin(self) -> None:
        """Read what is known."""

        def done(text: str) -> None:
            self._put(text=text, is_busy=False)

        self._run(lambda _working: self._desk.items(self._id), done, self._failed)

    def type(self, text: str) -> None:
        """Take over what was typed or pasted."""
        if text != self.state.text:
            self.state = replace(self.state, text=text, is_changed=True, problem="")

    def save(self) -> None:
        """Keep the list; the sheet goes away by itself when that is done."""
        if self.state.is_busy:
            return
        text = self.state.text
        self._put(is_busy=True, problem="")

        def done(_nothing: object) -> None:
            self._put(is_busy=False, is_changed=False)
            self._on_saved()

        self._run(lambda _working: self._desk.save_items(self._id, text), done, self._failed)

    def _failed(self, error: Exception) -> None:
        self._put(is_busy=False)
        if not isinstance(error, PosError):
            raise error
        self._put(problem=sentence_of(error))

    def _put(self, **values: Any) -> None:
        self.state = replace(self.state, **values)
        self._on_state(self.state)


@dataclass(frozen=True, slots=True)
class CompareState:
    """What a feed and this till's own sales have in common, and what not."""

    first: str = ""
    last: str = ""
    columns: tuple[Column, ...] = ()
    rows: tuple[TableRow, ...] = ()
    result: str = ""
    tone: Tone = Tone.PLAIN
    about: str = ""
    errors: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    is_busy: bool = False


class ComparePresenter:
    """Reads a feed when somebody asks for it, and says what differs."""

    def __init__(
        self,
        page: ConnectionsPresenter,
        connection_id: str,
        on_state: Callable[[CompareState], None],
        run: RunWork,
    ) -> None:
        self._desk = page.desk
        self._id = connection_id
        self._shop = page.shop
        self._amounts = page.amounts
        self._now = page.now
        self._on_state = on_state
        self._run = run
        self.state = CompareState(columns=_columns())

    def type(self, **values: str) -> None:
        """Take over a day that was typed or picked."""
        self._put(errors=(), **values)

    def compare(self) -> None:
        """Read the feed and compare."""
        if self.state.is_busy:
            return
        first, last = self._day("first"), self._day("last")
        if self.state.errors:
            return
        self._put(is_busy=True, problem="", result="", rows=(), about="")

        def done(found: "Reconciliation") -> None:
            self._put(is_busy=False, **self._found(found))

        self._run(lambda _working: self._desk.compare(self._id, first, last), done, self._failed)

    def _day(self, name: str) -> date | None:
        try:
            return typed_day(getattr(self.state, name), self._now().date(), self._shop)
        except PosError as refusal:
            self._put(errors=(*self.state.errors, (name, sentence_of(refusal))))
            return None

    def _found(self, found: "Reconciliation") -> dict[str, Any]:
        rows = [
            *(self._missing(t("Missing here"), one, is_here=False) for one in found.missing_here),
            *(self._missing(t("Missing there"), one, is_here=True) for one in found.missing_there),
        ]
        for one in found.differing:
            for each in one.differences:
                cells = (
                    t("Differs: {field}").format(field=each.field),
                    one.reference,
                    self._words(each.ours),
                    self._words(each.theirs),
                )
                rows.append(TableRow(str(len(rows)), cells, Tone.WARNING))
        for twice in found.doubled:
            count = self._amounts.count
            cells = (t("Doubled"), twice.reference, count(twice.here), count(twice.there))
            rows.append(TableRow(str(len(rows)), cells, Tone.DANGER))
        rows = [replace(row, key=str(place)) for place, row in enumerate(rows)]
        told = t("{same} the same, {different} not.").format(
            same=self._amounts.count(len(found.same)),
            different=self._amounts.count(
                len(found.missing_here)
                + len(found.missing_there)
                + len(found.differing)
                + len(found.doubled)
            ),
        )
        if found.is_same:
            told = t("{same} receipts and invoices, all the same to the cent.").format(
                same=self._amounts.count(len(found.same))
            )
        more = len(rows) - ROWS_MOST
        about = t("And {count} more.").format(count=self._amounts.count(more)) if more > 0 else ""
        tone = Tone.SUCCESS if found.is_same else Tone.WARNING
        return {"rows": tuple(rows[:ROWS_MOST]), "result": told, "tone": tone, "about": about}

    def _missing(self, what: str, one: "FeedDocument", *, is_here: bool) -> TableRow:
        told = f"{one.gross} {one.currency} · {day_words(one.day, self._shop)}"
        here, there = (told, t("(nothing)")) if is_here else (t("(nothing)"), told)
        return TableRow("", (what, one.reference, here, there), Tone.DANGER)

    def _words(self, value: str | date | Decimal | int | None) -> str:
        if isinstance(value, date):
            return day_words(value, self._shop)
        return t("(nothing)") if value is None else str(value)

    def _failed(self, error: Exception) -> None:
        self._put(is_busy=False)
        if not isinstance(error, PosError):
            raise error
        self._put(problem=sentence_of(error))

    def _put(self, **values: Any) -> None:
        self.state = replace(self.state, **values)
        self._on_state(self.state)


def _columns() -> tuple[Column, ...]:
    return (
        Column(t("What"), 190),
        Column(t("Number"), 170, stretches=True),
        Column(t("Here"), 210),
        Column(t("There"), 210),
    )
