"""Where the files of `resources/` are at run time: in the source tree or inside a frozen bundle."""

import sys
from pathlib import Path


def resource(name: str) -> Path:
    """Return the path of `name` below `resources/`; the file need not exist."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parent.parent
    return root / "resources" / name
