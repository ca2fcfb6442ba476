"""The order and the verdict of the checks."""

import stat
import sys
from pathlib import Path

import pytest

from installer import checks
from installer.refusal import SetupRefusedError
from installer.system_packages import install_command

ROOT = Path(__file__).resolve().parents[2]


def npm(folder: Path, status: int) -> None:
    path = folder / "npm"
    path.write_text(
        f'#!/bin/sh\necho "$@" >> {folder}/said\n/bin/mkdir -p node_modules\nexit {status}\n'
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for npm")
def test_npm_is_called_once_for_one_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm(tmp_path, 0)
    monkeypatch.setenv("PATH", str(tmp_path))
    lock = tmp_path / "package-lock.json"
    for text in ("{}", "{}", '{"changed": true}'):
        lock.write_text(text)
        checks.ensure_node_packages(tmp_path)
    assert len((tmp_path / "said").read_text().splitlines()) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for npm")
def test_a_failed_npm_is_refused_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm(tmp_path, 1)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "package-lock.json").write_text("{}")
    for _ in range(2):
        with pytest.raises(SetupRefusedError, match="npm ci failed"):
            checks.ensure_node_packages(tmp_path)


def test_the_tests_see_neither_a_display_nor_a_keyring() -> None:
    variables = checks.variables_for_tests()
    assert variables["QT_QPA_PLATFORM"] == "offscreen"
    assert variables["PYTHON_KEYRING_BACKEND"] == "keyring.backends.fail.Keyring"


def test_the_files_of_the_tests_are_in_memory_where_there_is_room_and_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(checks, "ROOM_NEEDED_BYTES", 1)
    with checks.folder_for_tests(tmp_path) as folder:
        assert folder is not None
        assert folder.parent == tmp_path
        assert checks.variables_for_tests(folder)["TMPDIR"] == str(folder)
        (folder / "shop.db").write_bytes(b"a shop")
    assert list(tmp_path.iterdir()) == []


def test_the_files_of_the_tests_stay_on_the_disk_where_memory_is_short_or_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    with checks.folder_for_tests(tmp_path / "none") as folder:
        assert folder is None
    monkeypatch.setattr(checks, "ROOM_NEEDED_BYTES", 1 << 70)
    with checks.folder_for_tests(tmp_path) as folder:
        assert folder is None
        assert "TMPDIR" not in checks.variables_for_tests(folder)


def test_postgresql_is_brought_in_for_the_tests_of_head_office() -> None:
    [need] = [need for need in checks.PROGRAMS if need.name == "initdb"]
    assert install_command("apt", [need]).endswith("--no-install-recommends postgresql")
    assert install_command("dnf", [need]).endswith("postgresql-server")


def test_the_check_that_runs_on_every_change_is_the_one_that_people_run() -> None:
    assert "installer/check.py" in (ROOT / ".ci" / "run").read_text()
