"""The stock screen: its sections, and which of them is in front."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pos_app.domain.approval import ApprovalNeeded
from pos_app.services.checkout import Checkout
from pos_app.texts import t
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.background_work import RunWork
from pos_app.ui.presenters.stock_count import CountSection
from pos_app.ui.presenters.stock_lists import ExpiringSection, LowSection, ValueSection
from pos_app.ui.presenters.stock_moves import MoveSection
from pos_app.ui.presenters.stock_page import Section, StockDesk, StockPage
from pos_app.ui.presenters.stock_receive import ReceiveSection
from pos_app.ui.views import CategoryView, Notice

LOW, RECEIVE, COUNT, MOVES = "low", "receive", "count", "moves"
VALUE, EXPIRING = "value", "expiring"


@dataclass(frozen=True, slots=True)
class StockState:
    """Everything on the stock screen; `serial` grows with each gesture that empties the entry."""

    sections: tuple[CategoryView, ...] = ()
    section: str = LOW
    page: StockPage = field(default_factory=StockPage)
    notices: tuple[Notice, ...] = ()
    serial: int = 0


class StockPresenter:
    """Hands each gesture to the section in front and shows what came of it."""

    def __init__(
        self,
        checkout: Checkout,
        run: RunWork,
        on_state: Callable[[StockState], None],
        publish: Callable[[Changes], None] = lambda _changes: None,
    ) -> None:
        self._on_state = on_state
        self._serial = 0
        self._state = StockState()
        self.desk = StockDesk(checkout, run, self._show, publish)
        self.receive, self.count = ReceiveSection(self.desk), CountSection(self.desk)
        self.moves = MoveSection(self.desk)
        self._sections: dict[str, Section] = {
            LOW: LowSection(self.desk),
            RECEIVE: self.receive,
            COUNT: self.count,
            MOVES: self.moves,
            VALUE: ValueSection(self.desk),
            EXPIRING: ExpiringSection(self.desk),
        }
        self._front = LOW
        self._is_shown = False

    @property
    def state(self) -> StockState:
        """What the screen shows now."""
        return self._state

    def begin(self) -> None:
        """Read the first section; the one with unfinished work, if there is any."""
        if self.count.takes.open():
            self._front = COUNT
        if self.receive.receiving.open():
            self._front = RECEIVE
        self._is_shown = True
        self.refresh()

    def ask_with(self, ask: Callable[[ApprovalNeeded, Callable[[], None]], None]) -> None:
        """Ask for approvals with `ask(need, again)`."""
        self.desk.ask = ask

    def turn(self, section: str) -> None:
        """Bring a section to the front."""
        self._front = section
        self.desk.board.forget_the_moment()
        self._section.refresh()
        self._serial += 1
        self._show()

    def refresh(self, *, settings: bool = False) -> None:
        """Read anew what is in front."""
        if settings:
            self.desk.renew()
        self._section.refresh()
        self._show()

    def enter(self, text: str) -> None:
        """Take what was typed on the entry line."""
        self._serial += 1
        self._section.enter(text)

    def scan(self, code: str) -> bool:
        """Take a scan where one has a meaning; elsewhere it shows the product's movements."""
        if not self._section.page().hint:
            if self._front in (LOW, VALUE, EXPIRING):
                self.turn(MOVES)
            else:
                return True
        self._serial += 1
        self._section.scan(code)
        return True

    def press(self, key: str) -> None:
        """Do what a button says."""
        self._section.press(key)

    def choose(self, key: str) -> None:
        """Mark a row."""
        self._section.choose(key)

    def open(self, key: str) -> None:
        """Open a row; a product of a list shows its movements."""
        if self._front in (LOW, VALUE):
            self.moves.show(key)
            self.turn(MOVES)
        else:
            self._section.open(key)

    def change(self, key: str, text: str) -> None:
        """Take what was typed or chosen in a field."""
        self._section.change(key, text)

    def dismiss(self, key: str) -> None:
        """Take a notice away."""
        self.desk.board.take_down(key)
        self._show()

    def export(self, path: Path) -> None:
        """Write what is in front to a CSV or XLSX file."""
        rows = self._section.table()

        def work() -> int:
            from pos_app.services.stock_export import write_table  # noqa: PLC0415 - seldom, heavy

            return write_table(path, rows)

        def done(count: int) -> None:
            told = t("{count} rows are in {name}.").format(count=count, name=path.name)
            self.desk.board.tell(told)

        self.desk.work(work, done)

    @property
    def _section(self) -> Section:
        return self._sections[self._front]

    def _show(self) -> None:
        if not self._is_shown:
            return
        words = {
            LOW: t("Low stock"),
            RECEIVE: t("Receive"),
            COUNT: t("Stock take"),
            MOVES: t("Movements"),
            VALUE: t("Value"),
            EXPIRING: t("Expiring"),
        }
        self._state = StockState(
            sections=tuple(CategoryView(key, word) for key, word in words.items()),
            section=self._front,
            page=self._section.page(),
            notices=self.desk.board.all(),
            serial=self._serial,
        )
        self._on_state(self._state)
