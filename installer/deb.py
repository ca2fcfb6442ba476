"""The Debian package of the bundle, made by nfpm."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from installer.bundle import elf_files, headers_of, needed_by
from installer.environment import venv_program
from installer.refusal import SetupRefusedError

HOME = "/usr/lib/pos-app"
DESKTOP = """[Desktop Entry]
Type=Application
Name=Point of sale
Name[de]=Kasse
Name[ar]=نقطة البيع
Comment=Sell, take money, print receipts
Exec=pos-app run
Icon=pos-app
Terminal=false
Categories=Office;Finance;
"""
COPYRIGHT = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: pos-app

Files: *
Copyright: the pos_app authors
License: Apache-2.0
 The full text is in {home}/_internal/resources/licences/LICENSE and on Debian
 systems in /usr/share/common-licenses/Apache-2.0. Whose work the package
 carries besides is listed in {home}/_internal/resources/licences/NOTICES.md.
"""
# Loaded by Qt's plugins when there is a desktop; the till sells without them.
OPTIONAL = {"libcups2", "libwayland-client0", "libwayland-cursor0", "libwayland-egl1"}
# Files that bundled libraries read: which fonts there are, how keys compose, what keyboards send.
DATA = ("fontconfig-config", "libx11-data", "xkb-data")
HELPFUL = ("cups-client", "gnome-keyring | kwalletmanager", "libwayland-cursor0")


def make_deb(root: Path, folder: Path) -> Path:
    """Pack the bundle `folder` into dist/ and return the package."""
    work, version = root / "build" / "deb", version_of(root)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    (work / "pos-app.desktop").write_text(DESKTOP, encoding="utf-8")
    (work / "copyright").write_text(COPYRIGHT.format(home=HOME), encoding="utf-8")
    architecture = _said_by(["dpkg", "--print-architecture"])
    settings = settings_for(root, folder, work, version, architecture)
    settings["overrides"] = {"deb": relations(elf_files(folder))}
    config = work / "nfpm.yaml"
    # JSON is YAML, and the standard library writes it.
    config.write_text(json.dumps(settings, indent=2, ensure_ascii=False), encoding="utf-8")
    target = root / "dist" / f"pos-app_{version}_{architecture}.deb"
    nfpm = str(venv_program("nfpm", root))
    made = subprocess.run(
        [nfpm, "package", "--config", str(config), "--packager", "deb", "--target", str(target)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise SetupRefusedError(f"nfpm could not make the package: {made.stderr.strip()[-300:]}")
    return target


def settings_for(
    root: Path, folder: Path, work: Path, version: str, architecture: str
) -> dict[str, object]:
    """Return nfpm's settings; its field names are described at nfpm.goreleaser.com."""
    icon = root / "resources" / "app-icon"
    share = "/usr/share"
    return {
        "name": "pos-app",
        "arch": architecture,
        "platform": "linux",
        "version": version,
        "section": "misc",
        "priority": "optional",
        "maintainer": "The pos_app authors <pos-app@localhost>",
        "description": "Desktop point of sale\nSells without a network, prints, and keeps a "
        "journal that shows every change.",
        "license": "Apache-2.0",
        "deb": {"compression": "zstd"},
        "contents": [
            {"src": str(folder), "dst": HOME, "type": "tree"},
            {"src": f"{HOME}/pos-app", "dst": "/usr/bin/pos-app", "type": "symlink"},
            {"src": str(work / "pos-app.desktop"), "dst": f"{share}/applications/pos-app.desktop"},
            {"src": str(work / "copyright"), "dst": f"{share}/doc/pos-app/copyright"},
            {
                "src": f"{icon}.svg",
                "dst": f"{share}/icons/hicolor/scalable/apps/pos-app.svg",
            },
            {
                "src": f"{icon}.png",
                "dst": f"{share}/icons/hicolor/512x512/apps/pos-app.png",
            },
        ],
    }


def version_of(root: Path) -> str:
    """Return the program's version as `pos_app/__init__.py` states it."""
    text = (root / "pos_app" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', text, flags=re.MULTILINE)
    if found is None:
        raise SetupRefusedError("pos_app/__init__.py states no __version__.")
    return found[1]


def outside_libraries(files: list[Path]) -> set[str]:
    """Return the sonames that a bundle's files need and the bundle does not carry."""
    return needed_by(files) - {path.name for path in files}


def oldest_libc(files: list[Path]) -> str:
    """Return the lowest version of the C library that runs all files."""
    asked = re.findall(r"\bGLIBC_(\d+)\.(\d+)", headers_of(files))
    major, minor = max((int(major), int(minor)) for major, minor in asked)
    return f"{major}.{minor}"


def packages_for(libraries: set[str]) -> set[str]:
    """Return the Debian packages on this machine that own the libraries."""
    cache = _said_by(["/sbin/ldconfig", "-p"])
    places = dict(re.findall(r"^\s*(\S+) \(.*\) => (\S+)", cache, flags=re.MULTILINE))
    return {_owner(places[name]) for name in libraries if name in places}


def relations(files: list[Path]) -> dict[str, list[str]]:
    """Return what the package depends on and what it recommends, found from the bundle's files."""
    packages = packages_for(outside_libraries(files)) - {"libc6"}
    depends = [f"libc6 (>= {oldest_libc(files)})", *sorted(packages - OPTIONAL), *DATA]
    return {"depends": depends, "recommends": sorted({*(packages & OPTIONAL), *HELPFUL})}


def _owner(path: str) -> str:
    # Since Debian merged /lib into /usr/lib a file may be registered under either name.
    names = [path, f"/usr{path}", path.removeprefix("/usr"), str(Path(path).resolve())]
    for name in names:
        found = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True, check=False)
        if found.returncode == 0:
            return found.stdout.split(":")[0].split(",")[0]
    raise SetupRefusedError(f"No Debian package owns {path}, which the bundle needs.")


def _said_by(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
