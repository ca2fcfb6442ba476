"""The sheet of what happened to a card: each change with its document, and what was left then."""

from typing import TYPE_CHECKING

from pos_app.domain.stored_value import HolderAction, StoredValue, ValueAction
from pos_app.printing.amounts import writing
from pos_app.services.value_history import ValueChange, history_of
from pos_app.texts import t
from pos_app.ui.presenters.checkout_state import SheetKind, SheetView
from pos_app.ui.presenters.refusals import in_one_piece, sentence_of
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen
from pos_app.ui.views import SearchHit

if TYPE_CHECKING:
    from pos_app.ui.presenters.background_work import RunWork


class ValueHistory:
    """Owns the sheet of one card; the journal is read elsewhere, because it may be long."""

    def __init__(self, sale: SaleOnScreen, account: StoredValue, shown: str) -> None:
        self.sale = sale
        self._account = account
        self._shown = shown

    def open(self, run: "RunWork") -> None:
        """Lay the sheet over the products and fill it when the journal was read."""
        store = self.sale.checkout.store
        self._lay((), t("The journal is being read …"))
        run(lambda _working: history_of(store, self._account), self._read, self._failed)

    def choose(self, key: str) -> None:
        """The rows are for reading."""

    def enter(self, text: str) -> None:
        """Take the sheet away."""
        self.sale.close()

    def follow(self, text: str) -> None:
        """Nothing is typed here."""

    def scan(self, code: str) -> bool:
        """A scan belongs to the sale."""
        self.sale.close()
        return False

    def _read(self, changes: list[ValueChange]) -> None:
        if self.sale.owner is self:
            rows = tuple(self._row(place, change) for place, change in enumerate(changes))
            self._lay(rows, t("Nothing happened to it yet."))
            self.sale.show()

    def _failed(self, error: Exception) -> None:
        from pos_app.domain.errors import PosError  # noqa: PLC0415 - only where reading failed

        if isinstance(error, PosError):
            self.sale.notices.refuse(sentence_of(error, self.sale.amounts))
            self.sale.close()
            self.sale.show()
            return
        raise error

    def _lay(self, rows: tuple[SearchHit, ...], empty: str) -> None:
        left = self.sale.amounts.money(self._account.money)
        view = SheetView(
            kind=SheetKind.CHOICE,
            title=t("History of {number}").format(number=self._shown),
            about=t("{amount} is left").format(amount=left),
            asks=self._shown,
            hint=t("Enter closes it"),
            rows=rows,
            empty=empty,
        )
        self.sale.open(view, self)

    def _row(self, place: int, change: ValueChange) -> SearchHit:
        shop, money = self.sale.shop, self.sale.amounts.money
        written = writing(shop.screen.language or "en", shop.country, shop.time_zone)
        name = action_word(change.action)
        if change.number:
            name = f"{name} · {in_one_piece(change.number)}"
        about = t("{time} · by {staff} · {left} left").format(
            time=written.date_and_time(change.at), staff=change.staff, left=money(change.left)
        )
        return SearchHit(str(place), name, about, money(change.change) if change.change else "")


def action_word(action: ValueAction | HolderAction) -> str:
    """Return the word for what happened to a card."""
    return {
        ValueAction.ISSUE: t("Sold"),
        ValueAction.TOP_UP: t("Topped up"),
        ValueAction.REDEEM: t("Paid with it"),
        ValueAction.REFUND: t("Refunded to it"),
        ValueAction.TAKE_BACK: t("Taken back"),
        ValueAction.EXPIRE: t("Ran out"),
        ValueAction.BLOCK: t("Blocked"),
        ValueAction.UNBLOCK: t("Released"),
        ValueAction.CONFIRM: t("Balance from head office"),
        HolderAction.MERGE: t("Two customers became one"),
        HolderAction.INVOICE: t("Invoiced"),
        HolderAction.ERASE: t("Name erased"),
    }[action]
