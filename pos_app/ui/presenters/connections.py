"""The page of connections: which there are, how each stands, and what waits there for a person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from pos_app.domain.errors import PosError
from pos_app.domain.shop import ShopSettings
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat, amount_format
from pos_app.ui.presenters.background_work import RunWork, run_here
from pos_app.ui.presenters.connection_form import ConnectionDraft, ConnectionTools
from pos_app.ui.presenters.moments import told_moment
from pos_app.ui.presenters.refusals import isolated, sentence_of
from pos_app.ui.presenters.sync_state import RefusalCard
from pos_app.ui.views import Tone

if TYPE_CHECKING:
    from pos_app.domain.reconciliation import Reconciliation
    from pos_app.store.store import Store

HELD_MOST = 20  # things put aside that one connection shows at once
ARRIVED, AGAIN, LEAVE = "arrived", "again", "leave"


@dataclass(frozen=True, slots=True)
class HeldThing:
    """A thing that was put aside; `can_be` are the ways in which a person may settle it."""

    id: str
    kind: str
    number: str
    at: str
    reason: str
    can_be: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A connection and how it stands; moments are ISO 8601 UTC, `backlog` counts entries.

    A feed is only read: it can be compared. What `is_from_office` is changed there alone.
    """

    id: str
    name: str
    api: str
    url: str
    is_on: bool
    sentence: str
    tone: Tone
    backlog: int = 0
    last_contact: str = ""
    next_try: str = ""
    held: tuple[HeldThing, ...] = ()
    held_count: int = 0
    is_feed: bool = False
    is_from_office: bool = False


class ConnectionDesk(ConnectionTools, Protocol):
    """What the page works with; everything but `connections` and `draft` is slow."""

    def connections(self) -> Sequence[ConnectionView]:
        """Return every connection as it stands now."""

    def draft(self, connection_id: str) -> ConnectionDraft:
        """Return what stands in the fields of a connection, without its key."""

    def turn(self, connection_id: str, is_on: bool) -> None:
        """Slow: begin or stop to send."""

    def remove(self, connection_id: str) -> None:
        """Slow: forget a connection with all that is known of the other side."""

    def settle(self, connection_id: str, held_id: str, choice: str, remote_id: str = "") -> None:
        """Slow: settle what was put aside: it `arrived`, send it `again`, or `leave` it out.

        `remote_id` is what the other side calls it, where somebody looked and knows.
        """

    def hurry(self, connection_id: str) -> None:
        """Try at once."""

    def items(self, connection_id: str) -> str:
        """Slow: return what the other side calls products, a line for each."""

    def save_items(self, connection_id: str, text: str) -> None:
        """Slow: keep what the other side calls products; raises what a person may hear."""

    def compare(
        self, connection_id: str, first: date | None, last: date | None
    ) -> "Reconciliation":
        """Slow: read a feed and hold this till's own sales against it."""


@dataclass(frozen=True, slots=True)
class ConnectionCard:
    """A connection as its card shows it."""

    key: str
    title: str
    address: str
    headline: str
    tone: Tone
    about: str
    is_on: bool
    held: tuple[RefusalCard, ...]
    more: str
    is_asking: bool = False
    is_feed: bool = False
    is_from_office: bool = False


@dataclass(frozen=True, slots=True)
class ConnectionsState:
    """Everything on the page."""

    cards: tuple[ConnectionCard, ...] = ()
    result: str = ""
    result_tone: Tone = Tone.PLAIN
    is_busy: bool = False


class ConnectionsPresenter:
    """Lists the connections, and settles what waits for a person."""

    def __init__(
        self,
        store: "Store",
        desk: ConnectionDesk,
        on_state: Callable[[ConnectionsState], None],
        now: Callable[[], datetime],
        run: RunWork = run_here,
    ) -> None:
        self._store = store
        self.desk = desk
        self._on_state = on_state
        self._now = now
        self._run = run
        self._asking = ""
        self.state = ConnectionsState()

    @property
    def shop(self) -> ShopSettings:
        """The settings in force."""
        return self._store.settings.shop()

    @property
    def amounts(self) -> AmountFormat:
        """How figures are written here."""
        return amount_format(self.shop)

    def now(self) -> datetime:
        """Return the present moment, UTC."""
        return self._now()

    def refresh(self) -> None:
        """Read anew how every connection stands."""
        cards = tuple(self._card(one) for one in self.desk.connections())
        self._put(cards=cards)

    def draft(self, key: str) -> ConnectionDraft:
        """Return what the sheet of a connection begins with; of a new one for an empty key."""
        return self.desk.draft(key) if key else ConnectionDraft()

    def turn(self, key: str, is_on: bool) -> None:
        """Begin or stop to send."""
        self._do(lambda: self.desk.turn(key, is_on))

    def hurry(self, key: str) -> None:
        """Try at once."""
        self._do(lambda: self.desk.hurry(key))

    def ask_to_remove(self, key: str) -> None:
        """Ask whether a connection is to be forgotten."""
        self._asking = key
        self.refresh()

    def stay(self) -> None:
        """Take the question back."""
        self._asking = ""
        self.refresh()

    def remove(self) -> None:
        """Forget the connection that was asked about."""
        key, self._asking = self._asking, ""
        if key:
            told = t("The connection is gone. What was sent stays over there.")
            self._do(lambda: self.desk.remove(key), told)

    def settle(self, key: str, choice: str, remote_id: str = "") -> None:
        """Settle what was put aside; `key` names the connection and the thing."""
        connection_id, _, held_id = key.partition("\n")
        self._do(lambda: self.desk.settle(connection_id, held_id, choice, remote_id))

    def _do(self, do: Callable[[], None], told: str = "") -> None:
        if self.state.is_busy:
            return
        self._put(is_busy=True, result="")

        def done(_nothing: object) -> None:
            self._put(is_busy=False, result=told, result_tone=Tone.SUCCESS)
            self.refresh()

        def failed(error: Exception) -> None:
            self._put(is_busy=False)
            if not isinstance(error, PosError):
                raise error
            self._put(result=sentence_of(error), result_tone=Tone.DANGER)
            self.refresh()

        self._run(lambda _working: do(), done, failed)

    def _card(self, one: ConnectionView) -> ConnectionCard:
        amounts = self.amounts
        parts = []
        if one.is_from_office:
            parts.append(t("From head office, which alone can change it."))
        if one.is_on and one.backlog:
            told = t("{count} journal entries still to go through.")
            parts.append(told.format(count=amounts.count(one.backlog)))
        if one.last_contact:
            parts.append(t("Last contact: {when}").format(when=self._when(one.last_contact)))
        if one.is_on and one.next_try:
            parts.append(t("Next try: {when}").format(when=self._when(one.next_try)))
        more = one.held_count - len(one.held)
        told = t("And {count} more, which come up as these are settled.")
        return ConnectionCard(
            one.id,
            f"{isolated(one.name)} · {isolated(one.api)}",
            one.url,
            one.sentence if one.is_on else t("Switched off. Nothing is sent."),
            one.tone if one.is_on else Tone.PLAIN,
            " · ".join(parts),
            one.is_on,
            tuple(self._held(one.id, held) for held in one.held),
            told.format(count=amounts.count(more)) if more > 0 else "",
            one.id == self._asking,
            one.is_feed,
            one.is_from_office,
        )

    def _held(self, connection_id: str, held: HeldThing) -> RefusalCard:
        words = {
            ARRIVED: (t("It arrived"), "check"),
            AGAIN: (t("Send again"), "refresh-cw"),
            LEAVE: (t("Leave out"), "x"),
        }
        return RefusalCard(
            f"{connection_id}\n{held.id}",
            f"{held.kind} {isolated(held.number)}".strip(),
            self._when(held.at),
            held.reason,
            tuple((choice, *words[choice]) for choice in held.can_be),
            "" if held.can_be else t("It is tried again by itself."),
            self.state.is_busy,
        )

    def _when(self, at: str) -> str:
        return told_moment(at, self._now(), self._store.settings.shop())

    def _put(self, **values: Any) -> None:
        self.state = replace(self.state, **values)
        self._on_state(self.state)
