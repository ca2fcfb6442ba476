"""Connections that are spoken by hand, in every state that the page can show."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from pos_app.domain.reconciliation import Reconciliation, reconcile
from pos_app.domain.sales_feed import FeedDocument
from pos_app.sync.dialect import Ability, Carried, Dialect
from pos_app.sync.known_dialects import dialects_by_api
from pos_app.sync.product_list import ProductLinesWrong
from pos_app.sync.transport import Unreachable
from pos_app.texts import later, t
from pos_app.ui.presenters.connection_form import ConnectionDraft, Tried
from pos_app.ui.presenters.connections import (
    AGAIN,
    ARRIVED,
    LEAVE,
    ConnectionView,
    HeldThing,
)
from pos_app.ui.views import Tone

GOES, GOES_NOT = later("Sales of the till go there."), later("Returns cannot be told there.")


@dataclass
class HandDesk:
    """Does what the page asks, and remembers it."""

    views: list[ConnectionView] = field(default_factory=list)
    drafts: dict[str, ConnectionDraft] = field(default_factory=dict)
    did: list[str] = field(default_factory=list)
    refuses: bool = False
    lines: str = "1001;17"
    ours: tuple[FeedDocument, ...] = ()
    theirs: tuple[FeedDocument, ...] = ()

    def dialects(self) -> Sequence[Dialect]:
        return tuple(dialects_by_api().values())

    def abilities(self, draft: ConnectionDraft) -> Sequence[Ability]:
        return (
            Ability(Carried.SALE, True, GOES),
            Ability(Carried.RETURN, draft.options.get("returns") == "negative", GOES_NOT),
        )

    def try_out(self, draft: ConnectionDraft) -> Sequence[Tried]:
        if self.refuses:
            raise Unreachable(url=draft.url, detail="no route to host")
        return (
            Tried(t("The address answers."), works=True),
            Tried(t("The key opens it."), works=False, detail="401 Unauthorized"),
        )

    def save(self, draft: ConnectionDraft) -> None:
        if self.refuses:
            raise Unreachable(url=draft.url, detail="no route to host")
        self.did.append(f"save {draft.api} {draft.url} {draft.key} {dict(draft.options)}")

    def connections(self) -> Sequence[ConnectionView]:
        return tuple(self.views)

    def draft(self, connection_id: str) -> ConnectionDraft:
        return self.drafts[connection_id]

    def turn(self, connection_id: str, is_on: bool) -> None:
        self.did.append(f"turn {connection_id} {is_on}")
        self.views = [
            replace(one, is_on=is_on) if one.id == connection_id else one for one in self.views
        ]

    def remove(self, connection_id: str) -> None:
        self.did.append(f"remove {connection_id}")
        self.views = [one for one in self.views if one.id != connection_id]

    def items(self, connection_id: str) -> str:
        return self.lines

    def save_items(self, connection_id: str, text: str) -> None:
        if "nothing" in text:
            raise ProductLinesWrong(lines="2 (nothing)")
        self.lines = text

    def compare(self, connection_id: str, first: date | None, last: date | None) -> Reconciliation:
        self.did.append(f"compare {connection_id} {first} {last}")
        return reconcile(self.ours, self.theirs)

    def settle(self, connection_id: str, held_id: str, choice: str, remote_id: str = "") -> None:
        self.did.append(f"settle {connection_id} {held_id} {choice} {remote_id}".strip())
        self.views = [
            replace(
                one,
                held=tuple(held for held in one.held if held.id != held_id),
                held_count=one.held_count - 1,
            )
            for one in self.views
        ]

    def hurry(self, connection_id: str) -> None:
        self.did.append(f"hurry {connection_id}")


def busy_desk(at: str) -> HandDesk:
    """Two connections: one where all is told, one with things put aside."""
    quiet = ConnectionView(
        "c1", "Warehouse", "Retail Sale API", "https://stock.example.com", True,
        "Warehouse has everything that goes there.", Tone.SUCCESS, last_contact=at,
    )  # fmt: skip
    held = (
        HeldThing(
            "1", t("Receipt"), "1-000042", at,
            "It may have arrived (the answer was lost). Look for it there.",
            (ARRIVED, AGAIN, LEAVE),
        ),
        HeldThing("2", t("Receipt"), "1-000051", at, "Unknown customer 77", (AGAIN, LEAVE)),
        HeldThing("3", t("Invoice"), "INV2026050007", at, "It waits for order SO2026050003.", ()),
    )  # fmt: skip
    troubled = ConnectionView(
        "c2", "Head book keeping", "ERP sales module", "https://erp.example.com/a/long/path/to/it",
        True, "Head book keeping refuses the key. Enter the right one.", Tone.DANGER,
        backlog=1_204, last_contact=at, next_try=at, held=held, held_count=27,
    )  # fmt: skip
    drafts = {
        one.id: ConnectionDraft(one.id, next(iter(dialects_by_api())), one.name, one.url, user="it")
        for one in (quiet, troubled)
    }
    feed = ConnectionView(
        "c3", "Adviser", "Sales data feed", "https://feed.example.com", True,
        "Nothing is sent there. Compare it with what this till sold.", Tone.PLAIN, is_feed=True,
    )  # fmt: skip
    one, other = feed_document("1-000042", "12.50"), feed_document("1-000043", "3.20")
    third = replace(feed_document("1-000044", "8.00"), gross=Decimal("8.01"))
    return HandDesk(
        [quiet, troubled, feed],
        drafts,
        ours=(one, other, feed_document("1-000044", "8.00")),
        theirs=(one, third, feed_document("1-000045", "1.00")),
    )


def feed_document(reference: str, gross: str) -> FeedDocument:
    """A receipt of one line as a feed tells it."""
    amount = Decimal(gross)
    return FeedDocument(
        id="", reference=reference, day=date(2026, 5, 4), due=None, currency="EUR", net=amount,
        tax=Decimal(0), gross=amount, outstanding=None, lines=(),
    )  # fmt: skip
