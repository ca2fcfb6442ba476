"""How a connection to a foreign server stands, for whoever shows it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pos_app.store.foreign import HeldState
from pos_app.store.remotes import LAST_CONTACT, LogLine
from pos_app.texts import later, t

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.sync.connections import Connection

LOG_LINES = 50


class ForeignPhase(StrEnum):
    """What the engine of a connection is about, or what keeps it from going on."""

    OFF = "off"
    CONNECTING = "connecting"
    SENDING = "sending"
    CHECKING = "checking"
    UP_TO_DATE = "up to date"
    OFFLINE = "offline"
    BUSY = "busy"
    KEY_REFUSED = "key refused"
    TROUBLE = "trouble"

    @property
    def needs_person(self) -> bool:
        """Whether it does not pass by itself."""
        return self in {ForeignPhase.KEY_REFUSED, ForeignPhase.TROUBLE}


SENTENCES = {
    ForeignPhase.OFF: later("{name} is switched off. Nothing is sent there."),
    ForeignPhase.CONNECTING: later("Calling {name} …"),
    ForeignPhase.SENDING: later("Sending to {name} …"),
    ForeignPhase.CHECKING: later(
        "{name} did not answer clearly. In a moment the till looks there whether it arrived; "
        "nothing is sent twice."
    ),
    ForeignPhase.UP_TO_DATE: later("{name} has everything that goes there."),
    ForeignPhase.OFFLINE: later(
        "{name} cannot be reached. Selling goes on, and everything is sent later by itself."
    ),
    ForeignPhase.BUSY: later("{name} is busy. Everything is sent later by itself."),
    ForeignPhase.KEY_REFUSED: later(
        "{name} refuses the key: {detail} Enter the right one in the settings of the connection."
    ),
    ForeignPhase.TROUBLE: later("Sending to {name} has stopped: {detail}"),
}


@dataclass(frozen=True, slots=True)
class ForeignStatus:
    """Everything that a screen shows of a connection; moments are ISO 8601 UTC.

    `backlog` counts entries of the journal that may still have something to tell; `held` what was
    put aside; `doubtful` how much of it may have arrived. `last_contact` and `next_try` are empty
    where there is none.
    """

    connection_id: str
    name: str
    phase: ForeignPhase = ForeignPhase.OFF
    detail: str = ""
    backlog: int = 0
    held: int = 0
    doubtful: int = 0
    last_contact: str = ""
    next_try: str = ""
    log: tuple[LogLine, ...] = ()

    @property
    def sentence(self) -> str:
        """The state in one sentence, in the language in use."""
        return t(SENTENCES[self.phase]).format(name=self.name, detail=self.detail)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a step of a connection's engine came to; the next one is due after `wait_s`.

    `is_pause` where the remote needs that time, and only a person's wish comes first; then `phase`
    and `detail` say why. `is_idle` tells that nothing was due at all.
    """

    wait_s: float = 0.0
    is_pause: bool = False
    is_idle: bool = False
    phase: ForeignPhase | None = None
    detail: str = ""


def first_status(store: "Store", connection: "Connection") -> ForeignStatus:
    """Return what the store alone knows of a connection, before its engine says more."""
    remote = connection.remote
    return ForeignStatus(
        connection.id,
        connection.name,
        ForeignPhase.CONNECTING if connection.is_on else ForeignPhase.OFF,
        held=store.foreign.held_count(remote),
        doubtful=len(store.foreign.held(remote, HeldState.DOUBTFUL)),
        last_contact=store.remotes.value(remote, LAST_CONTACT),
        log=tuple(store.remotes.log(remote, LOG_LINES)),
    )
