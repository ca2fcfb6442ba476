"""The chip of head office above the counter: its word, its sign and its colour in each phase."""

from decimal import Decimal

from pos_app.sync.status import SyncPhase, SyncStatus
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.views import ChipView, Tone

SYNC = "sync"  # the key of the chip and of the screen that it opens
# So many entries are told within a second or two: the chip does not blink for them.
CALM_ENTRIES = 100

ICONS = {
    SyncPhase.NOT_CONNECTED: "database",
    SyncPhase.CONNECTING: "cloud",
    SyncPhase.SENDING: "upload",
    SyncPhase.RECEIVING: "download",
    SyncPhase.UP_TO_DATE: "cloud-check",
    SyncPhase.OFFLINE: "cloud-off",
    SyncPhase.BUSY: "hourglass",
    SyncPhase.SIGN_IN_PAGE: "wifi-off",
}
TONES = {
    SyncPhase.UP_TO_DATE: Tone.SUCCESS,
    SyncPhase.OFFLINE: Tone.WARNING,
    SyncPhase.BUSY: Tone.WARNING,
    SyncPhase.SIGN_IN_PAGE: Tone.WARNING,
}
_AWAY = (SyncPhase.OFFLINE, SyncPhase.BUSY, SyncPhase.SIGN_IN_PAGE)


def icon_of(phase: SyncPhase) -> str:
    """Return the sign of a phase; what needs a person has a warning's."""
    return ICONS.get(phase, "octagon-alert")


def tone_of(phase: SyncPhase) -> Tone:
    """Return the colour of a phase; what needs a person stands in red."""
    return TONES.get(phase, Tone.DANGER if phase.needs_person else Tone.PLAIN)


def chip_of(status: SyncStatus, amounts: AmountFormat) -> ChipView:
    """Return the chip above the counter: short, and still while things go as they should."""
    text, icon, tone = _chip_words(status, amounts)
    hint = status.sentence
    if _is_calm(status):  # the counter is not to blink at each receipt
        hint = t("Head office is told of everything.")
    return ChipView(SYNC, text, icon, tone, hint, is_button=True)


def _chip_words(status: SyncStatus, amounts: AmountFormat) -> tuple[str, str, Tone]:
    phase = status.phase
    if phase is SyncPhase.NOT_CONNECTED:
        return t("This till only"), "database", Tone.PLAIN
    if phase in _AWAY:
        return _away_words(status, amounts), "cloud-off", Tone.WARNING
    if phase.needs_person:
        return t("Head office: please look"), "octagon-alert", Tone.DANGER
    if waiting := waiting_for_people(status):
        told = t("Head office: {count} to settle").format(count=amounts.count(waiting))
        return told, "inbox", Tone.WARNING
    return _work_words(status, amounts)


def _work_words(status: SyncStatus, amounts: AmountFormat) -> tuple[str, str, Tone]:
    if progress := status.progress:
        percent = Decimal(100 * progress.done // max(progress.total, 1))
        told = t("Receiving: {percent}").format(percent=amounts.percent(percent))
        return told, "download", Tone.PLAIN
    if status.phase is SyncPhase.CONNECTING:
        return t("Connecting …"), "cloud", Tone.PLAIN
    if not _is_calm(status):
        count = amounts.count(status.backlog.entries)
        return t("Sending: {count} left").format(count=count), "upload", Tone.PLAIN
    return t("Connected"), "cloud-check", Tone.SUCCESS


def _away_words(status: SyncStatus, amounts: AmountFormat) -> str:
    if not status.backlog.receipts:
        return t("Offline")
    return t("Offline: {count} to send").format(count=amounts.count(status.backlog.receipts))


def _is_calm(status: SyncStatus) -> bool:
    is_well = status.phase in (SyncPhase.UP_TO_DATE, SyncPhase.SENDING, SyncPhase.RECEIVING)
    return is_well and status.backlog.entries < CALM_ENTRIES and status.progress is None


def waiting_for_people(status: SyncStatus) -> int:
    """Return how many refused entries nobody has settled yet."""
    return sum(not one.is_settled for one in status.refusals)
