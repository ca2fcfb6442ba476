"""The command for the German fiscal export (DSFinV-K)."""

import argparse
from pathlib import Path

from pos_app.app.data_commands import write_out
from pos_app.app.progress_line import ProgressLine
from pos_app.app.report_commands import day_of

DONE, WRONG = 0, 1


def export_fiscal(options: argparse.Namespace) -> int:
    """Write the closings of some days as a medium; status 1 where its sums do not agree."""
    from pos_app.domain.report_period import period_of
    from pos_app.services.dsfinvk.cross_sums import cross_sum_faults
    from pos_app.services.dsfinvk_export import export_dsfinvk
    from pos_app.store.store import open_reader

    period = None
    if options.start or options.end:
        period = period_of(options.start or options.end, options.end or options.start)
    with open_reader(options.store) as store:
        done = export_dsfinvk(store, options.file, period, ProgressLine("Exporting"))
    faults = cross_sum_faults(done.path)
    plain = {
        "file": str(done.path),
        "closings": done.closings,
        "receipts": done.receipts,
        "unclosed": done.unclosed,
        "faults": faults,
    }
    words = f"{done.closings} closings with {done.receipts} receipts are in {done.path}."
    if done.unclosed:
        words += f"\n{done.unclosed} receipts wait for the next closing and are not in it."
    words += "\n" + ("\n".join(faults) if faults else "Every sum agrees with its parts.")
    write_out(options, plain, words)
    return WRONG if faults else DONE


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("file", type=Path, help="the medium to write (.zip)")
    parser.add_argument(
        "--from", dest="start", type=day_of, metavar="DAY",
        help="first business day, such as 2026-01-31 (default: every closing)",
    )  # fmt: skip
    parser.add_argument("--to", dest="end", type=day_of, metavar="DAY", help="last business day")
