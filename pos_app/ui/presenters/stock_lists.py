"""The sections that only list: what runs low, what the stock is worth, what expires."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pos_app.domain.money import Money
from pos_app.services.stock import Expiring, StockRoom, ToOrder
from pos_app.spreadsheets.writing import Cell
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.stock_page import (
    PageField,
    Quiet,
    StockDesk,
    StockPage,
    place_choices,
    waiting,
)
from pos_app.ui.views import Column, TableRow, Tone

if TYPE_CHECKING:
    from pos_app.store.stock import StockWorth

Worth = tuple["StockWorth", Money]


class PlaceList(Quiet):
    """A list about one place, read elsewhere; a newer reading wins."""

    def __init__(self, desk: StockDesk) -> None:
        self.desk = desk
        self.room = StockRoom(desk.checkout)
        self.place = ""
        self.is_reading = False
        self._serial = 0

    def change(self, key: str, text: str) -> None:
        """Look at another place."""
        if key == "place":
            self.place = text
            self.refresh()

    def read(
        self, do: "Callable[[], list[object]]", keep: "Callable[[list[object]], None]"
    ) -> None:
        """Read elsewhere and keep the result unless a newer reading has begun."""
        self._serial += 1
        self.is_reading, serial = True, self._serial

        def done(found: list[object]) -> None:
            if serial == self._serial:
                self.is_reading = False
                keep(found)

        self.desk.work(do, done)

    def place_field(self) -> tuple[PageField, ...]:
        """The choice of the place, where there is more than one."""
        shop = self.desk.checkout.shop
        names = dict.fromkeys((*shop.stock.locations, shop.location))
        if len(names) < 2:
            return ()
        chosen = self.place or shop.location
        return (PageField("place", t("Location"), chosen, place_choices(tuple(names))),)


class LowSection(PlaceList):
    """What is at or below its point of ordering, with how much to order."""

    rows: tuple[ToOrder, ...] = ()

    def refresh(self) -> None:
        """Read the list."""

        def keep(found: list[object]) -> None:
            self.rows = tuple(one for one in found if isinstance(one, ToOrder))

        self.read(lambda: list(self.room.to_order(self.place)), keep)

    def page(self) -> StockPage:
        """Return what is to be seen."""
        number = self.desk.amounts.number
        rows = tuple(
            TableRow(
                one.low.product_id,
                (
                    one.low.code,
                    one.low.name,
                    number(one.low.level),
                    number(one.quantity),
                    number(one.reorder_at),
                ),
                Tone.DANGER if one.low.level <= 0 else Tone.PLAIN,
            )
            for one in self.rows
        )
        return StockPage(
            columns=_low_columns(),
            rows=rows,
            counted=waiting() if self.is_reading else t("{count} products").format(count=len(rows)),
            about=t("Set at how many to order on a product’s sheet, under Stock."),
            fields=self.place_field(),
            empty=(
                "package",
                t("Nothing runs low"),
                t("Every product is above its point of ordering."),
            ),
            can_export=bool(rows),
            is_reading=self.is_reading,
        )

    def table(self) -> list[Sequence[Cell]]:
        """Return the list for a spreadsheet."""
        rows: list[Sequence[Cell]] = [tuple(column.title for column in _low_columns())]
        rows += [
            (one.low.code, one.low.name, one.low.level, one.quantity, one.reorder_at)
            for one in self.rows
        ]
        return rows


class ValueSection(PlaceList):
    """What the stock is worth by moving average."""

    rows: tuple[Worth, ...] = ()
    _drawn: tuple[TableRow, ...] = ()
    _total = 0

    def refresh(self) -> None:
        """Read the list; its rows are written elsewhere too, there may be a hundred thousand."""
        amounts = self.desk.amounts

        def work() -> list[object]:
            return [(found, _worth_row(*found, amounts)) for found in self.room.worth(self.place)]

        def keep(found: list[object]) -> None:
            self.rows = tuple(one[0] for one in found)  # type: ignore[index]
            self._drawn = tuple(one[1] for one in found)  # type: ignore[index]
            self._total = sum(worth.minor for _, worth in self.rows)

        self.read(work, keep)

    def page(self) -> StockPage:
        """Return what is to be seen."""
        currency = self.desk.checkout.shop.policy.currency
        total = self.desk.amounts.money(Money(self._total, currency))
        told = t("Worth {amount}").format(amount=total)
        return StockPage(
            columns=_value_columns(),
            rows=self._drawn,
            counted=waiting() if self.is_reading else told,
            about=t("At moving average cost; without a delivery at the product’s own cost."),
            fields=self.place_field(),
            empty=("package", t("Nothing in stock"), t("Receive goods or count what is there.")),
            can_export=bool(self.rows),
            is_reading=self.is_reading,
        )

    def table(self) -> list[Sequence[Cell]]:
        """Return the list for a spreadsheet."""
        rows: list[Sequence[Cell]] = [tuple(column.title for column in _value_columns())]
        for one, worth in self.rows:
            rows.append((one.code, one.name, one.level, worth.amount, one.unit_cost))
        return rows


class ExpiringSection(PlaceList):
    """Batches that are past their date or soon will be."""

    rows: tuple[Expiring, ...] = ()

    def refresh(self) -> None:
        """Read the list."""

        def keep(found: list[object]) -> None:
            self.rows = tuple(one for one in found if isinstance(one, Expiring))

        self.read(lambda: list(self.room.expiring()), keep)

    def page(self) -> StockPage:
        """Return what is to be seen."""
        days = self.desk.checkout.shop.stock.expiry_notice_days
        rows = tuple(
            TableRow(
                one.batch.id,
                (
                    one.name,
                    one.batch.batch,
                    self.desk.day_words(one.batch.expiry),
                    self.desk.amounts.number(one.left),
                    t("Expired") if one.is_past else t("Soon"),
                ),
                Tone.DANGER if one.is_past else Tone.WARNING,
            )
            for one in self.rows
        )
        return StockPage(
            columns=_expiring_columns(),
            rows=rows,
            counted=waiting() if self.is_reading else t("{count} batches").format(count=len(rows)),
            about=t("Past their date, or within {count} days.").format(count=days),
            empty=(
                "calendar-days",
                t("Nothing expires soon"),
                t("Batches and dates are told when goods are received."),
            ),
            can_export=bool(rows),
            is_reading=self.is_reading,
        )

    def table(self) -> list[Sequence[Cell]]:
        """Return the list for a spreadsheet."""
        rows: list[Sequence[Cell]] = [tuple(column.title for column in _expiring_columns())]
        for one in self.rows:
            day = one.batch.expiry.isoformat() if one.batch.expiry else ""
            state = t("Expired") if one.is_past else t("Soon")
            rows.append((one.name, one.batch.batch, day, one.left, state))
        return rows


def _worth_row(one: "StockWorth", worth: Money, amounts: AmountFormat) -> TableRow:
    cells = (
        one.code,
        one.name,
        amounts.number(one.level),
        amounts.plain(worth),
        "" if one.unit_cost is None else amounts.price(one.unit_cost),
    )
    return TableRow(one.product_id, cells, Tone.DANGER if one.level < 0 else Tone.PLAIN)


def _low_columns() -> tuple[Column, ...]:
    return (
        Column(t("Code"), 80),
        Column(t("Name"), 140, stretches=True),
        Column(t("In stock"), 90, is_figure=True),
        Column(t("To order"), 110, is_figure=True),
        Column(t("Order at"), 140, is_figure=True),
    )


def _value_columns() -> tuple[Column, ...]:
    return (
        Column(t("Code"), 90),
        Column(t("Name"), 150, stretches=True),
        Column(t("In stock"), 100, is_figure=True),
        Column(t("Value"), 110, is_figure=True),
        Column(t("Average cost"), 130, is_figure=True),
    )


def _expiring_columns() -> tuple[Column, ...]:
    return (
        Column(t("Name"), 220, stretches=True),
        Column(t("Batch"), 130),
        Column(t("Good until"), 130),
        Column(t("Left"), 90, is_figure=True),
        Column(t("State"), 110),
    )
