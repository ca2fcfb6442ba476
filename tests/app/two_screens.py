"""A till on a machine with two screens, in a process of its own: tells where each window is.

Run by `test_devices.py` with the offscreen platform's two screens.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pos_app.app.till import Till
from pos_app.domain.device_settings import DeviceSettings
from pos_app.services.checkout import utc_now
from pos_app.services.demo_shop import create_demo_shop
from pos_app.services.shop_setup import ShopSetup


def main(path: Path) -> None:
    store = create_demo_shop(path, utc_now(), days=1)
    shop = store.settings.shop()
    ShopSetup(store, utc_now).save(replace(shop, devices=DeviceSettings(customer_display=True)))
    found = next(
        one.product for one in store.products.page(0, 50)
        if one.product.barcodes and one.product.price and not one.product.unit.decimals
    )  # fmt: skip
    store.close()
    till = Till(path, lambda _path, _job: None)
    till.show()
    wait(till, lambda: till._devices is not None)
    devices = till._devices
    assert devices is not None
    display = devices._display
    assert display is not None
    till._scan(found.barcodes[0])
    wait(till, lambda: bool(display.view().rows))
    selling = display.view()
    assert till.presenter is not None
    till.presenter.press("F12")
    wait(till, lambda: bool(display.view().code))
    told = {
        "till": till.window.screen().name(),
        "display": display.screen().name(),
        "fills": display.geometry() == display.screen().geometry(),
        "rows": len(selling.rows),
        "code": display.view().code,
        "number": till.store.sales.last().number,  # type: ignore[union-attr]
    }
    till.window.close()
    wait(till, lambda: devices._display is None)
    print(json.dumps(told))


def wait(till: Till, is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < end
        till.app.processEvents()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
