"""A replayed shift in words: its shifts as a list, a frame's cart, figures and sentence."""

from dataclasses import dataclass

from pos_app.domain.facts import FactKind
from pos_app.domain.journal import JournalEntry
from pos_app.domain.payment import TenderMethod
from pos_app.domain.shift import Shift
from pos_app.services.replay import CartState, Frame, ReplayCart, ReplayRow, RowKind
from pos_app.texts import t
from pos_app.ui.presenters.fact_sentences import sentence_of_entry
from pos_app.ui.presenters.fact_told import FactWriter
from pos_app.ui.presenters.fact_words import fact_icon, fact_word
from pos_app.ui.presenters.office_rows import NO_ROWS, Rows
from pos_app.ui.presenters.office_words import method_words
from pos_app.ui.presenters.refusals import bare, isolated
from pos_app.ui.views import CartRow, Column, Notice, TableRow, Tone, TotalView

SPEEDS = (1, 2, 4, 8)


@dataclass(frozen=True, slots=True)
class ReplayState:
    """Everything on the replay screen; `serial` grows with each other shift.

    Without a `title` the shifts are listed. `marks` are places of exceptions, `place` is where
    the replay stands, both counted in frames.
    """

    columns: tuple[Column, ...] = ()
    shifts: Rows = NO_ROWS
    serial: int = 0
    title: str = ""
    about: str = ""
    events: Rows = NO_ROWS
    event_columns: tuple[Column, ...] = ()
    count: int = 0
    place: int = 0
    marks: tuple[int, ...] = ()
    time: str = ""
    sentence: str = ""
    staff: str = ""
    is_exception: bool = False
    rows: tuple[CartRow, ...] = ()
    total: TotalView = TotalView("")  # noqa: RUF009 - a frozen value
    figures: tuple[tuple[str, str], ...] = ()
    position: str = ""
    is_playing: bool = False
    speed: int = 1
    is_reading: bool = False
    notices: tuple[Notice, ...] = ()


def shift_columns() -> tuple[Column, ...]:
    """Return the columns of the list of shifts."""
    return (
        Column(t("Shift"), 76, is_figure=True),
        Column(t("Opened"), 190),
        Column(t("Closed"), 190),
        Column(t("Opened by"), 150, stretches=True),
        Column(t("Receipts"), 100, is_figure=True),
        Column(t("Turnover"), 130, is_figure=True),
    )


def event_columns() -> tuple[Column, ...]:
    """Return the columns of a shift's events."""
    return (Column(t("Time"), 104), Column(t("What happened"), 260, stretches=True, has_icon=True))


def shift_row(shift: Shift, write: FactWriter, who: str) -> TableRow:
    """Write a shift as a row; an open one says so."""
    report = shift.report
    closed = t("still open") if shift.closed_at is None else write.moment(str(shift.closed_at))
    cells = (
        write.amounts.count(shift.number),
        write.moment(str(shift.opened_at)),
        closed,
        who,
        "" if report is None else write.amounts.count(report.sales.document_count),
        ""
        if report is None
        else write.money(report.sales.turnover.minor, report.sales.turnover.currency),
    )
    return TableRow(shift.id, cells, Tone.PRIMARY if shift.closed_at is None else Tone.PLAIN)


def event_row(frame: Frame, entry: JournalEntry | None, write: FactWriter) -> TableRow:
    """Write a frame as a row of the list of events."""
    kind = FactKind(frame.kind)
    sentence = fact_word(kind) if entry is None else sentence_of_entry(entry, write)
    tone = Tone.WARNING if frame.is_exception else Tone.PLAIN
    time = bare(write.moment(frame.at))[-8:]
    return TableRow(str(frame.seq), (time, sentence), tone, fact_icon(kind))


def cart_rows(cart: ReplayCart, write: FactWriter) -> tuple[CartRow, ...]:
    """Write a cart's rows as the checkout shows lines; what was done on the way says so."""
    return tuple(
        _cart_row(str(place), row, cart.currency, write) for place, row in enumerate(cart.rows)
    )


def cart_total(frame: Frame, write: FactWriter) -> TotalView:
    """Write the large figure of a frame: what was paid, put aside or given up."""
    cart = frame.cart
    if cart.state is CartState.EMPTY or (cart.total is None and cart.state is not CartState.OPEN):
        return TotalView("", caption=t("No sale on the screen"))
    if cart.state is CartState.OPEN:
        return TotalView("", caption=t("A sale is being made"))
    money = write.money(cart.total or 0, cart.currency)
    if cart.state is CartState.FINISHED:
        has_change = bool(cart.change)
        return TotalView(
            total=money,
            paid=write.money(cart.paid or 0, cart.currency) if has_change else "",
            change=write.money(cart.change, cart.currency) if has_change else money,
            caption=t("Change") if has_change else t("Paid"),
            count=t("Receipt {number}").format(number=isolated(cart.number)),
            is_refund=(cart.total or 0) < 0,
        )
    caption = t("Put aside") if cart.state is CartState.PARKED else t("Given up")
    return TotalView(total=money, caption=caption)


def figures_of(frame: Frame, shift: Shift, write: FactWriter) -> tuple[tuple[str, str], ...]:
    """Return the shift's figures up to a frame."""
    drawer = t("not counted yet")
    if frame.drawer is not None:
        drawer = write.money(frame.drawer, shift.currency)
    return (
        (t("Takings so far"), write.money(frame.takings, shift.currency)),
        (t("In the drawer"), drawer),
        (t("Receipts"), write.amounts.count(frame.tickets)),
    )


def _cart_row(key: str, row: ReplayRow, currency: str, write: FactWriter) -> CartRow:
    amount = "" if row.amount is None else write.money(row.amount, currency)
    price = write.price(row.unit_price) if row.unit_price else ""
    quantity = write.number(row.quantity) if row.quantity else ""
    listed = t("instead of {price}").format(price=write.price(row.before))
    match row.kind:
        case RowKind.SOLD:
            return CartRow(
                key,
                row.name,
                quantity,
                price,
                amount,
                discount=f"\u2212{row.percent} %" if row.percent else "",
                note=listed if row.before else row.reason,
                is_return=row.quantity.startswith("-"),
            )
        case RowKind.REMOVED:
            return CartRow(key, row.name, quantity, price, "", note=t("taken out"), is_return=True)
        case RowKind.PRICE:
            told = f"{price} {listed}" if row.before else price
            name = write.names(row.name) or row.name
            return CartRow(key, name, "", "", "", note=t("other price: {told}").format(told=told))
        case RowKind.LOWERED:
            told = t("lowered from {before} to {after}")
            note = told.format(before=write.number(row.before), after=quantity)
            return CartRow(key, row.name, quantity, "", amount, note=note, is_return=True)
        case RowKind.DISCOUNT:
            name = row.name or t("Whole sale")
            note = t("discount of {percent} given").format(percent=f"{write.number(row.percent)} %")
            return CartRow(key, name, "", "", amount, note=f"{note} {row.reason}".strip())
        case RowKind.GIVEN_BACK:
            return CartRow(key, _method(row.name), "", "", amount, note=t("payment given back"))


def _method(method: str) -> str:
    try:
        return method_words()[TenderMethod(method)]
    except ValueError:
        return method
