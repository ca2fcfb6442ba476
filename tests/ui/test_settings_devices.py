"""The devices' page: what is kept, what is refused, and what each test says was heard."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.domain.device_settings import DeviceSettings, ScaleProtocol
from pos_app.domain.shop import ShopSettings
from pos_app.services.scales.reading import Patience, ScaleTrial, try_scale
from pos_app.services.shop_setup import ShopSetup, settings_refusals
from pos_app.services.verification import verify
from pos_app.store.plain import from_text, to_text
from pos_app.store.store import Store, create_store
from pos_app.ui import theme
from pos_app.ui.background import cancel_all
from pos_app.ui.presenters.settings import Page
from pos_app.ui.presenters.settings_devices import (
    DISPLAY,
    PAGE,
    POLE,
    SCALE,
    SECOND_LINE,
    DevicesPresenter,
)
from pos_app.ui.settings_screen import SettingsScreen
from pos_app.ui.views import Tone
from tests.simulators.pole import PoleGlass
from tests.simulators.pty_line import cable
from tests.simulators.scale import Mood, Pan, Toledo8217
from tests.ui.at_once import at_once
from tests.ui.conftest import NOW, SHOP

unix = pytest.mark.skipif(sys.platform == "win32", reason="ptys are a Unix thing")


@dataclass
class Counter:
    """Stands in for the running till."""

    has_second: bool = True
    did: list[str] = field(default_factory=list)

    @contextmanager
    def lend(self) -> Iterator[None]:
        self.did.append("lent")
        yield
        self.did.append("back")

    def show_display(self, devices: DeviceSettings) -> bool:
        self.did.append(f"shown {devices.idle_image}")
        return self.has_second


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with create_store(tmp_path / "sound.db", SHOP, now=NOW) as made:
        yield made


def presenter(store: Store, counter: Counter | None = None) -> DevicesPresenter:
    setup = ShopSetup(store, lambda: NOW)

    def save(devices: DeviceSettings) -> str:
        setup.save(replace(store.settings.shop(), devices=devices))
        return ""

    def quick(devices: DeviceSettings, *, waiting: object) -> ScaleTrial:
        return try_scale(devices, patience=Patience(answer_s=0.3, rest_s=0.1, pause_s=0))

    return DevicesPresenter(
        store, save, at_once, lambda _state: None, counter or Counter(), try_scale=quick
    )


def test_the_devices_are_kept_and_journalled(sound: Store) -> None:
    page = presenter(sound)
    page.change(
        customer_display=True,
        pole_target=" COM4,9600 ",
        pole_code_page="CP858",
        scale_target="/dev/ttyUSB0,9600,7E1",
        scale_protocol=ScaleProtocol.DIALOG_06,
    )
    assert page.save()
    kept = sound.settings.shop().devices
    assert kept.pole_target == "COM4,9600"
    assert kept.scale_protocol is ScaleProtocol.DIALOG_06
    assert not page.state.is_changed
    assert page.state.told[PAGE].tone is Tone.SUCCESS
    assert from_text(ShopSettings, to_text(sound.settings.shop())) == sound.settings.shop()
    path = sound.path
    sound.close()
    assert verify(path).is_sound


def test_settings_from_before_there_were_devices_have_none(sound: Store) -> None:
    assert from_text(ShopSettings, '{"name": "Old shop"}').devices == DeviceSettings()


@pytest.mark.parametrize(
    ("values", "name", "says"),
    [
        ({"pole_target": "9600"}, None, ""),
        ({"pole_target": "COM3,12"}, "pole_target", "serial port"),
        ({"pole_target": "COM3;9600"}, "pole_target", "serial port"),
        ({"scale_target": "COM3,9600,7X1"}, "scale_target", "8N1"),
        ({"scale_target": "a\tb,9600"}, "scale_target", "serial port"),
        ({"pole_code_page": "UTF-8"}, "pole_code_page", "character table"),
        ({"idle_image": "/nowhere/x.png"}, "idle_image", "no picture"),
    ],
)
def test_what_cannot_be_is_refused_under_its_field(
    values: dict[str, str], name: str | None, says: str, sound: Store
) -> None:
    page = presenter(sound)
    page.change(**values)
    assert page.save() is (name is None)
    if name is not None:
        assert says in page.state.errors[name]
        assert sound.settings.shop().devices == DeviceSettings()
        page.change(**{name: ""})
        assert page.state.errors == {}


def test_the_service_refuses_as_well_but_not_a_picture_that_went_away(sound: Store) -> None:
    wrong = replace(SHOP, devices=DeviceSettings(scale_target="?", idle_image="/gone.png"))
    assert set(settings_refusals(wrong)) == {"scale_target"}


@pytest.mark.parametrize(("has_second", "tone"), [(True, Tone.SUCCESS), (False, Tone.WARNING)])
def test_the_display_is_shown_and_says_where(
    has_second: bool, tone: Tone, sound: Store, tmp_path: Path
) -> None:
    image = tmp_path / "idle.png"
    image.write_bytes(b"x")
    counter = Counter(has_second)
    page = presenter(sound, counter)
    page.change(idle_image=str(image))
    page.test_display()
    assert counter.did == [f"shown {image}"]
    assert page.state.told[DISPLAY].tone is tone


@unix
def test_the_pole_is_written_on_a_port_that_the_till_lends(sound: Store, tmp_path: Path) -> None:
    glass, counter = PoleGlass(), Counter()
    page = presenter(sound, counter)
    with cable(glass, tmp_path) as line:
        page.change(pole_target=line.target)
        page.test_pole()
        assert page.state.told[POLE].tone is Tone.SUCCESS
    page.change(pole_target=f"{tmp_path / 'none'},9600")
    page.test_pole()
    assert page.state.told[POLE].tone is Tone.DANGER
    assert "does not answer" in page.state.told[POLE].text
    assert counter.did == ["lent", "back", "lent"]
    assert len(SECOND_LINE) == 20


@unix
def test_the_scale_says_what_was_heard(sound: Store, tmp_path: Path) -> None:
    page, pan = presenter(sound), Pan(482)
    with cable(Toledo8217(pan), tmp_path) as line:
        page.change(scale_target=line.target)
        page.test_scale()
        well = page.state.told[SCALE]
        pan.mood = Mood.RUBBISH
        page.test_scale()
        wrong = page.state.told[SCALE]
        pan.mood = Mood.SILENT
        page.test_scale()
        silent = page.state.told[SCALE]
    assert well.tone is Tone.SUCCESS
    assert "0.482\u00a0kg" in well.text
    assert "<STX>00.482<CR>" in well.text
    assert wrong.tone is Tone.DANGER
    assert "cannot be read" in wrong.text
    assert "<FF><00>Hello!" in wrong.text
    assert "Nothing was heard." in silent.text


def test_a_test_without_a_port_asks_for_it(sound: Store) -> None:
    page = presenter(sound)
    page.test_scale()
    page.test_pole()
    assert page.state.errors == {"pole_target": "Enter the port first."}
    assert page.state.busy == ""


def test_a_fault_of_ours_is_not_swallowed(sound: Store) -> None:
    def broken(devices: DeviceSettings, *, waiting: object) -> ScaleTrial:
        raise ZeroDivisionError

    page = DevicesPresenter(sound, lambda _d: "", at_once, lambda _s: None, try_scale=broken)
    page.change(scale_target="COM3")
    with pytest.raises(ZeroDivisionError):
        page.test_scale()
    assert page.state.busy == ""


@unix
def test_the_page_tests_and_keeps_a_scale_in_the_real_window(
    sound: Store, tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply_theme(qapp, theme.LIGHT)
    screen = SettingsScreen(sound, lambda: NOW, counter=Counter())
    qtbot.addWidget(screen)
    screen.show()
    screen.open_page(Page.DEVICES)
    page = screen.devices
    with cable(Toledo8217(Pan(1500)), tmp_path) as line:
        page.scale_target.setFocus()
        qtbot.keyClicks(page.scale_target, line.target)
        qtbot.mouseClick(page.try_scale, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "1.5" in page.results[SCALE].text())
    qtbot.mouseClick(page.save, Qt.MouseButton.LeftButton)
    assert sound.settings.shop().devices.scale_target == line.target
    assert page.results[PAGE].isVisible()
    assert not page.save.isEnabled()
    assert cancel_all()
