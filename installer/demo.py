"""From a bare machine to the till on its demo shop."""

import os
import sys

from installer.display import require_display
from installer.environment import ROOT, ensure_environment, is_ready, venv_python
from installer.interpreter import become
from installer.refusal import SetupRefusedError
from installer.system_packages import OFFSCREEN, WINDOW, ensure_packages, venv_needs


def open_till(arguments: list[str]) -> int:
    """Set up what is missing and become `pos-app demo`; return a status only when refused."""
    offscreen = "--offscreen" in arguments
    try:
        if not offscreen:
            require_display(os.environ)
        to_make_venv = () if is_ready("till", ROOT) else venv_needs()
        ensure_packages((*to_make_venv, *OFFSCREEN, *(() if offscreen else WINDOW)))
        ensure_environment("till")
    except SetupRefusedError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. Run the same command again to go on.", file=sys.stderr)
        return 130
    if offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # -P: a folder called pos_app where the user happens to stand must not win.
    become([str(venv_python(ROOT)), "-P", "-m", "pos_app", "demo", *arguments])
    return 0
