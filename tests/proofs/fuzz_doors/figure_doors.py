"""The doors of typed figures: counts of cash, cash paid in and out, receipts to be returned."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import strategies as st

from pos_app.domain.cash_count import CashCount
from pos_app.domain.cash_movement import MovementKind
from pos_app.services.checkout import Checkout
from pos_app.services.returning import Returning
from pos_app.services.shifts import Shifts
from pos_app.ui.presenters.cash_count import LOOSE, CountDraft
from pos_app.ui.presenters.cash_movement_form import CashMovementForm
from tests.proofs.fuzz_doors.counter_doors import now
from tests.proofs.fuzz_doors.door import HOSTILE, TEXTS, Door, Knock, Seen
from tests.proofs.small_shop import SHOP, open_shop

FIGURES = (
    "1e9",
    "NaN",
    "Infinity",
    "-5",
    "\u0663",
    "\u00b2",
    "abc",
    "9" * 5_000,
    "1,5",
    "0",
    "1e-9",
)


@contextmanager
def figures(folder: Path, seen: Seen) -> Iterator[Knock]:
    """Type a text as a count, as cash moved and its reason, and as the number of a receipt."""
    with open_shop(folder / "shop.db") as store:
        shifts = Shifts(store, now)
        shifts.open((CashCount("EUR"),))
        returning = Returning(Checkout(store, now))

        def knock(text: str) -> None:
            draft = CountDraft(SHOP)
            for key in (LOOSE, "50", "0.01"):
                draft.type(key, text)
                view = draft.view(("EUR",))
                assert draft.is_right == (not view.error)
                assert all(count.total.minor >= 0 for count in draft.counts())
            for kind in MovementKind:
                for amount, reason in ((text, text), ("0.01", text)):
                    form = CashMovementForm(store, shifts, kind, lambda _told: None)
                    form.change(amount=amount, reason=reason, reference=text)
                    moved = form.save()
                    assert moved or form.state.errors or form.state.message
            for code in (text, f"POS1:{text}:0123456789ab:"):
                with seen.refusing():
                    returning.find(code)

        yield knock


DOORS = (Door("figures", HOSTILE | st.sampled_from(FIGURES), figures, (*FIGURES, *TEXTS)),)
