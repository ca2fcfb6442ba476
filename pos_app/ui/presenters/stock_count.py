"""The stock take section: counting by scanning, the differences, and booking them."""

from collections.abc import Sequence

from pos_app.domain.errors import PosError
from pos_app.domain.stock_take import StockCount, StockTake, TakeState
from pos_app.services.stock_takes import Difference, StockTakes
from pos_app.spreadsheets.writing import Cell
from pos_app.texts import t
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.refusals import isolated, sentence_of
from pos_app.ui.presenters.stock_page import (
    PageField,
    Quiet,
    StockDesk,
    StockPage,
    is_quantity,
    limited,
    place_choices,
    waiting,
)
from pos_app.ui.views import Column, SheetAction, TableRow, Tone

NAME_LIMIT = 60


class CountSection(Quiet):
    """Keeps the stock take on the screen; each count is durable before it is shown."""

    def __init__(self, desk: StockDesk) -> None:
        self.desk = desk
        self.takes = StockTakes(desk.checkout)
        self.take: StockTake | None = None
        self.counts: dict[str, StockCount] = {}
        self.differences: tuple[Difference, ...] | None = None
        self.marked = ""
        self._latest: list[StockTake] = []
        self._place = ""
        self._name = ""
        self._error = ""
        self._is_sure = False

    def refresh(self) -> None:
        """Read what is open."""
        if self.take is None:
            done = [one for one in self.takes.latest(30) if not one.is_open]
            self._latest = [*reversed(self.takes.open()), *done]

    def enter(self, text: str) -> None:
        """A short number is the count of the marked product; anything else is looked for.

        Where none is open, a name begins a stock take.
        """
        if not text.strip():
            return
        if self.take is None:
            self.desk.gesture(lambda: self._begin(text))
        elif is_quantity(text) and self.marked:
            self.desk.gesture(lambda: self._set(text))
        else:
            self.desk.gesture(lambda: self._count(text))

    def scan(self, code: str) -> None:
        """Count one more of what was scanned."""
        self.desk.gesture(lambda: self._count(code))

    def press(self, key: str) -> None:
        """Do what a button says."""
        was_sure, self._is_sure = self._is_sure, False
        take = self.take
        if key == "new":
            self.desk.gesture(lambda: self._begin(self._name))
        elif take is None:
            return
        elif key == "back":
            self._leave()
            self.desk.show()
        elif key == "review":
            self.desk.gesture(lambda: self._show(self.takes.review(take)))
        elif key == "reopen":
            self.desk.gesture(lambda: self._show(self.takes.reopen(take)))
        elif key == "book":
            self._book(take)
        elif key == "discard" and not was_sure:
            self._is_sure = True
            self.desk.show()
        elif key == "discard":
            self.desk.gesture(lambda: self._discard(take))

    def choose(self, key: str) -> None:
        """Mark a product."""
        if self.take is not None and self.take.state is TakeState.COUNTING:
            self.marked = key

    def open(self, key: str) -> None:
        """Go on with a stock take."""
        for one in self._latest:
            if one.id == key and one.is_open:
                self._show(one)
                self.desk.show()

    def change(self, key: str, text: str) -> None:
        """Name the next stock take, or choose its place."""
        self._error = ""
        if key == "place":
            self._place = text
        elif key == "name":
            self._name = text[:1000]
            try:
                limited(text, NAME_LIMIT)
            except PosError as refusal:
                self._error = sentence_of(refusal, self.desk.amounts)
        self.desk.show()

    def page(self) -> StockPage:
        """Return what is to be seen."""
        if self.take is None:
            return self._list()
        if self.take.state is TakeState.COUNTING:
            return self._counting(self.take)
        return self._review(self.take)

    def _begin(self, name: str) -> None:
        cleaned = limited(name, NAME_LIMIT) or self.desk.day_words(self.desk.now.date())
        self._show(self.takes.begin(cleaned, self._place))
        self._name = ""

    def _show(self, take: StockTake) -> None:
        self.take = take
        self.counts = {one.product_id: one for one in self.takes.counts(take)}
        self.marked = ""
        self.differences = None
        if take.state is TakeState.REVIEWED:
            self.desk.work(lambda: tuple(self.takes.differences(take)), self._found)

    def _found(self, differences: tuple[Difference, ...]) -> None:
        self.differences = differences

    def _discard(self, take: StockTake) -> None:
        self.takes.discard(take)
        self._leave()

    def _leave(self) -> None:
        self.take, self.counts = None, {}
        self.refresh()

    def _current(self) -> StockTake:
        """The stock take on the screen, the newest that is counted, or a new one."""
        if self.take is None:
            counted = [one for one in self.takes.open() if one.state is TakeState.COUNTING]
            if counted:
                self._show(counted[-1])
            else:
                self._begin(self._name)
        assert self.take is not None  # noqa: S101 - it was just shown
        return self.take

    def _count(self, text: str) -> None:
        product, quantity = self.desk.find(text)
        found = self.takes.count(self._current(), product, quantity, adds=True)
        self._put(found)

    def _set(self, text: str) -> None:
        known = self.counts.get(self.marked)
        product = self.desk.checkout.store.products.get(self.marked)
        figure = self.desk.figure(text)
        if known is None or product is None or figure is None:
            return
        self._put(self.takes.count(self._current(), product, figure))

    def _put(self, found: StockCount) -> None:
        self.counts.pop(found.product_id, None)
        self.counts[found.product_id] = found
        self.marked = found.product_id

    def _book(self, take: StockTake) -> None:
        def done(booked: StockTake) -> None:
            self._leave()
            told = t("The stock of “{name}” is as it was counted.")
            self.desk.board.tell(told.format(name=isolated(booked.name)))
            self.desk.publish(Changes(stock=True, products=True))

        self.desk.board.forget_the_moment()
        self.desk.work(lambda: self.takes.book(take), done)

    def _list(self) -> StockPage:
        rows = tuple(
            TableRow(
                one.id,
                (
                    self.desk.day_words(one.at.date()),
                    one.name,
                    one.location,
                    str(one.counted),
                    _state_words()[one.state],
                ),
                Tone.PRIMARY if one.is_open else Tone.PLAIN,
            )
            for one in self._latest
        )
        shop = self.desk.checkout.shop
        places = tuple(dict.fromkeys((shop.location, *shop.stock.locations)))
        name = PageField(
            "name",
            t("Which part of the shop"),
            self._name,
            hint=t("Such as: Shelf 1"),
            error=self._error,
        )
        place = PageField(
            "place", t("Location"), self._place or shop.location, place_choices(places)
        )
        return StockPage(
            columns=(
                Column(t("Date"), 130),
                Column(t("Name"), 200, stretches=True),
                Column(t("Location"), 130),
                Column(t("Counted"), 110, is_figure=True),
                Column(t("State"), 140),
            ),
            rows=rows,
            about=t("Count while selling goes on: what is sold meanwhile is taken into account."),
            hint=t("Scan the first item, or type a name for the stock take"),
            fields=(name, place) if len(places) > 1 else (name,),
            actions=(SheetAction("new", t("New stock take"), "plus", Tone.PRIMARY),),
            empty=(
                "clipboard-list",
                t("No stock take yet"),
                t("Begin one, then scan what is there."),
            ),
        )

    def _counting(self, take: StockTake) -> StockPage:
        number = self.desk.amounts.number
        rows = tuple(
            TableRow(one.product_id, (one.code, one.name, number(one.counted)))
            for one in reversed(self.counts.values())
        )
        return StockPage(
            columns=(
                Column(t("Code"), 140),
                Column(t("Name"), 240, stretches=True),
                Column(t("Counted"), 120, is_figure=True),
            ),
            rows=rows,
            counted=t("{count} products").format(count=len(rows)),
            title=take.name,
            about=t("A scan adds one. A number, then Enter, says how many there are."),
            hint=t("Scan, type a name, or how many"),
            actions=(
                SheetAction("back", t("Later"), "pause"),
                self._discard_action(),
                SheetAction(
                    "review", t("To the differences"), "check", Tone.PRIMARY, is_enabled=bool(rows)
                ),
            ),
            marked=self.marked,
            empty=("scan-barcode", t("Nothing counted yet"), t("Scan the first item.")),
        )

    def _review(self, take: StockTake) -> StockPage:
        amounts = self.desk.amounts
        found = self.differences or ()
        rows = tuple(
            TableRow(
                one.count.product_id,
                (
                    one.count.code,
                    one.count.name,
                    amounts.number(one.count.expected),
                    amounts.number(one.count.counted),
                    amounts.number(one.count.difference),
                    amounts.plain(one.worth),
                ),
                Tone.DANGER if one.count.difference < 0 else Tone.WARNING,
            )
            for one in found
        )
        missing = sum((one.worth.minor for one in found), 0)
        told = t("{count} of {all} differ").format(count=len(rows), all=len(self.counts))
        if found:
            worth = type(found[0].worth)(missing, found[0].worth.currency)
            told += " · " + amounts.money(worth)
        return StockPage(
            columns=(
                Column(t("Code"), 120),
                Column(t("Name"), 200, stretches=True),
                Column(t("Expected"), 110, is_figure=True),
                Column(t("Counted"), 110, is_figure=True),
                Column(t("Difference"), 130, is_figure=True),
                Column(t("Value"), 120, is_figure=True),
            ),
            rows=rows,
            counted=waiting() if self.differences is None else told,
            title=take.name,
            about=t("The dearest difference first. Booking makes the books agree with the count."),
            actions=(
                SheetAction("back", t("Later"), "pause"),
                self._discard_action(),
                SheetAction("reopen", t("Count on"), "undo-2"),
                SheetAction("book", t("Book"), "check", Tone.PRIMARY),
            ),
            empty=("check", t("Everything agrees"), t("Book it to keep the count.")),
            is_reading=self.differences is None,
            can_export=bool(rows),
        )

    def _discard_action(self) -> SheetAction:
        words = t("Really give up?") if self._is_sure else t("Give up")
        return SheetAction("discard", words, "x", Tone.DANGER)

    def table(self) -> list[Sequence[Cell]]:
        """Return the differences for a spreadsheet."""
        titles = (t("Code"), t("Name"), t("Expected"), t("Counted"), t("Difference"), t("Value"))
        rows: list[Sequence[Cell]] = [titles]
        for one in self.differences or ():
            count = one.count
            rows.append(
                (
                    count.code,
                    count.name,
                    count.expected,
                    count.counted,
                    count.difference,
                    one.worth.amount,
                )
            )
        return rows


def _state_words() -> dict[TakeState, str]:
    return {
        TakeState.COUNTING: t("Being counted"),
        TakeState.REVIEWED: t("To be booked"),
        TakeState.BOOKED: t("Booked"),
        TakeState.DISCARDED: t("Given up"),
    }
