"""What the checkout screen shows at one moment, and what it needs from the printer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from pos_app.ui.views import (
    CartRow,
    CategoryView,
    ChipView,
    FKey,
    Notice,
    SearchHit,
    TenderChoice,
    TileView,
    TotalView,
)

if TYPE_CHECKING:
    from pos_app.domain.sale import Sale


class Prompt(StrEnum):
    """What the entry line is waiting for; NONE takes codes, names and figures alike."""

    NONE = ""
    QUANTITY = "quantity"
    PRICE = "price"


class SheetKind(StrEnum):
    """Which sheet lies over the products, if any; the cart and the total stay in sight.

    CHOICE (a list), ACTIONS (large buttons), ASK (something to type), RETURN (a receipt's lines)
    and APPROVAL (a PIN, badge or code) belong to whoever opened them, a `SheetOwner`.
    """

    NONE = ""
    PARKED = "parked"
    CUSTOMER = "customer"
    LINE_DISCOUNT = "line_discount"
    SALE_DISCOUNT = "sale_discount"
    LINE_NOTE = "line_note"
    SALE_NOTE = "sale_note"
    OTHER_PAYMENT = "other_payment"
    CHOICE = "choice"
    ACTIONS = "actions"
    ASK = "ask"
    RETURN = "return"
    APPROVAL = "approval"


@dataclass(frozen=True, slots=True)
class EntryView:
    """The entry line: its text, what it asks for, and how many of the next item were ordered."""

    text: str = ""
    prompt: str = ""
    hint: str = ""
    times: str = ""
    serial: int = 0
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class SheetView:
    """The open sheet; the entry line asks what `asks` says, and Enter there does the main thing.

    `line_id` is the line it is about, 0 for the whole sale. `is_percent` and `reason` belong to
    discounts; `rows` are what can be chosen. `is_secret` masks what is typed, `is_busy` says that
    it is being looked at, `problem` what was wrong with it.
    """

    kind: SheetKind = SheetKind.NONE
    title: str = ""
    about: str = ""
    asks: str = ""
    hint: str = ""
    text: str = ""
    line_id: int = 0
    is_percent: bool = True
    reason: str = ""
    reasons: tuple[tuple[str, str], ...] = ()
    presets: tuple[tuple[str, str], ...] = ()
    ways: tuple[TenderChoice, ...] = ()
    rows: tuple[SearchHit, ...] = ()
    empty: str = ""
    confirm: str = ""
    is_secret: bool = False
    is_busy: bool = False
    problem: str = ""


class SheetOwner(Protocol):
    """Whoever opened a sheet of its own and acts on it; every method may raise a refusal."""

    def choose(self, key: str) -> None:
        """Take the touched row or button."""

    def enter(self, text: str) -> None:
        """Do the sheet's main thing with what stands on the entry line."""

    def follow(self, text: str) -> None:
        """Follow what is typed."""

    def scan(self, code: str) -> bool:
        """Take a scanned code, or leave it to the sale."""


@dataclass(frozen=True, slots=True)
class TenderView:
    """One payment taken so far; its place is how it is given back."""

    label: str
    amount: str


NOTHING_DUE = TotalView(total="")
EMPTY_ENTRY = EntryView()
NO_SHEET = SheetView()


@dataclass(frozen=True, slots=True)
class CheckoutState:
    """Everything on the checkout screen, ready to be drawn."""

    rows: tuple[CartRow, ...] = ()
    selected: str = ""
    total: TotalView = NOTHING_DUE
    entry: EntryView = EMPTY_ENTRY
    hits: tuple[SearchHit, ...] = ()
    is_searching: bool = False
    categories: tuple[CategoryView, ...] = ()
    category: str = ""
    tiles: tuple[TileView, ...] = ()
    tenders: tuple[TenderView, ...] = ()
    quick: tuple[TenderChoice, ...] = ()
    ways: tuple[TenderChoice, ...] = ()
    fkeys: tuple[FKey, ...] = ()
    presets: tuple[tuple[str, str], ...] = ()
    chips: tuple[ChipView, ...] = ()
    notices: tuple[Notice, ...] = ()
    customer: str = ""
    note: str = ""
    parked_count: int = 0
    sheet: SheetView = NO_SHEET
    alarms: int = 0
    can_pay: bool = False
    is_finished: bool = False
    is_ready: bool = False


class ReceiptPrinting(Protocol):
    """The receipts service as the presenter uses it."""

    def print_sale(self, sale: "Sale", kick: bool) -> object:
        """Hand the receipt to the spool."""

    def reprint(self, sale: "Sale") -> object:
        """Hand a marked copy to the spool."""

    def kick_drawer(self) -> object:
        """Open the cash drawer."""

    def retry(self, job_id: Any) -> object:
        """Try a stuck job again."""

    def skip(self, job_id: Any) -> object:
        """Give a stuck job up; the sale stays."""

    def send_to(self, job_id: Any, printer_name: str) -> object:
        """Print a stuck job on another printer."""
