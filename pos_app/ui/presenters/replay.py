"""The replay screen: the shifts, and one of them step by step as the cashier saw it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.shift import Shift
from pos_app.services import replay as replays
from pos_app.services.replay import Frame, Replay, replay_shift, shifts_of
from pos_app.services.shift_records import SHIFT
from pos_app.texts import t
from pos_app.ui.presenters import replay_words as words
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.fact_names import name_of_cashier, writer_of
from pos_app.ui.presenters.notice_board import NoticeBoard
from pos_app.ui.presenters.office_rows import FixedRows, PagedRows
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.replay_words import ReplayState
from pos_app.ui.views import TableRow

if TYPE_CHECKING:
    from pos_app.store.store import Store

_SHIFTS_MOST = 500


class ReplayPresenter:
    """Reads a shift elsewhere and steps through its frames; `place` counts them from 0."""

    def __init__(
        self, store: "Store", run: RunWork, on_state: Callable[[ReplayState], None]
    ) -> None:
        self._store = store
        self._run = run
        self._on_state = on_state
        self._board = NoticeBoard()
        self._job: Stoppable | None = None
        self._replay: Replay | None = None
        self._write = writer_of(store)
        self._state = ReplayState()

    @property
    def state(self) -> ReplayState:
        """What the screen shows now."""
        return self._state

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The frames of the shift in sight."""
        return () if self._replay is None else self._replay.frames

    def begin(self) -> None:
        """List the shifts, the latest first."""
        self._write = writer_of(self._store)
        shifts = shifts_of(self._store, _SHIFTS_MOST)
        rows = FixedRows(
            tuple(
                words.shift_row(one, self._write, name_of_cashier(self._store, one.opened_by))
                for one in shifts
            )
        )
        self._replay = None
        self._state = ReplayState(
            columns=words.shift_columns(), shifts=rows, serial=self._state.serial + 1
        )
        self._show()

    def open(self, shift_id: str) -> None:
        """Read a shift and stand at its first frame."""
        shift = self._store.records.get(SHIFT, shift_id)
        if shift is None:
            return
        self.stop()
        self._write = writer_of(self._store)
        store, known = self._store, shift

        def work(working: Working) -> Replay:
            return replay_shift(store, known, working.stop_if_cancelled)

        self._state = replace(self._state, is_reading=True)
        self._show()
        self._job = self._run(work, self._read, self._failed)

    def step(self, by: int) -> None:
        """Go on (1) or back (-1)."""
        self.go(self._state.place + by)

    def go(self, place: int) -> None:
        """Stand at a frame; the first or last one where there is none."""
        if self.frames:
            self._stand(min(max(place, 0), len(self.frames) - 1))

    def go_to_entry(self, seq: int) -> None:
        """Stand at the frame of a journal entry."""
        for place, frame in enumerate(self.frames):
            if frame.seq == seq:
                self._stand(place)
                return

    def to_exception(self, step: int = 1) -> None:
        """Go to the next exception, or with -1 to the one before."""
        self.go(replays.next_exception(self.frames, self._state.place, step))

    def play(self) -> None:
        """Begin to play or pause; at the end play from the beginning."""
        is_playing = not self._state.is_playing and bool(self.frames)
        if is_playing and self._state.place >= len(self.frames) - 1:
            self._stand(0)
        self._state = replace(self._state, is_playing=is_playing)
        self._show()

    def choose_speed(self, speed: int) -> None:
        """Play faster or slower."""
        self._state = replace(self._state, speed=speed)
        self._show()

    def tick(self) -> None:
        """Go on by one frame while the shift plays, and pause at its end."""
        if not self._state.is_playing:
            return
        if self._state.place + 1 >= len(self.frames) - 1:
            self._state = replace(self._state, is_playing=False)
        self.step(1)

    def pause_ms(self) -> int:
        """Return how long the frame on show stays while the shift plays."""
        return int(replays.pause_s(self.frames, self._state.place, self._state.speed) * 1000)

    def seq_here(self) -> int:
        """Return the journal entry of the frame on show, 0 without one."""
        return self.frames[self._state.place].seq if self.frames else 0

    def stop(self) -> None:
        """Give up what is being read."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def dismiss(self, key: str) -> None:
        """Take a notice away."""
        self._board.take_down(key)
        self._show()

    def _read(self, replay: Replay) -> None:
        self._job, self._replay = None, replay
        shift, frames = replay.shift, replay.frames
        self._board.forget_the_moment()
        if replay.is_cut:
            told = t("This shift has more than {count} events; the first ones are shown.")
            self._board.tell(told.format(count=self._write.amounts.count(len(frames))))
        title = t("Shift {number}").format(number=self._write.amounts.count(shift.number))
        self._state = replace(
            self._state,
            serial=self._state.serial + 1,
            title=title,
            about=self._about(shift),
            events=PagedRows(len(frames), self._events),
            event_columns=words.event_columns(),
            count=len(frames),
            marks=tuple(n for n, frame in enumerate(frames) if frame.is_exception),
            is_reading=False,
            is_playing=False,
        )
        self._stand(0)

    def _about(self, shift: Shift) -> str:
        parts = [self._write.moment(str(shift.opened_at)), self._who(shift.opened_by)]
        if shift.closed_at is None:
            parts.append(t("still open"))
        else:
            parts[0] += f" – {self._write.moment(str(shift.closed_at))}"
        return " · ".join(part for part in parts if part)

    def _events(self, offset: int, limit: int) -> Sequence[TableRow]:
        frames = self.frames[offset : offset + limit]
        if not frames:
            return []
        found = self._store.journal.search.between(frames[0].seq, frames[-1].seq)
        by_seq = {entry.seq: entry for entry in found}
        return [words.event_row(frame, by_seq.get(frame.seq), self._write) for frame in frames]

    def _stand(self, place: int) -> None:
        replay = self._replay
        if replay is None:
            return
        if not replay.frames:
            self._state = replace(self._state, place=0, sentence=t("Nothing happened yet."))
            self._show()
            return
        frame = replay.frames[place]
        entry = self._store.journal.get(frame.seq)
        time, sentence = words.event_row(frame, entry, self._write).cells
        amounts = self._write.amounts
        position = t("{place} of {count}").format(
            place=amounts.count(place + 1), count=amounts.count(len(replay.frames))
        )
        self._state = replace(
            self._state,
            place=place,
            time=time,
            sentence=sentence,
            staff=self._who(frame.staff),
            is_exception=frame.is_exception,
            rows=words.cart_rows(frame.cart, self._write),
            total=words.cart_total(frame, self._write),
            figures=words.figures_of(frame, replay.shift, self._write),
            position=position,
        )
        self._show()

    def _failed(self, error: Exception) -> None:
        self._job = None
        if not isinstance(error, PosError):
            raise error
        self._state = replace(self._state, is_reading=False)
        self._board.refuse(sentence_of(error, self._write.amounts))
        self._show()

    def _who(self, code: str) -> str:
        if not code:
            return ""
        return t("cashier {staff}").format(staff=name_of_cashier(self._store, code))

    def _show(self) -> None:
        self._state = replace(self._state, notices=self._board.all())
        self._on_state(self._state)
