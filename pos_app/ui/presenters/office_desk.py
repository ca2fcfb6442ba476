"""What the presenters of an office screen work with: gestures, slow work, notices, figures."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from pos_app.domain.approval import ApprovalNeeded
from pos_app.domain.errors import PosError
from pos_app.services.checkout import Checkout
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.background_work import RunWork
from pos_app.ui.presenters.notice_board import NoticeBoard
from pos_app.ui.presenters.receipt_words import day_words
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.typed_days import typed_day
from pos_app.ui.presenters.typed_figures import counted_figure

T = TypeVar("T")


@dataclass
class OfficeDesk:
    """What every part of a screen works with; `show` draws, `ask` asks for an approval."""

    checkout: Checkout
    run: RunWork
    show: Callable[[], None]
    publish: Callable[[Changes], None]
    ask: Callable[[ApprovalNeeded, Callable[[], None]], None] | None = None
    board: NoticeBoard = field(default_factory=NoticeBoard)

    def __post_init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Follow the settings."""
        self.checkout.reload_settings()
        self.amounts = amount_format(self.checkout.shop)

    @property
    def now(self) -> datetime:
        """The present moment, UTC."""
        return self.checkout.now()

    def gesture(self, do: Callable[[], object]) -> bool:
        """Do something; a refusal becomes a notice, an approval is asked for. True if it is done.

        What was refused for want of an approval is done again when somebody has given it.
        """
        self.board.forget_the_moment()
        try:
            do()
        except ApprovalNeeded as need:
            self.ask_for(need, lambda: self.gesture(do))
        except PosError as refusal:
            self.board.refuse(sentence_of(refusal, self.amounts))
        else:
            self.show()
            return True
        self.show()
        return False

    def work(self, do: Callable[[], T], done: Callable[[T], None]) -> None:
        """Do something slow elsewhere, then `done(result)` here; refusals as in `gesture`."""

        def failed(error: Exception) -> None:
            if isinstance(error, ApprovalNeeded):
                self.ask_for(error, lambda: self.work(do, done))
            elif isinstance(error, PosError):
                self.board.refuse(sentence_of(error, self.amounts))
            else:
                raise error
            self.show()

        def finished(result: T) -> None:
            done(result)
            self.show()

        self.run(lambda _working: do(), finished, failed)

    def ask_for(self, need: ApprovalNeeded, again: Callable[[], object]) -> None:
        """Ask for an approval and do `again()` when it is given; or say that one is needed."""
        if self.ask is None:
            self.board.refuse(sentence_of(need, self.amounts))
        else:
            self.ask(need, lambda: _call(again))

    def figure(self, text: str) -> Decimal | None:
        """Read a number in the shop's notation; raises NotAFigure, for units and currencies too."""
        return counted_figure(text, self.amounts)

    def day(self, text: str) -> date | None:
        """Read a date such as 2026-12-31 or 31.12.2026, None for nothing; raises DateWrong."""
        return typed_day(text, self.now.date(), self.checkout.shop)

    def day_words(self, day: date | None) -> str:
        """Write a day, nothing for None."""
        return "" if day is None else day_words(day, self.checkout.shop)


def _call(do: Callable[[], object]) -> None:
    do()
