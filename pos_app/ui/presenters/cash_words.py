"""The words of the cash screen: causes, warnings, figures, differences."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pos_app.domain.cash_count import CashCount
from pos_app.domain.cash_movement import MovementKind
from pos_app.domain.difference import Cause, CauseKind
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
    return _sentence_of(cause).format(**fields)


def _sentence_of(cause: Cause) -> str:
    if cause.kind is CauseKind.DIGITS_SWAPPED:
        return _swapped_sentence(cause)
    if cause.kind is CauseKind.PAY_OUT_MISSING and cause.reason:
        return t("{amount} was paid out before for “{reason}”. Was it paid again and not booked?")
    return {
        CauseKind.FOREIGN_CHANGE: t(
            "Change on {other} may have been given as if it were worth as much in our money."
        ),
        CauseKind.FOREIGN_COUNTED_AS_OWN: t(
            "Notes of {other} may have been counted among our own money."
        ),
        CauseKind.OPENING_MISCOUNTED: t(
            "The opening count differed by {amount} the other way: "
            "the float was probably miscounted."
        ),
        CauseKind.CARD_RUNG_AS_CASH: t(
            "A payment of {amount} by card may have been rung up as cash."
        ),
        CauseKind.CASH_RUNG_AS_CARD: t(
            "A payment of {amount} in cash may have been rung up as card."
        ),
        CauseKind.MOVEMENT_NOT_MADE: t(
            "The {amount} for “{reason}” stands in the books, but the cash may not have moved."
        ),
        CauseKind.MOVEMENT_MADE_TWICE: t(
            "The {amount} for “{reason}” may have moved twice and was booked once."
        ),
        CauseKind.REFUND_NOT_GIVEN: t("A refund of {amount} may not have been handed out."),
        CauseKind.WRONG_NOTE: t(
            "A note of {other} may have been taken for {amount} when change was given."
        ),
        CauseKind.BUNDLE_MISCOUNTED: t(
            "A bundle of {pieces} notes of {amount} may have been miscounted."
        ),
        CauseKind.ROLL_MISCOUNTED: t(
            "A roll of {pieces} coins of {amount} may have been miscounted."
        ),
        CauseKind.PIECE_MISCOUNTED: t(
            "A single {amount} may have been miscounted or lie elsewhere."
        ),
        CauseKind.PAY_OUT_MISSING: t("{amount} may have been taken out without being booked."),
        CauseKind.PAY_IN_MISSING: t("{amount} may have been put in without being booked."),
        CauseKind.SMALL_CHANGE: t("Coins may have gone astray when change was given."),
    }[cause.kind]


def _swapped_sentence(cause: Cause) -> str:
    if cause.pieces:
        return t("Two digits may be swapped in the count of {amount}: {pieces} was entered.")
    if cause.receipts:
        return t("Two digits may be swapped: {amount} was entered where {other} was handed over.")
    return t("Two digits may be swapped: {amount} was booked for “{reason}” instead of {other}.")
