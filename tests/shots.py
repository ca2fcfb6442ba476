"""Draws every screen in all its states into `screenshots/`: run it as `python tests/shots.py`."""

import argparse
import subprocess
import sys
from pathlib import Path

SCRIPTS = (
    "shots.py",
    "shots_checkout.py",
    "shots_payments.py",
    "shots_office.py",
    "shots_devices.py",
    "shots_people.py",
    "shots_paper.py",
    "shots_day_papers.py",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    options = parser.parse_args()
    folder = Path(__file__).parent / "ui"
    commands = [[sys.executable, str(folder / name), "--out", str(options.out)] for name in SCRIPTS]
    return max(subprocess.run(command, check=False).returncode for command in commands)


if __name__ == "__main__":
    sys.exit(main())
