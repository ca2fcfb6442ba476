"""What was paid is there after the till is killed, at whatever point of selling."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def killed(kills: int, folder: Path) -> Any:
    command = [sys.executable, "tests/proofs/kill.py", "--json", "--kills", str(kills)]
    done = subprocess.run(
        [*command, "--folder", str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="the harness forks a till for each kill")
@pytest.mark.parametrize("kills", [200, pytest.param(1000, marks=pytest.mark.long)])
def test_every_promise_outlives_being_killed(kills: int, tmp_path: Path) -> None:
    report = killed(kills, tmp_path)
    assert report["faults"] == []
    assert report["kills"] == kills
    assert len(report["by_way"]) == 6
    assert report["sales"] > kills / 4
