"""The Windows installer of the bundle: a script for Inno Setup, compiled where that is there."""

import shutil
import subprocess
from pathlib import Path

from installer.deb import version_of
from installer.refusal import SetupRefusedError

SCRIPT = r"""; Made by installer/build.py. Compile with Inno Setup 6: ISCC.exe pos-app.iss
[Setup]
AppName=Point of sale
AppVersion={version}
AppPublisher=The pos_app authors
DefaultDirName={{autopf}}\pos-app
DefaultGroupName=Point of sale
LicenseFile=pos-app\_internal\resources\licences\LICENSE
OutputDir=.
OutputBaseFilename=pos-app-{version}-setup
ArchitecturesInstallIn64BitMode=x64compatible
Compression=lzma2
SolidCompression=yes
PrivilegesRequiredOverridesAllowed=dialog

[Files]
Source: "pos-app\*"; DestDir: "{{app}}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{{group}}\Point of sale"; Filename: "{{app}}\pos-app.exe"; Parameters: "run"
Name: "{{autodesktop}}\Point of sale"; Filename: "{{app}}\pos-app.exe"; Parameters: "run"

[Run]
Filename: "{{app}}\pos-app.exe"; Parameters: "run"; Flags: nowait postinstall skipifsilent
"""
USUAL_COMPILER = Path(r"C:\Program Files (x86)\Inno Setup 6\ISCC.exe")


def make_installer(folder: Path) -> Path:
    """Write pos-app.iss beside the bundle; return the installer, or the script to compile."""
    version = version_of(Path(__file__).resolve().parent.parent)
    script = folder.parent / "pos-app.iss"
    script.write_text(script_for(version), encoding="utf-8-sig")
    compiler = shutil.which("ISCC") or (str(USUAL_COMPILER) if USUAL_COMPILER.exists() else None)
    if compiler is None:
        print("Inno Setup 6 is not installed: compile the script with it to get the installer.")
        return script
    if subprocess.call([compiler, "/Q", str(script)]):
        raise SetupRefusedError(f"Inno Setup could not compile {script}.")
    return folder.parent / f"pos-app-{version}-setup.exe"


def script_for(version: str) -> str:
    """Return the Inno Setup script for a version of the program."""
    return SCRIPT.format(version=version)
