"""The same sale at a peer from the registries, in turns with ours: Tryton's point of sale.

It is installed from the package index into an environment of its own in a temporary folder, on
request only; this project never depends on it.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from pos_app.services.checkout import Checkout
from pos_app.store.store import open_store
from tests.benchmarks.bench_sale import PRODUCTS, sale_of
from tests.benchmarks.figures import Figure, Size, in_turns, median
from tests.benchmarks.shops import copy_of, kept_folder, now, shop_with_sales

ROUNDS = {Size.TINY: 3, Size.QUICK: 15, Size.FULL: 100}
PACKAGES = ("trytond==8.2.*", "trytond_sale_point==8.2.*", "proteus==8.2.*")
PROGRAM = Path(__file__).with_name("peer_tryton.py")


def measure(size: Size) -> list[Figure]:
    python = _installed()
    with tempfile.TemporaryDirectory(dir=kept_folder()) as folder:
        shop = copy_of(shop_with_sales(1_000, PRODUCTS), Path(folder))
        command = [str(python), str(PROGRAM), folder]
        with (
            open_store(shop) as store,
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            ) as peer,
        ):
            assert peer.stdin is not None
            assert peer.stdout is not None
            if peer.stdout.readline() != "ready\n":
                raise RuntimeError("the peer did not start")
            checkout = Checkout(store, now)
            theirs: list[float] = []

            def ask(_turn: int):  # type: ignore[no-untyped-def]
                def sell() -> None:
                    peer.stdin.write("\n")
                    peer.stdin.flush()
                    theirs.append(float(peer.stdout.readline()))

                return sell

            ours = in_turns(
                {"ours": lambda turn: sale_of(checkout, turn), "peer": ask}, ROUNDS[size]
            )["ours"].clock
            peer.stdin.close()
    return [
        Figure("five-line sale, ours, median", median(ours), note="signed and durable"),
        Figure("five-line sale, Tryton sale_point 8.2 on SQLite, median", median(theirs),
               floor=median(ours), note="saved, paid and posted through proteus; floor: ours"),
    ]  # fmt: skip


def _installed() -> Path:
    folder = kept_folder() / "peer-tryton"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (folder / "done").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        (folder / "done").touch()
    return python
