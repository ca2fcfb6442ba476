"""LibreOffice without a window: opens sheets, works every formula out anew, and saves them."""

import shutil
import subprocess
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")
needs_soffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")

# Work out every formula when a file is opened, whoever wrote it (0: always).
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
  xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <item oor:path="/org.openoffice.Office.Calc/Formula/Load">
    <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
  </item>
</oor:items>
"""


def recalculated(files: list[Path], folder: Path, to: str = "xlsx") -> dict[str, Path]:
    """Return each file as LibreOffice saves it into a folder, by the name it had.

    `folder` holds its profile too, so that nobody's own settings matter. One call for all files:
    starting the program takes most of the time.
    """
    assert SOFFICE is not None
    profile, saved = folder / "profile", folder / "saved"
    settings = profile / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.parent.mkdir(parents=True)
        settings.write_text(_ALWAYS)
    saved.mkdir(exist_ok=True)
    done = subprocess.run(
        [
            SOFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
            "--convert-to", to, "--outdir", str(saved), *map(str, files),
        ],
        capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    found = {file.name: saved / f"{file.stem}.{to}" for file in files}
    missing = [name for name, path in found.items() if not path.exists()]
    assert not missing, f"{missing}: {done.stderr.decode(errors='replace')[-2000:]}"
    return found
