"""The data page of the settings: where the store is, a backup now, a check now."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_app.domain.errors import PosError
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat, amount_format
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.views import Tone

if TYPE_CHECKING:
    from pos_app.store.store import Store

Backup = Callable[[Path, Path], Any]
Verify = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class DataState:
    """Everything on the data page."""

    path: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    is_busy: bool = False
    can_stop: bool = False
    done: int = 0
    total: int = 0
    result: str = ""
    result_tone: Tone = Tone.PLAIN
    faults: tuple[str, ...] = ()
    folder: str = ""


class DataPresenter:
    """Backs the store up and checks it, in the background, while the counter sells on."""

    def __init__(
        self,
        store: "Store",
        run: RunWork,
        on_state: Callable[[DataState], None],
        now: Callable[[], datetime],
        *,
        backup: Backup | None = None,
        verify: Verify | None = None,
    ) -> None:
        self._store = store
        self._run = run
        self._on_state = on_state
        self._now = now
        self._backup = backup or _backup_store
        self._verify = verify or _verify_store
        self._job: Stoppable | None = None
        self._state = DataState()
        self.refresh()

    @property
    def state(self) -> DataState:
        """What the page shows now."""
        return self._state

    def refresh(self) -> None:
        """Read the figures anew."""
        store = self._store
        amounts = amount_format(store.settings.shop())
        facts = (
            (t("Products"), amounts.count(store.products.count())),
            (t("Customers"), amounts.count(store.customers.count())),
            (t("Receipts"), amounts.count(store.sales.count())),
            (t("Journal entries"), amounts.count(store.journal.count())),
            (t("Size"), _size_words(_size_of(store.path), amounts)),
            (t("Till"), store.identity.till),
        )
        self._put(path=str(store.path), facts=facts)

    def suggested_backup(self) -> Path:
        """Return a name for a backup made now, beside the store."""
        path = self._store.path
        return path.with_name(f"{path.stem}-{self._now().astimezone():%Y-%m-%d-%H%M}.backup.db")

    def back_up(self, target: Path) -> None:
        """Copy the store to a file, whole and checked."""
        if self._state.is_busy:
            return
        source = self._store.path

        def work(_working: Working) -> Any:
            return self._backup(source, target)

        def done(_report: object) -> None:
            told = t("The backup is whole: {file}").format(file=target.name)
            self._put(is_busy=False, result=told, result_tone=Tone.SUCCESS,
                      folder=str(target.parent))  # fmt: skip

        self._begin(t("Backing up …"), can_stop=False)
        self._job = self._run(work, done, self._failed)

    def verify(self) -> None:
        """Check the journal, every document, the stock and the file."""
        if self._state.is_busy:
            return
        path = self._store.path

        def work(working: Working) -> Any:
            return self._verify(path, on_progress=working.report)

        self._begin(t("Checking …"), can_stop=True)
        self._job = self._run(work, self._verified, self._failed, self._going_on)

    def stop(self) -> None:
        """Stop the check."""
        if self._job is not None and self._state.can_stop:
            self._job.cancel()
            self._job = None
            self._put(is_busy=False, result=t("Stopped."), result_tone=Tone.PLAIN)

    def _begin(self, words: str, *, can_stop: bool) -> None:
        self._put(is_busy=True, can_stop=can_stop, done=0, total=0, result=words,
                  result_tone=Tone.PLAIN, faults=(), folder="")  # fmt: skip

    def _going_on(self, done: int, total: int) -> None:
        if self._state.is_busy:
            self._put(done=done, total=total)

    def _verified(self, report: Any) -> None:
        self._job = None
        faults = tuple(fault.sentence for fault in report.faults)
        if faults:
            text = t("Something is wrong. Keep this file, and restore the latest good backup.")
        else:
            text = t("Everything is in order: journal, receipts, stock and file.")
        tone = Tone.DANGER if faults else Tone.SUCCESS
        self._put(is_busy=False, result=text, result_tone=tone, faults=faults[:20])

    def _failed(self, error: Exception) -> None:
        self._job = None
        self._put(is_busy=False)
        if not isinstance(error, PosError):
            raise error
        amounts = amount_format(self._store.settings.shop())
        self._put(result=sentence_of(error, amounts), result_tone=Tone.DANGER)

    def _put(self, **values: Any) -> None:
        self._state = replace(self._state, **values)
        self._on_state(self._state)


def _backup_store(source: Path, target: Path) -> object:
    from pos_app.store.backup import backup_store  # noqa: PLC0415 - seldom, and not at start

    return backup_store(source, target)


def _verify_store(path: Path, *, on_progress: Callable[[int, int], None]) -> Any:
    from pos_app.services.verification import verify  # noqa: PLC0415 - seldom, and not at start

    return verify(path, on_progress)


def _size_of(path: Path) -> int:
    sizes = (path.with_name(path.name + ending) for ending in ("", "-wal"))
    return sum(part.stat().st_size for part in sizes if part.exists())


def _size_words(size_bytes: int, amounts: AmountFormat) -> str:
    for unit, factor in (("GB", 10**9), ("MB", 10**6)):
        if size_bytes >= factor:
            tenths = Decimal(size_bytes // (factor // 10)).scaleb(-1)
            return f"{amounts.number(tenths)} {unit}"
    return f"{max(size_bytes // 1000, 1)} kB"
