"""Every check of the tree, after setting up all that they need."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from installer.environment import ROOT, ensure_environment, is_ready, venv_program, venv_python
from installer.refusal import SetupRefusedError
from installer.system_packages import OFFSCREEN, WINDOW, Need, ensure_packages, venv_needs

# Programs that tests call. A test that needs another one adds it here, not in its own set-up.
PROGRAMS = (
    Need("Xvfb", "xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb", "xorg-x11-server-Xvfb"),
    Need("xauth", "xauth", "xorg-x11-xauth", "xorg-xauth", "xauth"),
    Need("pdftotext", "poppler-utils", "poppler-utils", "poppler", "poppler-tools"),
    Need("strace", "strace", "strace", "strace", "strace"),
    Need("node", "nodejs", "nodejs", "nodejs", "nodejs-default"),
    Need("npm", "npm", "nodejs-npm", "npm", "npm-default"),
    # PyInstaller reads the libraries of a bundle with it.
    Need("objdump", "binutils", "binutils", "binutils", "binutils"),
    # The server's package. Each test run makes a cluster of its own with it.
    Need("initdb", "postgresql", "postgresql-server", "postgresql", "postgresql-server"),
    # Somebody else's browser and spreadsheet look at our pages and recalculate our sheets.
    Need("chromium", "chromium", "chromium", "chromium", "chromium"),
    Need(
        "soffice",
        "libreoffice-calc-nogui",
        "libreoffice-calc",
        "libreoffice-fresh",
        "libreoffice-calc",
    ),
)
CHECKS = (
    ("ruff check", ["ruff", "check", "."]),
    ("ruff format", ["ruff", "format", "--check", "."]),
    ("mypy", ["mypy"]),
    ("import-linter", ["lint-imports"]),
)
# The files of tests that passed are not kept: there are thousands of shops among them.
KEEPING = ["-o", "tmp_path_retention_policy=failed"]
PYTEST = ["-m", "pytest", "-n", "2", "--dist", "worksteal", *KEEPING]
# The tests make thousands of shops and would wait for the disk at each sale.
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
ROOM_NEEDED_BYTES = 3 << 30


def run_all(pytest_options: list[str]) -> int:
    """Set up and run every check even where one fails; the tests come last.

    Returns 0 if all passed, 1 if one failed or the set-up was refused.
    """
    try:
        set_up()
    except SetupRefusedError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    failed = [name for name, command in CHECKS if not _passes(name, command)]
    print(f"\nBefore the tests: {_summary(failed)}\n", flush=True)
    with folder_for_tests() as folder:
        command = [str(venv_python()), *PYTEST, *pytest_options]
        tests = subprocess.call(command, cwd=ROOT, env=variables_for_tests(folder))
    return 1 if failed or tests else 0


def set_up() -> None:
    """Bring in all that the checks need; quick where nothing is missing."""
    to_make_venv = () if is_ready("check", ROOT) else venv_needs()
    ensure_packages((*to_make_venv, *OFFSCREEN, *WINDOW, *PROGRAMS))
    ensure_environment("check")
    ensure_node_packages(ROOT / "tests" / "node")


def ensure_node_packages(folder: Path) -> None:
    """Make `node_modules` hold exactly what the lock in `folder` names."""
    lock, modules = folder / "package-lock.json", folder / "node_modules"
    stamp, expected = modules / ".set-up.sha256", hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == expected:
        return
    npm = shutil.which("npm")
    if npm is None:
        raise SetupRefusedError("npm is missing: install Node.js 18 or newer, then run this again.")
    print("Installing the test-only npm packages ...", flush=True)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        raise SetupRefusedError(f"npm ci failed in {folder}: {done.stderr.strip()[-300:]}")
    stamp.write_text(expected, encoding="utf-8")


@contextmanager
def folder_for_tests(memory: Path = MEMORY) -> Iterator[Path | None]:
    """Yield a folder in memory for the tests' files, gone afterwards; None leaves it to the system.

    There is none where the system keeps no files in memory, has less room there than the tests
    need, or lets no program there start.
    """
    if not _is_roomy(memory):
        yield None
        return
    with tempfile.TemporaryDirectory(
        prefix="pos-", dir=memory, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


def variables_for_tests(folder: Path | None = None) -> dict[str, str]:
    """Return the environment for the tests: no display, no desktop's keyring, files in `folder`."""
    variables = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    if folder is not None:
        variables.setdefault("TMPDIR", str(folder))
    return variables


def _is_roomy(memory: Path) -> bool:
    if sys.platform != "linux" or not os.access(memory, os.W_OK):
        return False
    found = os.statvfs(memory)
    is_for_programs = not found.f_flag & os.ST_NOEXEC
    return is_for_programs and found.f_bavail * found.f_frsize >= ROOM_NEEDED_BYTES


def _passes(name: str, command: list[str]) -> bool:
    print(f"\n== {name}", flush=True)
    began = time.monotonic()
    status = subprocess.call([str(venv_program(command[0])), *command[1:]], cwd=ROOT)
    verdict = "passed" if status == 0 else f"FAILED (exit status {status})"
    print(f"== {name} {verdict} in {time.monotonic() - began:.1f} s", flush=True)
    return status == 0


def _summary(failed: list[str]) -> str:
    if not failed:
        return "all checks passed; now the tests."
    return f"FAILED: {', '.join(failed)}. The tests run all the same."
