"""The pole's thread over a pseudo-terminal: the latest wins, a pulled cable is told once."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from pos_app.domain.device_settings import DeviceSettings
from pos_app.domain.errors import PosError
from pos_app.printing.pole_display import PoleLine
from pos_app.services.pole_display import PoleDisplay, PoleDisplayGone, PoleListeners, try_pole
from tests.simulators.pole import PoleGlass
from tests.simulators.pty_line import Cable, cable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ptys are a Unix thing")


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.005)


class News:
    """What the listeners were told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.listeners = PoleListeners(self._gone, lambda: self.told.append("back"))

    def _gone(self, refusal: PosError) -> None:
        self.told.append(str(refusal))


def settings(line: Cable, page: str = "") -> DeviceSettings:
    return DeviceSettings(pole_target=line.target, pole_code_page=page)


def test_the_glass_shows_the_latest_and_is_dark_at_the_end(tmp_path: Path) -> None:
    glass = PoleGlass()
    with cable(glass, tmp_path) as line:
        display = PoleDisplay(settings(line, "CP858"))
        display.start()
        for place in range(200):
            display.show(PoleLine("Käse", f"{place}.00 €"), PoleLine("Total", str(place)))
        until(lambda: glass.lines[0] == "Käse        199.00 €")
        assert glass.lines[1] == "Total            199"
        assert glass.begun == 1
        display.stop()
        until(lambda: glass.lines[0].strip() == "")
    assert glass.strange == b""


def test_a_pulled_cable_is_told_once_and_so_is_its_return(tmp_path: Path) -> None:
    glass, news = PoleGlass(), News()
    line = Cable(glass, tmp_path)
    display = PoleDisplay(settings(line), news.listeners, retry_s=0.02)
    display.start()
    display.show(PoleLine("One"), PoleLine())
    until(lambda: glass.lines[0].startswith("One"))
    line.pull()
    for name in ("Two", "Three", "Four"):
        display.show(PoleLine(name), PoleLine())
        time.sleep(0.05)
    until(lambda: len(news.told) == 1)
    assert "does not answer" in news.told[0]
    line.plug_in()
    until(lambda: glass.lines[0].startswith("Four"))
    until(lambda: len(news.told) == 2)
    assert news.told[1] == "back"
    assert glass.begun == 2
    display.stop()
    line.pull()
    assert len(news.told) == 2


def test_a_display_that_was_never_there_is_told_once(tmp_path: Path) -> None:
    news = News()
    devices = DeviceSettings(pole_target=f"{tmp_path / 'none'},9600")
    display = PoleDisplay(devices, news.listeners, retry_s=0.01)
    display.start()
    display.show(PoleLine("One"), PoleLine())
    time.sleep(0.1)
    display.show(PoleLine("Two"), PoleLine())
    time.sleep(0.05)
    display.stop()
    assert len(news.told) == 1


def test_showing_never_waits_for_a_display_that_takes_nothing() -> None:
    goes_on = Event()

    class Stuck:
        def write(self, data: bytes) -> None:
            goes_on.wait(10)
            raise TimeoutError

        def close(self) -> None: ...

    display = PoleDisplay(DeviceSettings(pole_target="COM3"), open_wire=lambda _d: Stuck())
    display.start()
    before = time.perf_counter()
    for place in range(1000):
        display.show(PoleLine("Milk", "1.19"), PoleLine("Total", str(place)))
    assert time.perf_counter() - before < 5
    before = time.perf_counter()
    display.stop(timeout_s=0.05)
    assert time.perf_counter() - before < 5
    goes_on.set()


def test_the_trial_writes_both_lines_and_leaves_them(tmp_path: Path) -> None:
    glass = PoleGlass()
    with cable(glass, tmp_path) as line:
        try_pole(settings(line), "Corner shop", "12345678901234567890")
        until(lambda: glass.lines == ("Corner shop         ", "12345678901234567890"))


def test_the_trial_says_that_nobody_is_there(tmp_path: Path) -> None:
    devices = DeviceSettings(pole_target=f"{tmp_path / 'none'},9600")
    with pytest.raises(PoleDisplayGone):
        try_pole(devices, "a", "b")
