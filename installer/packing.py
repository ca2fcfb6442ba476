"""From the tree to what a shop installs, on the system it runs on."""

import argparse
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from installer import bundle, deb, proof, windows
from installer.environment import ROOT, ensure_environment, is_ready
from installer.refusal import SetupRefusedError
from installer.system_packages import OFFSCREEN, WINDOW, Need, ensure_packages, venv_needs

TOOLS = (Need("objdump", "binutils", "binutils", "binutils", "binutils"),)
PROOF_TOOLS = (
    Need("Xvfb", "xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb", "xorg-x11-server-Xvfb"),
    Need("strace", "strace", "strace", "strace", "strace"),
)


def build(arguments: list[str]) -> int:
    """Make the bundle and this system's package of it; return 1 with a sentence if refused."""
    wanted = _options().parse_args(arguments)
    try:
        if not wanted.only_check:
            _pack(ROOT, bundle_only=wanted.bundle_only)
        if wanted.check or wanted.only_check:
            ensure_packages(PROOF_TOOLS)
            proof.prove(ROOT / "dist", ROOT / "build")
    except SetupRefusedError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def _pack(root: Path, *, bundle_only: bool) -> None:
    to_make_venv = () if is_ready("check", root) else venv_needs()
    # PyInstaller takes the window system's libraries along only where they are installed.
    ensure_packages((*to_make_venv, *OFFSCREEN, *WINDOW, *TOOLS))
    ensure_environment("check", root)
    folder = _timed(
        "bundle", lambda: bundle.make_bundle(root, root / "build" / "bundle", root / "dist")
    )
    if bundle_only:
        return
    if sys.platform == "win32":
        _timed("installer", lambda: windows.make_installer(folder))
    elif shutil.which("dpkg"):
        _timed("package", lambda: deb.make_deb(root, folder))


def _timed(what: str, make: Callable[[], Path]) -> Path:
    began = time.monotonic()
    made = make()
    size_mb = size_of(made) // 1_000_000
    print(f"{what}: {made} ({size_mb} MB, {time.monotonic() - began:.0f} s)", flush=True)
    return made


def size_of(path: Path) -> int:
    """Return the bytes in a file, or in all files of a folder."""
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.lstat().st_size for file in files if not file.is_dir())


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="installer/build.py", description="Pack the program.")
    parser.add_argument("--bundle-only", action="store_true", help="no .deb or installer of it")
    parser.add_argument("--check", action="store_true", help="start what was made, without Python")
    parser.add_argument("--only-check", action="store_true", help="start what is already made")
    return parser
