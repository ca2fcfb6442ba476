"""Kills tills while they close their shifts, and checks that no Z was doubled, torn or forgotten.

Run it as `python tests/proofs/closing.py --kills 500`. Each till is a forked child on a real store
file that opens, sells, moves cash, counts and closes until it dies by SIGKILL: before a random
statement, at a random point inside a commit, or at a random moment. It tells what it is about to
do and what it was told is done; the parent then opens what it left and compares.
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
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("POS_APP_KEYS", "file")
if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pos_app.domain.cash_movement import LessInDrawer, MovementKind
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.shift import Shift
from pos_app.printing import cash_slips, escpos_job, shift_slip  # noqa: F401 - before the forks
from pos_app.services.checkout import Checkout
from pos_app.services.shift_records import SHIFT, movements_of
from pos_app.services.shifts import Shifts
from pos_app.services.verification import verify
from pos_app.store.store import Store, open_store
from tests.proofs.small_shop import CODES, now, open_shop
from tests.services.cash_day import counted

KILLS_PER_SHOP = 25
LONGEST_LIFE_S = 20.0
WAYS = ("statement", "closing", "commit", "moment")


@dataclass(slots=True)
class Report:
    """What was done and found."""

    kills: int = 0
    closings: int = 0
    by_way: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


class Closer:
    """One till that goes from shift to shift and tells of each step."""

    def __init__(self, path: Path, writing: int, dice: random.Random) -> None:
        self.store = open_store(path)
        self.shifts = Shifts(self.store, now)
        self.checkout = Checkout(self.store, now)
        self.writing, self.dice = writing, dice

    def tell(self, what: str, **told: Any) -> None:
        os.write(self.writing, json.dumps({"what": what, **told}).encode() + b"\n")

    def step(self) -> None:
        """Do the next thing of a day; what was left by a dead till is gone on with."""
        shift = self.shifts.current()
        if shift is None:
            self.tell("opening")
            left = self.shifts.left_in_drawer() or (Money(10_000, "EUR"),)
            self.tell("opened", id=self.shifts.open(counted(*left)).id)
            return
        for _ in range(self.dice.randint(0, 2)):
            self._sell()
        if self.dice.random() < 0.4:
            self._move()
        expected = [one.expected for one in self.shifts.figures().drawers]
        if self.dice.random() < 0.5:
            self.shifts.keep_count(counted(*expected))
        shift = self.shifts.confirm_count(counted(*expected))
        self.tell("closing", id=shift.id)
        closed = self.shifts.close(shift.id, Money(5_000, "EUR"))
        self.tell("closed", id=closed.id, z=closed.z_number)

    def _sell(self) -> None:
        cart = self.checkout.scan(self.checkout.new_cart(), self.dice.choice(CODES[:4])).cart
        method = self.dice.choice((TenderMethod.CASH, TenderMethod.CARD))
        self.tell("sold", number=self.checkout.complete(cart, [TenderRequest(method)]).number)

    def _move(self) -> None:
        kind = self.dice.choice(list(MovementKind))
        with suppress(LessInDrawer):
            moved = self.shifts.move(kind, Money(self.dice.randint(1, 3_000), "EUR"), "reason")
            self.tell("moved", id=moved.id)


def run(kills: int, seed: int, folder: Path) -> Report:
    """Kill so many tills in `folder`."""
    dice = random.Random(seed)
    report = Report()
    template = folder / "new"
    template.mkdir()
    open_shop(template / "shop.db").close()
    while report.kills < kills:
        shop = folder / f"shop{report.kills}"
        shutil.copytree(template, shop)
        told: list[dict[str, Any]] = []
        for _ in range(min(KILLS_PER_SHOP, kills - report.kills)):
            way = dice.choice(WAYS)
            told += _one_life(shop / "shop.db", dice.getrandbits(32), way)
            report.kills += 1
            report.by_way[way] = report.by_way.get(way, 0) + 1
            faults = list(_faults(shop, told))
            report.faults += [f"kill {report.kills} ({way}): {fault}" for fault in faults]
            if faults:
                break
        report.closings += sum(line["what"] == "closed" for line in told)
        shutil.rmtree(shop)
    return report


def _faults(shop: Path, told: list[dict[str, Any]]) -> Iterator[str]:
    """Compare a copy of what the till left with what it told."""
    copy = shop.with_name(shop.name + ".copy")
    shutil.copytree(shop, copy)
    try:
        with open_store(copy / "shop.db") as store:
            yield from _broken_promises(store, told)
        for fault in verify(copy / "shop.db").faults:
            yield fault.sentence
    finally:
        shutil.rmtree(copy)


def _broken_promises(store: Store, told: list[dict[str, Any]]) -> Iterator[str]:
    shifts = store.records.all(SHIFT)
    closed = [shift for shift in shifts if shift.is_closed]
    numbers = [shift.z_number for shift in closed]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"the Z reports are numbered {numbers}"
    if len(shifts) - len(closed) > 1:
        yield f"{len(shifts) - len(closed)} shifts are open"
    if store.sequences.last("z") != len(numbers):
        yield f"the Z series stands at {store.sequences.last('z')} of {len(numbers)}"
    yield from _forgotten(store, shifts, told)
    counted_sales = sum(s.report.sales.document_count for s in closed if s.report is not None)
    after = closed[-1].ended.sale_row if closed and closed[-1].ended is not None else 0
    if counted_sales != after:
        yield f"{counted_sales} documents stand in Z reports, and {after} were made"
    waiting = [json.loads(job.payload) for job in store.spool.waiting() if job.kind == "cash"]
    printed = [job["shift"] for job in waiting if job["what"] == "z"]
    if sorted(printed) != sorted(shift.id for shift in closed):
        yield "not each Z report waits for paper exactly once"


def _forgotten(store: Store, shifts: list[Shift], told: list[dict[str, Any]]) -> Iterator[str]:
    """What was told as done and is not there."""
    by_id = {shift.id: shift for shift in shifts}
    moved = {one.id for shift in shifts for one in movements_of(store, shift.id)}
    for line in told:
        if line["what"] == "trouble":
            yield f"the till said: {line['text']}"
        elif line["what"] == "closed" and by_id[line["id"]].z_number != line["z"]:
            yield f"Z {line['z']} was told and is not there"
        elif line["what"] == "opened" and line["id"] not in by_id:
            yield "an opened shift is gone"
        elif line["what"] == "moved" and line["id"] not in moved:
            yield "a cash movement is gone"
        elif line["what"] == "sold" and store.sales.by_number(line["number"]) is None:
            yield f"sale {line['number']} is gone"


def _one_life(path: Path, seed: int, way: str) -> list[dict[str, Any]]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _live(path, writing, seed, way)
    os.close(writing)
    raw = b"".join(_watch(reading, pid, way, random.Random(seed + 1)))
    os.close(reading)
    os.waitpid(pid, 0)
    return [json.loads(line) for line in raw.split(b"\n")[:-1]]


def _live(path: Path, writing: int, seed: int, way: str) -> None:
    """The child: go from shift to shift until killed; never return into the parent's code."""
    try:
        dice = random.Random(seed)
        closer = Closer(path, writing, dice)
        left = dice.randint(1, 300 if way == "statement" else 40)
        is_closing = False

        def statement(sql: str) -> None:
            nonlocal left, is_closing
            is_closing = is_closing or "sequences" in sql
            left -= way == "statement" or (way == "closing" and is_closing)
            if left <= 0 and way in ("statement", "closing"):
                os.kill(os.getpid(), signal.SIGKILL)
            if way == "commit" and sql == "COMMIT":
                closer.tell("commit")

        closer.store._own.database.raw.set_trace_callback(statement)
        while True:
            closer.step()
    except BaseException as failure:  # noqa: BLE001 - told to the parent, which calls it a fault
        line = {"what": "trouble", "text": f"{type(failure).__name__}: {failure}"}
        os.write(writing, json.dumps(line).encode() + b"\n")
    finally:
        os._exit(1)


def _watch(reading: int, pid: int, way: str, dice: random.Random) -> Iterator[bytes]:
    """Read what the till tells and kill it when its time has come."""
    started_s, told = time.monotonic(), b""
    commits, delay_s = dice.randint(1, 25), 10 ** dice.uniform(-5.5, -2)
    moment_s = dice.uniform(0.01, 0.2)
    while True:
        ready, _, _ = select.select([reading], [], [], 0.002)
        part = os.read(reading, 65_536) if ready else b""
        told += part
        yield part
        if ready and not part:
            return
        if way == "commit" and told.count(b'"commit"') >= commits:
            time.sleep(delay_s)
            break
        lived_s = time.monotonic() - started_s
        if lived_s > LONGEST_LIFE_S or (way == "moment" and lived_s > moment_s):
            break
    os.kill(pid, signal.SIGKILL)
    while part := os.read(reading, 65_536):
        yield part


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    memory = Path("/dev/shm")
    where = memory if memory.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="pos-closing-", dir=where) as folder:
        report = run(arguments.kills, arguments.seed, Path(folder))
    told = f"{report.kills} kills, {report.closings} closings told, {report.by_way}"
    print(f"{told}: {len(report.faults)} faults")
    print("\n".join(report.faults[:20]))
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
