"""Every benchmark runs at a tiny size, so that none of them rots; nothing is timed here."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.figures import Figure, in_turns, p99
from tests.benchmarks.run import NAMES
from tests.benchmarks.table import as_page, measured_now

RUN = Path(__file__).with_name("run.py")


@pytest.mark.parametrize("name", NAMES)
def test_benchmark_runs_and_gives_figures(name: str, tmp_path: Path) -> None:
    said = tmp_path / "figures.json"
    done = subprocess.run(
        [sys.executable, str(RUN), "--tiny", "--no-compile", "--only", name, "--json", str(said)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "BENCH_FOLDER": str(tmp_path), "POS_APP_KEYS": "file"},
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(said.read_text())[name]["figures"]
    assert figures
    assert all(figure["value"] >= 0 for figure in figures)


def test_a_ratio_above_its_bar_is_missed_and_below_is_met() -> None:
    assert Figure("sale", 1.9, floor=1.0, bar=2.0).verdict == "met"
    assert Figure("sale", 2.1, floor=1.0, bar=2.0).verdict == "missed"
    assert Figure("scan", 17.0, bar=16.7).verdict == "missed"
    assert Figure("memory", 17.0).verdict == ""


def test_the_hundredth_slowest_is_not_hidden() -> None:
    assert p99([1.0] * 98 + [50.0, 60.0]) == 60.0


def test_actions_take_turns_and_only_their_doing_is_timed() -> None:
    did: list[str] = []

    def prepared(name: str):  # type: ignore[no-untyped-def]
        return lambda turn: lambda: did.append(f"{name}{turn}")

    times = in_turns({"a": prepared("a"), "b": prepared("b")}, 2)
    assert did == ["a0", "b0", "b1", "a1"]
    assert len(times["a"].clock) == len(times["b"].processor) == 2


def test_the_page_names_the_machine_the_date_and_a_missed_bar() -> None:
    from tests.benchmarks.figures import Size

    page = as_page({"scan": measured_now([Figure("scan to paint", 20.0, bar=16.7)], Size.QUICK)})
    assert "date: " in page
    assert "machine: " in page
    assert "| scan to paint | 20.0 ms |  |  | ≤ 16.7 ms | missed |  |" in page
