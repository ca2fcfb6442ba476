"""How often a sale asks the disk to keep what it was given: counted from outside, by strace."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.figures import Figure, Size
from tests.benchmarks.shops import copy_of, kept_folder, shop_with_sales

SALES = {Size.TINY: 4, Size.QUICK: 1_000, Size.FULL: 2_000}
ROOT = Path(__file__).resolve().parents[2]
_CALL = re.compile(r"\b(?:fsync|fdatasync|sync_file_range)\(")
_SELL = (
    "import sys; sys.path.insert(0, {root!r}); from pathlib import Path; "
    "from tests.benchmarks.bench_sale import sell_many; sell_many(Path({shop!r}), {count})"
)


def syncs_per_sale(size: Size) -> list[Figure]:
    """Sell none and then many under strace; the difference is what the sales asked for."""
    if not sys.platform.startswith("linux") or shutil.which("strace") is None:
        return []
    count = SALES[size]
    with tempfile.TemporaryDirectory(dir=kept_folder()) as folder:
        shop = copy_of(shop_with_sales(20, 300), Path(folder))
        without, asked = (_syncs(shop, Path(folder) / "trace", n) for n in (0, count))
    if without is None or asked is None:
        return []
    figure = (asked - without) / count
    return [Figure("fdatasync calls a sale (strace)", figure, "calls", bar=1.1,
                   note=f"{count:,} sales, checkpoints included")]  # fmt: skip


def _syncs(shop: Path, trace: Path, count: int) -> int | None:
    program = _SELL.format(root=str(ROOT), shop=str(shop), count=count)
    command = ["strace", "-f", "-qq", "-o", str(trace), "-e",
               "trace=fsync,fdatasync,sync_file_range", sys.executable, "-c", program]  # fmt: skip
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0 and "ptrace" in done.stderr:
        return None  # a machine that lets nobody look
    done.check_returncode()
    return len(_CALL.findall(trace.read_text()))
