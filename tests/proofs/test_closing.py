"""A shift that is closed while the till is killed is closed once or not at all."""

import sys
from pathlib import Path

import pytest

from tests.proofs.closing import run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a till is forked for each kill")


@pytest.mark.parametrize("kills", [40, pytest.param(500, marks=pytest.mark.long)])
def test_no_z_is_doubled_torn_or_forgotten(kills: int, tmp_path: Path) -> None:
    report = run(kills, 1, tmp_path)
    assert report.faults == []
    assert report.kills == kills
    assert len(report.by_way) == 4
    assert report.closings > kills / 8
