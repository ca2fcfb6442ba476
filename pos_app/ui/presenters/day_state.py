"""What the day screen shows at one moment, all of it text already, and where each figure leads."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pos_app.domain.day_figures import ReceiptQuery
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.reports_chart import NO_CHART, ChartView
from pos_app.ui.views import Notice, TableRow, Tone


@dataclass(frozen=True, slots=True)
class Target:
    """Where a figure leads: to its receipts in the panel, straight to a screen, or to a receipt.

    `screen` beside a query is offered in the panel as a further step, called `screen_word`.
    """

    title: str = ""
    query: ReceiptQuery | None = None
    screen: str = ""
    screen_word: str = ""
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class AttentionView:
    """One thing to look at: an icon and a sentence; a `key` without a target is a mere label."""

    key: str
    icon: str
    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class ChangeView:
    """How a figure stands against another period: `change` is empty where nothing compares.

    `arrow` is an icon; the word is in `change`, so that no colour and no arrow speaks alone, and
    `short` is the same with a sign, for little room. `about` narrows the other period: until when.
    """

    arrow: str
    change: str
    against: str
    value: str
    tone: Tone = Tone.PLAIN
    short: str = ""
    about: str = ""

    @property
    def sentence(self) -> str:
        """What a reader of the screen says."""
        told = f"{self.against} {self.about}".strip() + f" {self.value}"
        return f"{self.change}, {told}" if self.change else told


@dataclass(frozen=True, slots=True)
class FigureView:
    """One card: its word, its figure, what must be known about it, and how it changed."""

    key: str
    word: str
    figure: str
    note: str = ""
    changes: tuple[ChangeView, ...] = ()
    is_large: bool = False
    is_wide: bool = False

    @property
    def sentence(self) -> str:
        """What a reader of the screen says."""
        parts = (f"{self.word}: {self.figure}", self.note, *(one.sentence for one in self.changes))
        return ". ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class BarRow:
    """A row of a list: its name, its figure, a quiet remark, and a bar of so many thousandths.

    Negative `permille` means no bar; a row whose `key` has no target cannot be opened.
    """

    key: str
    name: str
    figure: str
    note: str = ""
    permille: int = -1
    tone: Tone = Tone.PLAIN

    @property
    def sentence(self) -> str:
        """What a reader of the screen says."""
        return ", ".join(part for part in (self.name, self.figure, self.note) if part)


@dataclass(frozen=True, slots=True)
class ListView:
    """A card with rows, or a sentence where there are none; `about` stands below the rows."""

    title: str = ""
    rows: tuple[BarRow, ...] = ()
    empty: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What a cashier did of one kind; all empty where nothing was."""

    key: str = ""
    count: str = ""
    amount: str = ""
    share: str = ""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A cashier and a cell for each kind of exception."""

    key: str
    name: str
    about: str
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class MatrixView:
    """Exceptions by cashier and kind; `about` names the kinds of which there were none."""

    title: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[MatrixRow, ...] = ()
    empty: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class DayPage:
    """Everything about one period; `targets` says where each key leads."""

    attention: tuple[AttentionView, ...] = ()
    figures: tuple[FigureView, ...] = ()
    chart: ChartView = NO_CHART
    chart_keys: tuple[str, ...] = ()
    tenders: ListView = ListView()
    taxes: ListView = ListView()
    top: ListView = ListView()
    slow: ListView = ListView()
    categories: ListView = ListView()
    staff: MatrixView = MatrixView()
    cash: ListView = ListView()
    sent: ListView = ListView()
    low_stock: ListView = ListView()
    overdue: ListView = ListView()
    targets: Mapping[str, Target] = field(default_factory=dict)
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class PanelView:
    """The receipts behind a figure, or the single times of what leaves no receipt of its own.

    `serial` grows with every page that was read, `is_dated` says that the receipts' times carry
    days, `more_word` stands on the button for the next page.
    """

    title: str
    about: str
    rows: tuple[TableRow, ...] = ()
    has_more: bool = False
    is_reading: bool = True
    screen: str = ""
    screen_word: str = ""
    serial: int = 0
    is_dated: bool = False
    evidence: tuple[BarRow, ...] = ()
    more_word: str = ""


@dataclass(frozen=True, slots=True)
class DayState:
    """Everything on the day screen; `serial` grows whenever the page is new.

    `hidden` says why somebody may not see these days. `currencies` are offered where there are
    several.
    """

    title: str = ""
    about: str = ""
    periods: tuple[Choice, ...] = ()
    period: str = ""
    start: str = ""
    end: str = ""
    can_step_on: bool = False
    comparisons: tuple[Choice, ...] = ()
    comparison: str = ""
    before_start: str = ""
    before_end: str = ""
    is_own_comparison: bool = False
    currencies: tuple[Choice, ...] = ()
    currency: str = ""
    page: DayPage | None = None
    serial: int = 0
    panel: PanelView | None = None
    is_reading: bool = False
    can_save: bool = False
    hidden: str = ""
    notices: tuple[Notice, ...] = ()
