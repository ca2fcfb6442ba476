"""Refresh the lock files: `python3 installer/lock.py [--upgrade]`.

From pyproject.toml: `lock/till.txt` is what the program needs, `lock/check.txt` adds the tools that
check and pack it. From tests/node/package.json: its package-lock.json, for tests only. Each holds
every platform's hashes and no address: pip and npm take the files from whatever index the machine
is set up for. Without `--upgrade` locked versions stay where they still fit.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path("installer", "lock")
UNIVERSAL = [
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-annotate",
    "--no-header",
    "--quiet",
]


def main(options: list[str]) -> int:
    """Write both lock files; the second never disagrees with the first."""
    with tempfile.TemporaryDirectory() as folder:
        uv = _uv(Path(folder))
        till, check = str(FOLDER / "till.txt"), str(FOLDER / "check.txt")
        compile_lock = [uv, "pip", "compile", "pyproject.toml", *UNIVERSAL, *options]
        subprocess.run([*compile_lock, "-o", till], cwd=ROOT, check=True)
        extras = ["--extra", "check", "--extra", "build", "--constraint", till]
        subprocess.run([*compile_lock, *extras, "-o", check], cwd=ROOT, check=True)
    _lock_node(ROOT / "tests" / "node", "update" if "--upgrade" in options else "install")
    return 0


def _lock_node(folder: Path, verb: str) -> None:
    """Refresh the npm lock and take its sponsors' addresses out."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is missing: the lock of tests/node was not refreshed.")
    quiet = ["--package-lock-only", "--no-audit", "--no-fund"]
    subprocess.run([npm, verb, *quiet], cwd=folder, check=True)
    path = folder / "package-lock.json"
    lock = json.loads(path.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")


def _uv(folder: Path) -> str:
    """Return a uv: the one on the path, the one in .venv, or one fetched into `folder`."""
    programs = "Scripts" if os.name == "nt" else "bin"
    places = os.pathsep.join([os.environ.get("PATH", ""), str(ROOT / ".venv" / programs)])
    found = shutil.which("uv", path=places)
    if found:
        return found
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run(
        [str(folder / programs / "python"), "-m", "pip", "install", "-q", "uv"], check=True
    )
    return str(folder / programs / "uv")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
