"""The counter's devices with the whole till: the pole over a pty, the second screen, settings."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app import texts
from pos_app.app.till import Till
from pos_app.domain.device_settings import DeviceSettings
from pos_app.domain.receipt_code import parse_receipt_qr
from pos_app.services.checkout import utc_now
from pos_app.services.demo_shop import create_demo_shop
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.verification import verify
from pos_app.ui.changes import Changes
from tests.simulators.pole import PoleGlass
from tests.simulators.pty_line import Cable
from tests.simulators.scale import Pan, Toledo8217

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ptys are a Unix thing")
SCREENS = {
    "screens": [
        {"name": name, "x": x, "y": 0, "width": width, "height": height,
         "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        for name, x, width, height in (("near", 0, 1280, 800), ("far", 1280, 1024, 600))
    ]
}  # fmt: skip


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[Till]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    path = tmp_path / "demo.db"
    create_demo_shop(path, utc_now(), days=1).close()
    till = Till(path, lambda _path, _job: None)
    till.show((1280, 800))
    qtbot.waitUntil(lambda: till._devices is not None)
    yield till
    till.window.close()
    texts.use_language("en")


def use(till: Till, devices: DeviceSettings) -> None:
    assert till.store is not None
    shop = till.store.settings.shop()
    ShopSetup(till.store, utc_now).save(replace(shop, devices=devices))
    till.hub.publish(Changes(settings=True))


def barcode(till: Till, *, is_weighed: bool) -> str:
    assert till.store is not None
    found = [one.product for one in till.store.products.page(0, 200)]
    return next(
        p.barcodes[0]
        for p in found
        if p.barcodes and p.price and bool(p.unit.decimals) is is_weighed
    )


def told(till: Till) -> str:
    assert till.presenter is not None
    return " | ".join(notice.text for notice in till.presenter.state.notices)


def test_the_pole_follows_a_sale_and_its_loss_is_told_once(
    till: Till, tmp_path: Path, qtbot: QtBot
) -> None:
    glass = PoleGlass()
    line = Cable(glass, tmp_path)
    use(till, DeviceSettings(pole_target=line.target, pole_code_page="CP858"))
    assert till.presenter is not None
    assert till.checkout is not None
    name = till.checkout.shop.name
    qtbot.waitUntil(lambda: glass.lines[0].startswith(name[:20]))
    till._scan(barcode(till, is_weighed=False))
    qtbot.waitUntil(lambda: glass.lines[1].startswith("Total"))
    till.presenter.press("F12")
    qtbot.waitUntil(lambda: glass.lines[0].startswith("Paid"))
    line.pull()
    till._scan(barcode(till, is_weighed=False))
    qtbot.waitUntil(lambda: "does not answer" in told(till))
    assert len(till.presenter.state.rows) == 1
    line.plug_in()
    qtbot.waitUntil(lambda: "works again" in told(till))
    assert "does not answer" not in told(till)
    use(till, DeviceSettings())
    qtbot.waitUntil(lambda: glass.lines[0].strip() == "")
    line.pull()
    assert glass.strange == b""


def test_the_scale_of_the_settings_weighs_at_the_till(
    till: Till, tmp_path: Path, qtbot: QtBot
) -> None:
    line = Cable(Toledo8217(Pan(1205)), tmp_path)
    use(till, DeviceSettings(scale_target=line.target))
    assert till.presenter is not None
    till._scan(barcode(till, is_weighed=True))
    qtbot.waitUntil(lambda: bool(till.presenter and till.presenter.state.rows))
    assert till.presenter.state.rows[0].quantity == "1.205\u00a0kg"
    till.presenter.press("F12")
    assert till.presenter.state.is_finished
    line.pull()
    path = till.path
    till.window.close()
    assert verify(path).is_sound


def test_without_displays_following_costs_a_scan_next_to_nothing(till: Till) -> None:
    devices = till._devices
    assert devices is not None
    assert till.presenter is not None
    till._scan(barcode(till, is_weighed=False))
    before = time.process_time()
    for _ in range(1000):
        devices.follow(till.presenter.state)
    assert (
        time.process_time() - before < 0.5
    )  # half a millisecond each: only an accident costs that


def test_a_test_on_the_settings_page_borrows_the_port_of_the_pole(
    till: Till, tmp_path: Path, qtbot: QtBot
) -> None:
    glass = PoleGlass()
    line = Cable(glass, tmp_path)
    use(till, DeviceSettings(pole_target=line.target))
    qtbot.waitUntil(lambda: glass.begun == 1)
    assert till._devices is not None
    with till._devices.lend():
        assert till._devices._pole is not None
        assert till._devices._pole._wire is None
        qtbot.waitUntil(lambda: glass.lines[0].strip() == "")
    qtbot.waitUntil(lambda: glass.begun == 2 and glass.lines[0].strip() != "")
    line.pull()


def test_the_display_opens_in_a_window_only_when_it_is_asked_for(till: Till, qtbot: QtBot) -> None:
    wanted = DeviceSettings(customer_display=True)
    use(till, wanted)
    devices = till._devices
    assert devices is not None
    assert devices._display is None  # there is one screen, and it is the till's
    assert not devices.show_display(wanted)
    assert devices._display is not None
    assert devices._display.isVisible()
    assert not devices._display.isFullScreen()
    till._scan(barcode(till, is_weighed=False))
    qtbot.waitUntil(lambda: bool(devices._display and devices._display.view().rows))
    devices._display.close()
    use(till, replace(wanted, idle_image="x"))
    assert devices._display is None


def test_a_second_screen_is_filled_with_what_the_customer_buys(tmp_path: Path) -> None:
    config = tmp_path / "screens.json"
    config.write_text(json.dumps(SCREENS))
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("two_screens.py")), str(tmp_path / "s.db")],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
        env=os.environ
        | {
            "POS_APP_KEYS": "file",
            "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        },
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["till"] != seen["display"]
    assert seen["fills"]
    assert seen["rows"] == 1
    code = parse_receipt_qr(seen["code"])
    assert code is not None
    assert code.number == seen["number"]
    assert code.journal_hash_start
