"""The section about one product: its movements, and moving, writing off or sending back."""

from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.product import Product
from pos_app.services.stock import StockRoom
from pos_app.services.time_zones import shop_zone
from pos_app.texts import t
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.office_words import reason_words
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import isolated, sentence_of
from pos_app.ui.presenters.stock_page import (
    PageField,
    Quiet,
    StockDesk,
    StockPage,
    limited,
    place_choices,
    waiting,
)
from pos_app.ui.views import Column, SheetAction, TableRow, Tone

if TYPE_CHECKING:
    from pos_app.store.stock import StockMovement

NOTE_LIMIT = 200
WRITE_OFF, TRANSFER, SEND_BACK = "write_off", "transfer", "send_back"


class NoQuantity(PosError):
    """Nothing was typed where a quantity belongs."""

    sentence = "Enter how many."


class MoveSection(Quiet):
    """Keeps the product on the screen and what is typed about it."""

    def __init__(self, desk: StockDesk) -> None:
        self.desk = desk
        self.room = StockRoom(desk.checkout)
        self.product: Product | None = None
        self.movements: tuple[StockMovement, ...] = ()
        self.is_reading = False
        self._serial = 0
        self._typed: dict[str, str] = {}
        self._errors: dict[str, str] = {}

    def refresh(self) -> None:
        """Read the product's movements anew."""
        product = self.product
        if product is None:
            return
        self._serial += 1
        serial, self.is_reading = self._serial, True

        def done(found: "tuple[StockMovement, ...]") -> None:
            if serial == self._serial:
                self.movements, self.is_reading = found, False

        self.desk.work(lambda: tuple(self.room.movements(product.id)), done)

    def enter(self, text: str) -> None:
        """Look for a product."""
        if text.strip():
            self.desk.gesture(lambda: self._find(text))

    def scan(self, code: str) -> None:
        """Show the product that was scanned."""
        self.desk.gesture(lambda: self._find(code))

    def change(self, key: str, text: str) -> None:
        """Take what was typed or chosen."""
        self._typed[key] = text[:1000]
        self._errors.pop(key, None)
        self.desk.show()

    def press(self, key: str) -> None:
        """Move the goods."""
        if key == "move":
            self.desk.board.forget_the_moment()
            self._errors = {}
            self.desk.gesture(self._move)

    def page(self) -> StockPage:
        """Return what is to be seen."""
        words = reason_words()
        zone = shop_zone(self.desk.checkout.shop.time_zone)
        rows = []
        for place, one in enumerate(self.movements):
            at = one.at.astimezone(zone)
            move = one.move
            rows.append(
                TableRow(
                    str(place),
                    (
                        f"{self.desk.day_words(at.date())} {at:%H:%M}",
                        words.get(move.reason, move.reason.value),
                        self.desk.amounts.number(move.quantity),
                        move.location,
                        " ".join(part for part in (move.note, move.batch) if part),
                    ),
                )
            )
        product = self.product
        return StockPage(
            columns=(
                Column(t("Time"), 170),
                Column(t("Why"), 140),
                Column(t("Quantity"), 110, is_figure=True),
                Column(t("Location"), 120),
                Column(t("Note"), 160, stretches=True),
            ),
            rows=tuple(rows),
            counted=waiting() if self.is_reading else self._levels(),
            title="" if product is None else product.name,
            about="" if product is None else t("The last hundred movements, the newest first."),
            hint=t("Scan a product, or type its code or name"),
            fields=() if product is None else self._fields(),
            actions=()
            if product is None
            else (SheetAction("move", self._words(), "check", Tone.PRIMARY),),
            empty=("package", t("Which product?"), t("Scan it, or type its name above."))
            if product is None
            else ("history", t("Never moved"), t("This product has no movements yet.")),
            is_reading=self.is_reading,
        )

    def show(self, product_id: str) -> None:
        """Put a product on the screen."""
        self.product = self.desk.checkout.store.products.get(product_id)
        self.movements, self._typed, self._errors = (), {}, {}

    def _find(self, text: str) -> None:
        self.product, _ = self.desk.find(text)
        self.movements, self._typed, self._errors = (), {}, {}
        self.refresh()

    def _levels(self) -> str:
        if self.product is None:
            return ""
        number = self.desk.amounts.number
        levels = self.desk.checkout.store.stock.levels(self.product.id)
        return " · ".join(f"{isolated(place)}: {number(level)}" for place, level in levels.items())

    def _what(self) -> str:
        return self._typed.get("what", WRITE_OFF)

    def _words(self) -> str:
        return {
            WRITE_OFF: t("Write off"),
            TRANSFER: t("Move"),
            SEND_BACK: t("Send back"),
        }[self._what()]

    def _fields(self) -> tuple[PageField, ...]:
        shop = self.desk.checkout.shop
        places = tuple(dict.fromkeys((shop.location, *shop.stock.locations)))
        what = (
            Choice(WRITE_OFF, t("Write off: spoilt, broken, lost")),
            Choice(SEND_BACK, t("Send back to the supplier")),
            *((Choice(TRANSFER, t("Move to another place")),) if len(places) > 1 else ()),
        )
        origin = self._typed.get("origin", shop.location)
        choices = place_choices(places)
        fields = [PageField("what", t("What happens"), self._what(), what)]
        if len(places) > 1:
            fields.append(PageField("origin", t("From"), origin, choices))
        if self._what() == TRANSFER:
            fields.append(PageField("target", t("To"), self._target(origin), choices))
        fields.append(self._text_field("quantity", t("Quantity"), is_figure=True))
        if self._what() != TRANSFER:
            fields.append(self._text_field("batch", t("Batch")))
        fields.append(self._text_field("note", t("Note")))
        return tuple(fields)

    def _target(self, origin: str) -> str:
        shop = self.desk.checkout.shop
        others = [one for one in (shop.location, *shop.stock.locations) if one != origin]
        return self._typed.get("target", others[0] if others else origin)

    def _text_field(self, key: str, label: str, *, is_figure: bool = False) -> PageField:
        return PageField(
            key,
            label,
            self._typed.get(key, ""),
            error=self._errors.get(key, ""),
            is_figure=is_figure,
        )

    def _move(self) -> None:
        product = self.product
        if product is None:
            return
        try:
            quantity = self.desk.figure(self._typed.get("quantity", ""))
            if quantity is None:
                raise NoQuantity()
        except PosError as refusal:
            self._errors["quantity"] = sentence_of(refusal, self.desk.amounts)
            return
        note = limited(self._typed.get("note", ""), NOTE_LIMIT)
        batch = limited(self._typed.get("batch", ""), NOTE_LIMIT)
        origin = self._typed.get("origin", self.desk.checkout.shop.location)
        what = self._what()
        if what == TRANSFER:
            self.room.transfer(product, origin, self._target(origin), quantity, note)
        elif what == SEND_BACK:
            self.room.send_back(product, origin, quantity, note, batch)
        else:
            self.room.write_off(product, origin, quantity, note, batch)
        for key in ("quantity", "note", "batch"):
            self._typed.pop(key, None)
        self.desk.board.tell(t("Done: {name}").format(name=isolated(product.name)))
        self.desk.publish(Changes(stock=True, products=True))
        self.refresh()
