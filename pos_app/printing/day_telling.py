"""The manager's day in words and figures as paper tells them: slip and page say the same."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from babel.dates import format_date

from pos_app.domain.cause_words import cause_words
from pos_app.domain.day_figures import TaxSum, change_percent
from pos_app.domain.day_review import Attention, CashSum, DayReview
from pos_app.domain.day_words import attention_sentence
from pos_app.domain.difference import Cause
from pos_app.domain.money import Money
from pos_app.domain.report_period import ReportPeriod
from pos_app.printing.amounts import Writing
from pos_app.printing.document_text import isolated as in_isolates
from pos_app.printing.printable import printable
from pos_app.printing.receipt_lines import Translate

_RUNNING = ("tickets", "takings")  # what is known of an earlier day up to the present hour


def period_words(period: ReportPeriod, written: Writing, length: str = "full") -> str:
    """Write the days of a period: one with its weekday, or the first and the last."""
    if period.days == 1:
        return printable(format_date(period.start, length, locale=written.locale))
    short = "medium" if length == "full" else length
    first, last = (
        format_date(day, short, locale=written.locale) for day in (period.start, period.end)
    )
    return printable(f"{first} – {last}")


def was(review: DayReview, name: str) -> int | None:
    """Return a figure before; None where there is nothing to hold this one against."""
    before = review.before
    if before.totals.is_empty:
        return None
    if review.is_running and review.period.days == 1:
        known = before.so_far is not None and name in _RUNNING
        return getattr(before.so_far, name) if known else None
    return int(getattr(before.totals, name))


def change_words(now: int, before: int, written: Writing) -> str:
    """Write by how much something grew: +9.2 %; nothing where nothing was before."""
    percent = change_percent(now, before)
    if percent is None:
        return ""
    return f"{'+' if percent > 0 else ''}{written.percent(percent)}"


def attention_line(one: Attention, written: Writing, t: Translate) -> str:
    """Say what should be looked at, and whose it is."""
    amount = "" if one.amount is None else written.money_with_currency(_size(one.amount))
    name = isolated(printable(one.about, 40), written)
    return attention_sentence(one, t, isolated(amount, written), name)


def tax_line(one: TaxSum, written: Writing, t: Translate) -> str:
    """Write what a tax is called, with its rate unless the name already says it."""
    name = printable(one.name or one.code, 60)
    try:
        rate = written.percent(Decimal(one.rate).normalize() + 0)
    except InvalidOperation:
        return name or t("Levy")
    if name and rate.replace(" ", "") in name.replace(" ", ""):
        return name
    return f"{name or t('VAT')} {isolated(rate, written)}"


def cause_line(cause: Cause, written: Writing, t: Translate) -> str:
    """Say what may explain a difference, with the receipts to look at."""
    words = t(cause_words(cause)).format(
        amount=isolated(written.money_with_currency(_size(cause.amount)), written),
        other=""
        if cause.other is None
        else isolated(written.money_with_currency(cause.other), written),
        pieces=cause.pieces,
        reason=isolated(printable(cause.reason, 120), written),
    )
    numbers = ", ".join(isolated(printable(one.number, 40), written) for one in cause.receipts)
    return f"{words} {numbers}" if numbers else words


def difference_line(one: CashSum, written: Writing, t: Translate) -> str:
    """Say how a drawer's count differs from the books."""
    if one.counted is None or one.difference is None:
        return t("Not counted yet.")
    if not one.difference:
        return t("The drawer holds exactly what it should.")
    amount = isolated(written.money_with_currency(_size(one.difference)), written)
    if one.difference.minor < 0:
        return t("{amount} is missing from the drawer.").format(amount=amount)
    return t("There is {amount} too much in the drawer.").format(amount=amount)


def mean_line(review: DayReview, written: Writing, t: Translate) -> str:
    """Say what takings were on the mean of the same weekdays, nothing where there is none."""
    if review.mean is None:
        return ""
    amount = written.money(review.mean.money("takings"))
    words = t("Mean of {count} weeks: {amount}").format(
        count=review.mean_days, amount=isolated(amount, written)
    )
    if review.is_running:
        return words
    change = change_words(review.totals.takings, review.mean.takings, written)
    return f"{words} ({isolated(change, written)})" if change else words


def cash_title(one: CashSum, written: Writing, t: Translate) -> str:
    """Name a drawer by its report and who closed it."""
    who = isolated(printable(one.staff, 40), written)
    return f"{t('Z report')} {one.number} · {who}" if one.number else f"{t('Open shift')} · {who}"


def proof_lines(review: DayReview, t: Translate) -> Iterator[str]:
    """Say whether everything has been sent; nothing for a till that sends to nobody."""
    unsent = review.unsent
    if unsent is None:
        return
    if unsent.waiting:
        yield t("Entries not sent yet: {count}.").format(count=unsent.waiting)
    if unsent.refused:
        yield t("Entries refused elsewhere: {count}.").format(count=unsent.refused)
    if unsent.proof is not None:
        from pos_app.printing.shift_slip import office_words  # noqa: PLC0415 - seldom needed

        yield t(office_words(unsent.proof)).format(count=unsent.proof.missing)


def share_words(percent: Decimal | None, written: Writing) -> str:
    """Write a share in brackets and in one word: (0.8%); nothing for none."""
    if percent is None:
        return ""
    return f"({written.percent(percent).replace(' ', '')})"


def isolated(text: str, written: Writing) -> str:
    """Keep a name or figure in one piece in a language that reads from the right."""
    return in_isolates(text) if written.locale.text_direction == "rtl" else text


def _size(amount: Money) -> Money:
    return Money(abs(amount.minor), amount.currency)
