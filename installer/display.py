"""Is there a screen to open a window on?"""

import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from installer.refusal import SetupRefusedError

NO_DISPLAY = (
    "There is no display to open the till on: log in to a desktop, or add --offscreen to ring up "
    "a demo sale without one and save its pictures."
)


def require_display(variables: Mapping[str, str], platform: str = sys.platform) -> None:
    """Raise `SetupRefusedError` where no window can be opened."""
    if not display_answers(variables, platform):
        raise SetupRefusedError(NO_DISPLAY)


def display_answers(variables: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Tell whether a window can be opened; Windows and macOS are taken to have a desktop."""
    if not platform.startswith("linux"):
        return True
    chosen = variables.get("QT_QPA_PLATFORM", "")
    if chosen and not chosen.startswith(("xcb", "wayland")):
        return True
    return _x11_answers(variables.get("DISPLAY", "")) or _wayland_answers(variables)


def _x11_answers(display: str) -> bool:
    """Connect as X11 clients do: `host:number.screen`, without a host by a local socket."""
    match = re.fullmatch(r"(?:unix/?)?(?P<host>.*?):(?P<number>\d+)(?:\.\d+)?", display)
    if match is None:
        return False
    host, number = match["host"], int(match["number"])
    if host:
        return _connects(socket.AF_INET, (host, 6000 + number))
    path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - the address that the X server fixes
    return _connects(socket.AF_UNIX, path) or _connects(socket.AF_UNIX, "\0" + path)


def _wayland_answers(variables: Mapping[str, str]) -> bool:
    name = variables.get("WAYLAND_DISPLAY", "")
    folder = variables.get("XDG_RUNTIME_DIR", "")
    if not name or not (folder or name.startswith(os.sep)):
        return False
    return _connects(socket.AF_UNIX, str(Path(folder, name)))


def _connects(family: int, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        try:
            probe.connect(address)
        except OSError:
            return False
    return True
