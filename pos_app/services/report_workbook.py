"""A report as an Excel workbook of one sheet."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pos_app.spreadsheets import workbook
from pos_app.spreadsheets.sheet import Sheet
from pos_app.texts import t


def write_workbook(
    path: Path, sheet: Sheet, shop: str, made_at: datetime, *, is_rtl: bool = False
) -> int:
    """Write a report to `path` and return how many rows it has.

    `made_at` is the shop's own time. Raises FileNotWritable or TooManyRowsForSheet.
    """
    about = (
        (t("Shop"), shop),
        *sheet.about,
        (t("Currency"), sheet.currency),
        (t("Made"), made_at),
    )
    return workbook.write_workbook(path, [replace(sheet, about=about)], made_at, is_rtl=is_rtl)
