"""Kills a selling till again and again, and checks after each kill that it kept its promises.

Run it as `python tests/proofs/kill.py --kills 1000`. Each till is a forked child on a real store
file. It dies by SIGKILL at a random moment, before a random statement, inside a gesture of a
random kind, between two transactions of one gesture, at a random point inside a commit, or as soon
as it has told of something. What it left is copied aside and checked there,
so that the next till has to recover the very files that the last one left. Exit status 1 and the
first faults if a promise was broken.
"""

import argparse
import json
import os
import random
import select
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter as Tally
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

os.environ.setdefault("POS_APP_KEYS", "file")
if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pos_app.printing import escpos_job, receipt  # noqa: F401 - loaded once, before the forks
from pos_app.store.store import Store
from tests.proofs import planted
from tests.proofs.found import records_in, verified
from tests.proofs.promises import Promises, Told, check_store, fold, lines_of
from tests.proofs.selling import Teller, sell
from tests.proofs.small_shop import open_shop

KILLS_PER_SHOP = 20  # a fresh shop now and then keeps each check short
LONGEST_LIFE_S = 30.0
WAYS = ("moment", "statement", "gesture", "between", "commit", "told")


@dataclass(slots=True)
class Report:
    """What was done and found; `by_way` counts the kills by how the till was killed."""

    kills: int = 0
    sales: int = 0
    gestures: int = 0
    by_way: Tally[str] = field(default_factory=Tally)
    faults: list[str] = field(default_factory=list)
    duration_s: float = 0


@dataclass(frozen=True, slots=True)
class Death:
    """How a till is to die: in which way, after how many events of that kind, how much later."""

    way: str
    count: int
    delay_s: float


def drawn(dice: random.Random, ways: Sequence[str]) -> Death:
    way = dice.choice(ways)
    if way == "moment":
        return Death(way, 0, dice.uniform(0, 0.15))
    if way == "statement":
        return Death(way, dice.randint(1, 250), 0)
    if way in ("gesture", "between"):
        return Death(way, dice.randint(1, 15 if way == "gesture" else 6), 0)
    if way == "commit":
        return Death(way, dice.randint(1, 20), 10 ** dice.uniform(-5.5, -2))
    return Death(way, dice.randint(1, 25), 0)


def run(kills: int, seed: int, folder: Path, bug: str = "", *, until_red: bool = False) -> Report:
    """Kill tills in `folder` until there were enough kills or, if asked, until a promise broke."""
    dice = random.Random(seed)
    report = Report()
    start = time.monotonic()
    template = folder / "new"
    template.mkdir()
    with open_shop(template / "shop.db") as store:
        entries, records = store.journal.count(), records_in(store)
    promises = Promises(is_open=True, entries=entries, records=records)
    while report.kills < kills and not (until_red and report.faults):
        shop = folder / f"shop{report.kills}"
        shutil.copytree(template, shop)
        some = min(KILLS_PER_SHOP, kills - report.kills)
        _one_shop(shop, promises, some, dice, bug, report)
        shutil.rmtree(shop)
    report.duration_s = round(time.monotonic() - start, 1)
    return report


def _one_shop(
    shop: Path, promises: Promises, kills: int, dice: random.Random, bug: str, report: Report
) -> None:
    """Kill the tills of one shop one after the other, until a promise broke."""
    ways = (planted.BUGS[bug].ways if bug else ()) or WAYS
    for _ in range(kills):
        death = drawn(dice, ways)
        told, status = _one_life(shop / "shop.db", dice.getrandbits(32), death, bug)
        report.kills += 1
        report.by_way[death.way] += 1
        report.gestures += sum(line["what"] == "done" for line in told)
        for line in told:
            promises = fold(promises, line)
        faults = [] if status == signal.SIGKILL else [f"the till ended by itself: {status}"]
        wrong, promises = _after_the_kill(shop, promises)
        faults += wrong
        report.faults += [f"kill {report.kills} ({death.way}): {fault}" for fault in faults]
        if faults:  # what is broken stays broken: go on in a fresh shop
            break
    report.sales += len(promises.sales)


def _after_the_kill(shop: Path, promises: Promises) -> tuple[list[str], Promises]:
    """Check a copy of what the till left; its own files stay as they are for the next till."""
    copy = shop.with_name(shop.name + ".copy")
    shutil.copytree(shop, copy)
    try:
        faults, settled = check_store(copy / "shop.db", promises)
        return faults + verified(copy / "shop.db"), settled
    finally:
        shutil.rmtree(copy)


def _one_life(path: Path, seed: int, death: Death, bug: str) -> tuple[list[Told], int]:
    """Let a till sell until it dies; return what it told and the signal that ended it."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _live(path, writing, seed, death, bug)
    os.close(writing)
    raw = b"".join(_watch(reading, pid, death))
    os.close(reading)
    _, status = os.waitpid(pid, 0)
    return lines_of(raw), os.WTERMSIG(status) if os.WIFSIGNALED(status) else -1


def _live(path: Path, writing: int, seed: int, death: Death, bug: str) -> None:
    """The child: sell until killed, whatever happens; never return into the parent's code."""
    try:
        if bug:
            planted.BUGS[bug].plant()
        teller = Teller(writing)
        if death.way != "gesture":
            counter = sell(path, teller, seed, lambda store: _trace(store, teller, death))
            while True:
                counter.gesture()
        counter = sell(path, teller, seed, lambda _store: None)
        for _ in range(seed % 6):
            counter.gesture()
        _trace(counter.store, teller, death)
        while True:
            counter.gesture(evenly=True)
    except BaseException as failure:  # noqa: BLE001 - told to the parent, which calls it a fault
        teller = Teller(writing)
        teller.tell("trouble", text=f"{type(failure).__name__}: {failure}")
    finally:
        os._exit(1)


def _trace(store: Store, teller: Teller, death: Death) -> None:
    """Count what a death waits for, and die before it or tell the parent that a commit begins."""
    left = death.count
    committed_in = -1

    def is_awaited(sql: str) -> bool:
        """Whether this is a statement of the kind, a commit, or one gesture's next transaction."""
        nonlocal committed_in
        if death.way == "commit":
            return sql == "COMMIT"
        if death.way != "between":
            return True
        if sql == "COMMIT":
            committed_in = teller.gestures
        return sql.startswith("BEGIN") and committed_in == teller.gestures

    def statement(sql: str) -> None:
        nonlocal left
        left -= is_awaited(sql)
        if left == 0 and death.way == "commit":
            left = -1
            teller.tell("commit")
        elif left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if death.way in ("statement", "gesture", "between", "commit"):
        store._own.database.raw.set_trace_callback(statement)


def _watch(reading: int, pid: int, death: Death) -> Iterator[bytes]:
    """Read what the till tells, kill it when its time has come, and read what is left."""
    is_time = _clock(death)
    last_s = time.monotonic() + LONGEST_LIFE_S
    told = b""
    while True:
        ready, _, _ = select.select([reading], [], [], 0.001 if death.way == "moment" else 0.5)
        part = os.read(reading, 65_536) if ready else b""
        told += part
        yield part
        if ready and not part:
            return  # it died by itself
        if is_time(told) or time.monotonic() > last_s:
            break
    os.kill(pid, signal.SIGKILL)
    while part := os.read(reading, 65_536):
        yield part


def _clock(death: Death) -> Callable[[bytes], bool]:
    """Say when to kill, from what was told so far."""
    started_s = time.monotonic()

    def is_time(told: bytes) -> bool:
        if death.way == "moment":
            return time.monotonic() >= started_s + death.delay_s
        if death.way == "told":
            return told.count(b"\n") >= death.count
        if death.way == "commit" and b'{"what": "commit"}\n' in told:
            end_s = time.perf_counter() + death.delay_s
            while time.perf_counter() < end_s:
                pass
            return True
        return False

    return is_time


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the shops are made")
    parser.add_argument("--planted", default="", choices=["", *planted.BUGS], metavar="BUG")
    parser.add_argument("--until-red", action="store_true", help="stop at the first fault")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    # A kill needs no disk: what was written is the kernel's, wherever the file is.
    memory = Path("/dev/shm")
    where = arguments.folder or (memory if memory.is_dir() else None)
    with tempfile.TemporaryDirectory(prefix="pos-proof-", dir=where) as folder:
        report = run(
            arguments.kills,
            arguments.seed,
            Path(folder),
            arguments.planted,
            until_red=arguments.until_red,
        )
    if arguments.json:
        print(json.dumps({part.name: getattr(report, part.name) for part in fields(report)}))
    else:
        print(
            f"{report.kills} kills survived by {report.sales} sales and {report.gestures} gestures "
            f"in {report.duration_s} s, {dict(report.by_way)}: {len(report.faults)} faults"
        )
        print("\n".join(report.faults[:20]))
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
