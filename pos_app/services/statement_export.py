"""A statement of account as a list: CSV or XLSX, figures as figures, and no formula runs."""

from pathlib import Path

from pos_app.domain.statement import Statement
from pos_app.spreadsheets.table import TableFormat
from pos_app.spreadsheets.writing import open_writer

TITLES = ("day", "kind", "number", "reference", "due", "amount", "balance", "currency")


def export_statement(statement: Statement, path: Path) -> None:
    """Write opening balance, every entry and closing balance to `path` (its ending says how).

    Raises FileNotWritable.
    """
    is_sheet = path.suffix.lower() == ".xlsx"
    currency = statement.currency
    with open_writer(path, TableFormat.XLSX if is_sheet else TableFormat.CSV) as writer:
        writer.write(TITLES)
        opening = statement.opening.amount
        writer.write([str(statement.start), "opening", "", "", "", None, opening, currency])
        for entry in statement.entries:
            writer.write(
                [
                    str(entry.day),
                    entry.kind.value,
                    entry.number,
                    entry.reference,
                    str(entry.due) if entry.due else "",
                    entry.amount.amount,
                    entry.balance.amount,
                    currency,
                ]
            )
        closing = statement.closing.amount
        writer.write([str(statement.end), "closing", "", "", "", None, closing, currency])
