"""Tampers with stores at random and asks `verify` each time: it must see it and say where.

As a command: `python tests/proofs/tamper.py --tampers 10000 --seed 1`; with `--both` the
auditor's stand-alone verifier looks at each store as well.
"""

import argparse
import json
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pos_app.domain.errors import PosError
from pos_app.services.checkout import Checkout
from pos_app.services.day_sums import catch_up
from pos_app.services.verification import Verification, verify
from pos_app.store.store import open_store
from tests.proofs import stand_alone
from tests.proofs.clean_shops import make_clean_shop
from tests.proofs.tampering import (
    UNPROVEN,
    Done,
    cut_the_file,
    dump,
    flip_bytes,
    tamper_with_rows,
)

BASES = 8
GESTURES = 14
# What a sentence about damaged bytes must name at least.
_PLACE = re.compile(
    r"sale \S+|cart on the screen|entry \d+|page \d+|row \d+|movement \d+|index \w+|table \w+|"
    r"product |customer |settings|parked|epoch|tax |unit |the file|is not a store|trigger|Tree \d+|"
    r"row \w+ of \w+|value in \w+\.\w+|the level is|Page \d+|word|version|category |"
    r"numbers|head office|from table|day \d|month \d|day sums|sums of the days"
)


@dataclass(slots=True)
class Report:
    """How many tampers of each way there were, and which were not found or not located."""

    tampers: int = 0
    found: int = 0
    no_effect: int = 0
    unproven: int = 0
    not_looked_at: int = 0
    log_cut: int = 0
    by_way: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Base:
    """A sound store that is tampered with again and again, what it says, and its own keys."""

    folder: Path
    says: dict[str, object]
    known: dict[str, object]

    def lay_out(self, folder: Path) -> Path:
        """Put a fresh copy of all its files into an empty folder."""
        for old in folder.iterdir():
            old.unlink()
        for file in self.folder.iterdir():
            shutil.copyfile(file, folder / file.name)
        return folder / "shop.db"


def work_folder() -> str | None:
    """Where files are written quickest: memory, where the system has some for files."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def make_bases(folder: Path, seed: int, *, with_log: bool = False) -> list[Base]:
    """Make a few sound stores; `with_log` leaves each as a power cut would, with its log."""
    return [_make_base(folder / f"{number}{with_log}", seed + number, with_log=with_log)
            for number in range(BASES)]  # fmt: skip


def _make_base(folder: Path, seed: int, *, with_log: bool) -> Base:
    made = folder / "made"
    made.mkdir(parents=True)
    make_clean_shop(made / "shop.db", seed, GESTURES)
    with open_store(made / "shop.db") as store:
        catch_up(store)
    kept = folder / "kept"
    kept.mkdir()
    if with_log:
        store = open_store(made / "shop.db")
        Checkout(store, lambda: datetime(2026, 7, 1, tzinfo=UTC)).open_drawer("change")
    for file in made.iterdir():
        if file.suffix not in (".backup", ".lock") and not file.name.endswith("-shm"):
            shutil.copyfile(file, kept / file.name)
    if with_log:
        store.close()
    keys = stand_alone.report_of(made / "shop.db")["keys"]
    return Base(kept, dump(kept / "shop.db"), {"keys": keys})


@dataclass(frozen=True, slots=True)
class Eye:
    """Somebody who looks at a store: what they say of it, and what they say they do not look at."""

    name: str
    said: Callable[[Path, dict[str, object]], list[str]]
    is_blind_for: Callable[[str], bool] = lambda _table: False


class Tamperer:
    """Tampers with copies of the bases, and judges what each eye says of each."""

    def __init__(self, folder: Path, seed: int, eyes: tuple[Eye, ...]) -> None:
        self.dice = random.Random(seed)
        self._bases = make_bases(folder, seed)
        self._logs = make_bases(folder, seed, with_log=True)
        self._disk = folder / "disk"
        self._disk.mkdir()
        self._eyes = eyes
        self.reports = {eye.name: Report() for eye in eyes}

    def tamper(self) -> None:
        """Do one thing to one store and look whether it is found and where."""
        way = self.dice.random()
        if way < 0.70:
            while not self._rows():
                pass
        elif way < 0.76:
            self._bytes("cut_the_file", self._bases, "shop.db")
        elif way < 0.96:
            self._bytes("flip_bytes", self._bases, "shop.db")
        elif way < 0.98:
            self._bytes("flip_bytes_beside_log", self._logs, "shop.db")
        else:
            self._bytes("flip_bytes_in_log", self._logs, "shop.db-wal")
        for report in self.reports.values():
            report.tampers += 1

    def _rows(self) -> bool:
        base = self.dice.choice(self._bases)
        path = base.lay_out(self._disk)
        done = tamper_with_rows(path, self.dice)
        if done is None:
            return False
        way, what = done
        for eye in self._eyes:
            report = self.reports[eye.name]
            report.by_way[way] += 1
            sentences = eye.said(path, base.known)
            if not sentences:
                if not self._is_beside(eye, base, path):
                    report.missed.append(f"{way}: {what.what} was not found")
            elif not any(word and word in said for word in what.words for said in sentences):
                how = f"was not located, but told as {sentences[:3]}"
                report.missed.append(f"{way}: {what.what} {how}")
            else:
                report.found += 1
        return True

    def _is_beside(self, eye: Eye, base: Base, path: Path) -> bool:
        """Whether only that was changed which an eye says it does not look at."""
        says = dump(path)
        changed = {name for name, rows in base.says.items() if says.get(name) != rows}
        beside = {name for name in changed if eye.is_blind_for(name)}
        texts = _searched(says, base.says, changed - beside)
        if changed - beside - texts or not changed or not (beside or texts):
            return False
        self.reports[eye.name].not_looked_at += 1
        return eye.name != VERIFY.name

    def _bytes(self, way: str, bases: list[Base], name: str) -> None:
        base = self.dice.choice(bases)
        path = base.lay_out(self._disk)
        damage = cut_the_file if way == "cut_the_file" else flip_bytes
        what = damage(path.with_name(name), self.dice)
        # Reading what a power cut left takes the log in, so each eye gets a copy of its own.
        left = {file.name: file.read_bytes() for file in self._disk.iterdir()}
        for eye in self._eyes:
            for file in self._disk.iterdir():
                file.unlink()
            for file, content in left.items():
                (self._disk / file).write_bytes(content)
            report = self.reports[eye.name]
            report.by_way[way] += 1
            sentences = eye.said(path, base.known)
            if not sentences:
                self._judge_unseen(eye, way, what, base, path)
            elif any(_PLACE.search(sentence) for sentence in sentences):
                report.found += 1
            else:
                report.missed.append(
                    f"{way}: {what.what} was not located, but told as {sentences[:3]}"
                )

    def _judge_unseen(self, eye: Eye, way: str, what: Done, base: Base, path: Path) -> None:
        """What was not seen may only be bytes that say nothing, or that nothing proves."""
        report, says = self.reports[eye.name], dump(path)
        differing = {name for name in base.says if says.get(name) != base.says[name]}
        blind = {name for name in differing if eye.is_blind_for(name)}
        texts = _searched(says, base.says, differing - blind) if eye is not VERIFY else set()
        if not differing and says.keys() == base.says.keys():
            report.no_effect += 1
        elif differing <= set(UNPROVEN) or _is_number_of_customers(base.says, says, differing):
            report.unproven += 1
        elif way == "flip_bytes_in_log" and _is_earlier(base.says, says):
            report.log_cut += 1
        elif eye is not VERIFY and differing <= {*UNPROVEN, *blind, *texts}:
            report.not_looked_at += 1
        else:
            report.missed.append(
                f"{way}: {what.what} was not found, and changed {sorted(differing)}"
            )


def _searched(says: dict[str, object], before: dict[str, object], tables: set[str]) -> set[str]:
    """Those of some tables in which only the text for searching, the last column, differs."""
    return {
        name
        for name in tables & {"products", "customers"}
        if [row[:-1] for row in says.get(name, [])]  # type: ignore[attr-defined]
        == [row[:-1] for row in before[name]]  # type: ignore[attr-defined]
    }


def _is_number_of_customers(
    before: dict[str, object], after: dict[str, object], differing: set[str]
) -> bool:
    if differing != {"sequences"}:
        return False
    rows = [row for name in (before, after) for row in name["sequences"]]  # type: ignore[attr-defined]
    return len({row for row in rows if row[0] == "sale"}) == 1


def _is_earlier(before: dict[str, object], after: dict[str, object]) -> bool:
    """Whether SQLite dropped the end of a damaged log, so that the store is as it was earlier."""
    told, left = before["journal"], after["journal"]
    return set(left) <= set(told)  # type: ignore[call-overload]


def said_of(path: Path) -> list[str]:
    """What `verify` says is wrong: its faults, or why it refused to read the file at all."""
    try:
        found: Verification = verify(path)
    except PosError as refusal:
        return [str(refusal)]
    return [f"{fault.where}: {fault.sentence}" for fault in found.faults]


VERIFY = Eye("verify", lambda path, _known: said_of(path))
STAND_ALONE = Eye("stand-alone", stand_alone.said_of, stand_alone.is_not_looked_at)


def run(tampers: int, seed: int, folder: Path) -> Report:
    """Tamper a number of times and report what `verify` saw."""
    return run_with((VERIFY,), tampers, seed, folder)[VERIFY.name]


def run_with(eyes: tuple[Eye, ...], tampers: int, seed: int, folder: Path) -> dict[str, Report]:
    """Tamper a number of times and report what each eye saw."""
    tamperer = Tamperer(folder, seed, eyes)
    start = time.monotonic()
    for _ in range(tampers):
        tamperer.tamper()
    for report in tamperer.reports.values():
        report.duration_s = round(time.monotonic() - start, 1)
    return tamperer.reports


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tampers", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--both", action="store_true", help="ask the stand-alone verifier too")
    options = parser.parse_args()
    eyes = (VERIFY, STAND_ALONE) if options.both else (VERIFY,)
    with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        reports = run_with(eyes, options.tampers, options.seed, Path(folder))
    for name, report in reports.items():
        if options.json:
            plain = {field: getattr(report, field) for field in Report.__slots__}
            print(json.dumps({"eye": name, **plain}, ensure_ascii=False, indent=1))
        else:
            _print(name, report)
    return 1 if any(report.missed for report in reports.values()) else 0


def _print(name: str, report: Report) -> None:
    print(
        f"{name}: {report.tampers} tampers in {report.duration_s} s: {report.found} found and "
        f"located, {report.no_effect} changed nothing that the store says, {report.unproven} only "
        f"what nothing proves, {report.not_looked_at} only what this eye says it does not look at, "
        f"{report.log_cut} left an earlier state, {len(report.missed)} missed."
    )
    for way, count in sorted(report.by_way.items()):
        print(f"  {way}: {count}")
    for missed in report.missed:
        print(f"  MISSED {missed}")


if __name__ == "__main__":
    sys.exit(main())
