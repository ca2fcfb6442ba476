"""What the widgets show: plain frozen values without Qt, so that presenters can make them too.

Every amount, price and quantity is already text in the language of the screen; a widget never
calculates. A `key` is chosen by the maker and comes back in the widget's signal.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Tone(StrEnum):
    """What a colour stands for; an icon and a word always stand beside it."""

    PLAIN = "plain"
    PRIMARY = "primary"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


class Severity(StrEnum):
    """How loudly a notice speaks: `INFO` leaves by itself, `STOP` is for law and money only."""

    INFO = "info"
    MARK = "mark"
    BAR = "bar"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class CartRow:
    """One line of the cart; `key` stays the same while the line lives."""

    key: str
    name: str
    quantity: str
    unit_price: str
    total: str
    discount: str = ""
    note: str = ""
    is_unpriced: bool = False
    is_return: bool = False


@dataclass(frozen=True, slots=True)
class TotalView:
    """The big figure: the total while selling, the change after paying.

    `change` not empty switches the panel to the change until the next sale.
    """

    total: str
    count: str = ""
    tax: str = ""
    discount: str = ""
    rounding: str = ""
    paid: str = ""
    remaining: str = ""
    change: str = ""
    caption: str = ""
    is_refund: bool = False


@dataclass(frozen=True, slots=True)
class TenderChoice:
    """One way to pay with one tap, such as `20.00` in cash; `is_main` makes the large button."""

    key: str
    label: str
    amount: str = ""
    icon: str = ""
    shortcut: str = ""
    is_main: bool = False
    is_enabled: bool = True


@dataclass(frozen=True, slots=True)
class CategoryView:
    """One chip above the tiles; `colour` is `#RRGGBB` or empty."""

    key: str
    name: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class TileView:
    """One product tile; `mark` is a short warning such as `Out of stock`."""

    key: str
    name: str
    price: str
    colour: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One line of the search list."""

    key: str
    name: str
    code: str = ""
    price: str = ""
    stock: str = ""
    is_out_of_stock: bool = False


@dataclass(frozen=True, slots=True)
class ChipView:
    """One chip of the status strip: icon, word and tone; a key makes it a button."""

    key: str
    text: str
    icon: str = ""
    tone: Tone = Tone.PLAIN
    hint: str = ""
    is_button: bool = False
    is_at_end: bool = False


@dataclass(frozen=True, slots=True)
class FKey:
    """One hint of the function key bar; `key` is what the keyboard says, such as `F12`."""

    key: str
    label: str
    icon: str = ""
    tone: Tone = Tone.PLAIN
    is_enabled: bool = True


@dataclass(frozen=True, slots=True)
class NoticeAction:
    """One button of a notice."""

    key: str
    label: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message that does not take the focus; a new one with the same key replaces the old."""

    key: str
    severity: Severity
    text: str
    title: str = ""
    actions: tuple[NoticeAction, ...] = field(default=())
    can_close: bool = True


@dataclass(frozen=True, slots=True)
class SheetAction:
    """One button at the foot of a sheet; none is ever the default button."""

    key: str
    label: str
    icon: str = ""
    tone: Tone = Tone.PLAIN
    is_enabled: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list; figures stand at the far end with tabular digits."""

    title: str
    width: int = 160
    is_figure: bool = False
    stretches: bool = False
    has_icon: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a list; `icon` stands in the columns that have one."""

    key: str
    cells: tuple[str, ...]
    tone: Tone = Tone.PLAIN
    icon: str = ""
