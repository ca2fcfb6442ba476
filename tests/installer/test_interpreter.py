"""Which Python the installer goes on in."""

import ast
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from installer.interpreter import newer_python

INSTALLER = Path(__file__).resolve().parents[2] / "installer"


def program(folder: Path, name: str, status: int) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\nexit {status}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.parametrize("name", ["run.py", "check.py", "build.py", "interpreter.py"])
def test_the_doors_parse_on_an_old_python_so_that_they_can_say_what_to_install(name: str) -> None:
    ast.parse((INSTALLER / name).read_text("utf-8"), feature_version=(3, 6))


@pytest.mark.skipif(sys.platform == "win32", reason="shell scripts stand in for interpreters")
def test_a_newer_python_that_does_not_run_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "python3.13", status=127)
    works = program(tmp_path, "python3.12", status=0)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert newer_python(("python3.13", "python3.12")) == str(works)


def test_no_newer_python_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert newer_python(("python3.13", "python3.12")) is None


def test_the_doors_work_from_any_folder_and_name_the_way_without_a_display(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("a display is missing on Linux only")
    said = subprocess.run(
        [sys.executable, INSTALLER / "run.py"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    assert "--offscreen" in said.stderr
    assert len(said.stderr.strip().splitlines()) == 1
