"""The settings of a shop that head office's page edits: each field with its group and its kind.

A field's `path` is where it stands in the plain settings. Whatever has no field here stays as it
is, and what belongs to a till's own machine is no setting of head office's at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pos_app.domain.money import RoundingMode
from pos_app.domain.payloads import text
from pos_app.domain.stock_rule import AtZero
from pos_app.domain.tax import TaxRounding
from pos_app.domain.words import Later, later
from pos_app.server.web.forms import Posted, Problems
from pos_app.server.web.typed import figure, lines, shown
from pos_app.server.web.visits import Visit
from pos_app.texts import LANGUAGES

Plain = Mapping[str, Any]
NOT_NEGATIVE = later("Enter 0 or more.")
_MOST_DAYS = 3_650  # as the till's own form has it: ten years


class Shape(StrEnum):
    """How a setting is typed and kept."""

    LINE = "line"
    LINES = "lines"  # a list of texts, one on each line
    FIGURES = "figures"  # a list of numbers, one on each line
    NUMBER = "number"
    OPTIONAL_NUMBER = "optional_number"
    WHOLE = "whole"
    TICK = "tick"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class SettingField:
    """One field: `path` like `receipt.header`, the words beside it, and how it is typed."""

    path: str
    label: Later
    shape: Shape = Shape.LINE
    hint: Later | str = ""
    choices: tuple[tuple[str, Later | str], ...] = ()
    is_money: bool = False

    @property
    def name(self) -> str:
        """What the form calls it."""
        return self.path.replace(".", "-")


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """Fields under one heading."""

    title: Later
    fields: tuple[SettingField, ...]
    below: Later | str = ""


_AMOUNTS = later("One on each line.")
GROUPS = (
    SettingGroup(
        later("The shop"),
        (
            SettingField("name", later("Name")),
            SettingField("address", later("Address"), Shape.LINES),
            SettingField("phone", later("Telephone")),
            SettingField("tax_number", later("Tax number")),
            SettingField("country", later("Country"), hint=later("Two letters, such as DE.")),
            SettingField("time_zone", later("Time zone"), hint=later("Such as Europe/Berlin.")),
        ),
    ),
    SettingGroup(
        later("Receipt"),
        (
            SettingField("receipt.header", later("Lines at the top"), Shape.LINES),
            SettingField("receipt.footer", later("Lines at the bottom"), Shape.LINES),
            SettingField("receipt.shows_tax_table", later("Shows the taxes"), Shape.TICK),
            SettingField("receipt.shows_qr", later("Shows a QR code"), Shape.TICK),
            SettingField(
                "receipt.language",
                later("Language of receipts"),
                Shape.CHOICE,
                choices=(("", later("as the till")), *LANGUAGES.items()),
            ),
        ),
    ),
    SettingGroup(
        later("Prices, tax and rounding"),
        (
            SettingField(
                "policy.prices_include_tax", later("Prices contain the tax"), Shape.TICK
            ),
            SettingField(
                "policy.tax_rounding",
                later("Where tax is rounded"),
                Shape.CHOICE,
                choices=(
                    (TaxRounding.PER_LINE.value, later("On each line")),
                    (TaxRounding.PER_UNIT.value, later("On each single piece")),
                    (TaxRounding.PER_DOCUMENT.value, later("Once for each rate")),
                    (TaxRounding.SUM_THEN_ROUND.value, later("Once for the whole receipt")),
                    (
                        TaxRounding.ROUND_LINES_THEN_TAX_PER_RATE.value,
                        later("Lines first, then once for each rate"),
                    ),
                ),
            ),
            SettingField(
                "policy.rounding",
                later("Halves are rounded"),
                Shape.CHOICE,
                choices=(
                    (RoundingMode.HALF_UP.value, later("up")),
                    (RoundingMode.HALF_EVEN.value, later("to the even digit")),
                    (RoundingMode.HALF_DOWN.value, later("down")),
                    (RoundingMode.UP.value, later("always up")),
                    (RoundingMode.DOWN.value, later("always down")),
                ),
            ),
            SettingField(
                "cash_rounding.step",
                later("Cash is rounded to"),
                Shape.OPTIONAL_NUMBER,
                later("Such as 0.05 where there are no smaller coins; empty: not at all."),
                is_money=True,
            ),
            SettingField(
                "discount_presets", later("Discounts to choose from, in percent"), Shape.FIGURES,
                _AMOUNTS,
            ),
        ),
        later("A till with an open or parked sale takes these over once it is finished."),
    ),
    SettingGroup(
        later("Cash"),
        (
            SettingField("cash.needs_shift", later("Selling needs an open shift"), Shape.TICK),
            SettingField(
                "cash.is_blind",
                later("Count without seeing what should be there"),
                Shape.TICK,
            ),
            SettingField(
                "cash.float_target", later("Float for the next day"), Shape.NUMBER, is_money=True
            ),
            SettingField("cash.reasons_in", later("Reasons to put cash in"), Shape.LINES),
            SettingField("cash.reasons_out", later("Reasons to take cash out"), Shape.LINES),
            SettingField(
                "quick_amounts", later("Banknotes offered when paying"), Shape.FIGURES, _AMOUNTS
            ),
        ),
    ),
    SettingGroup(
        later("Returns and stock"),
        (
            SettingField(
                "returns.days",
                later("Days in which goods are taken back"),
                Shape.WHOLE,
                later("Counted from the sale; 0: always."),
            ),
            SettingField(
                "stock.at_zero",
                later("When the books have none left"),
                Shape.CHOICE,
                choices=(
                    (AtZero.ALLOW.value, later("sell on")),
                    (AtZero.WARN.value, later("warn and sell on")),
                    (AtZero.BLOCK.value, later("do not sell")),
                ),
            ),
            SettingField(
                "stock.expiry_notice_days", later("Days of notice before a date"), Shape.WHOLE
            ),
        ),
    ),
    SettingGroup(
        later("Tips, accounts and being offline"),
        (
            SettingField("tenders.tips", later("Tips can be given"), Shape.TICK),
            SettingField("tenders.keeps_accounts", later("Follow what customers owe"), Shape.TICK),
            SettingField(
                "tenders.credit_limit",
                later("Most that a customer may owe"),
                Shape.OPTIONAL_NUMBER,
                later("Empty: no limit."),
                is_money=True,
            ),
            SettingField(
                "head_office.after_h",
                later("Hours without head office after which stricter rules count"),
                Shape.WHOLE,
            ),
        ),
    ),
    SettingGroup(
        later("Documents"),
        (
            SettingField("documents.valid_days", later("Quotations are good for"), Shape.WHOLE,
                         later("In days.")),
            SettingField("documents.due_days", later("Invoices are due after"), Shape.WHOLE,
                         later("In days.")),
            SettingField("documents.payment_terms", later("Terms of payment"), Shape.LINES),
            SettingField("documents.email", later("E-mail on documents")),
            SettingField("documents.website", later("Website on documents")),
        ),
    ),
)  # fmt: skip


def value_at(settings: Plain, path: str) -> Any:
    """Return what stands at a path; None where a part of it is not set."""
    found: Any = settings
    for part in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def as_typed(visit: Visit, field: SettingField, settings: Plain, places: int = 0) -> Any:
    """Return a setting as its field shows it."""
    value = value_at(settings, field.path)
    if field.shape is Shape.TICK:
        return bool(value)
    if value is None:
        return ""
    if field.shape is Shape.LINES:
        return value if isinstance(value, str) else "\n".join(value)
    if field.shape is Shape.FIGURES:
        return "\n".join(shown(visit, one) for one in value)
    if field.shape in {Shape.NUMBER, Shape.OPTIONAL_NUMBER}:
        return shown(visit, value, places if field.is_money else 0)
    return str(value)


def typed_value(visit: Visit, form: Posted, field: SettingField, problems: Problems) -> Any:
    """Return what was typed as it stands in the plain settings."""
    name = field.name
    if field.shape is Shape.TICK:
        return form.flag(name)
    if field.shape is Shape.LINES:
        return lines(form, name)
    if field.shape is Shape.FIGURES:
        return _figures(visit, form, name, problems)
    if field.shape is Shape.WHOLE:
        whole = form.whole(name, problems)
        if whole is not None and not 0 <= whole <= _MOST_DAYS:
            problems.add(name, NOT_NEGATIVE if whole < 0 else later("That is too many."))
        return whole or 0
    if field.shape in {Shape.NUMBER, Shape.OPTIONAL_NUMBER}:
        number = figure(visit, form, name, problems)
        if number is not None and number < 0:
            problems.add(name, NOT_NEGATIVE)
        if number is None:
            return None if field.shape is Shape.OPTIONAL_NUMBER else "0"
        return text(number)
    if field.shape is Shape.CHOICE and form.text(name) not in {one for one, _ in field.choices}:
        problems.add(name, later("Choose one of the list."))
    return form.text(name)


def _figures(visit: Visit, form: Posted, name: str, problems: Problems) -> list[str]:
    found = []
    for line in lines(form, name):
        one = figure(visit, Posted({name: [line]}), name, problems)
        if one is not None and not 0 <= one < Decimal(1_000_000):
            problems.add(name, NOT_NEGATIVE)
        elif one is not None:
            found.append(text(one))
    return found
