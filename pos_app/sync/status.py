"""How the till stands with head office, for whoever shows it: one phase, one sentence, figures."""

from dataclasses import dataclass
from enum import StrEnum

from pos_app.domain.till_head import Completeness, SignedHead, TillHead
from pos_app.store.remotes import LogLine, Refusal
from pos_app.sync.own_head import HeadProof
from pos_app.texts import later, t


class SyncPhase(StrEnum):
    """What the engine is about, or what keeps it from going on."""

    NOT_CONNECTED = "not connected"
    CONNECTING = "connecting"
    SENDING = "sending"
    RECEIVING = "receiving"
    UP_TO_DATE = "up to date"
    OFFLINE = "offline"
    BUSY = "busy"
    SIGN_IN_PAGE = "sign-in page"
    OTHER_VERSION = "other version"
    ENROLMENT_NEEDED = "enrolment needed"
    REVOKED = "revoked"
    TROUBLE = "trouble"

    @property
    def needs_person(self) -> bool:
        """Whether it does not pass by itself."""
        return self in _FOR_PEOPLE


_FOR_PEOPLE = (
    SyncPhase.SIGN_IN_PAGE,
    SyncPhase.OTHER_VERSION,
    SyncPhase.ENROLMENT_NEEDED,
    SyncPhase.REVOKED,
    SyncPhase.TROUBLE,
)
# What is said in each phase; `{company}` and `{detail}` come from the status.
SENTENCES = {
    SyncPhase.NOT_CONNECTED: later("This till works on its own, without a head office."),
    SyncPhase.CONNECTING: later("Calling head office …"),
    SyncPhase.SENDING: later("Sending to {company} …"),
    SyncPhase.RECEIVING: later("Receiving from {company} …"),
    SyncPhase.UP_TO_DATE: later("{company} has everything from this till."),
    SyncPhase.OFFLINE: later(
        "{company} cannot be reached. Selling goes on, and everything is sent later by itself."
    ),
    SyncPhase.BUSY: later("{company} is busy. Everything is sent later by itself."),
    SyncPhase.SIGN_IN_PAGE: later(
        "This network asks for a sign-in page first. Sign in to it with a browser on this machine."
    ),
    SyncPhase.OTHER_VERSION: later(
        "{company} speaks another version of this program. Update the older side; selling goes on."
    ),
    SyncPhase.ENROLMENT_NEEDED: later(
        "{company} does not know this till any more. Connect it again with a new code."
    ),
    SyncPhase.REVOKED: later(
        "{company} has shut this till out. Selling goes on, but nothing is sent. "
        "Ask head office why."
    ),
    SyncPhase.TROUBLE: later("Sending to {company} has stopped: {detail}"),
}


@dataclass(frozen=True, slots=True)
class Backlog:
    """What head office does not have yet; `rate` is entries per second, `estimate_s` seconds.

    Both are nothing while they are not known.
    """

    entries: int = 0
    receipts: int = 0
    rate: float | None = None
    estimate_s: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of what head office has for the till has arrived, in things."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Proof:
    """Both heads and what comparing them says.

    `own` counts what the till itself has up to the end of its journal. `is_genuine` tells whether
    head office's signature was right; `missing` are the numbers (first, last) of journal entries
    of the present epoch that head office does not have. `heads` names the receipts among them.
    """

    own: TillHead
    office: SignedHead
    verdict: Completeness
    is_genuine: bool
    missing: tuple[tuple[int, int], ...] = ()
    heads: HeadProof | None = None


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """Everything that a screen shows of head office; moments are ISO 8601 UTC by the till's clock.

    `last_contact` and `next_try` are empty where there is none; `next_try` is only set while
    something keeps the engine from going on. `other_tills` are (till, last heard at) of the shop.
    """

    phase: SyncPhase = SyncPhase.NOT_CONNECTED
    company: str = ""
    shop: str = ""
    url: str = ""
    detail: str = ""
    backlog: Backlog = Backlog()
    progress: Progress | None = None
    last_contact: str = ""
    next_try: str = ""
    proof: Proof | None = None
    refusals: tuple[Refusal, ...] = ()
    other_tills: tuple[tuple[str, str], ...] = ()
    log: tuple[LogLine, ...] = ()
    revision: int = 0

    @property
    def is_connected(self) -> bool:
        """Whether the till belongs to a head office, reachable or not."""
        return self.phase is not SyncPhase.NOT_CONNECTED

    @property
    def sentence(self) -> str:
        """The state in one sentence, in the language in use."""
        company = self.company or t("Head office")
        return t(SENTENCES[self.phase]).format(company=company, detail=self.detail)
