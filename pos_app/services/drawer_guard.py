"""What a document must not do to the drawer: sell without a shift, or pay out what is not there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.domain.sale import Sale

if TYPE_CHECKING:
    from pos_app.store.transaction import Transaction


class RefundAboveDrawer(PosError):
    """More cash is to be given back than the books know in the drawer; somebody may look."""

    sentence = (
        "By the books there is less than {amount} in the drawer. "
        "Look whether it is there, or give it back another way."
    )


class DrawerGuard:
    """Looks at each document before it is written for good; without a shift it has no opinion."""

    def __init__(self, drawer: str) -> None:
        self._drawer = drawer
        self._is_allowed = False

    @contextmanager
    def allowing(self) -> Iterator[None]:
        """Let documents pay out more than the books know meanwhile: somebody has looked."""
        self._is_allowed = True
        try:
            yield
        finally:
            self._is_allowed = False

    def check(self, tx: "Transaction", sale: Sale) -> None:
        """Refuse a document that was just added; raises ShiftNeeded or RefundAboveDrawer."""
        needs_shift = tx.settings.shop().cash.needs_shift
        paid_out = -cash_effect_minor(sale)
        if not needs_shift and paid_out <= 0:
            return
        # Most documents of most shops never need these.
        from pos_app.domain.shift import ShiftNeeded  # noqa: PLC0415 - as said above
        from pos_app.services.shift_records import in_drawer, open_shift_of  # noqa: PLC0415 - too

        shift = open_shift_of(tx, self._drawer)
        if shift is None and needs_shift:
            raise ShiftNeeded()
        if shift is None or paid_out <= 0 or self._is_allowed:
            return
        if in_drawer(tx, shift, sale.currency).minor < 0:
            raise RefundAboveDrawer(amount=Money(paid_out, sale.currency))


def cash_effect_minor(sale: Sale) -> int:
    """Return what a document puts into the drawer of the shop's own cash, in minor units."""
    return sum(
        tender.amount.minor if tender.foreign is None else -tender.change.minor
        for tender in sale.tenders
        if tender.method is TenderMethod.CASH
    )
