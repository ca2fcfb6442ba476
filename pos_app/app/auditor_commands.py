"""The command that writes what an auditor takes away."""

import argparse
from pathlib import Path

from pos_app.app.data_commands import write_out
from pos_app.app.progress_line import ProgressLine
from pos_app.app.report_commands import day_of

DONE = 0


def export_auditor(options: argparse.Namespace) -> int:
    """Write everything, or some days, with a signed manifest and a program that checks it."""
    from pos_app.domain.report_period import period_of
    from pos_app.services.auditor_export import export_for_auditor
    from pos_app.store.store import open_reader

    period = None
    if options.start or options.end:
        period = period_of(options.start or options.end, options.end or options.start)
    with open_reader(options.store) as store:
        done = export_for_auditor(store, options.file, period, ProgressLine("Exporting"))
    plain = {
        "file": str(done.path),
        "entries": done.entries,
        "documents": done.documents,
        "files": done.files,
        "bytes": done.size_bytes,
        "head": {"seq": done.head_seq, "hash": done.head_hash},
        "keys": {str(epoch): key for epoch, key in done.keys.items()},
    }
    words = (
        f"{done.entries} journal entries (of {done.head_seq}) and {done.documents} documents are "
        f"in {done.path}.\nIt is checked with: python verify.py {done.path.name}\n"
        "Keys of this till, for the auditor to note: " + ", ".join(done.keys.values())
    )
    write_out(options, plain, words)
    return DONE


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("file", type=Path, help="the ZIP file (.zip) or new folder to write")
    parser.add_argument(
        "--from", dest="start", type=day_of, metavar="DAY",
        help="first day, such as 2026-01-31 (default: everything)",
    )  # fmt: skip
    parser.add_argument("--to", dest="end", type=day_of, metavar="DAY", help="last day")
