"""Bugs that people make are each caught: a harness that stays green when it should not is none."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proofs import planted

ROOT = Path(__file__).resolve().parents[2]
ENOUGH = {"kill": ("--kills", "400"), "power": ("--states", "600")}
CASES = [
    pytest.param(name, harness, id=f"{name}, seen by {harness}")
    for name, bug in planted.BUGS.items()
    for harness in bug.caught_by
]


def faults_of(harness: str, *options: str) -> tuple[int, list[str]]:
    """Run a harness and return its exit status and the faults that it found."""
    if harness == "power" and shutil.which("strace") is None:
        pytest.skip("strace is missing, so no log of the disk can be made")
    command = [sys.executable, f"tests/proofs/{harness}.py", "--json", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)["faults"]


@pytest.mark.skipif(sys.platform != "linux", reason="the harnesses fork and read Linux's calls")
@pytest.mark.parametrize(("name", "harness"), CASES)
def test_a_planted_bug_is_caught_for_what_it_is(name: str, harness: str) -> None:
    status, faults = faults_of(harness, *ENOUGH[harness], "--until-red", "--planted", name)
    assert status == 1, "nothing was found"
    assert re.search(planted.BUGS[name].says, "\n".join(faults)), faults


@pytest.mark.skipif(sys.platform != "linux", reason="as above")
def test_kills_alone_say_nothing_about_power_cuts() -> None:
    options = ("--kills", "20", "--planted", "synchronous is OFF")
    assert faults_of("kill", *options) == (0, [])
