"""What the screen of head office shows at one moment: everything in words already."""

from dataclasses import dataclass

from pos_app.ui.views import Notice, Tone


@dataclass(frozen=True, slots=True)
class RefusalCard:
    """An entry that waits for a person: what it is, why, and which one press settles it.

    `remedies` are keys with label and icon, the offered one first; without any, `note` says who
    can settle it.
    """

    key: str
    title: str
    when: str
    reason: str
    remedies: tuple[tuple[str, str, str], ...] = ()
    note: str = ""
    is_busy: bool = False


@dataclass(frozen=True, slots=True)
class QuarrelLine:
    """A field that two sides changed: what stands now, and what gave way to it."""

    title: str
    field: str
    kept: str
    lost: str
    about: str


@dataclass(frozen=True, slots=True)
class SyncState:
    """Everything on the screen; `done` of `total` is the bar, which is there while `total` is.

    `history` are sentences with their time, the newest first.
    """

    is_connected: bool = False
    can_connect: bool = True
    company: str = ""
    office: str = ""
    address: str = ""
    headline: str = ""
    icon: str = ""
    tone: Tone = Tone.PLAIN
    about: str = ""
    backlog: str = ""
    estimate: str = ""
    done: int = 0
    total: int = 0
    proof: str = ""
    proof_tone: Tone = Tone.PLAIN
    proof_about: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    missing: str = ""
    refusals: tuple[RefusalCard, ...] = ()
    more_refusals: str = ""
    quarrels: tuple[QuarrelLine, ...] = ()
    tills: tuple[tuple[str, str], ...] = ()
    history: tuple[str, ...] = ()
    is_asking: bool = False  # whether to let go of head office
    is_leaving: bool = False
    notices: tuple[Notice, ...] = ()
