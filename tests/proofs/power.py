"""Cuts the power of a selling till at every point of its log, and checks what the disk then holds.

Run it as `python tests/proofs/power.py --states 20000` (Linux with strace). A till sells at random
under strace; from the log of its writes and syncs this builds what a disk may hold after a power
cut, opens each such disk as the till would, and compares it with what the cashier had been told.
Exit status 1 and the first faults if a promise was broken.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter as Tally
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, fields
from multiprocessing import get_context
from pathlib import Path

os.environ.setdefault("POS_APP_KEYS", "file")
if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pos_app.domain.errors import PosError
from pos_app.store.errors import StoreMissing
from pos_app.store.store import open_store
from tests.proofs import planted, selling
from tests.proofs.disk_log import (
    LogNotUnderstoodError,
    Operation,
    Sync,
    SyncFolder,
    ToldLine,
    record,
)
from tests.proofs.disk_states import Cut, Loss, Picture, cuts, pictures
from tests.proofs.found import goes_on, verified
from tests.proofs.promises import Promises, check_store, fold, lines_of

STATES_PER_RUN = 2_500
GESTURES = 110
STORE = "shop.db"
FAULTS_LIMIT = 40


@dataclass(slots=True)
class Report:
    """What was done and found; `distinct` states differ in bytes or in what had been promised."""

    states: int = 0
    distinct: int = 0
    verified: int = 0
    runs: int = 0
    sales: int = 0
    operations: int = 0
    syncs: int = 0
    by_loss: Tally[str] = field(default_factory=Tally)
    faults: list[str] = field(default_factory=list)
    duration_s: float = 0

    def add(self, other: "Report") -> None:
        """Put the figures of a part to the whole."""
        self.states += other.states
        self.distinct += other.distinct
        self.verified += other.verified
        self.by_loss += other.by_loss
        self.faults = (self.faults + other.faults)[:FAULTS_LIMIT]


class Checker:
    """Checks pictures of one run; what was seen before is not checked again."""

    def __init__(self, folder: Path, promises: Sequence[Promises]) -> None:
        self._folder = folder
        self._promises = promises
        self._known: set[tuple[bytes, int]] = set()
        self._sound: set[bytes] = set()
        self._compared: set[tuple[bytes, int]] = set()
        self.report = Report()

    def check(self, picture: Picture) -> None:
        """Let the till recover from a picture, and compare what it then has with what it told."""
        self.report.states += 1
        self.report.by_loss[picture.loss.value] += 1
        key = (
            _digest(*(part for item in sorted(picture.files.items()) for part in item)),
            picture.told,
        )
        if key in self._known:
            return
        self._known.add(key)
        self.report.distinct += 1
        self._lay_out(picture)
        for fault in self._faults(self._promises[picture.told]):
            place = f"operation {picture.place}, {picture.loss.value}"
            self.report.faults.append(f"{place}: {fault}")

    def _lay_out(self, picture: Picture) -> None:
        for old in self._folder.iterdir():
            old.unlink()
        for name, content in picture.files.items():
            (self._folder / name).write_bytes(content)
        # What was in SQLite's shared memory means nothing after a cut, and must be trusted by none.
        (self._folder / f"{STORE}-shm").write_bytes(b"\xa5" * 32_768)

    def _faults(self, promises: Promises) -> list[str]:
        path = self._folder / STORE
        early = verified(path) if promises.is_open and self.report.distinct % 16 == 0 else []
        if early:
            return early  # an auditor may look before the till was started again
        try:
            open_store(path).close()  # recovers; the whole store is in one file afterwards
        except StoreMissing as refusal:  # a shop that was still being made is not there at all
            return [str(refusal)] if promises.is_open else []
        except PosError as refusal:
            return [f"the store does not open: {refusal}"]
        content = _digest(path.read_bytes())
        faults: list[str] = []
        if (content, id(promises)) not in self._compared:
            faults, _ = check_store(path, promises)
            self._compared.add((content, id(promises)))
        if content not in self._sound:  # the same bytes are as sound as they were before
            found = verified(path)
            if not found and content[0] % 4 == 0:
                found = goes_on(path)
            self.report.verified += 1
            if not found:
                self._sound.add(content)
            faults += found
        return faults


def run(
    states: int,
    seed: int,
    folder: Path,
    bug: str = "",
    workers: int = 2,
    faults_limit: int = FAULTS_LIMIT,
) -> Report:
    """Record tills and check disks until there were enough states or too many faults."""
    whole = Report()
    start = time.monotonic()
    while whole.states < states and len(whole.faults) < faults_limit:
        work = folder / f"run{whole.runs}"
        log = recorded(work, seed + 100 * whole.runs, bug)
        told = [operation.raw for operation in log if isinstance(operation, ToldLine)]
        whole.runs += 1
        whole.operations += len(log)
        whole.syncs += sum(isinstance(operation, (Sync, SyncFolder)) for operation in log)
        promises = _promises(told)
        whole.sales += len(promises[-1].sales)
        some = min(STATES_PER_RUN, states - whole.states)
        chosen = cuts(log, some, random.Random(seed + whole.runs))
        for part in _checked(_Run(log, promises, work, faults_limit), chosen, workers):
            whole.add(part)
        shutil.rmtree(work)
    whole.duration_s = round(time.monotonic() - start, 1)
    return whole


def recorded(work: Path, seed: int, bug: str = "") -> list[Operation]:
    """Let a till sell under strace and return what it did to the disk and told.

    Raises LogNotUnderstoodError where the log, replayed, gives other files than the till left.
    """
    shop = work / "shop"
    shop.mkdir(parents=True)
    told = work / "told"
    command = [sys.executable, selling.__file__, "--store", str(shop / STORE), "--told", str(told)]
    command += ["--gestures", str(GESTURES), "--seed", str(seed), "--planted", bug]
    log = record(command, shop, told, work / "log")
    [end] = pictures(log, [Cut(len(log) - 1, Loss.NOTHING_LOST, 0)])
    left = {path.name: path.read_bytes() for path in shop.iterdir()}
    if dict(end.files) != {name: raw for name, raw in left.items() if not name.endswith("-shm")}:
        raise LogNotUnderstoodError("the log gives other files than the till left")
    return log


def _promises(told: Sequence[bytes]) -> list[Promises]:
    """What had been promised before the first told line, after it, after the second, …"""
    states = [Promises()]
    for raw in told:
        promises = states[-1]
        for line in lines_of(raw):
            promises = fold(promises, line)
        states.append(promises)
    return states


@dataclass(frozen=True, slots=True)
class _Run:
    """What the workers need to know; they are forked, so that a long log is not sent to them."""

    log: list[Operation]
    promises: list[Promises]
    work: Path
    faults_limit: int


_RUN: list[_Run] = []


def _checked(run_now: _Run, chosen: list[Cut], workers: int) -> list[Report]:
    """Check the cuts on several processors; each takes an even share of them."""
    _RUN[:] = [run_now]
    parts = [chosen[start::workers] for start in range(workers)]
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        return list(pool.map(_check_part, parts, range(workers)))


def _check_part(chosen: list[Cut], number: int) -> Report:
    [run_now] = _RUN
    disk = run_now.work / f"disk{number}"
    disk.mkdir()
    checker = Checker(disk, run_now.promises)
    for picture in pictures(run_now.log, chosen):
        checker.check(picture)
        if len(checker.report.faults) >= run_now.faults_limit:
            break
    return checker.report


def _digest(*parts: str | bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else part)
        digest.update(b"\0")
    return digest.digest()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--states", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folder", type=Path, help="where the disks are laid out")
    parser.add_argument("--planted", default="", choices=["", *planted.BUGS], metavar="BUG")
    parser.add_argument("--until-red", action="store_true", help="stop at the first fault")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if shutil.which("strace") is None:
        print("strace is missing. Install it (Debian: apt install strace) and try again.")
        return 2
    memory = Path("/dev/shm")
    folder = arguments.folder or (memory if memory.is_dir() else None)
    with tempfile.TemporaryDirectory(prefix="pos-proof-", dir=folder) as work:
        report = run(
            arguments.states,
            arguments.seed,
            Path(work),
            arguments.planted,
            arguments.workers,
            1 if arguments.until_red else FAULTS_LIMIT,
        )
    if arguments.json:
        print(json.dumps({part.name: getattr(report, part.name) for part in fields(report)}))
    else:
        print(
            f"{report.states} states ({report.distinct} distinct, {report.verified} whole stores "
            f"verified) of {report.runs} runs with {report.sales} sales, {report.operations} "
            f"operations and {report.syncs} syncs in {report.duration_s} s, "
            f"{dict(report.by_loss)}: {len(report.faults)} faults"
        )
        print("\n".join(report.faults[:20]))
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
