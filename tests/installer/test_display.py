"""Whether there is a screen to open the till on."""

import socket
import sys
from pathlib import Path

import pytest

from installer.display import display_answers, require_display
from installer.refusal import SetupRefusedError

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux's displays")


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"DISPLAY": ""},
        {"DISPLAY": "nonsense"},
        {"DISPLAY": ":987"},
        {"WAYLAND_DISPLAY": "wayland-0"},
        {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/nonexistent"},
        {"QT_QPA_PLATFORM": "xcb"},
    ],
    ids=str,
)
@linux_only
def test_without_a_display_that_answers_the_user_is_told_of_offscreen(
    variables: dict[str, str],
) -> None:
    with pytest.raises(SetupRefusedError, match="--offscreen"):
        require_display(variables)


@linux_only
def test_a_platform_chosen_by_the_user_is_not_second_guessed() -> None:
    assert display_answers({"QT_QPA_PLATFORM": "vnc"})


@linux_only
def test_a_wayland_session_counts_as_a_display(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        assert display_answers({"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)})


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_windows_and_macos_have_a_desktop(platform: str) -> None:
    assert display_answers({}, platform)
