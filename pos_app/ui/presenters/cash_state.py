"""What the cash screen shows at one moment."""

from dataclasses import dataclass
from enum import StrEnum

from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.views import Notice, Tone


class Step(StrEnum):
    """What the far side of the screen is for."""

    OPENING = "opening"
    COUNTING = "counting"
    DIFFERENCE = "difference"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class CountRow:
    """One note or coin to be counted; `text` is as typed."""

    key: str
    label: str
    is_note: bool
    text: str
    amount: str
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class CountView:
    """The count of one currency; several currencies are chosen by `currencies`."""

    currency: str = ""
    currencies: tuple[Choice, ...] = ()
    rows: tuple[CountRow, ...] = ()
    loose: str = ""
    is_loose_wrong: bool = False
    total: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A word and a figure."""

    label: str
    figure: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class CauseView:
    """A likely cause in words, and the receipts to look at as (sale id, number)."""

    text: str
    receipts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CashState:
    """Everything on the cash screen, ready to be drawn.

    `title` says in one sentence how the drawer is. `target` is the float to keep as typed.
    """

    step: Step = Step.OPENING
    title: str = ""
    about: str = ""
    figures: tuple[FigureRow, ...] = ()
    is_open: bool = False
    has_last_z: bool = False
    count_title: str = ""
    count_hint: str = ""
    count: CountView = CountView()
    confirm: str = ""
    can_give_up: bool = False
    difference: str = ""
    difference_tone: Tone = Tone.PLAIN
    causes: tuple[CauseView, ...] = ()
    plan: tuple[FigureRow, ...] = ()
    target: str = ""
    target_error: str = ""
    is_bagging: bool = False
    bag: str = ""
    note: str = ""
    picture: bytes = b""
    notices: tuple[Notice, ...] = ()
