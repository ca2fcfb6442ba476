"""The day screen: which period, what it is held against, and the receipts behind each figure."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.day_periods import Comparison
from pos_app.domain.day_review import DayReview
from pos_app.domain.errors import PosError
from pos_app.domain.shop import ShopSettings
from pos_app.services import day_papers
from pos_app.services.day_papers import DayFile
from pos_app.services.time_zones import business_day
from pos_app.texts import t
from pos_app.ui.presenters import day_choices as choices
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.day_choices import DayChoices
from pos_app.ui.presenters.day_doors import DayDoors, DayFigures, StoredFigures
from pos_app.ui.presenters.day_page import page_of
from pos_app.ui.presenters.day_panel import DayPanel
from pos_app.ui.presenters.day_state import DayPage, DayState
from pos_app.ui.presenters.day_writing import DayWriting
from pos_app.ui.presenters.fact_names import writer_of
from pos_app.ui.presenters.notice_board import NoticeBoard
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import isolated
from pos_app.ui.presenters.typed_days import sentence_with_days, shown_day, typed_day

if TYPE_CHECKING:
    from pos_app.store.store import Store

_OLD_AFTER_S = 60


class DayPresenter:
    """Reads one review after the other elsewhere; a newer wish stops the one before it."""

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        run: RunWork,
        on_state: Callable[[DayState], None],
        doors: DayDoors | None = None,
        figures: DayFigures | None = None,
    ) -> None:
        self._store = store
        self._now = now
        self._run = run
        self._on_state = on_state
        self._doors = doors or DayDoors()
        self._figures = figures or StoredFigures(store)
        self._board = NoticeBoard()
        self._review: DayReview | None = None
        self._page: DayPage | None = None
        self._job: Stoppable | None = None
        self._is_reading = False
        self._serial = 0
        self._currencies: Sequence[str] = ()
        self._hidden = ""
        self._panel = DayPanel(
            self._figures, partial(writer_of, store), run, self._show, self._refused
        )
        self._shop: ShopSettings = store.settings.shop()
        self._choices = choices.first_choices(self._today)
        self._state = DayState()

    @property
    def state(self) -> DayState:
        """What the screen shows now."""
        return self._state

    @property
    def review(self) -> DayReview | None:
        """The review in sight, None before the first one and while it is hidden."""
        return self._review

    def begin(self) -> None:
        """Read today."""
        self._read()

    def refresh(self, *, settings: bool = False) -> None:
        """Read anew, after a change elsewhere; what is on show stays until it is there."""
        if settings:
            self._shop = self._store.settings.shop()
        self._choices = choices.kept_up(self._choices, self._today)
        self._read()

    def look_again(self) -> None:
        """Read anew where a running day is on show that was read more than a minute ago."""
        made = self._review
        if made is None or not made.is_running or self._is_reading:
            return
        if (self._now() - made.made_at).total_seconds() > _OLD_AFTER_S:
            self.refresh()

    def choose_period(self, key: str) -> None:
        """Take one of the usual periods, or the days that stand there."""
        self._put(choices.with_period(self._choices, key, self._today))

    def step(self, ways: int) -> None:
        """Go to the period before (-1) or after (1)."""
        self._put(choices.with_step(self._choices, ways, self._today))

    def choose_comparison(self, key: str) -> None:
        """Hold the period against something else."""
        self._put(choices.with_comparison(self._choices, key))

    def choose_currency(self, currency: str) -> None:
        """Show what was sold in another currency."""
        self._put(replace(self._choices, currency=currency))

    def day_of(self, which: str) -> date:
        """Return the day that a field shows, for its calendar."""
        return choices.day_of(self._choices, which)

    def pick_day(self, which: str, day: date) -> None:
        """Take a first or last day that was touched in a calendar."""
        self._gesture(lambda: self._put(choices.with_day(self._choices, which, day)))

    def type_day(self, which: str, text: str) -> None:
        """Take a first or last day that was typed."""
        known = self.day_of(which)
        if text.strip() == shown_day(known, self._shop):
            return

        def take() -> None:
            day = typed_day(text, self._today, self._shop)
            self._put(choices.with_day(self._choices, which, known if day is None else day))

        self._gesture(take)

    def open(self, key: str) -> None:
        """Follow a figure: to its receipts, to a screen, or to the one receipt it is about."""
        target = None if self._page is None else self._page.targets.get(key)
        if target is None:
            return
        if target.receipt:
            self._doors.open_receipt(target.receipt)
        elif target.query is not None:
            self._panel.open(target)
            self._show()
        elif target.screen in self._doors.screens:
            self._doors.open_screen(target.screen)

    def open_bar(self, place: int) -> None:
        """Follow a bar of the chart."""
        if self._page is not None and 0 <= place < len(self._page.chart_keys):
            self.open(self._page.chart_keys[place])

    def open_receipt(self, sale_id: str) -> None:
        """Show a receipt of the panel on the screen for receipts."""
        if sale_id:
            self._doors.open_receipt(sale_id)

    def open_evidence(self, key: str) -> None:
        """Show what a row of the panel tells of: on its receipt, else in the journal."""
        one = self._panel.evidence(key)
        if one is None:
            return
        if one.sale_id:
            self._doors.open_receipt(one.sale_id)
        elif one.entry is not None:
            self._doors.open_entry(one.entry.seq)

    def open_screen(self, key: str) -> None:
        """Go on to another screen."""
        if key in self._doors.screens:
            self._doors.open_screen(key)

    def more_receipts(self) -> None:
        """Read the next receipts into the panel."""
        self._panel.more()
        self._show()

    def close_panel(self) -> None:
        """Put the panel away."""
        self._panel.close()
        self._show()

    def dismiss(self, key: str) -> None:
        """Take a notice away."""
        self._board.take_down(key)
        self._show()

    def suggested_name(self, kind: DayFile) -> str:
        """Return a file's name for the review in sight."""
        return "" if self._review is None else day_papers.day_file_name(self._review, kind)

    def save(self, path: Path, kind: DayFile) -> None:
        """Write the review in sight into a file, elsewhere."""
        review, shop = self._review, self._shop
        if review is None:
            return

        def done(_none: None) -> None:
            self._tell(t("{name} is saved.").format(name=isolated(path.name)))

        self._run(
            lambda _working: day_papers.save_day(review, path, kind, shop), done, self._refused
        )

    def print_slip(self) -> None:
        """Put the review in sight on paper as a slip."""
        review, now = self._review, self._now()
        if review is None:
            return

        def done(printers: Sequence[str]) -> None:
            self._doors.print_added(printers)
            self._tell(t("The slip is being printed."))

        self._run(
            lambda _working: day_papers.print_day_slip(self._store, review, now),
            done,
            self._refused,
        )

    @property
    def _today(self) -> date:
        return business_day(self._now(), self._shop)

    @property
    def _say(self) -> DayWriting:
        currency = self._choices.currency or self._shop.policy.currency
        return DayWriting(self._shop, currency, self._today)

    def _put(self, new: DayChoices) -> None:
        self._choices = new
        self._board.forget_the_moment()
        self._panel.close()
        self._read()

    def _gesture(self, do: Callable[[], None]) -> None:
        try:
            do()
        except PosError as refusal:
            self._refused(refusal)

    def _read(self) -> None:
        """Read the review that is wished for now, in place of one that is still being read."""
        if self._job is not None:
            self._job.cancel()
        self._hidden = self._why_hidden()
        if self._hidden:
            self._panel.close()
            self._is_reading, self._review, self._page = False, None, None
            self._serial += 1
            self._show()
            return
        period, compared = self._choices.period, self._choices.compared
        currency, now = self._choices.currency or None, self._now()

        def work(working: Working) -> tuple[DayReview, Sequence[str]]:
            check = working.stop_if_cancelled
            made = self._figures.review(period, currency, compared, now, check)
            return made, self._figures.currencies(period)

        done = partial(self._take, self._choices.comparison)
        self._is_reading = True
        self._job = self._run(work, done, self._failed)
        self._show()

    def _take(self, comparison: Comparison, found: tuple[DayReview, Sequence[str]]) -> None:
        self._is_reading = False
        self._review, self._currencies = found
        say = replace(self._say, currency=self._review.currency)
        self._page = page_of(self._review, comparison, say)
        self._serial += 1
        self._show()

    def _why_hidden(self) -> str:
        """Say why these days may not be seen: their takings would tell what the drawer holds."""
        hidden = self._doors.hidden_from()
        if hidden is None or max(self._choices.period.end, self._choices.compared.end) < hidden:
            return ""
        return t(
            "This shop counts blind. These days are shown once the drawer is counted, or to "
            "somebody who may agree to any cash difference."
        )

    def _failed(self, error: Exception) -> None:
        self._is_reading = False
        self._refused(error)

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, PosError):
            raise error
        self._board.refuse(sentence_with_days(error, self._say.amounts, self._shop))
        self._show()

    def _tell(self, text: str) -> None:
        self._board.forget_the_moment()
        self._board.tell(text)
        self._show()

    def _about(self, say: DayWriting) -> str:
        """Say what is on show: until when a running day is known, and what it is held against."""
        review = self._review
        if review is None:
            return ""
        parts = [t("Compared with {period}").format(period=say.period(review.before.period))]
        if review.is_running:
            parts.insert(0, t("So far, at {time}").format(time=say.clock(review.made_at)))
        return " · ".join(parts)

    def _show(self) -> None:
        shown, say, own = self._choices, self._say, self._shop.policy.currency
        several = self._currencies if len(self._currencies) > 1 else ()
        is_ready = self._review is not None and not self._is_reading
        self._state = DayState(
            # Figures stay until new ones are there, and so does the name of their days.
            title=say.period(shown.period if self._review is None else self._review.period),
            about=self._about(say),
            periods=choices.period_choices(),
            period=shown.key,
            start=shown_day(shown.period.start, self._shop),
            end=shown_day(shown.period.end, self._shop),
            can_step_on=shown.period.end < self._today,
            comparisons=choices.comparison_choices(),
            comparison=shown.comparison.value,
            before_start=shown_day(shown.compared.start, self._shop),
            before_end=shown_day(shown.compared.end, self._shop),
            is_own_comparison=shown.comparison is Comparison.OWN,
            currencies=tuple(Choice(one, one) for one in several),
            currency=shown.currency or own,
            page=self._page,
            serial=self._serial,
            panel=self._panel.view(say, shown.period),
            is_reading=self._is_reading,
            can_save=is_ready,
            hidden=self._hidden,
            notices=self._board.all(),
        )
        self._on_state(self._state)
