"""Splitting the sale on the screen, and joining it with one that is parked."""

from pos_app.domain.sale import CartIsEmpty
from pos_app.texts import t
from pos_app.ui.presenters import checkout_words as words
from pos_app.ui.presenters.checkout_rows import name_of
from pos_app.ui.presenters.checkout_state import SheetKind, SheetView
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen, gesture
from pos_app.ui.views import SearchHit

_CHOSEN = "✓ "


class SplitDesk:
    """Chooses the lines that go into a parked sale of their own; Enter does it."""

    def __init__(self, sale: SaleOnScreen) -> None:
        self.sale = sale
        self._chosen: set[int] = set()

    @gesture
    def open(self) -> None:
        """List the lines to choose from; the selected one is chosen."""
        if self.sale.finished is not None or self.sale.cart.is_empty:
            raise CartIsEmpty()
        self._chosen = {self.sale.line.id}
        self._show()

    def choose(self, key: str) -> None:
        """Take a line along, or leave it."""
        self._chosen ^= {int(key)}
        self._show()

    def enter(self, text: str) -> None:
        """Park the chosen lines under the name that was typed."""
        sale = self.sale
        name = text.strip()
        sale.take_over(sale.checkout.split(sale.cart, self._chosen, name))
        sale.selected = sale.cart.lines[-1].id
        sale.close()
        sale.count_parked()
        sale.notices.tell(t("The chosen lines are parked. Press F8 to recall them."))

    def follow(self, text: str) -> None:
        """What is typed is the name."""

    def scan(self, code: str) -> bool:
        """A scan belongs to the sale."""
        self.sale.close()
        return False

    def _show(self) -> None:
        cart, amounts = self.sale.cart, self.sale.amounts
        rows = tuple(
            SearchHit(
                str(line.id),
                (_CHOSEN if line.id in self._chosen else "") + name_of(line),
                amounts.quantity(line.quantity, line.unit),
                amounts.plain(figures.gross),
            )
            for line, figures in zip(cart.lines, self.sale.priced.lines, strict=True)
        )
        view = SheetView(
            kind=SheetKind.CHOICE,
            title=t("Split the sale"),
            about=t("Touch what goes into a sale of its own; Enter parks it."),
            asks=t("Name of the new sale"),
            hint=t("Enter parks them"),
            text=self.sale.figures.text if self.sale.owner is self else "",
            rows=rows,
        )
        self.sale.open(view, self)


class JoinDesk:
    """Brings a parked sale into the one on the screen."""

    def __init__(self, sale: SaleOnScreen) -> None:
        self.sale = sale

    @gesture
    def open(self) -> None:
        """List what is parked."""
        parked = self.sale.checkout.parked()
        if not parked:
            raise words.NothingParked()
        listed = self.sale.sheets.parked(parked)
        view = SheetView(
            kind=SheetKind.CHOICE,
            title=t("Join with a parked sale"),
            about=t("Touch the sale whose lines come to this one; Enter takes the first."),
            asks=t("Parked sales"),
            hint=t("Enter takes the first"),
            rows=listed.rows,
        )
        self.sale.open(view, self)

    def choose(self, key: str) -> None:
        """Join the touched one; with nothing on the screen it is simply recalled."""
        sale = self.sale
        if sale.finished is not None or sale.cart.is_empty:
            sale.begin(sale.checkout.recall(key))
        else:
            sale.take_over(sale.checkout.merge(sale.cart, key))
        sale.close()
        sale.count_parked()

    def enter(self, text: str) -> None:
        """Join the first of the list."""
        self.choose(self.sale.sheet.rows[0].key)

    def follow(self, text: str) -> None:
        """Nothing is typed here."""

    def scan(self, code: str) -> bool:
        """A scan belongs to the sale."""
        self.sale.close()
        return False
