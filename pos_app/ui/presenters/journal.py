"""The journal screen: filters, the entries found, one of them whole, and the state of the chain."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.journal import JournalEntry
from pos_app.services.journal_chain import ChainState, check_chain, signature_of
from pos_app.services.journal_reading import (
    GROUPS,
    PAGE,
    Asked,
    FactGroup,
    Page,
    Turns,
    clock_turns,
    find_page,
    staff_codes,
    with_text,
)
from pos_app.services.time_zones import business_day
from pos_app.texts import t
from pos_app.ui.presenters import journal_state as words
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.fact_names import name_of_cashier, writer_of
from pos_app.ui.presenters.fact_values import is_about_receipt
from pos_app.ui.presenters.fact_words import fact_word
from pos_app.ui.presenters.journal_export import JournalExport
from pos_app.ui.presenters.journal_state import ALL, JournalState
from pos_app.ui.presenters.notice_board import NoticeBoard
from pos_app.ui.presenters.office_rows import FixedRows, PagedRows
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.typed_days import sentence_with_days, shown_day, typed_day
from pos_app.ui.views import TableRow

if TYPE_CHECKING:
    from pos_app.store.store import Store


class JournalPresenter:
    """Finds entries elsewhere, a page at a time; a newer wish stops the search before it."""

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        run: RunWork,
        on_state: Callable[[JournalState], None],
        on_receipt: Callable[[str], None] | None = None,
    ) -> None:
        self._store = store
        self._now = now
        self._run = run
        self._on_state = on_state
        self._on_receipt = on_receipt
        self._board = NoticeBoard()
        self._asked = Asked()
        self._turns: Turns | None = None
        self._found: list[TableRow] = []
        self._next_before = self._sought_rows = 0
        self._search: Stoppable | None = None
        self._chain_job: Stoppable | None = None
        self._is_checking = False
        self._chain = ChainState()
        self._head = 0
        self._codes: tuple[str, ...] = ()
        self._names: dict[str, str] = {}
        self._state = JournalState()
        self.export = JournalExport(store, run, now, self._board, self._show)
        self._follow_settings()

    @property
    def state(self) -> JournalState:
        """What the screen shows now."""
        return self._state

    @property
    def asked(self) -> Asked:
        """What the list is narrowed to."""
        return self._asked

    def begin(self) -> None:
        """List the newest entries, then check the chain and see who wrote entries."""
        self.refresh()
        self._run(lambda working: staff_codes(self._store, working.stop_if_cancelled), self._people)

    def refresh(self) -> None:
        """Read anew, after something was written or the settings have changed."""
        self._follow_settings()
        self._list()
        self._check_chain()

    def search(self, text: str) -> None:
        """List entries that hold all the words of a text."""
        self._ask(with_text(self._asked, text))

    def choose_group(self, key: str) -> None:
        """List one group of kinds, or all."""
        groups = (FactGroup(key),) if key else ()
        self._ask(replace(self._asked, groups=groups, kinds=()))

    def choose_kind(self, key: str) -> None:
        """List one kind of the group, or the whole group."""
        group = self._state.group
        groups = (FactGroup(group),) if group and not key else ()
        kinds = (FactKind(key),) if key else ()
        self._ask(replace(self._asked, groups=groups, kinds=kinds), group)

    def choose_staff(self, code: str) -> None:
        """List what one member of the staff wrote, or all."""
        self._ask(replace(self._asked, staff=code))

    def type_day(self, which: str, text: str) -> None:
        """Take a first (`start`) or last (`end`) day that was typed; nothing means any."""
        try:
            day = typed_day(text, business_day(self._now(), self._shop), self._shop)
        except PosError as refusal:
            self._board.refuse(sentence_with_days(refusal, self._write.amounts, self._shop))
            self._show()
            return
        self.choose_days(
            *((day, self._asked.end) if which == "start" else (self._asked.start, day))
        )

    def choose_days(self, start: date | None, end: date | None) -> None:
        """List the entries of some days; None means any."""
        if (start, end) != (self._asked.start, self._asked.end):
            self._ask(replace(self._asked, start=start, end=end))

    def forget_filters(self) -> None:
        """List everything again."""
        self._ask(Asked())

    def more(self) -> None:
        """Find the next page, as long as there is one."""
        if self._next_before and self._search is None:
            self._find(self._next_before)

    def open(self, key: str) -> None:
        """Show an entry whole beside the list."""
        entry = self._store.journal.get(int(key)) if key.isdigit() else None
        if entry is None:
            return
        receipt = is_about_receipt(entry.kind, entry.payload)
        has_receipt = bool(receipt) and self._store.sales.has(receipt)
        problem = self._problem(entry.seq)
        detail = words.entry_detail(entry, self._write, receipt if has_receipt else "", problem)
        self._state = replace(self._state, detail=detail, marked=key)
        self._show()
        self._run(
            lambda _working: signature_of(self._store, entry),
            lambda is_right: self._signed(entry, is_right),
        )

    def show_entry(self, seq: int) -> None:
        """Show one entry, with those around it in the whole list."""
        if not self._asked.is_all:
            self._asked = Asked()
            self._list()
        self.open(str(seq))

    def close(self) -> None:
        """Show the list alone."""
        self._state = replace(self._state, detail=None)
        self._show()

    def open_receipt(self, key: str = "") -> None:
        """Open the receipt that an entry is about, of the one on show without a key."""
        if key:
            self.open(key)
        detail = self._state.detail
        if detail is not None and detail.receipt and self._on_receipt is not None:
            self._on_receipt(detail.receipt)

    def first_broken(self) -> int:
        """Return the first broken entry, 0 where there is none."""
        return self._chain.breaks[0].seq if self._chain.breaks else 0

    def save(self, what: str, path: Path) -> None:
        """Write one of the exports; the days that are chosen narrow it."""
        self.export.save(what, path, self._asked, self._turns, self._write)

    def stop(self) -> None:
        """Give up what is still being read, because the screen goes away."""
        for job in (self._search, self._chain_job):
            if job is not None:
                job.cancel()
        self.export.stop()

    def dismiss(self, key: str) -> None:
        """Take a notice away."""
        self._board.take_down(key)
        self._show()

    def place_of(self, seq: int) -> int:
        """Return where an entry stands in the whole list."""
        return self._head - seq if self._asked.is_all else -1

    def _ask(self, asked: Asked, group: str | None = None) -> None:
        self._asked = asked
        shown = asked.groups[0].value if asked.groups else ALL
        self._state = replace(self._state, group=shown if group is None else group)
        self._board.forget_the_moment()
        self._list()

    def _list(self) -> None:
        if self._search is not None:
            self._search.cancel()
            self._search = None
        self._found, self._next_before = [], 0
        self._head = self._store.journal.count()
        if not self._asked.is_all:
            self._find(0)
            return
        counted = t("{count} entries").format(count=self._write.amounts.count(self._head))
        self._put_rows(PagedRows(self._head, self._fetch), counted)

    def _fetch(self, offset: int, limit: int) -> Sequence[TableRow]:
        """Return rows of the whole list: entries are numbered without gaps."""
        last = self._head - offset
        entries = self._store.journal.search.between(last - limit + 1, last)
        by_seq = {entry.seq: entry for entry in entries}
        wanted = range(last, max(last - limit, 0), -1)
        return [self._row(by_seq[seq]) if seq in by_seq else self._gap(seq) for seq in wanted]

    def _find(self, before: int, *, is_next_page: bool = True) -> None:
        """Look for the next page in another thread; a page that found little goes on by itself."""
        if is_next_page:
            self._sought_rows = PAGE
        asked, turns, store = self._asked, self._turns, self._store
        has_days = asked.start is not None or asked.end is not None

        def work(working: Working) -> Page:
            return find_page(store, asked, before, turns, working.stop_if_cancelled)

        def done(page: Page) -> None:
            self._search = None
            self._found += [self._row(entry) for entry in page.entries]
            self._next_before = page.next_before
            self._sought_rows -= len(page.entries)
            self._put_rows(FixedRows(tuple(self._found)), self._counted())
            if page.next_before and self._sought_rows > 0:
                self._find(page.next_before, is_next_page=False)
            elif has_days and (turns is None or turns.up_to < self._head):
                self._look_for_turns(turns or Turns())

        self._state = replace(self._state, is_searching=True)
        self._show()
        self._search = self._run(work, done, self._failed)
        if not self._state.is_searching:  # it was done on the spot
            self._search = None

    def _look_for_turns(self, known: Turns) -> None:
        """See whether the clock ever went back; where it did, days are looked for once more."""
        store = self._store

        def done(turns: Turns) -> None:
            self._turns = turns
            if turns.seqs != known.seqs and not self._asked.is_all:
                self._list()

        self._run(lambda working: clock_turns(store, known, working.stop_if_cancelled), done)

    def _counted(self) -> str:
        count = self._write.amounts.count(len(self._found))
        return (
            t("{count} found so far").format(count=count)
            if self._next_before
            else (t("{count} found").format(count=count))
        )

    def _check_chain(self) -> None:
        """Go on with the chain from where it was checked to, one check at a time."""
        if self._is_checking:
            return
        store, known = self._store, self._chain

        def work(working: Working) -> ChainState:
            return check_chain(store, known, working.report, working.stop_if_cancelled)

        def done(chain: ChainState) -> None:
            self._is_checking, self._chain = False, chain
            self._show_chain()
            if chain.breaks != known.breaks:
                self._list()

        def failed(error: Exception) -> None:
            self._is_checking = False
            self._failed(error)

        def progress(up_to: int, _total: int) -> None:
            self._show_chain(up_to)

        self._is_checking = True
        self._show_chain(known.up_to)
        self._chain_job = self._run(work, done, failed, progress)

    def _show_chain(self, reached: int | None = None) -> None:
        """Show how far the chain was checked, `reached` while it still is."""
        chip = words.chain_chip(self._chain, self._head, self._write.amounts, reached)
        self._state = replace(self._state, chain=chip)
        self._show()

    def _signed(self, entry: JournalEntry, is_right: bool | None) -> None:
        detail = self._state.detail
        if detail is not None and detail.seq == entry.seq:
            proof = words.proof_rows(entry, words.signature_words(is_right))
            self._state = replace(self._state, detail=replace(detail, proof=proof))
            self._show()

    def _failed(self, error: Exception) -> None:
        self._search = None
        if not isinstance(error, PosError):
            raise error
        self._state = replace(self._state, is_searching=False)
        self._board.refuse(sentence_of(error, self._write.amounts))
        self._show()

    def _people(self, codes: tuple[str, ...]) -> None:
        self._codes = codes
        self._show()

    def _row(self, entry: JournalEntry) -> TableRow:
        is_broken = any(one.seq == entry.seq for one in self._chain.breaks)
        return words.entry_row(entry, self._write, is_broken=is_broken)

    def _gap(self, seq: int) -> TableRow:
        return TableRow(str(seq), ("", t("This entry is missing."), "", "", str(seq)))

    def _problem(self, seq: int) -> str:
        broken = [one for one in self._chain.breaks if one.seq == seq]
        return "\n".join(words.break_words(one, self._write.amounts) for one in broken)

    def _put_rows(self, rows: PagedRows | FixedRows, counted: str) -> None:
        self._state = replace(
            self._state,
            columns=words.journal_columns(),
            rows=rows,
            counted=counted,
            is_searching=False,
            has_more=bool(self._next_before),
            serial=self._state.serial + 1,
        )
        self._show()

    def _follow_settings(self) -> None:
        self._shop = self._store.settings.shop()
        self._write = writer_of(self._store)

    def _who(self, code: str) -> str:
        if code not in self._names:
            name = name_of_cashier(self._store, code)
            self._names[code] = code if name == code else f"{name} ({code})"
        return self._names[code]

    def _show(self) -> None:
        asked, group = self._asked, self._state.group
        kinds = GROUPS[FactGroup(group)] if group else ()
        every = (Choice(ALL, t("All of them")),) if kinds else ()
        codes = self._codes if asked.staff in self._codes else (*self._codes, asked.staff)
        people = tuple(Choice(code, self._who(code)) for code in codes if code)
        self._state = replace(
            self._state,
            text=asked.text,
            groups=words.group_chips(),
            kinds=every + tuple(Choice(kind.value, fact_word(kind)) for kind in kinds),
            kind=asked.kinds[0].value if asked.kinds else ALL,
            people=(Choice(ALL, t("All cashiers")), *people),
            staff=asked.staff,
            start=shown_day(asked.start, self._shop),
            end=shown_day(asked.end, self._shop),
            is_filtered=not asked.is_all,
            export_busy=self.export.busy,
            notices=self._board.all(),
        )
        self._on_state(self._state)
