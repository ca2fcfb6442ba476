"""Making two records of one customer one: the likely pairs, and whose texts stay."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pos_app.domain.customer import Customer
from pos_app.domain.customer_merge import MERGED_FIELDS, suggested
from pos_app.domain.errors import PosError
from pos_app.services.customer_merges import PAIRS_MOST, CustomerMerges, Duplicate
from pos_app.services.receivables import owed_by
from pos_app.texts import t
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.customer_words import customer_field_words, likeness_words
from pos_app.ui.presenters.refusals import isolated, sentence_of
from pos_app.ui.views import Column, TableRow

if TYPE_CHECKING:
    from pos_app.store.store import Store

LEFT, RIGHT = "survivor", "other"


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One field of both records; `chosen` is LEFT or RIGHT, and where both are alike neither."""

    key: str
    label: str
    left: str
    right: str
    chosen: str

    @property
    def is_alike(self) -> bool:
        """Whether there is nothing to choose."""
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class MergingState:
    """The pairs found, or the fields of the pair that is looked at."""

    columns: tuple[Column, ...] = ()
    pairs: tuple[TableRow, ...] = ()
    told: str = ""
    fields: tuple[FieldPair, ...] = ()
    left: str = ""
    right: str = ""
    about: str = ""
    error: str = ""
    is_searching: bool = False

    @property
    def is_choosing(self) -> bool:
        """Whether a pair is looked at."""
        return bool(self.fields)


class CustomerMerging:
    """Searches in the background; the record on the left is the one that stays."""

    def __init__(
        self,
        store: "Store",
        merges: CustomerMerges,
        run: RunWork,
        on_state: Callable[[MergingState], None],
        on_merged: Callable[[Customer], None] = lambda _customer: None,
    ) -> None:
        self._store = store
        self._merges = merges
        self._run = run
        self._on_state = on_state
        self._on_merged = on_merged
        self._amounts = amount_format(store.settings.shop())
        self._pair: tuple[Customer, Customer] | None = None
        self._chosen: dict[str, str] = {}
        self._job: Stoppable | None = None
        self._state = MergingState(columns=_columns())

    @property
    def state(self) -> MergingState:
        """What the sheet shows now."""
        return self._state

    def search(self) -> None:
        """Look for likely duplicates."""

        def work(_working: Working) -> list[Duplicate]:
            return self._merges.duplicates(cancelled=lambda: _working.is_cancelled)

        self._pair = None
        self._put(is_searching=True, told=t("Reading all customers …"), fields=(), error="")
        self._job = self._run(work, self._found)

    def open(self, key: str) -> None:
        """Look at a pair; one whose records are gone is searched for anew."""
        first_id, _, second_id = key.partition(" ")
        first = self._store.customers.get(first_id)
        second = self._store.customers.get(second_id)
        if first is None or second is None:
            self.search()
            return
        self._look_at(first, second)

    def swap(self) -> None:
        """Keep the other record instead."""
        if self._pair is not None:
            self._look_at(self._pair[1], self._pair[0])

    def choose(self, field: str, side: str) -> None:
        """Choose whose text stays for a field."""
        self._chosen[field] = side
        self._show_pair()

    def merge(self) -> bool:
        """Make the pair one; a refusal is told and nothing is changed."""
        if self._pair is None:
            return False
        try:
            saved = self._merges.merge(*self._pair, self._chosen)
        except PosError as refusal:
            self._put(error=sentence_of(refusal, self._amounts))
            return False
        self._pair = None
        self._on_merged(saved)
        self.search()
        return True

    def back(self) -> None:
        """Go back to the pairs."""
        self._pair = None
        self._put(fields=(), error="")

    def stop(self) -> None:
        """Stop searching; the sheet is closed."""
        if self._job is not None:
            self._job.cancel()

    def _look_at(self, left: Customer, right: Customer) -> None:
        self._pair = (left, right)
        self._chosen = suggested(left, right)
        self._show_pair()

    def _show_pair(self) -> None:
        if self._pair is None:
            return
        left, right = self._pair
        words = customer_field_words()
        fields = tuple(
            FieldPair(
                name,
                words[name],
                getattr(left, name),
                getattr(right, name),
                self._chosen.get(name, LEFT),
            )
            for name in MERGED_FIELDS
            if getattr(left, name) or getattr(right, name)
        )
        self._put(
            fields=fields,
            left=f"{left.number} · {left.name}",
            right=f"{right.number} · {right.name}",
            about=self._about(left, right),
            error="",
        )

    def _about(self, left: Customer, right: Customer) -> str:
        currency = self._store.settings.shop().policy.currency
        owed = owed_by(self._store, right.id, currency).amount
        told = t(
            "{right} becomes inactive. Its number and card find {left}, and its balance, points "
            "and documents are shown there."
        ).format(right=isolated(right.number), left=isolated(left.number))
        if not owed:
            return told
        moved = t("{amount} that is owed goes over.").format(amount=self._amounts.money(owed))
        return f"{told} {moved}"

    def _found(self, found: list[Duplicate]) -> None:
        self._job = None
        words = likeness_words()
        rows = []
        for one in found:
            first = self._store.customers.get(one.first_id)
            second = self._store.customers.get(one.second_id)
            if first is None or second is None:
                continue
            cells = (
                words[one.likeness],
                f"{first.number} · {first.name}",
                f"{second.number} · {second.name}",
            )
            rows.append(TableRow(f"{first.id} {second.id}", cells))
        if not rows:
            told = t("No two records look like the same customer.")
        elif len(found) >= PAIRS_MOST:
            told = t("The first {count} pairs. Merge some, then search again.")
        else:
            told = t("Pairs that may be one customer: {count}. Open one to compare them.")
        self._put(
            pairs=tuple(rows),
            told=told.format(count=self._amounts.count(len(rows))),
            is_searching=False,
        )

    def _put(self, **values: object) -> None:
        self._state = replace(self._state, **values)  # type: ignore[arg-type]
        self._on_state(self._state)


def _columns() -> tuple[Column, ...]:
    return (
        Column(t("Why"), 190),
        Column(t("Older record"), 280, stretches=True),
        Column(t("Newer record"), 280),
    )
