"""Measures how fast the till is, against floors of the same run, by one command.

python tests/benchmarks/run.py                    every benchmark, some minutes
python tests/benchmarks/run.py --full             the long form: a million past sales, ten minutes
python tests/benchmarks/run.py --only scan start  some of them
python tests/benchmarks/run.py --peers            another system from the registries beside ours
python tests/benchmarks/run.py --write            and write resources/benchmarks.md; what was not
                                                  measured this time stays as it was

Each benchmark is a process of its own. Byte code is compiled first. Exit status 1: a bar is
missed; 2: a benchmark did not run.
"""

import argparse
import compileall
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path[0] = str(ROOT)

from tests.benchmarks.figures import Figure, Size, from_json, to_json  # noqa: E402
from tests.benchmarks.table import as_page, as_text, measured_now  # noqa: E402

NAMES = (
    "sale", "scan", "search", "start", "loop", "import", "shift", "customers", "documents",
    "document_lists", "invoice_batch", "reports", "ingest", "judge", "drain", "first_sync",
    "many_tills", "apis", "day", "office_day",
)  # fmt: skip
PAGE = ROOT / "resources" / "benchmarks.md"
KEPT = PAGE.with_suffix(".json")
RESULT = "benchmark result: "


class BenchmarkFailed(Exception):
    """A benchmark gave no figures; the others go on."""


def main() -> int:
    options = _options()
    size = Size.TINY if options.tiny else Size.FULL if options.full else Size.QUICK
    if options.one:
        print(
            RESULT + to_json(import_module(f"tests.benchmarks.bench_{options.one}").measure(size))
        )
        return 0
    if not options.no_compile:
        _compile()
    names = [*(options.only or NAMES), *(["peers"] if options.peers else [])]
    results: dict[str, list[Figure]] = {}
    measured: dict[str, dict[str, object]] = {}
    is_broken = False
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        try:
            results[name] = _in_its_own_process(name, size)
        except BenchmarkFailed as failure:
            print(failure, file=sys.stderr)
            is_broken = True
            continue
        measured[name] = measured_now(results[name], size)
        print(as_text({name: results[name]}), flush=True)
    if options.json:
        options.json.write_text(json.dumps(measured, indent=1))
    if options.write:
        known = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
        known.update(measured)
        KEPT.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", "utf-8")
        PAGE.write_text(as_page(known), "utf-8")
    missed = sum(figure.verdict == "missed" for rows in results.values() for figure in rows)
    return 2 if is_broken else 1 if missed and not options.tiny else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--full", action="store_true", help="the long form, about an hour")
    parser.add_argument("--tiny", action="store_true", help="only prove that they run")
    parser.add_argument("--only", nargs="+", choices=NAMES, metavar="NAME",
                        help=f"some of: {', '.join(NAMES)}")  # fmt: skip
    parser.add_argument("--peers", action="store_true", help="install and measure another system")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--no-compile", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _compile() -> None:
    """Compile what is measured and what it stands on, as an installed till is."""
    for folder in {ROOT / "pos_app", ROOT / "tests" / "benchmarks", *map(Path, sys.path[1:])}:
        if folder.is_dir() and (folder.name == "site-packages" or ROOT in folder.parents):
            compileall.compile_dir(folder, quiet=2, workers=1)


def _in_its_own_process(name: str, size: Size) -> list[Figure]:
    env = {**os.environ, "POS_APP_KEYS": "file"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, __file__, "--one", name]
    if size is not Size.QUICK:
        command.append(f"--{size.value}")
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=env)
    for line in done.stdout.splitlines():
        if line.startswith(RESULT):
            return from_json(line.removeprefix(RESULT))
    raise BenchmarkFailed(f"benchmark {name} ended with {done.returncode}:\n{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
