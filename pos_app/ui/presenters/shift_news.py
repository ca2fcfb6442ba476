"""Telling the cashier, as the till comes up, what is unusual about the shift that is open."""

from typing import Protocol

from pos_app.domain.shift import ShiftWarning
from pos_app.services.shifts import Shifts
from pos_app.ui.presenters.cash_words import warning_words
from pos_app.ui.presenters.notice_board import NoticeBoard
from pos_app.ui.views import Notice, Severity


class Board(Protocol):
    """Whoever shows notices."""

    notices: NoticeBoard

    def show(self) -> None:
        """Draw what there is to show now."""


def tell_of_shift(board: Board, shifts: Shifts) -> None:
    """Hang up what is unusual: open since another day, clock set back, count interrupted."""
    warnings = shifts.warnings()
    for warning in warnings:
        board.notices.put(Notice(warning.value, Severity.BAR, warning_words(warning)))
    if warnings:
        board.show()


def tell_of_clock(board: Board) -> None:
    """Hang up that the machine's clock was set back, whether or not a shift is open."""
    warning = ShiftWarning.CLOCK_SET_BACK
    board.notices.put(Notice(warning.value, Severity.BAR, warning_words(warning)))
    board.show()
