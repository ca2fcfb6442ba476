"""What was paid is there after the power went, whatever part of the writes the disk had kept."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proofs.disk_log import Naming, Operation, Resize, Sync, SyncFolder, Write, record
from tests.proofs.disk_states import Cut, Loss, pictures

ROOT = Path(__file__).resolve().parents[2]
needs_strace = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("strace") is None,
    reason="strace is missing, so no log of the disk can be made",
)


@needs_strace
@pytest.mark.parametrize("states", [3_000, pytest.param(20_000, marks=pytest.mark.long)])
def test_every_promise_outlives_a_power_cut(states: int) -> None:
    command = [sys.executable, "tests/proofs/power.py", "--json", "--states", str(states)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert report["faults"] == []
    assert report["states"] == states
    assert report["distinct"] > states / 2
    assert set(report["by_loss"]) == {loss.value for loss in Loss}


LOG: list[Operation] = [
    Naming((("a", 1),)),
    Write(1, 0, b"old" * 400),
    Sync(1),
    SyncFolder(),
    Write(1, 0, b"new" * 400),
    Naming((("b", 2),)),
    Write(2, 0, b"b"),
]


def after(loss: Loss, place: int = len(LOG) - 1, seed: int = 0) -> dict[str, bytes]:
    [picture] = pictures(LOG, [Cut(place, loss, seed)])
    return dict(picture.files)


def test_what_was_synced_is_there_and_what_was_not_may_be_gone() -> None:
    assert after(Loss.ALL_LOST) == {"a": b"old" * 400}
    assert after(Loss.NOTHING_LOST) == {"a": b"new" * 400, "b": b"b"}


def test_a_file_that_was_synced_without_its_folder_may_have_no_name() -> None:
    assert after(Loss.ALL_LOST, place=2) == {}


def test_a_torn_write_leaves_old_and_new_sectors_side_by_side() -> None:
    seen = {after(Loss.LAST_TORN, place=4, seed=seed)["a"] for seed in range(40)}
    halves = {
        (b"new" * 400)[:512] + (b"old" * 400)[512:],
        (b"old" * 400)[:512] + (b"new" * 400)[512:],
    }
    assert any(content[:512] + content[512:1024] in {h[:1024] for h in halves} for content in seen)
    assert {b"old" * 400, b"new" * 400} <= seen


def test_a_mixed_loss_keeps_names_in_their_order_and_pieces_in_any() -> None:
    seen = [after(Loss.MIXED, seed=seed) for seed in range(60)]
    assert {"a"} in [set(files) for files in seen]
    assert any(files == {"a": b"old" * 400, "b": b"b"} for files in seen)


@needs_strace
def test_the_log_tells_exactly_what_a_program_did(tmp_path: Path) -> None:
    folder, told = tmp_path / "files", tmp_path / "told"
    folder.mkdir()
    program = (
        "import os, sys\n"
        "os.chdir(sys.argv[1])\n"
        "base = sys.argv[1]\n"
        "with open(f'{base}/a', 'wb') as f: f.write(bytes(range(256))); f.flush(); os.fsync(f)\n"
        "fd = os.open(f'{base}/a', os.O_RDWR); os.pwrite(fd, b'x', 300); os.ftruncate(fd, 301)\n"
        "os.fdatasync(fd); os.rename(f'{base}/a', f'{base}/b'); open(f'{base}/c', 'w').close()\n"
        "os.unlink(f'{base}/c'); os.fsync(os.open(base, os.O_RDONLY))\n"
    )
    log = record([sys.executable, "-c", program, str(folder)], folder, told, tmp_path / "log")
    [end] = pictures(log, [Cut(len(log) - 1, Loss.ALL_LOST, random.getrandbits(8))])
    assert dict(end.files) == {"b": (folder / "b").read_bytes()}
    assert Resize(1, 301) in log
    assert sum(isinstance(operation, Sync) for operation in log) == 2
