"""A new invoice before its figures: what it begins with, and the days that follow from its date."""

from collections.abc import Sequence
from datetime import date, timedelta

from pos_app.domain.document import DocumentHead, DocumentLine
from pos_app.domain.document_settings import DocumentSettings
from pos_app.domain.invoice import Invoice, InvoiceLine
from pos_app.domain.money import Money
from pos_app.domain.pricing import LineFigures


def blank_invoice(
    head: DocumentHead, lines: Sequence[InvoiceLine], settings: DocumentSettings, due: date
) -> Invoice:
    """Return a draft without sums; `invoice.figured` or `invoice.summed` gives it its figures."""
    zero = Money(0, head.policy.currency)
    return Invoice(
        head=head,
        lines=tuple(lines),
        due=due,
        taxes=(),
        net=zero,
        tax=zero,
        gross=zero,
        rounding=zero,
        remind_on=reminder_day(settings, due, 0),
        colour=settings.colour,
    )


def unpriced(lines: Sequence[DocumentLine], currency: str) -> list[InvoiceLine]:
    """Return lines that still wait for their figures."""
    zero = Money(0, currency)
    nothing = LineFigures(zero, zero, zero, zero, zero)
    return [InvoiceLine(line, nothing) for line in lines]


def due_day(day: date, credit_days: int | None, settings: DocumentSettings) -> date:
    """Return the last day to pay; without agreed `credit_days` the shop's own count."""
    return day + timedelta(days=settings.due_days if credit_days is None else credit_days)


def reminder_day(settings: DocumentSettings, day: date, level: int) -> date | None:
    """Return when to remind for the time after `level`, counted from the time before."""
    steps = settings.reminder_days
    if level >= len(steps):
        return None
    before = steps[level - 1] if level else 0
    return day + timedelta(days=max(steps[level] - before, 1))


def reminder_day_after(due: date, asked: date | None, standing: date | None) -> date:
    """Return when to remind once the last day to pay has moved to `due`.

    Whoever was reminded for the last time has a new chance.
    """
    return asked or standing or due + timedelta(days=1)
