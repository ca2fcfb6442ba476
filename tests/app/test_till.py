import os
import subprocess
import sys
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from pos_app.services.checkout import utc_now
from pos_app.services.demo_shop import create_demo_shop
from pos_app.services.scanning import receipt_number
from pos_app.services.verification import verify
from pos_app.store.store import open_reader, open_store


def pos_app(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    }
    return subprocess.run(
        [sys.executable, "-m", "pos_app", *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
        env=kept | {"POS_APP_KEYS": "file"} | environ,
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    os.environ["POS_APP_KEYS"] = "file"
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    create_demo_shop(path, utc_now(), days=2).close()
    return path


def test_the_demo_sale_ends_with_a_picture_of_the_screen_and_of_the_receipt(tmp_path: Path) -> None:
    store, out = tmp_path / "demo.db", tmp_path / "out"
    told = pos_app("demo", "--offscreen", "--store", str(store), "--out", str(out))
    assert told.returncode == 0, told.stderr
    with Image.open(out / "screenshot.png") as screen:
        assert screen.size == (1280, 800)
    with open_reader(store) as reader:
        last = reader.sales.last()
    assert last is not None
    assert last.number in told.stdout
    with Image.open(out / "receipt.png") as paper:
        [code] = zxingcpp.read_barcodes(paper)
    assert receipt_number(code.text) == last.number
    assert verify(store).is_sound


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a display")
def test_without_a_display_the_till_says_so_and_names_the_way_out(tmp_path: Path) -> None:
    told = pos_app("run", "--store", str(tmp_path / "shop.db"))
    assert told.returncode == 2
    assert "no display" in told.stderr
    assert "--offscreen" in told.stderr
    assert not (tmp_path / "shop.db").exists()


def test_a_second_window_on_the_same_shop_is_told_to_use_the_first(
    demo: Path, tmp_path: Path
) -> None:
    with open_store(demo):
        told = pos_app("run", "--offscreen", "--store", str(demo), "--out", str(tmp_path))
    assert told.returncode == 2
    assert "already open" in told.stderr
    assert verify(demo).is_sound


def test_a_damaged_shop_is_refused_with_what_to_do_and_left_as_it_is(tmp_path: Path) -> None:
    store = tmp_path / "shop.db"
    store.write_bytes(b"this is not a database" * 500)
    told = pos_app("run", "--offscreen", "--store", str(store), "--out", str(tmp_path))
    assert told.returncode == 2
    assert "backup" in told.stderr
    assert store.read_bytes() == b"this is not a database" * 500


@pytest.mark.parametrize("name", ["demo.db.making"])
def test_a_demo_that_was_cut_short_is_made_anew(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"half")
    store, out = tmp_path / "demo.db", tmp_path / "out"
    told = pos_app("demo", "--offscreen", "--store", str(store), "--out", str(out))
    assert told.returncode == 0, told.stderr
    assert not (tmp_path / name).exists()


def test_the_demo_shop_is_a_believable_grocer(demo: Path) -> None:
    with open_reader(demo) as store:
        assert store.products.count() == 300
        products = [found.product for found in store.products.page(0, 300)]
        rates = {tax.rate for product in products for tax in product.taxes}
        assert len(rates) == 3
        assert sum(product.unit.code == "kg" for product in products) > 20
        assert all(any(map(has_check_digit, product.barcodes)) for product in products)
        assert len(store.customers.page(0, 50)) > 20
        assert store.sales.count() > 60


def has_check_digit(code: str) -> bool:
    """GS1's check, computed here on its own: weights 3 and 1 from the right."""
    digits = [int(sign) for sign in reversed(code)]
    return len(code) == 13 and sum(d * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10 == 0
