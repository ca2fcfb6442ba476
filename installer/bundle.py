"""The folder that runs without Python, made by PyInstaller."""

import compileall
import os
import py_compile
import re
import shutil
import subprocess
import sys
from pathlib import Path

from installer.environment import venv_python
from installer.refusal import SetupRefusedError

NAME = "pos-app"
# Imported by name at run time, so PyInstaller cannot see them.
HIDDEN = (
    "logging.config",
    "pysqlite3.dbapi2",
    "sqlalchemy.dialects.sqlite.pysqlite",
)
PACKAGES_WITH_HIDDEN_PARTS = ("alembic", "keyring.backends", "pos_app", "zeroconf")
PACKAGES_WITH_DATA = ("arabic_reshaper", "barcode", "escpos", "libusb_package")
PACKAGES_FOUND_BY_METADATA = ("keyring", "python-escpos")
UNUSED = (
    "IPython",
    "PIL.AvifImagePlugin",
    "PIL.ImageTk",
    "PySide6.QtDesigner",
    "PySide6.QtHelp",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtQuickWidgets",
    "PySide6.QtSql",
    "PySide6.QtTest",
    "alembic.testing",
    "hypothesis",
    "lib2to3",
    "matplotlib",
    "mypy",
    "numpy",
    "pytest",
    "setuptools._vendor",
    "sqlalchemy.dialects.mssql",
    "sqlalchemy.dialects.mysql",
    "sqlalchemy.dialects.oracle",
    "sqlalchemy.testing",
    "tkinter",
)
# Plugins and translations of Qt for devices and tools that a till has not.
PRUNED = (
    "PySide6/Qt/plugins/egldeviceintegrations",
    "PySide6/Qt/plugins/networkinformation",
    "PySide6/Qt/plugins/platforms/libqeglfs.so",
    "PySide6/Qt/plugins/platforms/libqlinuxfb.so",
    "PySide6/Qt/plugins/platforms/libqminimalegl.so",
    "PySide6/Qt/plugins/platforms/libqvkkhrdisplay.so",
    "PySide6/Qt/plugins/platforms/libqvnc.so",
    "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
    "PySide6/Qt/plugins/printsupport/libcupsprintersupport.so",  # documents go to CUPS by `lp`
    "PySide6/Qt/plugins/qmltooling",
    "PySide6/Qt/plugins/sqldrivers",
    "PySide6/Qt/qml",
)
KEPT_TRANSLATIONS = ("qtbase_",)
# The system's graphics drivers need theirs, which may be newer than the builder's.
LEFT_TO_THE_SYSTEM = ("libstdc++.so.6", "libgcc_s.so.1")
# Libraries that are opened by name, so that nothing seems to need them.
OPENED_BY_NAME = ("libpython", "libusb", "libssl", "libcrypto", "libcups")


def make_bundle(root: Path, work: Path, dist: Path) -> Path:
    """Make `dist`/pos-app from the tree `root` and return it, working in `work`.

    Raises `SetupRefusedError` if PyInstaller fails.
    """
    log = work / "bundle.log"
    work.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as said:
        status = subprocess.call(
            command(root, work, dist),
            cwd=root,
            stdout=said,
            stderr=subprocess.STDOUT,
            # Variables of the builder's shell must not decide what the bundle holds.
            env={k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "QT_"))},
        )
    if status:
        raise SetupRefusedError(f"PyInstaller failed; its reason is at the end of {log}.")
    folder = dist / NAME
    inner = folder / "_internal"
    prune(inner)
    if sys.platform.startswith("linux"):
        slim(folder)
    compile_migrations(inner / "pos_app")
    _gather_licences(root, inner / "resources" / "licences" / "packages")
    shutil.copy2(root / "LICENSE", inner / "resources" / "licences" / "LICENSE")
    return folder


def command(root: Path, work: Path, dist: Path) -> list[str]:
    """Return PyInstaller's command line for this system."""
    line = [
        str(venv_python(root)),
        "-m",
        "PyInstaller",
        "--noconfirm",
        "--clean",
        "--log-level=WARN",
    ]
    line += ["--onedir", f"--name={NAME}", f"--paths={root}"]
    line += [f"--workpath={work}", f"--specpath={work}", f"--distpath={dist}"]
    line += [f"--icon={root / 'resources' / 'app-icon.png'}"]
    line += [f"--add-data={root / 'resources'}{os.pathsep}resources"]
    migrations = root / "pos_app" / "store" / "migrations"
    if migrations.is_dir():
        line += [f"--add-data={migrations}{os.pathsep}pos_app/store/migrations"]
    line += [f"--hidden-import={name}" for name in HIDDEN]
    line += [f"--collect-submodules={name}" for name in PACKAGES_WITH_HIDDEN_PARTS]
    line += [f"--collect-all={name}" for name in PACKAGES_WITH_DATA]
    line += [f"--copy-metadata={name}" for name in PACKAGES_FOUND_BY_METADATA]
    line += [f"--exclude-module={name}" for name in UNUSED]
    if sys.platform == "win32":
        # The command line needs a console, the till must not show one.
        line += ["--hide-console=hide-early"]
    if sys.platform == "darwin":
        line += ["--windowed", "--osx-bundle-identifier=app.pos.till"]
    return [*line, str(root / "pos_app" / "__main__.py")]


def prune(inner: Path) -> None:
    """Take out of a bundle what a till never loads."""
    for name in PRUNED:
        path = inner / name
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
    translations = inner / "PySide6" / "Qt" / "translations"
    for file in translations.glob("*.qm"):
        if not file.name.startswith(KEPT_TRANSLATIONS):
            file.unlink()
    for cache in inner.rglob("__pycache__"):
        shutil.rmtree(cache)


def slim(folder: Path) -> None:
    """Drop libraries that only pruned parts needed, and the debugging symbols of all others."""
    for name in LEFT_TO_THE_SYSTEM:
        (folder / "_internal" / name).unlink(missing_ok=True)
    while orphans := _orphans(folder):
        for file in orphans:
            file.unlink()
    for link in folder.rglob("*"):
        if link.is_symlink() and not link.exists():
            link.unlink()
    # strip spoils the added sections of the starter, which holds the archive of our modules.
    shared = [path for path in elf_files(folder) if path.parent != folder]
    subprocess.run(["strip", "--strip-unneeded", *map(str, shared)], check=False)


def _orphans(folder: Path) -> list[Path]:
    """Return the plain libraries of a bundle that none of its files needs."""
    files = elf_files(folder)
    needed = needed_by(files)
    plain = [path for path in files if re.match(r"lib[^/]*\.so(\.|$)", path.name)]
    own = "PySide6/Qt/plugins"
    return [
        path
        for path in plain
        if path.name not in needed
        and own not in path.as_posix()
        and not path.name.startswith(OPENED_BY_NAME)
    ]


def elf_files(folder: Path) -> list[Path]:
    """Return the programs and libraries below a folder, links not followed."""
    plain = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return [path for path in plain if _starts_with(path, b"\x7fELF")]


def needed_by(files: list[Path]) -> set[str]:
    """Return the sonames that programs and libraries ask for."""
    return set(re.findall(r"^\s*NEEDED\s+(\S+)", headers_of(files), flags=re.MULTILINE))


def headers_of(files: list[Path]) -> str:
    """Return what objdump says of the headers of programs and libraries."""
    parts = [files[start : start + 100] for start in range(0, len(files), 100)]
    return "".join(_said_by(["objdump", "-p", *map(str, part)]) for part in parts)


def compile_migrations(package: Path) -> None:
    """Compile what alembic loads from files, valid whatever time the package gives the files."""
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    if package.is_dir():
        compileall.compile_dir(package, quiet=1, invalidation_mode=mode)


def _gather_licences(root: Path, folder: Path) -> None:
    """Copy the licence files that the bundled packages ship into one folder each."""
    listed = (root / "installer" / "lock" / "till.txt").read_text(encoding="utf-8")
    names = {line.split("==")[0] for line in listed.splitlines() if "==" in line}
    names |= {"pyinstaller"}
    for site in (root / ".venv").glob("**/site-packages"):
        for info in site.glob("*.dist-info"):
            name = info.name.split("-")[0].lower().replace("_", "-").replace(".", "-")
            if name in names:
                _copy_licences(info, folder / name)
    _copy_licences(
        Path(sys.base_prefix, "lib", f"python3.{sys.version_info.minor}"), folder / "cpython"
    )


def _copy_licences(source: Path, target: Path) -> None:
    for file in (*source.glob("[LC][IO][CP]*"), *source.glob("licenses/**/*")):
        if file.is_file():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, target / file.name)


def _starts_with(path: Path, magic: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(magic)) == magic


def _said_by(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
