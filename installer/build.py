"""Pack the program: `python3 installer/build.py [--check] [--bundle-only]`.

Makes dist/pos-app (a folder that runs without Python) and on Debian dist/pos-app_VERSION_ARCH.deb;
on Windows an Inno Setup installer, on macOS dist/pos-app.app. `--check` starts what was made.
"""

import os
import sys

# Until the interpreter is known to be new enough this file must also parse on an old Python 3.
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
sys.path[0] = ROOT


def main(arguments: "list[str]") -> int:
    """Build what fits this system; return the exit status."""
    from installer.interpreter import ensure_new_enough  # noqa: PLC0415

    ensure_new_enough()
    from installer import packing  # noqa: PLC0415

    return packing.build(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
