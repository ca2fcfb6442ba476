"""Knocks at every door of the till with hostile text, files and key presses.

As a command: `python tests/proofs/fuzz.py --door NAME --examples 20000`; `--door all` takes each
in turn. Invoices as PDF do not exist yet, so there is no door of that kind to knock at.
"""

import argparse
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("POS_APP_KEYS", "file")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.proofs.fuzz_doors.counter_doors import DOORS as COUNTER_DOORS
from tests.proofs.fuzz_doors.device_doors import DOORS as DEVICE_DOORS
from tests.proofs.fuzz_doors.door import Door, Seen
from tests.proofs.fuzz_doors.figure_doors import DOORS as FIGURE_DOORS
from tests.proofs.fuzz_doors.file_doors import DOORS as FILE_DOORS
from tests.proofs.fuzz_doors.label_doors import DOORS as LABEL_DOORS
from tests.proofs.fuzz_doors.paper_doors import DOORS as PAPER_DOORS
from tests.proofs.fuzz_doors.window_door import DOORS as WINDOW_DOORS
from tests.proofs.tamper import work_folder

_ALL = (
    *COUNTER_DOORS,
    *FILE_DOORS,
    *FIGURE_DOORS,
    *PAPER_DOORS,
    *LABEL_DOORS,
    *DEVICE_DOORS,
    *WINDOW_DOORS,
)
DOORS = {door.name: door for door in _ALL}


def knock_at(door: Door, examples: int, folder: Path, number: int = 1) -> Seen:
    """Try the corpus and then `examples` more; raises what a door did not refuse by name."""
    logging.getLogger("pos_app.store.keys").setLevel(logging.ERROR)
    seen = Seen()
    with door.opened(folder, seen) as knock:
        for value in door.corpus:
            seen.tried += 1
            knock(value)
        _tried_by_hypothesis(door, examples, knock, seen, number)()
    return seen


def _tried_by_hypothesis(
    door: Door, examples: int, knock: Callable[[Any], None], seen: Seen, number: int
) -> Callable[[], None]:
    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(door.examples)
    def tried(value: Any) -> None:
        seen.tried += 1
        knock(value)

    return tried


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--door", choices=["all", *DOORS], default="all")
    parser.add_argument("--examples", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for name in DOORS if options.door == "all" else [options.door]:
        start = time.monotonic()
        with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
            seen = knock_at(DOORS[name], options.examples, Path(folder), options.seed)
        told = {
            "door": name,
            "tried": seen.tried,
            "refused": dict(seen.refused.most_common(8)),
            "duration_s": round(time.monotonic() - start, 1),
        }
        for what, figures in (("gap_ms", seen.gaps_ms), ("busy_ms", seen.busy_ms)):
            if figures:
                in_order = sorted(figures)
                told[f"p99_{what}"] = round(in_order[len(in_order) * 99 // 100], 1)
                told[f"longest_{what}"] = round(in_order[-1], 1)
        print(json.dumps(told), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
