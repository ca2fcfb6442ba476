"""What the page of other systems works with: the till's connections, in the page's words."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from pos_app.texts import t
from pos_app.ui.presenters.connection_form import ConnectionDraft, Tried
from pos_app.ui.presenters.connections import HELD_MOST, ConnectionView, HeldThing
from pos_app.ui.views import Tone

if TYPE_CHECKING:
    from pos_app.app.connections import Connections
    from pos_app.domain.reconciliation import Reconciliation
    from pos_app.store.store import Store
    from pos_app.sync.connections import Connection, Entered
    from pos_app.sync.dialect import Ability, Dialect
    from pos_app.sync.foreign_status import ForeignStatus

FEED = "feed"


class OtherSystems:
    """Lends the connections to the page; `slow` ones are called off the window's thread."""

    def __init__(self, store: "Store", connections: "Connections") -> None:
        self._store = store
        self._connections = connections

    def dialects(self) -> "Sequence[Dialect]":
        """Return the APIs that are spoken."""
        from pos_app.sync.known_dialects import dialects_by_api

        return tuple(dialects_by_api().values())

    def abilities(self, draft: ConnectionDraft) -> "Sequence[Ability]":
        """Say what goes there, as the connection is set up now."""
        from pos_app.sync.foreign_settling import abilities_of

        return abilities_of(self._store, entered_of(draft))

    def try_out(self, draft: ConnectionDraft) -> Sequence[Tried]:
        """Slow: ask the other side, changing nothing there."""
        lines = self._connections.try_out(entered_of(draft), draft.id)
        return tuple(Tried(line.sentence, line.works) for line in lines)

    def save(self, draft: ConnectionDraft) -> None:
        """Slow: keep the connection and begin to send."""
        if draft.id:
            self._connections.change(draft.id, entered_of(draft))
        else:
            self._connections.add(entered_of(draft), draft.start)

    def connections(self) -> Sequence[ConnectionView]:
        """Return every connection as it stands now."""
        from pos_app.sync.connections import connections_in

        known = {one.id: one for one in connections_in(self._store.remotes)}
        return tuple(
            self._view(known[status.connection_id], status)
            for status in self._connections.statuses()
            if status.connection_id in known
        )

    def draft(self, connection_id: str) -> ConnectionDraft:
        """Return what stands in the fields of a connection, without its key."""
        known = self._known(connection_id)
        return ConnectionDraft(
            id=known.id,
            api=known.api,
            name=known.name,
            url=known.url,
            user=known.user,
            company=known.company,
            connection=known.connection,
            start=known.since,
            options=dict(known.options),
        )

    def turn(self, connection_id: str, is_on: bool) -> None:
        """Slow: begin or stop to send."""
        self._connections.switch(connection_id, is_on)

    def remove(self, connection_id: str) -> None:
        """Slow: forget a connection with all that is known of the other side."""
        self._connections.remove(connection_id)

    def settle(self, connection_id: str, held_id: str, choice: str, remote_id: str = "") -> None:
        """Slow: settle what was put aside, as somebody decided who looked."""
        from pos_app.sync.foreign_settling import Remedy

        self._connections.settle(connection_id, held_id, Remedy(choice), remote_id)

    def hurry(self, connection_id: str) -> None:
        """Try at once."""
        self._connections.hurry(connection_id)

    def items(self, connection_id: str) -> str:
        """Slow: return what the other side calls products, a line for each."""
        from pos_app.sync.product_list import product_lines

        return product_lines(self._store, connection_id)

    def save_items(self, connection_id: str, text: str) -> None:
        """Slow: keep what the other side calls products; raises ProductLinesWrong."""
        from pos_app.sync.product_list import read_product_lines

        ids = read_product_lines(self._store, connection_id, text)
        self._connections.set_product_ids(connection_id, ids)

    def compare(
        self, connection_id: str, first: date | None, last: date | None
    ) -> "Reconciliation":
        """Slow: read a feed and hold this till's own sales against it."""
        from pos_app.services.reconciliation import Period, reconcile_till
        from pos_app.sync.connections import credentials_of
        from pos_app.sync.feed_reading import FEED_BYTES, read_feed
        from pos_app.sync.http_transport import HttpTransport

        known = self._known(connection_id)
        wire = HttpTransport(answer_bytes=FEED_BYTES)
        try:
            theirs = read_feed(wire, credentials_of(self._store.remotes, known))
        finally:
            wire.close()
        return reconcile_till(self._store, theirs, Period(first, last))

    def _known(self, connection_id: str) -> "Connection":
        from pos_app.sync.connections import NoSuchConnection, connection_in

        known = connection_in(self._store.remotes, connection_id)
        if known is None:
            raise NoSuchConnection
        return known

    def _view(self, known: "Connection", status: "ForeignStatus") -> ConnectionView:
        from pos_app.sync.foreign_settling import held_things
        from pos_app.sync.known_dialects import dialect_of

        is_feed = known.api == FEED
        held = held_things(self._store, known.id)[:HELD_MOST]
        sentence, tone = status.sentence, _tone(status)
        if is_feed:
            sentence = t("Nothing is sent there. Compare it with what this till sold.")
            tone = Tone.PLAIN
        elif tone is Tone.SUCCESS and status.held:
            told = t("{name} has everything but what was put aside.")
            sentence, tone = told.format(name=known.name), Tone.WARNING
        return ConnectionView(
            known.id,
            known.name,
            dialect_of(known.api).title,
            known.url,
            known.is_on,
            sentence,
            tone,
            0 if is_feed else status.backlog,
            status.last_contact,
            status.next_try,
            tuple(
                HeldThing(
                    one.id,
                    one.kind[:1].upper() + one.kind[1:],
                    one.number,
                    one.at,
                    one.reason,
                    tuple(remedy.value for remedy in one.remedies),
                )
                for one in held
            ),
            status.held,
            is_feed,
            known.is_from_office,
        )


def entered_of(draft: ConnectionDraft) -> "Entered":
    """Return what stands in the fields, as a connection takes it."""
    from pos_app.sync.connections import Entered

    return Entered(
        draft.api,
        draft.name,
        draft.url,
        draft.key,
        draft.user,
        draft.company,
        draft.connection,
        dict(draft.options),
    )


def _tone(status: "ForeignStatus") -> Tone:
    from pos_app.sync.foreign_status import ForeignPhase

    tones = {
        ForeignPhase.UP_TO_DATE: Tone.SUCCESS,
        ForeignPhase.OFFLINE: Tone.WARNING,
        ForeignPhase.CHECKING: Tone.WARNING,
    }
    return Tone.DANGER if status.phase.needs_person else tones.get(status.phase, Tone.PLAIN)
