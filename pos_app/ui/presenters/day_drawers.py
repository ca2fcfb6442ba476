"""The drawers of the day: what was counted, why it may differ, and the proof of head office."""

from pos_app.domain.cause_words import cause_words
from pos_app.domain.day_review import CashSum, DayReview
from pos_app.domain.difference import Cause
from pos_app.domain.money import Money
from pos_app.domain.shift_report import OfficeProof
from pos_app.texts import t
from pos_app.ui.presenters.day_attention import CASH_SCREEN, OFFICE_SCREEN, cash_query
from pos_app.ui.presenters.day_lists import Listed
from pos_app.ui.presenters.day_state import BarRow, ListView, Target
from pos_app.ui.presenters.day_writing import DayWriting
from pos_app.ui.presenters.refusals import isolated
from pos_app.ui.views import Tone

_MOST_CAUSES = 3


def drawers_of(review: DayReview, say: DayWriting) -> Listed:
    """Return a row per drawer, below it what may explain its difference."""
    rows: list[BarRow] = []
    targets: dict[str, Target] = {}
    for place, one in enumerate(review.cash):
        key = f"cash:{place}"
        rows.append(_drawer(key, one, review, say))
        query = cash_query(one, review, say)
        targets[key] = Target(rows[-1].name, query, CASH_SCREEN, t("Cash drawer"))
        for number, cause in enumerate(one.causes[:_MOST_CAUSES]):
            of_cause = f"{key}:{number}"
            rows.append(BarRow(of_cause, _cause(cause, say), "", _numbers(cause)))
            if cause.receipts:
                targets[of_cause] = Target(receipt=cause.receipts[0].sale_id)
    return ListView(t("Cash drawer"), tuple(rows), t("No drawer was opened.")), targets


def _drawer(key: str, one: CashSum, review: DayReview, say: DayWriting) -> BarRow:
    opened = say.moment(one.opened_at, review.period)
    if one.closed_at is None:
        name = t("Open since {time}").format(time=isolated(opened))
    else:
        name = t("Z {number}, {start} to {end}").format(
            number=say.count(one.number),
            start=isolated(opened),
            end=isolated(say.moment(one.closed_at, review.period)),
        )
    expected = t("should hold {amount}").format(amount=isolated(say.money(one.expected)))
    note = f"{isolated(one.staff)} · {expected}" if one.staff else expected
    if one.counted is None or one.difference is None:
        return BarRow(key, name, t("Not counted"), note)
    counted = t("counted {amount}").format(amount=isolated(say.money(one.counted)))
    figure, tone = _difference(one.difference, say)
    return BarRow(key, name, figure, f"{note}, {counted}", tone=tone)


def _difference(difference: Money, say: DayWriting) -> tuple[str, Tone]:
    if not difference:
        return t("Exact"), Tone.SUCCESS
    size = isolated(say.money(Money(abs(difference.minor), difference.currency)))
    if difference.minor < 0:
        return t("{amount} missing").format(amount=size), Tone.DANGER
    return t("{amount} too much").format(amount=size), Tone.WARNING


def _cause(cause: Cause, say: DayWriting) -> str:
    size = Money(abs(cause.amount.minor), cause.amount.currency)
    return t(cause_words(cause)).format(
        amount=isolated(say.money(size)),
        other="" if cause.other is None else isolated(say.money(cause.other)),
        pieces=cause.pieces,
        reason=isolated(cause.reason),
    )


def _numbers(cause: Cause) -> str:
    return ", ".join(one.number for one in cause.receipts)


def sent_of(review: DayReview, say: DayWriting) -> Listed:
    """Return what waits to be sent and whether head office has every receipt."""
    title, targets = t("Sent to head office"), {"to:sync": Target(screen=OFFICE_SCREEN)}
    one = review.unsent
    if one is None:
        return ListView(title, (), t("This till sends to nobody.")), targets
    rows = [
        BarRow(
            "to:sync",
            t("Entries waiting to be sent"),
            say.count(one.waiting),
            tone=Tone.WARNING if one.waiting else Tone.PLAIN,
        )
    ]
    if one.refused:
        rows.append(BarRow("to:sync", t("Refused"), say.count(one.refused), tone=Tone.DANGER))
    if one.proof is not None:
        rows.append(_proof(one.proof, say))
    return ListView(title, tuple(rows)), targets


def _proof(proof: OfficeProof, say: DayWriting) -> BarRow:
    """Say whether nothing is missing, and by which signature that is known."""
    if proof.at is None:
        return BarRow("to:sync", t("Head office has not confirmed anything yet."), "")
    at = f"{say.amounts.day(say.local(proof.at).date())} {say.clock(proof.at)}"
    note = t("{there} of {here} receipts, signed {time}").format(
        there=say.count(proof.there), here=say.count(proof.here), time=isolated(at)
    )
    if not proof.is_same:
        return BarRow("to:sync", t("Head office has something else"), "", note, tone=Tone.DANGER)
    if proof.missing:
        word = t("Not there yet")
        return BarRow("to:sync", word, say.count(proof.missing), note, tone=Tone.WARNING)
    word = t("Complete: head office has every receipt")
    return BarRow("to:sync", word, "", note, tone=Tone.SUCCESS)
