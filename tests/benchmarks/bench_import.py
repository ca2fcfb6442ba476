"""Ringing up the retailer's half year: lines a second, and memory that does not grow with it.

`pos-app import-sales` runs as a process of its own, on a part of the file and on the whole.
"""

import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.bench_start import environment
from tests.benchmarks.figures import Figure, Size
from tests.benchmarks.shops import kept_folder

ROOT = Path(__file__).resolve().parents[2]
NAME = "online-retail-2010-12--2011-05.csv.gz"
SAMPLE = ROOT / "tests" / "data" / "online-retail-sample.csv"
QUICK_LINES = 40_000
PEAK = "peak MB: "
# The process tells its own peak: what its parent learns would count the parent's memory too.
_PROGRAM = f"""
import sys
from pathlib import Path
from pos_app.app.cli import run
status = run(sys.argv[1:])
told = Path("/proc/self/status")
if told.exists():
    peak = next(int(l.split()[1]) for l in told.read_text().splitlines() if l.startswith("VmHWM"))
    peak /= 1024
else:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print({PEAK!r}, peak, sep="", file=sys.stderr)
sys.exit(status)
"""


def half_year() -> Path | None:
    """The whole file: BENCH_HISTORY, or beside the project; it is not part of it."""
    named = os.environ.get("BENCH_HISTORY")
    places = [Path(named)] if named else [ROOT / "data" / NAME, ROOT.parent / "shared/data" / NAME]
    return next((place for place in places if place.exists()), None)


def measure(size: Size) -> list[Figure]:
    whole = half_year()
    source = SAMPLE if size is Size.TINY or whole is None else whole
    with tempfile.TemporaryDirectory(dir=kept_folder()) as folder:
        rows = _lines(source)
        if size is Size.QUICK:
            rows = rows[: QUICK_LINES + 1]
        quarter = _write(Path(folder) / "quarter.csv", rows[: len(rows) // 4])
        everything = _write(Path(folder) / "all.csv", rows)
        first = _import(quarter, Path(folder) / "quarter.db")
        last = _import(everything, Path(folder) / "all.db")
    lines, seconds, memory, report = last
    return [
        Figure(f"import of {lines:,} lines", lines / seconds, "lines/s",
               note=f"{seconds:.1f} s, {report['invoices']:,} invoices, {report['returns']:,} "
               f"returns, sums equal: {report['sum_file'] == report['sum_store']}"),
        Figure("import, peak memory (RSS)", memory, "MB"),
        Figure("import, peak memory against a quarter of the file", memory, "MB", first[2], 1.1,
               note="floor: the first quarter of the same lines"),
    ]  # fmt: skip


def _lines(source: Path) -> list[list[str]]:
    opener = gzip.open if source.suffix == ".gz" else open
    with opener(source, "rt", encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def _import(file: Path, store: Path) -> tuple[int, float, float, dict[str, int]]:
    command = [sys.executable, "-c", _PROGRAM, "import-sales", str(file), "--store", str(store),
               "--json"]  # fmt: skip
    begun = time.monotonic()
    done = subprocess.run(
        command, check=False, cwd=ROOT, capture_output=True, text=True, env=environment()
    )
    seconds = time.monotonic() - begun
    if done.returncode not in (0, 1):  # 1: lines were refused, each with its reason
        raise RuntimeError(f"import-sales ended with {done.returncode}: {done.stderr}")
    report = json.loads(done.stdout)
    peak_mb = float(done.stderr.rsplit(PEAK, 1)[1])
    return report["lines"], seconds, peak_mb, report
