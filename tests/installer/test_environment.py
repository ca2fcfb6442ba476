"""The virtual environment on a real small tree: made, instant the second time, repaired."""

import base64
import hashlib
import subprocess
import zipfile
from pathlib import Path

import pytest

from installer.environment import ensure_environment, is_ready, sentence_for, venv_python
from installer.refusal import SetupRefusedError

# A build backend in the tree, as the small project's own `setuptools`.
BACKEND = """
import pathlib, zipfile
def _wheel(folder):
    name = "small_till-1-py3-none-any.whl"
    files = {
        "small_till.pth": str(pathlib.Path.cwd()) + "\\n",
        "small_till-1.dist-info/METADATA": (
            "Metadata-Version: 2.1\\nName: small-till\\nVersion: 1\\n"
        ),
        "small_till-1.dist-info/WHEEL": "Wheel-Version: 1.0\\nTag: py3-none-any\\n",
    }
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
        record = "".join(f"{path},,\\n" for path in files)
        wheel.writestr("small_till-1.dist-info/RECORD", record)
    return name
def build_editable(folder, config_settings=None, metadata_directory=None):
    return _wheel(folder)
def build_wheel(folder, config_settings=None, metadata_directory=None):
    return _wheel(folder)
"""
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "small-till"
version = "1"
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a tree whose lock asks for one package, offered in a folder instead of an index."""
    root, offered = tmp_path / "a tree", tmp_path / "offered"
    (root / "installer" / "lock").mkdir(parents=True)
    offered.mkdir()
    (root / "backend.py").write_text(BACKEND)
    (root / "pyproject.toml").write_text(PROJECT)
    offer(offered, root, "1.0")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", offered.as_uri())
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return root


def offer(folder: Path, root: Path, version: str) -> None:
    """Put a wheel of `small_change` into the folder and its hash into the tree's lock."""
    wheel = folder / f"small_change-{version}-py3-none-any.whl"
    info = f"small_change-{version}.dist-info"
    files = {
        "small_change.py": f"VERSION = '{version}'\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: small-change\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
        archive.writestr(f"{info}/RECORD", record_of(files, info))
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock(root, f"small-change=={version} --hash=sha256:{digest}\n")


def record_of(files: dict[str, str], info: str) -> str:
    lines = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        lines.append(f"{path},sha256={digest.decode()},{len(text)}")
    return "\n".join([*lines, f"{info}/RECORD,,", ""])


def lock(root: Path, text: str) -> None:
    (root / "installer" / "lock" / "till.txt").write_text(text)


def installed_version(root: Path) -> str:
    code = "import small_change; print(small_change.VERSION)"
    command = [venv_python(root), "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_tree_is_set_up_once_changed_with_its_lock_and_repaired_after_an_interruption(
    tree: Path, tmp_path: Path
) -> None:
    assert not is_ready("till", tree)
    ensure_environment("till", tree)
    assert is_ready("till", tree)
    assert installed_version(tree) == "1.0"

    marker = tree / ".venv" / "left-alone"
    marker.touch()
    ensure_environment("till", tree)
    assert marker.exists()

    offer(tmp_path / "offered", tree, "2.0")
    assert not is_ready("till", tree)
    ensure_environment("till", tree)
    assert installed_version(tree) == "2.0"
    assert marker.exists()

    # Killed while pip was writing files: nothing in the folder can be trusted any more.
    (tree / ".venv" / "set-up-unfinished").touch()
    next((tree / ".venv").glob("**/small_change.py")).write_text("half a fi")
    assert not is_ready("till", tree)
    ensure_environment("till", tree)
    assert installed_version(tree) == "2.0"
    assert not marker.exists()


def test_a_package_with_another_hash_is_refused_and_the_tree_stays_unready(tree: Path) -> None:
    lock(tree, f"small-change==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SetupRefusedError, match="not the one that was locked"):
        ensure_environment("till", tree)
    assert not is_ready("till", tree)


def test_an_environment_that_was_moved_is_not_taken_for_ready(tree: Path) -> None:
    ensure_environment("till", tree)
    moved = tree.with_name("moved")
    tree.rename(moved)
    assert not is_ready("till", moved)


@pytest.mark.parametrize(
    ("complaint", "sentence"),
    [
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disk is full"),
        ("NewConnectionError: name resolution\nERROR: No matching distribution",
         "cannot be reached"),
        ("ERROR: No matching distribution found for pysqlite3==0.6.1", "not offered"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "locked"),
        ("[Errno 13] Permission denied: '.venv'", "cannot be written"),
    ],
)  # fmt: skip
def test_each_known_complaint_of_pip_becomes_one_sentence(complaint: str, sentence: str) -> None:
    said = sentence_for(complaint)
    assert said is not None
    assert sentence in said
    assert "\n" not in said


def test_an_unknown_complaint_is_not_guessed_at() -> None:
    assert sentence_for("ERROR: something new") is None
