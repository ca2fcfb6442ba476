"""Gestures on the entry line: codes from the scanner or by hand, words to search, figures."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from pos_app.domain import cart as carts
from pos_app.domain.cart import CartLine
from pos_app.domain.errors import PosError
from pos_app.services.scanning import Outcome, Scanned
from pos_app.texts import t
from pos_app.ui.presenters import checkout_words as words
from pos_app.ui.presenters import notice_board as board
from pos_app.ui.presenters import number_buffer as buffer
from pos_app.ui.presenters.checkout_rows import name_of
from pos_app.ui.presenters.checkout_state import Prompt, SheetKind
from pos_app.ui.presenters.line_gestures import LineGestures
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen, gesture
from pos_app.ui.presenters.sheet_gestures import SheetGestures
from pos_app.ui.presenters.stock_news import tell_of_stock
from pos_app.ui.views import Notice, Severity

if TYPE_CHECKING:
    from pos_app.ui.presenters.background_work import RunWork
    from pos_app.ui.presenters.weighing import Weigh, Weighing

SEARCH_LIMIT = 30
SHORT_CODE = 6


class EntryGestures:
    """What can be typed, scanned or touched to put things into the cart."""

    def __init__(self, sale: SaleOnScreen, lines: LineGestures, sheets: SheetGestures) -> None:
        self.sale = sale
        self._lines = lines
        self._sheets = sheets
        self._weighing: Weighing | None = None
        self._before_quantity = Decimal(1)
        self._code = ""
        self.on_receipt: Callable[[str], None] | None = None
        self.on_held: Callable[[str], bool] | None = None
        self.on_document: Callable[[str], bool] | None = None

    @gesture
    def scan(self, code: str) -> None:
        """Take a scanned code; an unknown one becomes an open line, and scanning goes on."""
        sale = self.sale
        if sale.owner is not None and sale.owner.scan(code):
            return
        sale.end_prompt()
        typed = sale.figures
        self._scan(code)
        if sale.sheet.kind is SheetKind.CUSTOMER and sale.cart.customer:
            sale.close()
        elif sale.sheet.kind:  # a note half written must not be lost to a scan
            sale.figures = replace(typed, serial=sale.figures.serial)

    @gesture
    def type_text(self, text: str) -> None:
        """Follow what stands on the entry line; words look for products at once."""
        self._type(text)

    @gesture
    def key_in(self, sign: str) -> None:
        """Add a sign from the number pad to the entry line."""
        self._type(self.sale.figures.text + sign)
        self._echo()

    @gesture
    def erase(self) -> None:
        """Take the last sign off the entry line."""
        self._type(self.sale.figures.text[:-1])
        self._echo()

    @gesture
    def escape(self) -> None:
        """Clear the entry line and close what lies over the screen; never the sale."""
        sale = self.sale
        if sale.sheet.kind:
            sale.escape_sheet()
        elif sale.figures.prompt is Prompt.QUANTITY and sale.figures.text:
            sale.put(carts.set_quantity(sale.cart, sale.line.id, self._before_quantity))
        sale.clear_entry()

    @gesture
    def enter(self) -> None:
        """Do what the entry line plainly means: a code, the best hit, a quantity or a price."""
        figures = self.sale.figures
        if self.sale.sheet.kind:
            self._sheets.enter()
            return
        if figures.prompt is Prompt.QUANTITY:
            self._lines.give_quantity(buffer.number_of(figures.text))
        elif figures.prompt is Prompt.PRICE:
            self._lines.give_price(figures.text)
        elif buffer.is_figures(figures.text):
            self._enter_figures(figures.text)
        elif figures.text.strip():
            if not self._is_document(figures.text):
                self._add(self._best_hit(figures.text))
            return
        elif figures.times is not None:
            self._lines.give_quantity(figures.times)
        else:
            return
        self.sale.clear_entry()

    @gesture
    def times(self) -> None:
        """`3 *` orders three of the next item; `*` alone waits for the selected line's quantity."""
        sale = self.sale
        if sale.figures.text:
            number = buffer.number_of(sale.figures.text)
            sale.clear_entry()
            sale.figures = replace(sale.figures, times=number)
        else:
            self.begin(Prompt.QUANTITY)

    @gesture
    def price(self) -> None:
        """Give the selected line the price on the entry line, or wait for it."""
        text = self.sale.figures.text
        if text:
            self.sale.take_number()
            self._lines.give_price(text)
        else:
            self.begin(Prompt.PRICE)

    @gesture
    def choose_product(self, product_id: str) -> None:
        """Add a product that was touched on a tile or in the search list."""
        self.sale.end_prompt()
        self._add(product_id)

    def use_scale(self, run: "RunWork", weigh: "Weigh") -> None:
        """Weigh what is sold by weight from now on: `run` asks the scale with `weigh`."""
        from pos_app.ui.presenters.weighing import Weighing  # noqa: PLC0415 - few shops have one

        if self._weighing is None:
            added = partial(self._ask_for, is_counted=True)
            self._weighing = Weighing(self.sale, added)
        self._weighing.connect(run, weigh)

    def begin(self, prompt: Prompt) -> None:
        """Let the entry line wait for a figure for the selected line."""
        line = self.sale.line
        self.sale.selected = line.id
        self.sale.clear_entry()
        self.sale.figures = replace(self.sale.figures, prompt=prompt, about=name_of(line))
        self._before_quantity = line.quantity

    def _scan(self, code: str) -> None:
        sale = self.sale
        self._code = code
        scanned = sale.checkout.scan(sale.cart, code, self._count())
        if scanned.unmeasured and self._is_weighed(scanned.unmeasured):
            return
        sale.put(scanned.cart)
        sale.clear_entry()
        self._tell(scanned)
        tell_of_stock(sale, scanned.line_ids, scanned.warning)

    def _tell(self, scanned: Scanned) -> None:
        """A code that led to no product marks the line or says why; it never stops the scanning."""
        sale = self.sale
        if scanned.outcome is Outcome.RECEIPT and self.on_receipt is not None:
            self.on_receipt(self._code)
        elif scanned.outcome is Outcome.HELD and self.on_held is not None:
            self.on_held(self._code)
        elif scanned.outcome is Outcome.DOCUMENT and self.on_document is not None:
            self.on_document(self._code)
        elif scanned.outcome is Outcome.RECEIPT:
            text = t("This is receipt {number}. Open Receipts to see it.")
            sale.notices.tell(text.format(number=scanned.receipt_number))
        elif scanned.refusal is not None:
            text = sentence_of(scanned.refusal, sale.amounts)
            if scanned.outcome is Outcome.UNKNOWN:
                example = sale.amounts.price(Decimal("1.99"))
                text += " " + t("Or type its price and press F6: {price}").format(price=example)
            sale.notices.put(Notice(board.UNKNOWN, Severity.MARK, text))
        elif not scanned.line_ids and scanned.outcome is Outcome.CUSTOMER:
            name = sale.cart.customer.name if sale.cart.customer else ""
            sale.notices.tell(t("Customer {name}").format(name=name))

    def _count(self) -> Decimal:
        """How many of the next item; a zero that was typed is for the cart to refuse."""
        times = self.sale.figures.times
        return Decimal(1) if times is None else times

    def _add(self, product_id: str) -> None:
        sale = self.sale
        if self._is_weighed(product_id):
            return
        times = sale.figures.times
        before = len(sale.cart.lines)
        sale.put(sale.checkout.add(sale.cart, product_id, self._count()))
        sale.clear_entry()
        tell_of_stock(sale, (sale.selected,))
        if len(sale.cart.lines) > before:
            self._ask_for(sale.line, is_counted=times is not None)

    def _is_weighed(self, product_id: str) -> bool:
        """Let the scale say how much, if there is one and the cashier has not; the line follows."""
        weighing = self._weighing
        if weighing is None or self.sale.figures.times is not None:
            return False
        if not weighing.takes(product_id):
            return False
        if self.sale.owner is not weighing:
            self.sale.clear_entry()
        return True

    def _ask_for(self, line: CartLine, *, is_counted: bool) -> None:
        """Goods without a price, or to be weighed, wait for the figure; scanning may go on."""
        if not line.is_priced:
            self.begin(Prompt.PRICE)
        elif line.unit.decimals and not is_counted:
            self.begin(Prompt.QUANTITY)

    def _type(self, text: str) -> None:
        sale = self.sale
        text = buffer.clean_entry(text)
        sale.figures = replace(sale.figures, text=text)
        if sale.sheet.kind:
            self._sheets.follow(text)
        elif sale.figures.prompt is Prompt.QUANTITY:
            self._follow_quantity(text)
        elif sale.figures.prompt is Prompt.NONE:
            self._look_for(text)

    def _follow_quantity(self, text: str) -> None:
        """Apply each digit at once where it already makes a possible quantity."""
        sale = self.sale
        try:
            sale.follow(carts.set_quantity(sale.cart, sale.line.id, buffer.number_of(text)))
        except PosError:
            return

    def _look_for(self, text: str) -> None:
        sale = self.sale
        if buffer.is_search(text):
            found = sale.checkout.search(text.strip(), SEARCH_LIMIT)
            sale.figures = sale.figures.with_found(found, sale.amounts)
        elif sale.figures.is_searching:
            sale.figures = replace(sale.figures, hits=(), found=(), is_searching=False)

    def _best_hit(self, text: str) -> str:
        found = self.sale.figures.found
        if not found:
            raise words.NothingFound(text=text.strip()[:40])
        return self._exact(text) or found[0].id

    def _exact(self, text: str) -> str:
        """The product among those found whose code or barcode is just what was typed."""
        wanted = text.strip().casefold()
        for product in self.sale.figures.found:
            if wanted in (product.code.casefold(), *(b.casefold() for b in product.barcodes)):
                return product.id
        return ""

    def _is_document(self, text: str) -> bool:
        """Bring the order or invoice whose number was typed, where no product is called so."""
        wanted = text.strip()
        has_number = any(sign.isdigit() for sign in wanted)
        if self.on_document is None or not has_number or self._exact(wanted):
            return False
        return self.on_document(wanted)

    def _enter_figures(self, text: str) -> None:
        """A code by hand; with a decimal point it can only be the price of an open line."""
        sale = self.sale
        if not buffer.has_no_point(text):
            if sale.finished is not None or sale.cart.is_empty or sale.line.is_priced:
                raise words.NotACode(text=text)
            self._lines.give_price(text)
            return
        if len(text) < SHORT_CODE:
            tried = sale.checkout.scan(sale.cart, text, self._count())
            if tried.outcome is Outcome.UNKNOWN:
                raise words.NothingFound(text=text)
        self._scan(text)

    def _echo(self) -> None:
        self.sale.figures = replace(self.sale.figures, serial=self.sale.figures.serial + 1)
