"""Proof that what was packed starts where no Python is installed."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from installer.bundle import NAME
from installer.deb import HOME, version_of
from installer.environment import ROOT
from installer.refusal import SetupRefusedError

WINDOW_WITHIN_S = 30
PNG = b"\x89PNG\r\n\x1a\n"


def prove(dist: Path, work: Path) -> None:
    """Start the bundle and the unpacked .deb; raise `SetupRefusedError` naming what failed."""
    version = version_of(ROOT)
    programs = {"bundle": dist / NAME / (NAME + (".exe" if os.name == "nt" else ""))}
    for package in dist.glob(f"{NAME}_{version}_*.deb"):
        programs[package.name] = _unpack(package, work / "deb-unpacked")
    for what, program in programs.items():
        starts_and_sells(program, version)
        print(f"{what}: starts and sells without Python", flush=True)


def starts_and_sells(program: Path, version: str) -> None:
    """Require everything below of one program; raise `SetupRefusedError` naming what failed."""
    answers_version(program, version)
    if not sys.platform.startswith("linux"):
        sells_offscreen(program)
        return
    needs_no_python(program)
    opens_a_window(program)


def answers_version(program: Path, version: str) -> None:
    """Require `--version` to name the version that was packed."""
    with bare_variables() as variables:
        said = _run([program, "--version"], variables).strip()
    if said != f"{NAME} {version}":
        raise SetupRefusedError(f"{program} --version said {said!r}.")


def sells_offscreen(program: Path) -> None:
    """Require the demo sale to leave its two pictures."""
    with bare_variables() as variables:
        _sell_offscreen(program, [], variables)


def needs_no_python(program: Path) -> None:
    """Require a demo sale that opens no Python file outside the bundle, as strace sees it."""
    with bare_variables() as variables:
        home = Path(variables["HOME"])
        trace = home / "trace"
        strace = shutil.which("strace") or "strace"
        tracing = [strace, "-f", "-qq", "-e", "trace=openat,execve", "-o", str(trace)]
        _sell_offscreen(program, tracing, variables)
        opened = re.findall(
            r'"([^"]+)".*\) = \d+$', trace.read_text(errors="replace"), re.MULTILINE
        )
    own = (str(program.parent.resolve()), str(program.parent), str(home))
    foreign = {
        path
        for path in opened
        if re.search(r"python|site-packages|\.pyc?$", path) and not path.startswith(own)
    }
    if foreign:
        raise SetupRefusedError(f"{program} used a Python of this machine: {sorted(foreign)[:3]}")


def opens_a_window(program: Path) -> None:
    """Require `demo` to paint a window on an X server that nothing else uses."""
    with bare_variables() as variables, _x_server(Path(variables["HOME"])) as (display, screen):
        blank = screen.read_bytes()
        variables |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        log = Path(variables["HOME"], "log")
        with log.open("wb") as said:
            till = subprocess.Popen(
                [program, "demo"], env=variables, stdout=said, stderr=subprocess.STDOUT
            )
        try:
            _wait_for_paint(till, screen, blank, log)
        finally:
            till.terminate()
            till.wait(timeout=20)


@contextlib.contextmanager
def bare_variables() -> Iterator[dict[str, str]]:
    """Give the variables of a machine with an empty path and a new home, removed afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder, "bin").mkdir()
        variables = {"HOME": folder, "PATH": str(Path(folder, "bin")), "LANG": "C.UTF-8"}
        if os.name == "nt":
            variables |= {"SYSTEMROOT": os.environ["SYSTEMROOT"], "APPDATA": folder}
        yield variables


def _sell_offscreen(program: Path, tracing: list[str], variables: dict[str, str]) -> None:
    out = Path(variables["HOME"], "out")
    _run([*tracing, program, "demo", "--offscreen", "--out", out], variables)
    for name in ("screenshot.png", "receipt.png"):
        picture = out / name
        if not picture.is_file() or not picture.read_bytes().startswith(PNG):
            raise SetupRefusedError(f"{program} demo --offscreen left no {name}.")


def _wait_for_paint(till: "subprocess.Popen[bytes]", screen: Path, blank: bytes, log: Path) -> None:
    until = time.monotonic() + WINDOW_WITHIN_S
    while time.monotonic() < until:
        if till.poll() is not None:
            tail = log.read_text(errors="replace")[-300:]
            raise SetupRefusedError(f"The till closed by itself under Xvfb: {tail}")
        seen = screen.read_bytes()
        changed = sum(a != b for a, b in zip(seen[::997], blank[::997], strict=False))
        # A painted till differs from the empty screen nearly everywhere.
        if changed > len(blank) // 997 // 4:
            return
        time.sleep(0.2)
    raise SetupRefusedError(f"The till painted no window within {WINDOW_WITHIN_S} s under Xvfb.")


@contextlib.contextmanager
def _x_server(folder: Path) -> Iterator[tuple[str, Path]]:
    """Run Xvfb on a free display; give its name and the file that holds its pixels."""
    reading, writing = os.pipe()
    xvfb = shutil.which("Xvfb") or "Xvfb"
    options = ["-displayfd", str(writing), "-fbdir", str(folder), "-nolisten", "tcp"]
    server = subprocess.Popen(
        [xvfb, *options, "-screen", "0", "1280x800x24"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise SetupRefusedError("Xvfb did not start.")
        yield f":{number}", folder / "Xvfb_screen0"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _unpack(package: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["dpkg-deb", "-x", str(package), str(folder)], check=True)
    return folder / HOME.lstrip("/") / NAME


def _run(command: "list[str | Path]", variables: dict[str, str]) -> str:
    done = subprocess.run(
        command, env=variables, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-400:]
        raise SetupRefusedError(f"{' '.join(map(str, command))} failed: {said}")
    return done.stdout
