"""Making many documents in a row: into a folder or to a printer, each by itself.

What cannot be made is remembered with its reason, and the rest goes on.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pos_app.domain.errors import PosError
from pos_app.services.document_files import (
    FileForm,
    Paper,
    PaperOrder,
    file_name,
    paper_order,
    write_new,
)
from pos_app.services.document_records import DOCUMENT_KINDS
from pos_app.services.progress import Progress, never, unwatched
from pos_app.store.documents import DocumentFilter
from pos_app.store.records import RecordKind

if TYPE_CHECKING:
    from pos_app.store.store import Store

Papers = tuple[tuple[FileForm, "Future[bytes]"], ...]
Deliver = Callable[[Paper, FileForm, bytes], None]
_PDF_ONLY = (FileForm.PDF,)


class DocumentGone(PosError):
    """A chosen document that is not there any more."""

    sentence = "This document is not in the store any more."


class Press(Protocol):
    """Makes papers elsewhere: one is begun while the one before is put away."""

    def begin(self, order: PaperOrder) -> "Future[bytes]":
        """Start a paper."""

    def finish(self, paper: "Future[bytes]") -> bytes:
        """Wait for a paper; raises its refusal."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which documents: those with these ids, or all that a filter finds."""

    record: str
    ids: tuple[str, ...] = ()
    every: DocumentFilter | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A document that could not be made, or not be put where it belongs."""

    number: str
    refusal: PosError


@dataclass(frozen=True, slots=True)
class BatchReport:
    """How it went; `was_stopped` where somebody stopped it between two documents."""

    done: int
    total: int
    failed: tuple[Failed, ...] = ()
    was_stopped: bool = False


def chosen_ids(store: "Store", chosen: Chosen) -> tuple[str, ...]:
    """Return the ids of chosen documents, in the order of the list for a filter: oldest first."""
    if chosen.every is None:
        return chosen.ids
    return tuple(one.id for one in store.documents.stream(chosen.record, chosen.every))


def into_folder(folder: Path) -> Deliver:
    """Return what puts each document into a folder; a name that is taken gets a number."""

    def deliver(document: Paper, form: FileForm, content: bytes) -> None:
        write_new(folder, file_name(document, form), content)

    return deliver


def make_all(
    store: "Store",
    chosen: Chosen,
    press: Press,
    deliver: Deliver,
    forms: Sequence[FileForm] = _PDF_ONLY,
    *,
    day: date | None = None,
    on_progress: Progress = unwatched,
    is_stopped: Callable[[], bool] = never,
) -> BatchReport:
    """Make every chosen document in each form and deliver it; stops only between documents.

    `day` is that of letters. `deliver` raises PosError where a document cannot be put away; the
    rest goes on.
    """
    ids, failed, done = chosen_ids(store, chosen), list[Failed](), 0
    on_progress(0, len(ids))
    begin = partial(_papers, store, press, forms, day)
    waiting = _begun(store, chosen.record, ids, begin)
    for number, work in enumerate(waiting, 1):
        if is_stopped():
            return BatchReport(done, len(ids), tuple(failed), was_stopped=True)
        try:
            work.finish(press, deliver)
            done += 1
        except PosError as refusal:
            failed.append(Failed(work.number, refusal))
        on_progress(number, len(ids))
    return BatchReport(done, len(ids), tuple(failed))


@dataclass(frozen=True, slots=True)
class _Work:
    """A document whose papers are being made."""

    document: Paper | None
    papers: Papers = ()

    @property
    def number(self) -> str:
        """What the list of failures calls it."""
        if self.document is None:
            return ""
        return self.document.head.number or self.document.head.customer.name

    def finish(self, press: Press, deliver: Deliver) -> None:
        """Wait for all papers before any is delivered; raises what refused the document."""
        if self.document is None:
            raise DocumentGone()
        made = [(form, press.finish(paper)) for form, paper in self.papers]
        for form, content in made:
            deliver(self.document, form, content)


def _papers(
    store: "Store", press: Press, forms: Sequence[FileForm], day: date | None, document: Paper
) -> Papers:
    return tuple((form, press.begin(paper_order(store, document, form, day))) for form in forms)


def _begun(
    store: "Store", record: str, ids: Sequence[str], begin: Callable[[Paper], Papers]
) -> Iterator[_Work]:
    """Yield the documents in order, each when the next is being made already."""
    kind: RecordKind[Any] = next(kind for kind in DOCUMENT_KINDS if kind.name == record)
    before: _Work | None = None
    for document_id in ids:
        document = store.records.get(kind, document_id)
        work = _Work(document, () if document is None else begin(document))
        if before is not None:
            yield before
        before = work
    if before is not None:
        yield before
