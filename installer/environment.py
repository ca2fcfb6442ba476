"""The virtual environment `.venv`: made, filled from a lock, repaired, left alone when right."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from installer.refusal import SetupRefusedError

ROOT = Path(__file__).resolve().parent.parent
ROOM_NEEDED_MB = 1200
# Each of pip's complaints that we know, in the order they are looked for, and our sentence.
COMPLAINTS = (
    (
        r"No space left on device|Errno 28|not enough space",
        "The disk is full: free about 1.2 GB and run this again.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        (
            "A downloaded package is not the one that was locked, so nothing was installed: "
            "run this again, and if it stays so do not trust the package index in use."
        ),
    ),
    (
        (
            r"name resolution|getaddrinfo|NewConnection|Connection\w* (?:refused|reset|aborted)"
            r"|timed out|unreachable|ProxyError|SSLError|Max retries"
        ),
        (
            "The package index cannot be reached: check the network (or pip's index and proxy "
            "settings) and run this again."
        ),
    ),
    (
        r"No matching distribution|Could not find a version",
        (
            "A locked package is not offered for this machine or by the package index in use: "
            "use 64-bit Python 3.11 to 3.13 and check pip's index setting."
        ),
    ),
    (r"Permission denied|Errno 13", "The folder of the program cannot be written to."),
)


def ensure_environment(lock: str, root: Path = ROOT) -> None:
    """Make `.venv` hold what `installer/lock/<lock>.txt` names; a second call is instant.

    Raises `SetupRefusedError` with one sentence where that cannot be done.
    """
    if is_ready(lock, root):
        return
    with _only_one(root):
        if is_ready(lock, root):
            return
        _require_room(root)
        try:
            _fill(lock, root)
        except PermissionError as error:
            raise SetupRefusedError(f"{error.filename} cannot be written to.") from error
        except OSError as error:
            raise SetupRefusedError(f"The set-up stopped: {error}.") from error


def venv_python(root: Path = ROOT) -> Path:
    """Return the interpreter of the virtual environment below `root`; it need not exist."""
    return venv_program("python", root)


def venv_program(name: str, root: Path = ROOT) -> Path:
    """Return a program of the virtual environment below `root`; it need not exist."""
    folder, suffix = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
    return root / ".venv" / folder / (name + suffix)


def is_ready(lock: str, root: Path) -> bool:
    """Tell whether `.venv` was finished for this lock, in this place, and not touched since."""
    stamp = _stamp(lock, root)
    return (
        venv_python(root).exists()
        and not _unfinished(root).exists()
        and stamp.is_file()
        and stamp.read_text(encoding="utf-8") == _expected(lock, root)
    )


def _fill(lock: str, root: Path) -> None:
    unfinished = _unfinished(root)
    if unfinished.exists() or not _usable(root):
        _create(root)
    unfinished.write_text("Set-up was begun and not finished: the next one starts afresh.\n")
    print("Installing the locked packages into .venv (a minute or two) ...", flush=True)
    listed = root / "installer" / "lock" / f"{lock}.txt"
    # The lock is complete and hashed, so pip resolves nothing and builds nothing.
    locked = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(listed)]
    _pip(root, locked)
    # The program itself, where it stands: makes the command `pos-app` and needs no network.
    _pip(root, ["--no-deps", "--no-build-isolation", "--editable", str(root)])
    _stamp(lock, root).write_text(_expected(lock, root), encoding="utf-8")
    if lock == "check":
        _stamp("till", root).write_text(_expected("till", root), encoding="utf-8")
    unfinished.unlink()


def _usable(root: Path) -> bool:
    python = venv_python(root)
    if not python.exists():
        return False
    test = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    quiet = subprocess.DEVNULL
    try:
        return subprocess.call([python, "-c", test], stdout=quiet, stderr=quiet) == 0
    except OSError:
        return False


def _create(root: Path) -> None:
    print("Making the virtual environment .venv ...", flush=True)
    folder = root / ".venv"
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(folder)],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if made.returncode:
        said = (made.stdout + made.stderr).strip()
        known = sentence_for(said)
        last = said.splitlines()[-1] if said else "no reason given"
        raise SetupRefusedError(known or f"The virtual environment could not be made: {last}")


def _pip(root: Path, arguments: list[str]) -> None:
    command = [str(venv_python(root)), "-m", "pip", "install", "--progress-bar", "off"]
    variables = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    said: list[str] = []
    with subprocess.Popen(
        [*command, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=variables,
        # It inherits the set-up lock: should we be killed, the next set-up waits for pip to end.
        close_fds=False,
    ) as running:
        for line in running.stdout or ():
            said.append(line)
            if line.strip().startswith("Downloading "):
                print("  " + line.strip(), flush=True)
    if running.returncode:
        raise SetupRefusedError(_pip_sentence("".join(said), root))


def _pip_sentence(output: str, root: Path) -> str:
    log = root / ".venv" / "setup.log"
    log.write_text(output, encoding="utf-8")
    errors = [line for line in output.splitlines() if line.startswith("ERROR: ")]
    reason = errors[-1].removeprefix("ERROR: ") if errors else "pip failed"
    return sentence_for(output) or f"The packages could not be installed: {reason} (see {log})."


def sentence_for(output: str) -> str | None:
    """Return our sentence for a complaint of pip's or venv's, None for one we do not know."""
    for pattern, sentence in COMPLAINTS:
        if re.search(pattern, output):
            return sentence
    return None


def _require_room(root: Path) -> None:
    free_mb = shutil.disk_usage(root).free // 1_000_000
    if free_mb < ROOM_NEEDED_MB and not _usable(root):
        raise SetupRefusedError(
            f"The set-up needs {ROOM_NEEDED_MB} MB on the disk and {free_mb} MB are free: "
            "make room and run this again."
        )


def _unfinished(root: Path) -> Path:
    return root / ".venv" / "set-up-unfinished"


def _stamp(lock: str, root: Path) -> Path:
    return root / ".venv" / f"set-up-{lock}.sha256"


def _expected(lock: str, root: Path) -> str:
    """Name what `.venv` is made from: the lock's bytes and the place, as it cannot be moved."""
    listed = (root / "installer" / "lock" / f"{lock}.txt").read_bytes()
    return hashlib.sha256(listed + os.fsencode(root)).hexdigest()


@contextmanager
def _only_one(root: Path) -> Iterator[None]:
    """Let one set-up at a time work on a tree; the system frees the lock even after a kill."""
    path = root / "build" / "set-up.lock"
    try:
        path.parent.mkdir(exist_ok=True)
        file = path.open("w")
    except OSError as error:
        raise SetupRefusedError(f"The folder {root} cannot be written to.") from error
    with file:
        _wait_for(file)
        yield


def _wait_for(file: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - exists on Windows only

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        except OSError as error:
            raise SetupRefusedError("Another set-up is running: wait for it to end.") from error
        return
    import fcntl  # noqa: PLC0415 - does not exist on Windows

    os.set_inheritable(file.fileno(), True)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print("Another set-up is running; waiting for it to end ...", flush=True)
        fcntl.flock(file, fcntl.LOCK_EX)
