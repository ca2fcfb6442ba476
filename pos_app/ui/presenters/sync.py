"""The screen of head office: how the till stands with it, what waits, and what a person can do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from pos_app.domain.approval import Action, ApprovalNeeded, ApprovalRequest
from pos_app.domain.errors import PosError
from pos_app.services.authority import UNRESTRICTED, Authority
from pos_app.store.remotes import LogLine, Refusal
from pos_app.sync.settling import remedies_in
from pos_app.sync.status import SyncPhase, SyncStatus
from pos_app.texts import t
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.background_work import RunWork, run_here
from pos_app.ui.presenters.customer_words import customer_field_words
from pos_app.ui.presenters.moments import told_moment
from pos_app.ui.presenters.notice_board import NoticeBoard
from pos_app.ui.presenters.refusals import in_one_piece, isolated, sentence_of
from pos_app.ui.presenters.sync_chip import icon_of, tone_of
from pos_app.ui.presenters.sync_reading import Quarrel, SyncReading, read_sync
from pos_app.ui.presenters.sync_state import QuarrelLine, RefusalCard, SyncState
from pos_app.ui.presenters.sync_words import (
    backlog_left,
    backlog_words,
    estimate_words,
    kind_words,
    missing_words,
    note_words,
    proof_figures,
    proof_words,
    remedies_of,
)

if TYPE_CHECKING:
    from pos_app.store.store import Store

CARDS_MOST = 30  # refused entries that are shown at once; others come up as these are settled
_LET_GO = (SyncPhase.NOT_CONNECTED, SyncPhase.ENROLMENT_NEEDED, SyncPhase.REVOKED)
_AT_WORK = (SyncPhase.SENDING, SyncPhase.RECEIVING)
_SIGNS = {"good": "✓", "note": "•", "bad": "⚠"}


class OfficeLine(Protocol):
    """The till's end of the line to head office; slow ones are called in another thread."""

    @property
    def status(self) -> SyncStatus:
        """How it stands now."""

    def connect(self, url: str, code: str) -> None:
        """Slow: enrol with a one-time code and begin; raises what keeps the till from it."""

    def leave(self) -> None:
        """Slow: let go of head office; everything stays in the till's own store."""

    def settle(self, entry_id: str, remedy: str) -> None:
        """Slow: keep how a refused entry is to be settled; head office is told when it can be."""

    def hurry(self) -> None:
        """Try now instead of later."""


class SyncPresenter:
    """Draws each status at once; names and numbers are read from the store beside the counter."""

    def __init__(
        self,
        store: "Store",
        line: OfficeLine,
        on_state: Callable[[SyncState], None],
        now: Callable[[], datetime],
        *,
        run: RunWork = run_here,
        authority: Authority = UNRESTRICTED,
    ) -> None:
        self._store = store
        self._line = line
        self._on_state = on_state
        self._now = now
        self._run = run
        self._authority = authority
        self._board = NoticeBoard()
        self._status = line.status
        self._reading = SyncReading()
        self._read_for: object = None
        self._is_reading = False
        self._asking: frozenset[str] = frozenset()
        self._chosen: frozenset[str] = frozenset()
        self._most_left = 0
        self._log: tuple[LogLine, ...] = ()
        self._lines: tuple[str, ...] = ()
        self._state = SyncState()
        self.on_approval: Callable[[ApprovalNeeded, Callable[[], None]], None] | None = None
        self.status_changed(self._status)

    @property
    def state(self) -> SyncState:
        """What the screen shows now."""
        return self._state

    def status_changed(self, status: SyncStatus) -> None:
        """Draw how it stands now, and read what it names if that is new."""
        self._status = status
        self._look_at_chosen()
        self._draw()
        self._read()

    def refresh(self) -> None:
        """Draw everything anew, as after a change of the settings or of the language."""
        self._read_for, self._log = None, ()
        self.status_changed(self._line.status)

    def may_connect(self, then: Callable[[], None]) -> None:
        """Do `then` if whoever is at the till may change the settings, or has been let to."""
        self._with_right(then)

    def hurry(self) -> None:
        """Try at once."""
        self._line.hurry()

    def settle(self, entry_id: str, remedy: str) -> None:
        """Settle a refused entry by one of the remedies on its card."""
        is_waiting = any(one.id == entry_id for one in self._waiting())
        if not is_waiting or entry_id in self._asking | self._chosen:
            return

        def begin() -> None:
            self._asking |= {entry_id}
            self._draw()
            self._run(lambda _working: self._line.settle(entry_id, remedy), done, failed)

        def done(_nothing: object) -> None:
            self._asking -= {entry_id}
            self._board.tell(t("Head office is told as soon as it can be reached."))
            self._look_at_chosen()
            self._draw()

        def failed(error: Exception) -> None:
            self._asking -= {entry_id}
            self._refuse(error)

        self._with_right(begin)

    def ask_to_leave(self) -> None:
        """Ask whether head office is to be let go of."""
        self._with_right(lambda: self._put(is_asking=True))

    def stay(self) -> None:
        """Take the question back."""
        self._put(is_asking=False)

    def leave(self) -> None:
        """Let go of head office; what the till sold stays here."""
        if self._state.is_leaving:
            return
        self._put(is_asking=False, is_leaving=True)

        def done(_nothing: object) -> None:
            self._put(is_leaving=False)
            self._board.tell(t("This till works on its own again. Everything is still here."))
            self.refresh()

        def failed(error: Exception) -> None:
            self._put(is_leaving=False)
            self._refuse(error)

        self._run(lambda _working: self._line.leave(), done, failed)

    def dismiss(self, key: str) -> None:
        """Take a notice away."""
        self._board.take_down(key)
        self._draw()

    def _with_right(self, do: Callable[[], None]) -> None:
        try:
            self._authority.require(ApprovalRequest(Action.SETTINGS))
        except ApprovalNeeded as need:
            if self.on_approval is None:
                self._refuse(need)
            else:
                self.on_approval(need, lambda: self._with_right(do))
        else:
            do()

    def _refuse(self, error: Exception) -> None:
        if not isinstance(error, PosError):
            raise error
        self._board.refuse(sentence_of(error, self._amounts()))
        self._draw()

    def _read(self) -> None:
        """Read names and numbers once for each set of what is named, one reading at a time."""
        status = self._status
        missing = () if status.proof is None else status.proof.missing
        shown = self._waiting()[:CARDS_MOST]
        wanted = (missing, tuple(one.id for one in shown), status.revision)
        if not status.is_connected or self._is_reading or wanted == self._read_for:
            return
        self._is_reading, self._read_for = True, wanted

        def done(reading: SyncReading) -> None:
            self._is_reading, self._reading = False, reading
            self._draw()
            self._read()  # the status may have gone on meanwhile

        def failed(error: Exception) -> None:
            self._is_reading = False
            self._refuse(error)

        self._run(lambda _working: read_sync(self._store, missing, shown), done, failed)

    def _look_at_chosen(self) -> None:
        """Remember which remedies head office has not answered yet."""
        chosen = remedies_in(self._store.remotes) if self._status.refusals else ()
        self._chosen = frozenset(entry_id for entry_id, _ in chosen)

    def _waiting(self) -> tuple[Refusal, ...]:
        return tuple(one for one in self._status.refusals if not one.is_settled)

    def _amounts(self) -> Any:
        return amount_format(self._store.settings.shop())

    def _when(self, at: str) -> str:
        return told_moment(at, self._now(), self._store.settings.shop())

    def _put(self, **values: Any) -> None:
        self._state = replace(self._state, **values)
        self._on_state(self._state)

    def _draw(self) -> None:
        status, amounts = self._status, self._amounts()
        left = backlog_left(status)
        self._most_left = max(self._most_left, left) if left else 0
        total = status.progress.total if status.progress is not None else self._most_left
        proof, proof_tone = proof_words(status, amounts)
        missing = 0 if status.proof is None else _count(status.proof.missing)
        self._put(
            is_connected=status.is_connected,
            office=" · ".join(isolated(part) for part in (status.company, status.shop) if part),
            company=isolated(status.company) or status.url,
            address=status.url,
            headline=status.sentence,
            can_connect=status.phase in _LET_GO,
            icon=icon_of(status.phase),
            tone=tone_of(status.phase),
            about=self._about(),
            backlog=backlog_words(status, amounts),
            estimate=estimate_words(status),
            done=total - left,
            total=total if status.phase in _AT_WORK else 0,
            proof=proof,
            proof_tone=proof_tone,
            proof_about=self._proof_about(),
            figures=proof_figures(status, amounts),
            missing=missing_words(self._reading.missing if missing else (), missing, amounts),
            refusals=tuple(self._card(one) for one in self._waiting()[:CARDS_MOST]),
            more_refusals=self._more(len(self._waiting()) - CARDS_MOST),
            quarrels=tuple(self._quarrel(one) for one in self._reading.quarrels),
            tills=tuple(
                (t("Till {till}").format(till=till), self._heard(at))
                for till, at in status.other_tills
            ),
            history=self._history(status.log),
            notices=self._board.all(),
        )

    def _history(self, log: tuple[LogLine, ...]) -> tuple[str, ...]:
        if log != self._log:
            self._log = log
            self._lines = tuple(self._line_of(line) for line in log)
        return self._lines

    def _line_of(self, line: LogLine) -> str:
        sign = _SIGNS.get(line.level, "")
        return f"{sign} {self._when(line.at)}  {in_one_piece(line.text)}".strip()

    def _about(self) -> str:
        status = self._status
        parts = []
        if status.last_contact:
            told = t("Last contact: {when}")
            parts.append(told.format(when=self._when(status.last_contact)))
        if status.next_try:
            parts.append(t("Next try: {when}").format(when=self._when(status.next_try)))
        return " · ".join(parts)

    def _proof_about(self) -> str:
        proof = self._status.proof
        if proof is None or not proof.is_genuine:
            return ""
        return t("Signed by head office: {when}").format(when=self._when(proof.office.at))

    def _heard(self, at: str) -> str:
        return self._when(at) or t("not heard yet")

    def _more(self, count: int) -> str:
        told = t("And {count} more, which come up as these are settled.")
        return told.format(count=self._amounts().count(count)) if count > 0 else ""

    def _card(self, refusal: Refusal) -> RefusalCard:
        number = dict(self._reading.documents).get(refusal.id, "")
        remedies = remedies_of(refusal.remedy)
        return RefusalCard(
            refusal.id,
            f"{kind_words(refusal.kind)} {isolated(number)}".strip(),
            self._when(refusal.at),
            t(refusal.reason),
            remedies,
            "" if remedies else note_words(refusal.remedy),
            refusal.id in self._asking | self._chosen,
        )

    def _quarrel(self, quarrel: Quarrel) -> QuarrelLine:
        when = self._when(quarrel.at)
        parts = [t("by {who}").format(who=isolated(quarrel.by)) if quarrel.by else "", when]
        nothing = t("(empty)")
        return QuarrelLine(
            f"{kind_words(quarrel.kind)} {isolated(quarrel.name)}",
            customer_field_words().get(quarrel.field, quarrel.field),
            quarrel.kept or nothing,
            quarrel.lost or nothing,
            " · ".join(part for part in parts if part),
        )


def _count(ranges: tuple[tuple[int, int], ...]) -> int:
    return sum(last - first + 1 for first, last in ranges)
