"""Check everything: `python3 installer/check.py [options for pytest]`.

Sets up what the checks need (packages of the system, `.venv`, test-only npm packages), runs the
linters and then all tests without a display. The exit status is 0 only if all of them pass.
"""

import os
import sys

# Until the interpreter is known to be new enough this file must also parse on an old Python 3.
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
sys.path[0] = ROOT


def main(arguments: "list[str]") -> int:
    """Set up, run every check, the tests last; return the exit status."""
    from installer.interpreter import ensure_new_enough  # noqa: PLC0415

    ensure_new_enough()
    from installer import checks  # noqa: PLC0415

    return checks.run_all(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
