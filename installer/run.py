"""Set the till up and open it on a demo shop: `python3 installer/run.py [--offscreen ...]`.

Needs nothing but Python; everything after the script's name goes to `pos-app demo`.
"""

import os
import sys

# Until the interpreter is known to be new enough this file must also parse on an old Python 3.
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
sys.path[0] = ROOT


def main(arguments: "list[str]") -> int:
    """Prepare what is missing, then become the till; return the exit status."""
    from installer.interpreter import ensure_new_enough  # noqa: PLC0415

    ensure_new_enough()
    from installer import demo  # noqa: PLC0415

    return demo.open_till(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
