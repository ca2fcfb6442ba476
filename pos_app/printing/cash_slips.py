"""Slips of the drawer: cash put in, taken out or dropped, the float, and a sheet to count on."""

from collections.abc import Iterator
from functools import partial

from pos_app.domain.cash_count import CashCount
from pos_app.domain.cash_movement import CashMovement, MovementKind
from pos_app.domain.denominations import counted_denominations
from pos_app.domain.money import Money
from pos_app.domain.shift import Shift
from pos_app.domain.shop import ShopSettings
from pos_app.printing.amounts import Writing, writing
from pos_app.printing.printable import printable
from pos_app.printing.receipt_lines import Translate
from pos_app.printing.shift_numbers import shift_name, slip_name
from pos_app.printing.slip import RIGHT_TO_LEFT, Align, Gap, Line, Part, Row, Rule, Size, Slip
from pos_app.texts import t_in

_NAME_LIMIT = 80
_BLANK = "_" * 8


def movement_slip(movement: CashMovement, shop: ShopSettings) -> Slip:
    """Return the slip that goes into the drawer or the bag with the cash, to be signed."""
    t, written = staff_words(shop)
    titles = {
        MovementKind.PAY_IN: t("CASH PAID IN"),
        MovementKind.PAY_OUT: t("CASH PAID OUT"),
        MovementKind.DROP: t("CASH DROP"),
    }
    parts: list[Part] = [
        *head_parts(titles[movement.kind], shop),
        Row(t("Slip"), printable(slip_name(movement)), bold=True),
        Row(t("Date"), written.date_and_time(movement.at)),
        Row(t("Cashier"), printable(movement.by)),
        Rule(),
        Row(t("Amount"), written.money_with_currency(movement.amount), Size.BIG, bold=True),
        Rule(),
        Row(t("Reason"), printable(movement.reason, 120)),
    ]
    if reference := printable(movement.reference, 120):
        parts.append(Row(t("Reference"), reference))
    parts += [Gap(2), Row(t("Signature"), "_" * 20), Gap()]
    return finished(parts, shop)


def opening_slip(shift: Shift, shop: ShopSettings) -> Slip:
    """Return the slip of the float that a shift begins with."""
    t, written = staff_words(shop)
    parts: list[Part] = [
        *head_parts(t("FLOAT"), shop),
        Row(t("Till"), printable(shift.drawer)),
        Row(t("Shift"), printable(shift_name(shift))),
        Row(t("Opened"), written.date_and_time(shift.opened_at)),
        Row(t("Cashier"), printable(shift.opened_by)),
    ]
    for count in shift.opening:
        parts += [Rule(), *count_parts(count, written, t)]
    parts += [Gap(2), Row(t("Signature"), "_" * 20), Gap()]
    return finished(parts, shop)


def sheet_slip(currency: str, shop: ShopSettings) -> Slip:
    """Return an empty sheet to count the notes and coins of a currency on."""
    t, written = staff_words(shop)
    is_own = currency == shop.policy.currency
    own = shop.cash.denominations if is_own else ()
    parts: list[Part] = [*head_parts(t("CASH COUNT"), shop), Row(t("Currency"), currency)]
    parts += [Row(t("Date"), "_" * 16), Row(t("Cashier"), "_" * 16), Rule()]
    for one in counted_denominations(currency, own):
        value = written.money(Money.of(one.value, currency))
        parts.append(Row(f"{value} × {_BLANK}", f"= {_BLANK}"))
    parts += [
        Row(t("Not sorted"), f"= {_BLANK}"),
        Rule(strong=True),
        Row(t("Total"), f"= {_BLANK}"),
    ]
    parts += [Gap(2), Row(t("Signature"), "_" * 20), Gap()]
    return finished(parts, shop)


def count_parts(count: CashCount, written: Writing, t: Translate) -> Iterator[Part]:
    """Yield each note and coin of a count, what is not sorted, and the total."""
    for one in count.pieces:
        value = Money.of(one.value, count.currency)
        amount = Money.of(one.value * one.count, count.currency)
        yield Row(f"{written.money(value)} × {one.count}", written.money(amount))
    if count.loose:
        yield Row(t("Not sorted"), written.money(Money.of(count.loose, count.currency)))
    yield Row(t("Total"), written.money_with_currency(count.total), bold=True)


def head_parts(title: str, shop: ShopSettings) -> Iterator[Part]:
    """Yield the shop's name and what the slip is."""
    yield Line(printable(shop.name, _NAME_LIMIT), Align.CENTRE, bold=True)
    yield Line(title, Align.CENTRE, Size.BIG, bold=True)
    yield Gap()


def staff_words(shop: ShopSettings) -> tuple[Translate, Writing]:
    """Return the words and the way to write figures for the shop's staff."""
    language = shop.screen.language or "en"
    return partial(t_in, language), writing(language, shop.country, shop.time_zone)


def finished(parts: list[Part], shop: ShopSettings) -> Slip:
    """Put parts together in the direction in which the staff reads."""
    return Slip(tuple(parts), (shop.screen.language or "en") in RIGHT_TO_LEFT)
