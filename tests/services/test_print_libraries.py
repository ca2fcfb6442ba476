"""What the first receipt needs is loaded before there is one."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from pos_app.domain.shop import PrinterKind, PrinterSettings, ShopSettings
from pos_app.services.print_libraries import loading_steps

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from tests.printing import sales
from pos_app.services.print_libraries import loading_steps
shop = sales.GERMAN
assert not {"escpos", "PIL", "babel", "segno", "pos_app.printing.receipt"} & set(sys.modules)
for step in loading_steps(shop):
    step()
loaded = set(sys.modules)
from pos_app.printing.preview import receipt_image
from pos_app.printing.receipt import render_receipt
receipt_image(render_receipt(sales.simple_sale(), shop, shop.printers[0]), shop.printers[0])
print(sorted(set(sys.modules) - loaded))
"""


def test_a_first_receipt_finds_everything_loaded() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    left = set(done.stdout.strip("[]\n").replace("'", "").split(", ")) - {""}
    assert left <= {"PIL.BmpImagePlugin", "PIL.PpmImagePlugin", "PIL.GifImagePlugin"}, left


def test_a_shop_without_a_printer_loads_nothing() -> None:
    assert loading_steps(ShopSettings(printers=())) == []


def test_a_printer_that_is_set_up_wrongly_stops_nothing() -> None:
    wrong = PrinterSettings(name="Counter", kind=PrinterKind.PREVIEW, profile="no such model")
    for step in loading_steps(replace(ShopSettings(), printers=(wrong,))):
        step()
