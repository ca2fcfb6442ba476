"""What the settings of payments must keep to."""

from decimal import Decimal

from pos_app.domain.errors import PosError
from pos_app.domain.money import minor_digits
from pos_app.domain.tender_settings import TenderSettings, TerminalKind
from pos_app.services.card_terminals import address_of

MOST_POINTS = Decimal(1000)
MOST_MONTHS = 120


class FigureNegative(PosError):
    """A figure below zero where none makes sense."""

    sentence = "{figure} is not possible. Enter 0 or more."


class FigureTooLarge(PosError):
    """A figure above what makes sense."""

    sentence = "{figure} is not possible. Enter {most} at most."


class FigureTooFine(PosError):
    """An amount with more places than the currency has."""

    sentence = "{figure} has too many places for {currency}."


def tender_refusals(settings: TenderSettings, currency: str) -> dict[str, PosError]:
    """Return what is wrong, by field of the page."""
    refusals: dict[str, PosError] = {}
    if settings.terminal is TerminalKind.NETWORK:
        try:
            address_of(settings.terminal_target)
        except PosError as refusal:
            refusals["terminal_target"] = refusal
    figures = {
        "credit_limit": settings.credit_limit,
        "offline_allowance": settings.held.offline_allowance,
        "points_worth": settings.points.worth,
        "points_per_unit": settings.points.per_unit,
        "months": Decimal(settings.held.months),
    }
    for name, figure in figures.items():
        if figure is not None and figure < 0:
            refusals[name] = FigureNegative(figure=figure)
    if settings.points.per_unit > MOST_POINTS:
        refusals["points_per_unit"] = FigureTooLarge(
            figure=settings.points.per_unit, most=MOST_POINTS
        )
    if settings.held.months > MOST_MONTHS:
        refusals["months"] = FigureTooLarge(figure=settings.held.months, most=MOST_MONTHS)
    for name in ("credit_limit", "offline_allowance"):
        figure = figures[name]
        if figure is not None and figure != round(figure, minor_digits(currency)):
            refusals.setdefault(name, FigureTooFine(figure=figure, currency=currency))
    return refusals
