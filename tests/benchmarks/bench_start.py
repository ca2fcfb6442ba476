"""From the command to the first painting, to the first scan, and what it takes of memory.

Every start is a process of its own, the programs in turns. The floor is a bare PySide6 window that
is as large. Time is counted by whoever starts them, from before the process exists.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.figures import Figure, Size, median
from tests.benchmarks.shops import copy_of, kept_folder, shop_with_products

STARTS = {Size.TINY: 1, Size.QUICK: 15, Size.FULL: 25}
LARGE = {Size.TINY: 2_000, Size.QUICK: 1_000_000, Size.FULL: 1_000_000}
SALES = 20
PROGRAM = Path(__file__).with_name("till_process.py")
SCREEN = {"screens": [{"name": "till", "x": 0, "y": 0, "width": 1920, "height": 1080,
                       "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}]}  # fmt: skip


@dataclass(slots=True)
class Starts:
    """What the starts of one program took: ms, and MB of memory."""

    painted: list[float] = field(default_factory=list)
    painted_work: list[float] = field(default_factory=list)
    ready_work: list[float] = field(default_factory=list)
    ready: list[float] = field(default_factory=list)
    line: list[float] = field(default_factory=list)
    line_work: list[float] = field(default_factory=list)
    resident: list[float] = field(default_factory=list)
    proportional: list[float] = field(default_factory=list)
    resident_sold: list[float] = field(default_factory=list)


def measure(size: Size) -> list[Figure]:
    few, many = 1_000, LARGE[size]
    with tempfile.TemporaryDirectory(dir=kept_folder()) as folder:
        shops = {
            "few": copy_of(shop_with_products(few), Path(folder), "few.db"),
            "many": copy_of(shop_with_products(many), Path(folder), "many.db"),
        }
        screen = Path(folder) / "screen.json"
        screen.write_text(json.dumps(SCREEN))
        programs = {"bare": ("bare", ""), **{name: ("till", str(shops[name])) for name in shops}}
        starts = {name: Starts() for name in programs}
        for turn in range(-1, STARTS[size]):  # one round to warm the machine's cache
            for name, (kind, store) in programs.items():
                _start(kind, store, screen, starts[name] if turn >= 0 else Starts())
    return _figures(starts, few, many)


def environment(screen: Path | None = None) -> dict[str, str]:
    """The surroundings of every program that is measured: no display, byte code compiled."""
    env = {**os.environ, "POS_APP_KEYS": "file", "PYTHONUNBUFFERED": "0"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["QT_QPA_PLATFORM"] = f"offscreen:configfile={screen}" if screen else "offscreen"
    return env


def _start(kind: str, store: str, screen: Path, into: Starts) -> None:
    command = [sys.executable, str(PROGRAM), kind, store, str(SALES)]
    begun_ns = time.monotonic_ns()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment(screen),
    ) as process:  # fmt: skip
        for clock, work in (
            (into.painted, into.painted_work),
            (into.ready, into.ready_work),
        ):
            at, worked = _moment(process, begun_ns)
            clock.append(at)
            work.append(worked)
        resident, proportional = memory_mb(process.pid)
        into.resident.append(resident)
        into.proportional.append(proportional)
        _go_on(process)
        if kind == "till":
            scanned, worked = _moment(process, begun_ns)
            seen, worked_then = _moment(process, begun_ns)
            into.line.append(seen - scanned)
            into.line_work.append(worked_then - worked)
            _moment(process, begun_ns)
            into.resident_sold.append(memory_mb(process.pid)[0])
            _go_on(process)
        process.communicate(timeout=60)


def _moment(process: subprocess.Popen[str], begun_ns: int) -> tuple[float, float]:
    """Return (ms since it was begun, ms of the processor) of the next thing that is said."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        assert process.stderr is not None
        raise RuntimeError(f"the program ended early: {process.stderr.read()}")
    said = json.loads(line)
    return (said["at_ns"] - begun_ns) / 1e6, said["worked_ns"] / 1e6


def _go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.write("\n")
        process.stdin.flush()


def memory_mb(pid: int) -> tuple[float, float]:
    """Return (RSS, PSS) of a process in MB; zeros where the system does not tell."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0, 0.0
    kib = {line.split(":")[0]: int(line.split()[1]) for line in text.splitlines()[1:]}
    return kib["Rss"] / 1024, kib["Pss"] / 1024


def _figures(starts: dict[str, Starts], few: int, many: int) -> list[Figure]:
    bare, till = starts["bare"], starts["many"]
    said = f"with {many:,} products"
    figures = [
        Figure(f"first painting {said}", median(till.painted), floor=median(bare.painted), bar=1.3,
               note="floor: a bare PySide6 window of the same size"),
        Figure(f"ready to scan {said}", median(till.ready), floor=median(bare.painted), bar=2.0,
               note="floor: as above, painted"),
        Figure("… first painting, processor time", median(till.painted_work),
               floor=median(bare.painted_work)),
        Figure("… ready to scan, processor time", median(till.ready_work),
               floor=median(bare.painted_work)),
        Figure("… a scan at that moment, to its painted line", median(till.line)),
        Figure("… the same, processor time", median(till.line_work)),
    ]  # fmt: skip
    if not bare.resident[0]:
        return figures
    return [
        *figures,
        Figure(f"memory {said}, ready", median(till.resident), "MB", median(bare.resident), 2.5,
               note="RSS; floor: the bare window's"),
        Figure(f"memory {said}, ready, against {few:,} products", median(till.resident), "MB",
               median(starts["few"].resident), 1.1, note="RSS"),
        Figure(f"memory {said}, after {SALES} sales", median(till.resident_sold), "MB",
               median(bare.resident), 2.5, note="RSS; floor: the bare window's"),
        Figure(f"memory {said}, after {SALES} sales, against {few:,} products",
               median(till.resident_sold), "MB", median(starts["few"].resident_sold), 1.1,
               note="RSS"),
        Figure(f"memory {said}, ready (PSS)", median(till.proportional), "MB",
               median(bare.proportional), note="PSS"),
    ]  # fmt: skip
