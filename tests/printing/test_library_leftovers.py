"""Importing python-escpos leaves nothing behind: no folder, no log handler, no output."""

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import yaml

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
# `yaml` has nothing to do: it is taken away, so that reading it would be an error.
KEPT_PROFILES = """
import json, yaml
from pos_app.domain.shop import PrinterSettings
from pos_app.printing.printer_profile import paper_of
del yaml.safe_load
paper_of(PrinterSettings())
from escpos.capabilities import CAPABILITIES
print(json.dumps(CAPABILITIES))
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


def test_the_profiles_that_are_kept_for_it_are_those_that_it_would_read() -> None:
    """The library reads the same file as YAML, which takes a tenth of a second."""
    read_by_the_library = yaml.safe_load((files("escpos") / "capabilities.json").read_text("utf-8"))
    done = subprocess.run(
        [sys.executable, "-c", KEPT_PROFILES], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == read_by_the_library
