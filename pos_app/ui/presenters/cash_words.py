"""The words of the cash screen: causes, warnings, figures, differences."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pos_app.domain.cash_count import CashCount
from pos_app.domain.cash_movement import MovementKind
from pos_app.domain.cause_words import cause_words
from pos_app.domain.difference import Cause
from pos_app.domain.float_plan import FloatPlan
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.domain.shift import ShiftWarning
from pos_app.domain.shift_report import DrawerFigure, OfficeProof, ShiftReport
from pos_app.domain.shop import ShopSettings
from pos_app.printing.shift_slip import method_words, office_words
from pos_app.texts import t
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.cash_state import CauseView, FigureRow
from pos_app.ui.presenters.refusals import isolated
from pos_app.ui.views import Tone


class MoneyWords:
    """Writes amounts of any currency as the shop does."""

    def __init__(self, shop: ShopSettings) -> None:
        self._shop = shop

    def __call__(self, amount: Money) -> str:
        """Write an amount with its currency, in one piece."""
        policy = replace(self._shop.policy, currency=amount.currency, step=None)
        return isolated(amount_format(replace(self._shop, policy=policy)).money(amount))


def reasons_in() -> tuple[str, ...]:
    """Return the usual reasons for putting cash in."""
    return (t("Change"), t("Float topped up"))


def reasons_out() -> tuple[str, ...]:
    """Return the usual reasons for taking cash out."""
    return (t("Supplies"), t("Postage"), t("Cleaning"), t("Staff"))


def reasons_drop() -> tuple[str, ...]:
    """Return the usual reasons for taking cash to the safe."""
    return (t("To the safe"), t("To the bank"))


def movement_words() -> dict[MovementKind, str]:
    """Return what the movements are called on their buttons."""
    return {
        MovementKind.PAY_IN: t("Pay in"),
        MovementKind.PAY_OUT: t("Pay out"),
        MovementKind.DROP: t("Drop to safe"),
    }


def warning_words(warning: ShiftWarning) -> str:
    """Say what is unusual about a shift, and what to do."""
    return {
        ShiftWarning.OPEN_SINCE_ANOTHER_DAY: t(
            "This shift is open since another day. Count the drawer and close it; "
            "everything sold since then is in its Z report."
        ),
        ShiftWarning.CLOCK_SET_BACK: t(
            "The clock of this machine was set back. No figure is harmed, because sales count "
            "in their order; set the clock right."
        ),
        ShiftWarning.CLOSING_INTERRUPTED: t(
            "A count was begun and is still here. Go on counting, or give it up and sell on."
        ),
    }[warning]


def running_figures(report: ShiftReport, say: MoneyWords, *, is_blind: bool) -> list[FigureRow]:
    """Return the figures of an open shift; a blind one has none that would tell its cash."""
    sales = report.sales
    rows = [FigureRow(t("Documents"), f"{sales.document_count}")]
    if not is_blind:
        rows.insert(0, FigureRow(t("Turnover"), say(sales.turnover), is_strong=True))
    words = method_words(t)
    rows += [
        FigureRow(words[tender.method], say(tender.net))
        for tender in sales.tenders
        if not (is_blind and tender.method is TenderMethod.CASH)
    ]
    if not is_blind:
        if sales.refunds:
            rows.append(FigureRow(t("Given back for goods"), say(-sales.refunds)))
        for drawer in report.drawers:
            rows += _drawer_rows(drawer, say)
    return rows


def _drawer_rows(drawer: DrawerFigure, say: MoneyWords) -> Iterator[FigureRow]:
    yield FigureRow(t("Float"), say(drawer.opening))
    for word, amount in (
        (t("Cash sales"), drawer.sold),
        (t("Paid in"), drawer.paid_in),
        (t("Paid out"), -drawer.paid_out),
        (t("Dropped"), -drawer.dropped),
    ):
        if amount:
            yield FigureRow(word, say(amount))
    yield FigureRow(t("Should be in the drawer"), say(drawer.expected), is_strong=True)


def closing_figures(report: ShiftReport, say: MoneyWords) -> list[FigureRow]:
    """Return the figures of a closed shift."""
    rows = running_figures(report, say, is_blind=False)
    for drawer in report.drawers:
        if drawer.counted is not None and drawer.difference is not None:
            rows.append(FigureRow(t("Counted"), say(drawer.counted)))
            rows.append(FigureRow(t("Difference"), say(drawer.difference), is_strong=True))
    rows.append(FigureRow(t("Grand total"), say(report.grand_total)))
    return rows + _office_rows(report.head_office)


def _office_rows(proof: OfficeProof | None) -> list[FigureRow]:
    """Whether head office has every receipt; nothing for a till without one."""
    if proof is None:
        return []
    words = t(office_words(proof)).format(count=proof.missing)
    return [
        FigureRow(t("Receipts here"), f"{proof.here}"),
        FigureRow(t("Receipts at head office"), f"{proof.there}"),
        FigureRow(t("Head office"), words),
    ]


def difference_words(drawers: Sequence[DrawerFigure], say: MoneyWords) -> tuple[str, Tone]:
    """Say how the count differs from the books, in each currency that does."""
    told = []
    for drawer in drawers:
        amount = drawer.difference
        if amount is None or not amount:
            continue
        if amount.minor < 0:
            told.append(t("{amount} is missing from the drawer.").format(amount=say(-amount)))
        else:
            told.append(t("There is {amount} too much in the drawer.").format(amount=say(amount)))
    if told:
        return " ".join(told), Tone.WARNING
    return t("The drawer holds exactly what it should."), Tone.SUCCESS


def plan_rows(plan: FloatPlan, say: MoneyWords, shop: ShopSettings) -> list[FigureRow]:
    """Return which notes stay in the drawer and which are bagged."""
    rows = [FigureRow(t("Stays in the drawer"), say(plan.kept.total), is_strong=True)]
    rows += _piece_rows(plan.kept, shop)
    if plan.missing:
        rows.append(FigureRow(t("Missing for the float"), say(plan.missing)))
    rows.append(FigureRow(t("Into the bag"), say(plan.bagged.total), is_strong=True))
    rows += _piece_rows(plan.bagged, shop)
    return rows


def _piece_rows(count: CashCount, shop: ShopSettings) -> list[FigureRow]:
    amounts = amount_format(replace(shop, policy=replace(shop.policy, currency=count.currency)))
    rows = [
        FigureRow(
            f"{one.count} × {amounts.plain(Money.of(one.value, count.currency))}",
            amounts.plain(Money.of(one.value * one.count, count.currency)),
        )
        for one in count.pieces
    ]
    if count.loose:
        loose = amounts.plain(Money.of(count.loose, count.currency))
        rows.append(FigureRow(t("Not sorted"), loose))
    return rows


def cause_view(cause: Cause, say: MoneyWords) -> CauseView:
    """Say what may have happened, with the receipts to look at."""
    receipts = tuple((receipt.sale_id, receipt.number) for receipt in cause.receipts)
    return CauseView(_cause_words(cause, say), receipts)


def _cause_words(cause: Cause, say: MoneyWords) -> str:
    size = Money(abs(cause.amount.minor), cause.amount.currency)
    fields = {
        "amount": say(size),
        "other": "" if cause.other is None else say(cause.other),
        "pieces": cause.pieces,
        "reason": isolated(cause.reason),
    }
    return t(cause_words(cause)).format(**fields)
