"""Importing python-escpos leaves nothing behind: no folder, no log handler, no output."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
import logging, sys
from pos_app.domain.shop import PrinterSettings
from pos_app.printing.printer_profile import paper_of
assert "escpos" not in sys.modules
paper_of(PrinterSettings())
assert "escpos" in sys.modules
assert logging.root.handlers == []
assert "PySide6" not in sys.modules
"""


def test_the_library_is_imported_late_and_cleaned_up_after(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={"TMPDIR": str(tmp_path), "PATH": "", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []
