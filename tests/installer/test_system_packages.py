"""Missing system libraries: found by trying, added where that is allowed, named where not."""

import os
import stat
import sys
from pathlib import Path

import pytest

from installer.refusal import SetupRefusedError
from installer.system_packages import (
    OFFSCREEN,
    WINDOW,
    Need,
    ensure_packages,
    install_command,
    is_there,
    missing,
    program_path,
)

TOOL = Need("paint-it", "paint-it-deb", "paint-it-rpm", "paint-it-arch", "paint-it-suse")

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux's packages")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder on the path of a Debian machine whose apt-get installs `paint-it`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("env", "chmod"):
        (folder / name).symlink_to(f"/usr/bin/{name}")
    script(
        folder / "apt-get",
        f'echo "$@" >> {tmp_path}/said\n'
        f'case "$*" in *install*) echo > {folder}/paint-it; chmod +x {folder}/paint-it;; esac\n',
    )
    monkeypatch.setenv("PATH", str(folder))
    return folder


def script(path: Path, text: str) -> None:
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def said_to_apt(folder: Path) -> list[str]:
    path = folder.parent / "said"
    return path.read_text().splitlines() if path.exists() else []


def user_id(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: number)


def test_root_gets_the_package_after_the_list_was_refreshed(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id(monkeypatch, 0)
    ensure_packages([TOOL])
    update, install = said_to_apt(machine)
    assert update.endswith("update")
    assert install.endswith("install -y --no-install-recommends paint-it-deb")
    assert missing([TOOL]) == ()


def test_nothing_is_called_where_nothing_is_missing(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id(monkeypatch, 0)
    script(machine / "paint-it", "")
    ensure_packages([TOOL])
    assert said_to_apt(machine) == []


def test_a_user_who_may_not_install_is_given_the_exact_command(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id(monkeypatch, 1000)
    script(machine / "sudo", "exit 1\n")
    with pytest.raises(SetupRefusedError) as refusal:
        ensure_packages([TOOL])
    assert str(refusal.value).endswith(
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends paint-it-deb"
    )
    assert said_to_apt(machine) == []


def test_sudo_without_a_password_is_used(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user_id(monkeypatch, 1000)
    script(machine / "true", "")
    script(machine / "sudo", 'shift\nexec "$@"\n')
    ensure_packages([TOOL])
    assert missing([TOOL]) == ()


def test_what_apt_complains_of_is_told_in_one_sentence(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id(monkeypatch, 0)
    script(machine / "apt-get", 'echo "E: Unable to locate package paint-it-deb"; exit 100\n')
    with pytest.raises(SetupRefusedError, match="Unable to locate package paint-it-deb"):
        ensure_packages([TOOL])


def test_a_package_that_does_not_bring_the_thing_is_not_believed(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id(monkeypatch, 0)
    script(machine / "apt-get", "")
    with pytest.raises(SetupRefusedError, match="still missing"):
        ensure_packages([TOOL])


@pytest.mark.parametrize(
    ("family", "command"),
    [
        ("dnf", "sudo dnf install -y libglvnd-glx xcb-util-cursor"),
        ("pacman", "sudo pacman -S --needed --noconfirm libglvnd xcb-util-cursor"),
        ("zypper", "sudo zypper --non-interactive install libglvnd libxcb-cursor0"),
    ],
)
def test_other_systems_are_told_their_own_command(family: str, command: str) -> None:
    assert install_command(family, (OFFSCREEN[0], WINDOW[0])) == command


def test_another_family_is_never_installed_to_without_being_asked(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id(monkeypatch, 0)
    (machine / "apt-get").rename(machine / "dnf")
    with pytest.raises(SetupRefusedError, match=r"Run: sudo dnf install -y paint-it-rpm$"):
        ensure_packages([TOOL])


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("libc.so.6", True),
        ("libno-such-thing.so.9", False),
        ("module venv", True),
        ("module no_such_module", False),
        ("no-such-program", False),
    ],
)
def test_each_kind_of_need_is_found_by_trying(name: str, there: bool) -> None:
    assert is_there(name) is there


def test_a_program_off_the_path_is_found_and_the_newest_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("9.6", "15", "18"):
        folder = tmp_path / f"postgresql-{version}" / "bin"
        folder.mkdir(parents=True)
        if version != "18":
            script(folder / "initdb", "")
    places = [str((tmp_path / "postgresql-*" / "bin").relative_to("/"))]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert program_path("initdb", places) == str(tmp_path / "postgresql-15" / "bin" / "initdb")
    assert program_path("pg_ctl", places) is None
    script(tmp_path / "initdb", "")
    assert program_path("initdb", places) == str(tmp_path / "initdb")
