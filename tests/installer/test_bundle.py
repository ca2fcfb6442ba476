"""The bundle and the package of it: their recipes always, the things themselves by command."""

import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from installer import proof
from installer.bundle import command, make_bundle, prune
from installer.deb import HOME, oldest_libc, outside_libraries, settings_for, version_of
from installer.refusal import SetupRefusedError
from installer.windows import script_for
from pos_app import __version__

ROOT = Path(__file__).resolve().parents[2]

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux's tools")


def stand_in(folder: Path, text: str) -> Path:
    path = folder / "pos-app"
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@linux_only
def test_the_bundle_starts_and_sells_where_there_is_no_python(tmp_path: Path) -> None:
    folder = make_bundle(ROOT, tmp_path / "work", tmp_path / "dist")
    proof.starts_and_sells(folder / "pos-app", __version__)


@pytest.mark.build
def test_the_bundle_and_the_deb_start_and_sell_where_there_is_no_python(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    left = shutil.ignore_patterns(".git", ".venv", "build", "dist", "node_modules", "__pycache__")
    shutil.copytree(ROOT, tree, ignore=left)
    built = subprocess.run(
        [sys.executable, tree / "installer" / "build.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    assert built.stdout.count("starts and sells without Python") >= 1


def test_the_version_that_is_packed_is_the_program_s() -> None:
    assert version_of(ROOT) == __version__


def test_the_bundle_carries_the_resources_and_leaves_test_tools_out() -> None:
    line = command(ROOT, ROOT / "build", ROOT / "dist")
    assert any(part.startswith(f"--add-data={ROOT / 'resources'}") for part in line)
    assert "--exclude-module=pytest" in line
    assert line[-1].endswith("__main__.py")


def test_the_package_puts_a_command_a_menu_entry_and_the_licences_in_place(tmp_path: Path) -> None:
    settings = settings_for(ROOT, tmp_path, tmp_path, "1.2.3", "amd64")
    contents = settings["contents"]
    assert isinstance(contents, list)
    places = {entry["dst"] for entry in contents}
    assert "/usr/bin/pos-app" in places
    assert "/usr/share/applications/pos-app.desktop" in places
    assert "/usr/share/doc/pos-app/copyright" in places
    sources = (entry for entry in contents if "resources" in entry["src"])
    assert all(Path(entry["src"]).is_file() for entry in sources)
    assert {"src": f"{HOME}/pos-app", "dst": "/usr/bin/pos-app", "type": "symlink"} in contents


@pytest.mark.parametrize(
    "name", ["LGPL-3.0.txt", "LGPL-2.1.txt", "GPL-3.0.txt", "NOTICES.md", "../fonts/OFL.txt"]
)
def test_the_texts_that_the_libraries_licences_ask_for_are_shipped(name: str) -> None:
    assert (ROOT / "resources" / "licences" / name).stat().st_size > 1000


@linux_only
def test_what_a_program_needs_from_the_system_is_read_from_the_program() -> None:
    shell = Path("/bin/sh").resolve()
    assert "libc.so.6" in outside_libraries([shell])
    assert oldest_libc([shell]).startswith("2.")


def test_pruning_keeps_qt_s_own_words_and_drops_database_drivers(tmp_path: Path) -> None:
    qt = tmp_path / "PySide6" / "Qt"
    (qt / "plugins" / "sqldrivers").mkdir(parents=True)
    (qt / "translations").mkdir()
    for name in ("qtbase_de.qm", "qt_help_de.qm"):
        (qt / "translations" / name).touch()
    prune(tmp_path)
    assert [path.name for path in (qt / "translations").iterdir()] == ["qtbase_de.qm"]
    assert not (qt / "plugins" / "sqldrivers").exists()


def test_the_windows_script_names_the_version_and_starts_the_till() -> None:
    script = script_for("1.2.3")
    assert "AppVersion=1.2.3" in script
    assert r'Filename: "{app}\pos-app.exe"; Parameters: "run"' in script


@linux_only
def test_the_proof_refuses_a_program_of_another_version(tmp_path: Path) -> None:
    program = stand_in(tmp_path, "echo pos-app 0.0.9\n")
    with pytest.raises(SetupRefusedError, match=r"pos-app 0\.0\.9"):
        proof.answers_version(program, "1.0.0")


@linux_only
def test_the_proof_refuses_a_demo_sale_without_pictures(tmp_path: Path) -> None:
    with pytest.raises(SetupRefusedError, match=r"left no screenshot\.png"):
        proof.sells_offscreen(stand_in(tmp_path, "exit 0\n"))


@linux_only
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is missing")
def test_the_proof_sees_a_python_of_the_machine_being_used(tmp_path: Path) -> None:
    python = Path(sys.base_prefix, "bin", "python3")
    picture = "printf '\\211PNG\\r\\n\\032\\n' > "
    cheat = stand_in(
        tmp_path,
        f"{python} -c \"import json, os; os.mkdir('$4')\"\n"
        f'{picture} "$4/screenshot.png"; {picture} "$4/receipt.png"\n',
    )
    with pytest.raises(SetupRefusedError, match="used a Python of this machine"):
        proof.needs_no_python(cheat)


@pytest.mark.xvfb
def test_the_proof_refuses_a_till_that_closes_by_itself(tmp_path: Path) -> None:
    with pytest.raises(SetupRefusedError, match="closed by itself under Xvfb: no screen"):
        proof.opens_a_window(stand_in(tmp_path, "echo no screen\n"))


@pytest.mark.xvfb
def test_the_proof_refuses_a_till_that_paints_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "WINDOW_WITHIN_S", 2)
    with pytest.raises(SetupRefusedError, match="painted no window"):
        proof.opens_a_window(stand_in(tmp_path, "exec /bin/sleep 60\n"))
