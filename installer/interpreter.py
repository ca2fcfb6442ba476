"""Find a Python that is new enough and go on in it; parses on any Python 3."""

import os
import shutil
import subprocess
import sys

NEEDED = (3, 11)
CANDIDATES = ("python3.13", "python3.12", "python3.11", "python3.14", "python3", "python")
ADVICE = (
    "The till needs Python 3.11 or newer and this is {found}. "
    "Install a newer one, for example with {how}, and run this again."
)


def ensure_new_enough() -> None:
    """Return on a new enough Python; otherwise start this script again on one, or explain."""
    if sys.version_info >= NEEDED:
        return
    found = newer_python(CANDIDATES)
    if found is None:
        version = ".".join(str(part) for part in sys.version_info[:3])
        sys.exit(ADVICE.format(found=version, how=how_to_install()))
    become([found] + sys.argv)  # noqa: RUF005


def newer_python(candidates: "tuple[str, ...]") -> "str | None":
    """Return the path of the first candidate that really runs and is new enough, or None."""
    test = "import sys; sys.exit(sys.version_info < (%d, %d))" % NEEDED  # noqa: UP031
    for name in candidates:
        path = shutil.which(name)
        if path and _succeeds([path, "-c", test]):
            return path
    return None


def become(command: "list[str]", environment: "dict[str, str] | None" = None) -> None:
    """Replace this process by `command`; on Windows wait for it and pass its exit status on."""
    sys.stdout.flush()
    sys.stderr.flush()
    variables = dict(os.environ) if environment is None else environment
    if os.name == "nt":
        # exec on Windows gives the prompt back while the program still runs.
        sys.exit(subprocess.call(command, env=variables))
    os.execve(command[0], command, variables)


def how_to_install() -> str:
    """Return this machine's usual way to a newer Python."""
    if os.name == "nt":
        return "`winget install Python.Python.3.13`"
    if sys.platform == "darwin":
        return "`brew install python@3.13`"
    return "`sudo apt-get install python3.13` or your system's own packages"


def _succeeds(command: "list[str]") -> bool:
    try:
        quiet = subprocess.DEVNULL
        return subprocess.call(command, stdout=quiet, stderr=quiet) == 0
    except OSError:
        return False
