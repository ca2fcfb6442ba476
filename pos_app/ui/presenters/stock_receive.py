"""The receive section: what came in, scanned line by line, then booked."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from pos_app.domain.barcode import parse_barcode
from pos_app.domain.delivery import Delivery, DeliveryLine, DeliveryState, Supplier
from pos_app.domain.errors import PosError
from pos_app.services.receiving import Receiving
from pos_app.texts import t
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import isolated, sentence_of
from pos_app.ui.presenters.stock_page import (
    NothingLikeThat,
    PageField,
    Quiet,
    StockDesk,
    StockPage,
    is_code,
    is_quantity,
    limited,
)
from pos_app.ui.presenters.typed_figures import shown_figure, shown_price
from pos_app.ui.views import Column, SheetAction, TableRow, Tone

NAME_LIMIT = 100
_LINE_FIELDS = ("product", "quantity", "cost", "batch", "expiry")


class ReceiveSection(Quiet):
    """Keeps the delivery on the screen; each gesture is durable before it is shown."""

    def __init__(self, desk: StockDesk) -> None:
        self.desk = desk
        self.receiving = Receiving(desk.checkout)
        self.delivery: Delivery | None = None
        self.lines: dict[int, DeliveryLine] = {}
        self._rows: dict[int, tuple[DeliveryLine, TableRow]] = {}
        self.marked = 0
        self._latest: list[Delivery] = []
        self._suppliers: list[Supplier] = []
        self._errors: dict[str, tuple[str, str]] = {}
        self._is_sure = False

    def refresh(self) -> None:
        """Read what is open; the lines of the delivery on the screen stay."""
        self._suppliers = self.receiving.suppliers()
        is_gone = self.delivery is None or all(
            one.id != self.delivery.id for one in self.receiving.open()
        )
        if is_gone:
            self.delivery, self.lines = None, {}
        if self.delivery is None:
            done = [one for one in self.receiving.latest(30) if one.state is not DeliveryState.OPEN]
            self._latest = [*reversed(self.receiving.open()), *done]

    def enter(self, text: str) -> None:
        """A short number sets the quantity of the marked line, anything else is looked for."""
        if not text.strip():
            return
        if is_quantity(text) and self.marked in self.lines:
            self.desk.gesture(lambda: self._set_quantity(text))
        else:
            self.desk.gesture(lambda: self._receive(text))

    def scan(self, code: str) -> None:
        """Receive one of what was scanned; a code that nobody knows waits for its product."""
        wrong = [error for _, error in self._errors.values()]
        self.desk.gesture(lambda: self._receive(code, is_scan=True))
        if wrong:  # what was typed wrongly did not count; the scan did
            self.desk.board.refuse(wrong[0])
            self.desk.show()

    def press(self, key: str) -> None:
        """Do what a button says."""
        was_sure, self._is_sure = self._is_sure, False
        if key == "new":
            self.desk.gesture(lambda: self._show(self.receiving.begin()))
        elif key == "back":
            self.delivery, self.lines = None, {}
            self.refresh()
            self.desk.show()
        elif key == "book" and self._errors:
            self.desk.board.refuse(t("Please look at the fields marked red. Nothing is lost."))
            self.desk.show()
        elif key == "book":
            self._book()
        elif key == "discard" and not was_sure:
            self._is_sure = True
            self.desk.show()
        elif key == "discard":
            self.desk.gesture(self._discard)
        elif key == "remove":
            self.desk.gesture(lambda: self._keep(quantity=Decimal(0)))

    def choose(self, key: str) -> None:
        """Mark a line."""
        if self.delivery is not None and key.isdigit() and int(key) != self.marked:
            self.marked = int(key)
            self._errors = {}
            self.desk.show()

    def open(self, key: str) -> None:
        """Go on with an open delivery."""
        for one in self._latest:
            if one.id == key and one.state is DeliveryState.OPEN:
                self._show(one)
                self.desk.show()

    def change(self, key: str, text: str) -> None:
        """Take what was typed in a field; what is wrong stands under it and stays typed."""
        self._errors.pop(key, None)
        try:
            if key in ("supplier", "document"):
                self._tell(key, limited(text, NAME_LIMIT))
            elif key in _LINE_FIELDS and self.marked in self.lines:
                self._change_line(key, text)
        except PosError as refusal:
            self._errors[key] = (text[:NAME_LIMIT], sentence_of(refusal, self.desk.amounts))
        self.desk.show()

    def page(self) -> StockPage:
        """Return what is to be seen."""
        return self._list() if self.delivery is None else self._lines_page(self.delivery)

    def _receive(self, text: str, *, is_scan: bool = False) -> None:
        code = " ".join(text.split())[:100]
        try:
            product, quantity = self.desk.find(text)
        except NothingLikeThat:
            if not is_scan and not is_code(code):
                raise
            line = self.receiving.add_unknown(self._current(), code)
            told = t("{code} is not in the catalogue. Choose its product when there is time.")
            self.desk.board.tell(told.format(code=isolated(code[:40])))
        else:
            batch, expiry = self._batch_of(text)
            line = self.receiving.add(
                self._current(), product, quantity, batch=batch, expiry=expiry
            )
        self._put(line)

    def _batch_of(self, text: str) -> tuple[str, date | None]:
        """The batch and date that a GS1 code carries."""
        try:
            barcode = parse_barcode(text, (), self.desk.now.date())
        except PosError:
            return "", None
        return (barcode.batch or "")[:NAME_LIMIT], barcode.expires

    def _current(self) -> Delivery:
        """The delivery on the screen, the newest that is open, or a new one."""
        if self.delivery is None:
            known = self.receiving.open()
            self._show(known[-1] if known else self.receiving.begin())
        assert self.delivery is not None  # noqa: S101 - it was just shown
        return self.delivery

    def _show(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.lines = {line.no: line for line in self.receiving.lines(delivery)}
        self._rows = {}
        self.marked = max(self.lines, default=0)
        self._errors = {}

    def _put(self, line: DeliveryLine) -> None:
        self.lines.pop(line.no, None)
        if line.quantity:
            self.lines[line.no] = line
            self.marked = line.no
        else:
            self.marked = max(self.lines, default=0)
        self._errors = {}

    def _keep(self, **values: object) -> None:
        line = self.lines.get(self.marked)
        if line is not None:
            self._put(self.receiving.change(replace(line, **values)))  # type: ignore[arg-type]

    def _set_quantity(self, text: str) -> None:
        quantity = self.desk.figure(text)
        if quantity is not None:
            self._keep(quantity=quantity)

    def _change_line(self, key: str, text: str) -> None:
        if key == "product":
            if text.strip():
                product, _ = self.desk.find(text)
                cost = self.lines[self.marked].unit_cost
                self._keep(
                    product_id=product.id,
                    code=product.code,
                    name=product.name,
                    unit_cost=product.cost if cost is None else cost,
                )
        elif key == "quantity":
            self._set_quantity(text)
        elif key == "cost":
            self._keep(unit_cost=self.desk.figure(text))
        elif key == "batch":
            self._keep(batch=limited(text, NAME_LIMIT))
        elif key == "expiry":
            self._keep(expiry=self.desk.day(text))

    def _tell(self, key: str, text: str) -> None:
        delivery = self.delivery
        if delivery is None:
            return
        supplier = self._supplier(text if key == "supplier" else delivery.supplier_name)
        document = text if key == "document" else delivery.document
        self.delivery = self.receiving.tell(delivery, supplier, document)

    def _supplier(self, name: str) -> Supplier | None:
        """The supplier of that name; a new name makes a new one."""
        if not name:
            return None
        for one in self._suppliers:
            if name in (one.id, one.name) or one.name.casefold() == name.casefold():
                return one
        kept = self.receiving.save_supplier(Supplier("", name))
        self._suppliers = self.receiving.suppliers()
        return kept

    def _book(self) -> None:
        delivery, lines = self.delivery, len(self.lines)
        if delivery is None:
            return

        def done(_booked: Delivery) -> None:
            self.delivery, self.lines = None, {}
            self.refresh()
            told = t("Booked. {count} lines are in stock now.").format(count=lines)
            self.desk.board.tell(told)
            self.desk.publish(Changes(stock=True, products=True))

        self.desk.board.forget_the_moment()
        self.desk.work(lambda: self.receiving.book(delivery), done)

    def _discard(self) -> None:
        if self.delivery is not None:
            self.receiving.discard(self.delivery)
            self.delivery, self.lines = None, {}
            self.refresh()

    def _list(self) -> StockPage:
        rows = tuple(
            TableRow(
                one.id,
                (
                    self.desk.day_words(one.at.date()),
                    one.supplier_name or t("Not named yet"),
                    one.document,
                    str(one.line_count),
                    _state_words()[one.state],
                ),
                Tone.PRIMARY if one.state is DeliveryState.OPEN else Tone.PLAIN,
            )
            for one in self._latest
        )
        waiting = sum(one.state is DeliveryState.OPEN for one in self._latest)
        about = t("Scan the first item, or begin a delivery.")
        if waiting:
            about = t("{count} not booked yet. Open it, or scan on.").format(count=waiting)
        return StockPage(
            columns=(
                Column(t("Date"), 130),
                Column(t("Supplier"), 200, stretches=True),
                Column(t("Document"), 140),
                Column(t("Lines"), 80, is_figure=True),
                Column(t("State"), 120),
            ),
            rows=rows,
            about=about,
            hint=t("Scan an item, or type its code or name"),
            actions=(SheetAction("new", t("New delivery"), "plus", Tone.PRIMARY),),
            empty=("truck", t("Nothing received yet"), t("Scan the first item of a delivery.")),
        )

    def _lines_page(self, delivery: Delivery) -> StockPage:
        rows = tuple(self._row(line) for line in reversed(self.lines.values()))
        discard = t("Really give up?") if self._is_sure else t("Give up")
        remove = SheetAction("remove", t("Remove line"), "minus", is_enabled=bool(self.lines))
        return StockPage(
            columns=_line_columns(),
            rows=rows,
            counted=t("{count} lines").format(count=len(rows)),
            title=delivery.supplier_name or t("Delivery"),
            about=t("A scan adds one. A number, then Enter, sets how many."),
            hint=t("Scan, type a name, or how many"),
            fields=self._fields(delivery),
            actions=(
                SheetAction("back", t("Later"), "pause"),
                SheetAction("discard", discard, "x", Tone.DANGER),
                remove,
                SheetAction("book", t("Book"), "check", Tone.PRIMARY, is_enabled=bool(rows)),
            ),
            marked=str(self.marked),
            empty=("scan-barcode", t("Nothing received yet"), t("Scan the first item.")),
        )

    def _row(self, line: DeliveryLine) -> TableRow:
        """A line as it is shown; one that did not change since is not written again."""
        known = self._rows.get(line.no)
        if known is not None and known[0] is line:
            return known[1]
        amounts = self.desk.amounts
        row = TableRow(
            str(line.no),
            (
                line.name or t("Unknown: {code}").format(code=line.code),
                amounts.number(line.quantity),
                "" if line.unit_cost is None else amounts.price(line.unit_cost),
                line.code,
                line.batch,
                self.desk.day_words(line.expiry),
            ),
            Tone.PLAIN if line.product_id else Tone.WARNING,
        )
        self._rows[line.no] = (line, row)
        return row

    def _fields(self, delivery: Delivery) -> tuple[PageField, ...]:
        names = tuple(Choice(one.name, one.name) for one in self._suppliers)
        head = (
            self._field("supplier", t("Supplier"), delivery.supplier_name, names, is_open=True),
            self._field("document", t("Number of their paper"), delivery.document),
        )
        line = self.lines.get(self.marked)
        if line is None:
            return head
        amounts = self.desk.amounts
        unknown = self._field(
            "product",
            t("Product"),
            "",
            hint=t("Name or code of the product for {code}").format(code=isolated(line.code[:30])),
        )
        return (
            *head,
            *(() if line.product_id else (unknown,)),
            self._field("quantity", t("Quantity"), shown_figure(line.quantity, amounts)),
            self._field("cost", t("Cost of one"), shown_price(line.unit_cost, amounts)),
            self._field("batch", t("Batch"), line.batch),
            self._field("expiry", t("Good until"), line.expiry.isoformat() if line.expiry else ""),
        )

    def _field(
        self,
        key: str,
        label: str,
        text: str,
        choices: tuple[Choice, ...] = (),
        *,
        is_open: bool = False,
        hint: str = "",
    ) -> PageField:
        typed, error = self._errors.get(key, (text, ""))
        return PageField(key, label, typed, choices, is_open, hint, error, key in _FIGURES)


_FIGURES = ("quantity", "cost")


def _state_words() -> dict[DeliveryState, str]:
    return {
        DeliveryState.OPEN: t("Not booked yet"),
        DeliveryState.BOOKED: t("Booked"),
        DeliveryState.DISCARDED: t("Given up"),
    }


def _line_columns() -> tuple[Column, ...]:
    return (
        Column(t("Name"), 180, stretches=True),
        Column(t("Quantity"), 100, is_figure=True),
        Column(t("Cost"), 140, is_figure=True),
        Column(t("Code"), 140),
        Column(t("Batch"), 120),
        Column(t("Good until"), 130),
    )
