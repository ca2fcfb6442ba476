"""Libraries and programs that come from the operating system: find what is missing, add it."""

import ctypes
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from installer.refusal import SetupRefusedError


@dataclass(frozen=True, slots=True)
class Need:
    """A library (`libX.so.N`) or a program, and the package that brings it on each system."""

    name: str
    apt: str
    dnf: str
    pacman: str
    zypper: str


# Sonames from the NEEDED entries of PySide6's libraries (6.11.3); the rest follows from these.
OFFSCREEN = (
    Need("libGL.so.1", "libgl1", "libglvnd-glx", "libglvnd", "libglvnd"),
    Need("libEGL.so.1", "libegl1", "libglvnd-egl", "libglvnd", "libglvnd"),
    Need("libgthread-2.0.so.0", "libglib2.0-0", "glib2", "glib2", "libgthread-2_0-0"),
    Need("libfontconfig.so.1", "libfontconfig1", "fontconfig", "fontconfig", "fontconfig"),
    Need("libdbus-1.so.3", "libdbus-1-3", "dbus-libs", "dbus", "libdbus-1-3"),
    Need("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon", "libxkbcommon", "libxkbcommon0"),
)
WINDOW = (
    Need(
        "libxcb-cursor.so.0",
        "libxcb-cursor0",
        "xcb-util-cursor",
        "xcb-util-cursor",
        "libxcb-cursor0",
    ),
    Need("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm", "xcb-util-wm", "libxcb-icccm4"),
    Need(
        "libxcb-keysyms.so.1",
        "libxcb-keysyms1",
        "xcb-util-keysyms",
        "xcb-util-keysyms",
        "libxcb-keysyms1",
    ),
    Need(
        "libxkbcommon-x11.so.0",
        "libxkbcommon-x11-0",
        "libxkbcommon-x11",
        "libxkbcommon-x11",
        "libxkbcommon-x11-0",
    ),
    Need("libxcb-shape.so.0", "libxcb-shape0", "libxcb", "libxcb", "libxcb-shape0"),
    Need(
        "libxcb-render-util.so.0",
        "libxcb-render-util0",
        "xcb-util-renderutil",
        "xcb-util-renderutil",
        "libxcb-render-util0",
    ),
    Need("libxcb-image.so.0", "libxcb-image0", "xcb-util-image", "xcb-util-image", "libxcb-image0"),
    Need("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb", "libxcb", "libxcb-xkb1"),
)
INSTALL = {
    "apt": ["apt-get", "install", "-y", "--no-install-recommends"],
    "dnf": ["dnf", "install", "-y"],
    "pacman": ["pacman", "-S", "--needed", "--noconfirm"],
    "zypper": ["zypper", "--non-interactive", "install"],
}
# Where packages keep what they leave off the path, as several PostgreSQLs live side by side.
OFF_THE_PATH = (
    "usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "usr/lib/postgresql*/bin",  # openSUSE
    "usr/pgsql-*/bin",  # PostgreSQL's own packages for Fedora and its kin
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)


def ensure_packages(needs: Iterable[Need]) -> None:
    """Install the packages of all needs that this Linux lacks; elsewhere do nothing.

    Raises `SetupRefusedError` with the exact command where this user may not install.
    """
    lacking = missing(needs) if sys.platform.startswith("linux") else ()
    if not lacking:
        return
    family = package_family()
    command = install_command(family, lacking)
    prefix = administrator_prefix() if family == "apt" else None
    if prefix is None:
        raise SetupRefusedError(f"Some system packages are missing. Run: {command}")
    packages = packages_of(family, lacking)
    print(f"Adding system packages: {' '.join(packages)}", flush=True)
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    wait = ["-o", "DPkg::Lock::Timeout=300"]
    # A stale list is no reason to stop: the packages may still be there under it.
    _run_quietly([*apt, *wait, "update"])
    failure = _run_quietly([*apt, *wait, *INSTALL["apt"][1:], *packages])
    if failure is not None:
        raise SetupRefusedError(_apt_sentence(failure, command))
    still = missing(lacking)
    if still:
        names = ", ".join(need.name for need in still)
        raise SetupRefusedError(f"{names} is still missing after its package was installed.")


def missing(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Return the needs that this machine does not fulfil, found by trying each."""
    return tuple(need for need in needs if not is_there(need.name))


def is_there(name: str) -> bool:
    """Tell whether a library loads, a Python module is found, or a program is."""
    if name.startswith("module "):
        return importlib.util.find_spec(name.removeprefix("module ")) is not None
    if ".so" not in name:
        return program_path(name) is not None
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def program_path(name: str, off_the_path: Iterable[str] = OFF_THE_PATH) -> str | None:
    """Return where a program is: on the path, else where packages keep it, the newest first."""
    folders = [str(path) for pattern in off_the_path for path in Path("/").glob(pattern)]
    newest_first = sorted(folders, key=_version_in, reverse=True)
    return shutil.which(name) or shutil.which(name, path=os.pathsep.join(newest_first))


def venv_needs() -> tuple[Need, ...]:
    """Return what `python -m venv` needs; Debian keeps it in a package of its own."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    package = f"python{version}-venv"
    return tuple(
        Need(f"module {module}", package, "python3", "python", "python3")
        for module in ("venv", "ensurepip")
    )


def package_family() -> str:
    """Return the name of the package system in use, `apt` where none is known."""
    for family, command in INSTALL.items():
        if shutil.which(command[0]):
            return family
    return "apt"


def packages_of(family: str, needs: Iterable[Need]) -> list[str]:
    """Return the packages of all needs in one family's names, each once."""
    return list(dict.fromkeys(str(getattr(need, family)) for need in needs))


def install_command(family: str, needs: Iterable[Need]) -> str:
    """Return the line that an administrator types to install what the needs name."""
    update = "sudo apt-get update && " if family == "apt" else ""
    return update + " ".join(["sudo", *INSTALL[family], *packages_of(family, needs)])


def administrator_prefix() -> list[str] | None:
    """Return what to put before a command to run it as root without asking, None if impossible."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    quiet = subprocess.DEVNULL
    if shutil.which("sudo") is None:
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], stdout=quiet, stderr=quiet, check=False)
    return ["sudo", "-n"] if allowed.returncode == 0 else None


def _version_in(folder: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", folder))


def _run_quietly(command: list[str]) -> str | None:
    """Run a command; return what it said if it failed, None if it went well."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        cwd=Path("/"),
    )
    return done.stdout if done.returncode else None


def _apt_sentence(output: str, command: str) -> str:
    complaints = [line for line in output.splitlines() if line.startswith("E: ")]
    reason = complaints[0].removeprefix("E: ").rstrip(".") if complaints else "apt-get failed"
    return f"The system packages could not be installed ({reason}). Try: {command}"
