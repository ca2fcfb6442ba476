"""Commands on a shop's data: imports, exports, verify, backup, restore."""

import argparse
import json
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_app.app.folders import make_folder
from pos_app.app.progress_line import ProgressLine
from pos_app.domain.errors import PosError
from pos_app.domain.shop import ShopSettings
from pos_app.services.checkout import utc_now

if TYPE_CHECKING:
    from pos_app.services.list_import import ImportReport
    from pos_app.services.product_columns import Mapping
    from pos_app.services.product_preview import PreviewRow
    from pos_app.services.retail_history.report import SalesImportReport
    from pos_app.services.verification import Verification
    from pos_app.spreadsheets.table import Table
    from pos_app.store.store import Store

DONE, WRONG = 0, 1
NAMED_LINES_SHOWN = 20


class ColumnOptionWrong(PosError):
    """A `--column` that names no field or no column of the list."""

    sentence = "--column {given} does not fit. Write FIELD=HEADER with one of: {choices}."


def import_products(options: argparse.Namespace) -> int:
    """Read a product list into the store; status 1 where rows were refused."""
    from pos_app.services.product_columns import Field
    from pos_app.services.product_import import ProductImport
    from pos_app.services.product_preview import open_product_list, preview

    table, mapping = open_product_list(options.file)
    mapping = with_chosen_columns(mapping, table, options.column, Field)
    if options.dry_run:
        return show_preview(preview(table, mapping), as_json=options.json)
    with open_or_make(options.store, ShopSettings) as store:
        report = ProductImport(store, utc_now).run(table, mapping, ProgressLine("Importing"))
    write_out(options, import_as_plain(report), import_in_words(report))
    return WRONG if report.refused else DONE


def export_products(options: argparse.Namespace) -> int:
    """Write the whole catalogue to a list that `import-products` reads back."""
    from pos_app.services.product_export import export_products as export
    from pos_app.store.store import open_reader

    with open_reader(options.store) as store:
        count = export(store, options.file, on_progress=ProgressLine("Exporting"))
    words = f"{count} products written to {options.file}."
    write_out(options, {"products": count, "file": str(options.file)}, words)
    return DONE


def import_sales(options: argparse.Namespace) -> int:
    """Ring up a history; status 1 where a line was refused or the sums differ."""
    from pos_app.services.sales_import import history_shop
    from pos_app.services.sales_import import import_sales as ring_up
    from pos_app.spreadsheets.table import FileMissing

    if not options.file.is_file():
        raise FileMissing(name=options.file.name)
    with open_or_make(options.store, history_shop) as store:
        report = ring_up(store, options.file, on_progress=ProgressLine("Ringing up"))
    plain = report.as_plain() | {"peak_memory_mib": _peak_memory_mb()}
    write_out(options, plain, _sales_in_words(report))
    return DONE if report.is_exact else WRONG


def verify_store(options: argparse.Namespace) -> int:
    """Check everything; status 1 and the first fault located where something is wrong."""
    from pos_app.services.checkout import utc_now
    from pos_app.services.verification import verify

    found = verify(options.store, ProgressLine("Checking"), utc_now())
    write_out(options, _verification_as_plain(found), _verification_in_words(found))
    return DONE if found.is_sound else WRONG


def _verification_as_plain(found: "Verification") -> dict[str, Any]:
    return {
        "store": str(found.path),
        "sound": found.is_sound,
        "faults": [
            {"kind": fault.kind.value, "where": fault.where, "sentence": fault.sentence}
            for fault in found.faults
        ],
        "notes": list(found.notes),
        "entries": found.entries,
        "documents": found.documents,
        "movements": found.movements,
        "head": {"seq": found.head_seq, "hash": found.head_hash},
    }


def _verification_in_words(found: "Verification") -> str:
    words = [
        (
            f"{found.entries} journal entries, {found.documents} documents and "
            f"{found.movements} stock movements checked."
        )
    ]
    words += [f"Note: {note}" for note in found.notes]
    if found.is_sound:
        words.append("Everything is as it was written.")
    else:
        words.append(f"{len(found.faults)} faults. The first: {found.faults[0].sentence}")
        words += [f"  {fault.where}: {fault.sentence}" for fault in found.faults[1:]]
    return "\n".join(words)


def backup(options: argparse.Namespace) -> int:
    """Copy the store while it may be in use."""
    from pos_app.store.backup import backup_store

    report = backup_store(options.store, options.target)
    plain = {"store": str(options.store), "backup": str(report.path), "bytes": report.size_bytes}
    write_out(options, plain, f"Backup of {options.store} written and checked: {report.path}")
    return DONE


def restore(options: argparse.Namespace) -> int:
    """Put a backup in the store's place, keeping what was there."""
    from pos_app.store.backup import restore_store

    report = restore_store(options.source, options.store, utc_now())
    words = f"Restored {options.store}; the till goes on as epoch {report.epoch}."
    if report.replaced is not None:
        words += f" What was there before is kept as {report.replaced}."
    kept = None if report.replaced is None else str(report.replaced)
    plain = {"store": str(options.store), "epoch": report.epoch, "replaced": kept}
    write_out(options, plain, words)
    return DONE


def open_or_make(path: Path, settings: Callable[[], ShopSettings]) -> "Store":
    """Open a shop, or make one where there is none yet."""
    from pos_app.store.store import create_store, open_store

    if path.exists():
        return open_store(path)
    make_folder(path.parent)
    print(f"A new shop is made at {path}.", file=sys.stderr)
    return create_store(path, settings(), now=utc_now())


def with_chosen_columns(
    mapping: "Mapping", table: "Table", given: list[str], kind: type[StrEnum]
) -> "Mapping":
    """Return a mapping with the columns that `--column` chose; raises ColumnOptionWrong."""
    from pos_app.services.product_columns import MappedColumn, Mapping

    columns = list(mapping.columns)
    for choice in given:
        name, _, title = choice.partition("=")
        fields = {field.value: field for field in kind}
        if name not in fields or title not in table.header:
            choices = ", ".join(fields) + "; headers: " + ", ".join(table.header)
            raise ColumnOptionWrong(given=choice, choices=choices)
        index = table.header.index(title)
        columns = [c for c in columns if c.index != index and c.field is not fields[name]]
        columns.append(MappedColumn(index, fields[name]))
    return Mapping(tuple(columns), mapping.decimal_mark)


def show_preview(rows: "list[PreviewRow]", *, as_json: bool) -> int:
    """Print the first rows as they would be imported; status 1 where one would be refused."""
    if as_json:
        plain = [
            {"row": row.number, **row.shown, "refused": str(row.refusal) if row.refusal else None}
            for row in rows
        ]
        print(json.dumps(plain, ensure_ascii=False, indent=2))
    else:
        for row in rows:
            shown = ", ".join(f"{field}: {value}" for field, value in row.shown.items())
            print(f"row {row.number}: {row.refusal or shown}")
    return WRONG if any(row.refusal for row in rows) else DONE


def import_as_plain(report: "ImportReport") -> dict[str, Any]:
    """Return what an import did as plain values."""
    return {
        "file": report.file,
        "read": report.read,
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "refused": report.refused,
        "refusals": [
            {"row": row.number, "reason": str(row.reason)} for row in report.first_refusals
        ],
        "repair_file": str(report.repair_file) if report.repair_file else None,
    }


def import_in_words(report: "ImportReport", things: str = "products") -> str:
    """Tell what an import did."""
    words = (
        f"{report.read} rows read: {report.added} {things} added, {report.changed} changed, "
        f"{report.unchanged} unchanged, {report.refused} rows refused."
    )
    for row in report.first_refusals[:NAMED_LINES_SHOWN]:
        words += f"\n  row {row.number}: {row.reason}"
    if report.repair_file is not None:
        words += f"\nMend the refused rows in {report.repair_file} and import that file again."
    return words


def _sales_in_words(report: "SalesImportReport") -> str:
    reconciled = report.reconciliation
    match = "equal" if reconciled.is_exact else "NOT EQUAL"
    words = [
        (
            f"{report.lines} lines read: {report.invoices} sales, {report.returns} returns, "
            f"{report.other} others, {report.refused} lines refused, "
            f"{report.skipped} documents were here already."
        ),
        (
            f"Quantity × price in the file {reconciled.sum_file}, in the store "
            f"{reconciled.sum_store}: {match}."
        ),
        (
            f"Return lines linked to their sale: {report.linked_return_lines}, "
            f"without: {report.unlinked_return_lines}."
        ),
        (
            f"Rounding of documents: {reconciled.rounding_count} differ from their exact sum, "
            f"{reconciled.rounding_sum} in all."
        ),
        f"{report.lines_per_second} lines/s, {_peak_memory_mb() or '?'} MiB at the most.",
    ]
    words += [
        f"  largest rounding: invoice {one.invoice} ({one.number}): {one.difference}"
        for one in reconciled.largest_rounding[:3]
    ]
    for line in report.named[:NAMED_LINES_SHOWN]:
        words.append(f"  line {line.number}, invoice {line.invoice}, {line.code}: {line.reason}")
    if len(report.named) > NAMED_LINES_SHOWN:
        rest = len(report.named) - NAMED_LINES_SHOWN
        words.append(f"  and {rest} more lines that are no sale; --json lists them all")
    return "\n".join(words)


def _peak_memory_mb() -> int | None:
    """The most memory this process held, in MiB; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in KiB, macOS in bytes (getrusage(2) of each).
    return peak // (1 << 20) if sys.platform == "darwin" else peak // 1024


def write_out(options: argparse.Namespace, plain: dict[str, Any], words: str) -> None:
    """Print a command's result as JSON where asked for, else in words."""
    print(json.dumps(plain, ensure_ascii=False, indent=2) if options.json else words)
