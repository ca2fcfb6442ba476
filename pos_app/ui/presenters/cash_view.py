"""What the cash screen shows of a drawer: idle, open, counted with its difference, or closed."""

from decimal import Decimal
from typing import Any

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money, NotWholeMinorUnits
from pos_app.domain.shift import Shift, ShiftState
from pos_app.domain.shop import ShopSettings
from pos_app.printing.amounts import writing
from pos_app.printing.shift_numbers import shift_name, z_name
from pos_app.services.shifts import Shifts
from pos_app.texts import t
from pos_app.ui.presenters import cash_words as words
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.cash_count import CountDraft
from pos_app.ui.presenters.cash_state import CauseView, FigureRow
from pos_app.ui.presenters.refusals import in_one_piece, sentence_of
from pos_app.ui.presenters.typed_figures import NotAFigure, shown_figure, typed_decimal
from pos_app.ui.views import Tone

Fields = dict[str, Any]


class FloatNotPossible(PosError):
    """What was typed as a float is no amount of the shop's currency."""

    sentence = "{text} cannot be a float. Enter an amount such as {example}."


def idle_fields(shop: ShopSettings, shifts: Shifts) -> Fields:
    """Return what is shown while no shift is open."""
    written = writing(shop.screen.language or "en", shop.country, shop.time_zone)
    last = shifts.last_closed()
    about = t("No shift was closed yet.")
    if last is not None and last.closed_at is not None:
        about = t("Last closed {time} with Z report {number}").format(
            time=written.date_and_time(last.closed_at), number=_z_name(last)
        )
    say = words.MoneyWords(shop)
    left = () if shop.cash.is_blind else shifts.left_in_drawer()
    expected = [FigureRow(t("Should be in the drawer"), say(one), is_strong=True) for one in left]
    return {
        "title": t("No shift is open."),
        "about": about,
        "figures": tuple(expected),
        "is_open": False,
        "has_last_z": last is not None,
    }


def open_fields(shop: ShopSettings, shifts: Shifts, shift: Shift, *, is_blind: bool) -> Fields:
    """Return what is shown of an open shift; a blind shop does not see its cash."""
    say = words.MoneyWords(shop)
    written = writing(shop.screen.language or "en", shop.country, shop.time_zone)
    report = shifts.figures()
    title = t("The drawer is open.")
    if not is_blind:
        amounts = " + ".join(say(drawer.expected) for drawer in report.drawers)
        title = t("By the books {amount} is in the drawer.").format(amount=amounts)
    about = t("Shift {number}, opened {time} by {name}").format(
        number=in_one_piece(shift_name(shift)),
        time=written.date_and_time(shift.opened_at),
        name=shift.opened_by,
    )
    return {
        "title": title,
        "about": about,
        "figures": tuple(words.running_figures(report, say, is_blind=is_blind)),
        "is_open": True,
        "has_last_z": shifts.last_closed() is not None,
    }


def closed_fields(shop: ShopSettings, shift: Shift) -> Fields:
    """Return what is shown of the shift that was just closed."""
    say = words.MoneyWords(shop)
    name = _z_name(shift)
    rows = words.closing_figures(shift.report, say) if shift.report is not None else []
    return {
        "title": t("The shift is closed with Z report {number}.").format(number=name),
        "about": "",
        "figures": tuple(rows),
        "is_open": False,
        "has_last_z": True,
    }


def count_fields(shop: ShopSettings, draft: CountDraft, shift: Shift | None) -> Fields:
    """Return the count in progress: a float to begin with, or the drawer of an open shift."""
    codes = dict.fromkeys((shop.policy.currency, *(one.code for one in shop.cash.accepted)))
    codes |= dict.fromkeys(count.currency for count in draft.counts())
    fields: Fields = {"count": draft.view(codes)}
    if shift is None:
        return fields | {
            "count_title": t("Float to begin with"),
            "count_hint": t("How many of each are in the drawer?"),
            "confirm": t("Open the shift"),
            "can_give_up": False,
        }
    blind = t("Count first: what should be there is shown afterwards.")
    return fields | {
        "count_title": t("Count the drawer"),
        "count_hint": blind if shop.cash.is_blind else t("Count it to close the shift."),
        "confirm": t("Counted"),
        "can_give_up": shift.state is not ShiftState.OPEN,
    }


def closing_fields(
    shop: ShopSettings, shifts: Shifts, shift: Shift, typed_target: str | None
) -> Fields:
    """Return the difference of a confirmed count, what may explain it, and the float planned."""
    say, amounts = words.MoneyWords(shop), amount_format(shop)
    difference, tone = words.difference_words(shifts.drawers(shift), say)
    causes = tuple(words.cause_view(cause, say) for cause in shifts.causes())
    if tone is Tone.WARNING and not causes:
        causes = (CauseView(t("Nothing in the books explains it by itself. Count once more.")),)
    shown = shown_figure(shop.cash.float_target or None, amounts)
    fields: Fields = {
        "difference": difference,
        "difference_tone": tone,
        "causes": causes,
        "target": shown if typed_target is None else typed_target,
        "target_error": "",
        "plan": (),
        "is_bagging": False,
    }
    try:
        target = float_target(shop, typed_target)
        if target is None:
            return fields
        plan = shifts.plan_float(shift.counts, target)
    except PosError as refusal:
        return fields | {"target_error": sentence_of(refusal, amounts)}
    return fields | {"plan": tuple(words.plan_rows(plan, say, shop)), "is_bagging": True}


def float_target(shop: ShopSettings, typed: str | None) -> Money | None:
    """Return the float to keep, or None where everything stays; raises FloatNotPossible."""
    amounts, code = amount_format(shop), shop.policy.currency
    example = shown_figure(Decimal(100), amounts)
    refusal = FloatNotPossible(text=(typed or "")[:20], example=example)
    try:
        amount = shop.cash.float_target if typed is None else typed_decimal(typed, amounts)
        target = Money.of(amount or 0, code)
    except (NotAFigure, NotWholeMinorUnits):
        raise refusal from None
    if target.minor < 0:
        raise refusal
    return target or None


def _z_name(shift: Shift) -> str:
    """Write a Z report's number in one piece, also between Arabic words."""
    return in_one_piece(z_name(shift, shift.z_number))
