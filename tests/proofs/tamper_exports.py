"""Tampers with auditors' exports at random: the stand-alone verifier must see it and say where.

As a command: `python tests/proofs/tamper_exports.py --tampers 10000 --seed 1 --clean 1000`; with
`--clean` it also makes that many sound shops, in which neither `verify` nor the stand-alone
verifier (on the till's file, a whole export and one of a period) may find a fault.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pos_app.domain.report_period import ReportPeriod
from pos_app.services.auditor_export import export_for_auditor
from pos_app.services.day_sums import catch_up
from pos_app.services.verification import verify
from pos_app.store.store import open_reader, open_store
from tests.proofs.clean_shops import make_clean_shop
from tests.proofs.export_tampering import WAYS, members, pack
from tests.proofs.stand_alone import report_of, said_of
from tests.proofs.tamper import work_folder
from tests.proofs.tampering import Done, cut_the_file
from tests.proofs.tampering import flip_bytes as flip_bytes_of

BASES = 6
AT = datetime(2026, 7, 1, tzinfo=UTC)


@dataclass(slots=True)
class ExportReport:
    """How many tampers of each way there were, and which were not found or not located."""

    tampers: int = 0
    found: int = 0
    no_effect: int = 0
    by_way: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ExportBase:
    """A sound export in a folder, and the keys that its auditor noted down before."""

    folder: Path
    known: dict[str, object]


def period_of_shop(path: Path) -> ReportPeriod:
    """A period that leaves out entries before and after it, where the shop was open long enough."""
    with open_reader(path) as store:
        days = sorted({entry.at[:10] for entry in store.journal.entries()})
    middle = days[len(days) // 2]
    return ReportPeriod(date.fromisoformat(middle), date.fromisoformat(middle))


def export(path: Path, target: Path, period: ReportPeriod | None = None) -> Path:
    """Write an export of a closed store."""
    with open_reader(path) as store:
        export_for_auditor(store, target, period, now=lambda: AT)
    return target


def make_export_bases(folder: Path, seed: int) -> list[ExportBase]:
    """Export a few sound shops, every second one only for a period."""
    found = []
    for number in range(BASES):
        path = folder / f"shop{number}.db"
        make_clean_shop(path, seed + number, 14)
        period = period_of_shop(path) if number % 2 else None
        target = export(path, folder / f"export{number}", period)
        found.append(ExportBase(target, {"keys": report_of(path)["keys"]}))
    return found


class ExportTamperer:
    """Tampers with copies of exports, and judges what the stand-alone verifier says of each."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._dice = random.Random(seed)
        self._bases = make_export_bases(folder, seed)
        self._folder, self._zip = folder / "work", folder / "work.zip"
        self.report = ExportReport()

    def tamper(self) -> None:
        """Do one thing to one export and look whether it is found and where."""
        base = self._dice.choice(self._bases)
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.copytree(base.folder, self._folder)
        self.report.tampers += 1
        if self._dice.random() < 0.15:
            self._damage_zip(base)
            return
        ways, weights = zip(*WAYS, strict=True)
        done = None
        while done is None:
            [way] = self._dice.choices(ways, weights)
            done = way(self._folder, self._dice)
        self.report.by_way[way.__name__] += 1
        path, words = self._folder, done.words
        if self._dice.random() < 0.5:
            path = self._zip
            words = (*words, *filter(None, (pack(self._folder, path, self._dice),)))
        self._judge(way.__name__, Done(done.what, words), said_of(path, base.known))

    def _damage_zip(self, base: ExportBase) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            twice = pack(self._folder, self._zip, self._dice)
        before = members(self._zip)
        way = self._dice.choice((cut_the_file, flip_bytes_of, flip_bytes_of))
        done = way(self._zip, self._dice)
        self.report.by_way[f"zip_{way.__name__}"] += 1
        sentences = said_of(self._zip, base.known)
        if not sentences and members(self._zip) == before:
            self.report.no_effect += 1  # such as the hour at which a member was packed
            return
        # Whatever is damaged: a file of the export, the ZIP file itself, or what it begins with.
        self._judge(f"zip_{way.__name__}", Done(done.what, (twice, ".json", ".txt", ".py", ".sig",
                    "the ZIP file", "the file", "export")), sentences)  # fmt: skip

    def _judge(self, way: str, done: Done, sentences: list[str]) -> None:
        if not sentences:
            self.report.missed.append(f"{way}: {done.what} was not found")
        elif not any(word and word in said for word in done.words for said in sentences):
            told = f"was not located, but told as {sentences[:3]}"
            self.report.missed.append(f"{way}: {done.what} {told}")
        else:
            self.report.found += 1


def run_exports(tampers: int, seed: int, folder: Path) -> ExportReport:
    """Tamper with exports a number of times and report."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a member twice in a ZIP file is on purpose
        tamperer = ExportTamperer(folder, seed)
        start = time.monotonic()
        for _ in range(tampers):
            tamperer.tamper()
    tamperer.report.duration_s = round(time.monotonic() - start, 1)
    return tamperer.report


def false_alarms(shops: int, first_seed: int, folder: Path) -> list[str]:
    """What is said of sound shops: nothing should be."""
    found = []
    for seed in range(first_seed, first_seed + shops):
        path = folder / "clean.db"
        make_clean_shop(path, seed, gestures=12 + seed % 10)
        if seed % 2:
            with open_store(path) as store:
                catch_up(store)
        period = period_of_shop(path)
        whole, part = export(path, folder / "whole.zip"), export(path, folder / "part", period)
        said = [f"verify: {fault.sentence}" for fault in verify(path).faults]
        keys = {"keys": report_of(path)["keys"], "head": report_of(path)["head"]}
        for looked_at in (path, whole, part):
            said += [f"{looked_at.name}: {sentence}" for sentence in said_of(looked_at, keys)]
        found += [f"seed {seed}, {sentence}" for sentence in said]
        shutil.rmtree(part)
        for file in folder.iterdir():
            file.unlink()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tampers", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clean", type=int, default=0, help="so many sound shops as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        report = run_exports(options.tampers, options.seed, Path(folder))
    with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        alarms = false_alarms(options.clean, options.seed, Path(folder))
    print(
        f"{report.tampers} tampers with exports in {report.duration_s} s: {report.found} found and "
        f"located, {report.no_effect} changed no file in the ZIP, {len(report.missed)} missed."
    )
    for way, count in sorted(report.by_way.items()):
        print(f"  {way}: {count}")
    print(f"{options.clean} sound shops, each looked at four times: {len(alarms)} false alarms.")
    for sentence in (*report.missed, *alarms):
        print(f"  WRONG {sentence}")
    return 1 if report.missed or alarms else 0


if __name__ == "__main__":
    sys.exit(main())
