"""Talks to a printer over a line that answers: asks how it is, sends the whole job, asks again.

The questions are DLE EOT n of the ESC/POS command reference. A printer that never answers is
trusted, as many cheap ones stay silent; one that answered before the job must answer after it.
"""

from typing import Protocol

from pos_app.printing.errors import (
    CoverOpen,
    PaperOut,
    PaperRanOut,
    PrintCutShort,
    PrinterError,
    PrinterFault,
)

_ASK = b"\x10\x04"
_STATE, _OFFLINE_CAUSE, _PAPER = b"\x01", b"\x02", b"\x04"
_FIRST_ANSWER_S = 0.4
_OFFLINE = 0x08
_COVER, _PAPER_STOP, _ERROR = 0x04, 0x20, 0x40
_PAPER_END = 0x60


class Line(Protocol):
    """Bytes to a printer and back."""

    def write(self, data: bytes) -> None:
        """Send all of `data`, or raise OSError when it stalls."""

    def read(self, timeout_s: float) -> bytes:
        """Return what came within `timeout_s`, nothing if nothing came; OSError when broken."""


def print_over(
    line: Line, payload: bytes, name: str, *, after_job_s: float, needs_paper: bool
) -> None:
    """Send a job over an open line, once.

    Raises PaperOut, CoverOpen or PrinterFault before anything is sent, and PrintCutShort or
    PaperRanOut where part of the job may be on paper. OSError from the first question passes.
    """
    answers = _is_ready(line, name, needs_paper=needs_paper)
    try:
        line.write(payload)
        if not answers:
            return
        state = _ask(line, _STATE, after_job_s)
    except OSError as broken:
        raise PrintCutShort(name=name) from broken
    if state is None:
        raise PrintCutShort(name=name)
    if needs_paper:
        _check_paper_after(line, name)


def _is_ready(line: Line, name: str, *, needs_paper: bool) -> bool:
    """Tell whether the printer answers questions; raises what keeps it from printing."""
    state = _ask(line, _STATE, _FIRST_ANSWER_S)
    if state is None:
        return False
    if not needs_paper:
        return True
    paper = _ask(line, _PAPER, _FIRST_ANSWER_S)
    if paper is not None and paper & _PAPER_END:
        raise PaperOut(name=name)
    if state & _OFFLINE:
        raise _offline(_ask(line, _OFFLINE_CAUSE, _FIRST_ANSWER_S) or 0, name)
    return True


def _offline(cause: int, name: str) -> PrinterError:
    if cause & _COVER:
        return CoverOpen(name=name)
    if cause & _PAPER_STOP:
        return PaperOut(name=name)
    return PrinterFault(name=name)


def _check_paper_after(line: Line, name: str) -> None:
    try:
        paper = _ask(line, _PAPER, _FIRST_ANSWER_S)
    except OSError:
        return  # The job was taken in full; that the line closes now means nothing.
    if paper is not None and paper & _PAPER_END:
        raise PaperRanOut(name=name)


def _ask(line: Line, question: bytes, timeout_s: float) -> int | None:
    """Return the status byte, or None where nothing that looks like one came."""
    line.write(_ASK + question)
    answer = line.read(timeout_s)
    # Bits 0 and 7 are always 0, bits 1 and 4 always 1: anything else is noise.
    status = [byte for byte in answer if byte & 0x93 == 0x12]
    return status[-1] if status else None
