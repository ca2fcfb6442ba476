"""A training: red, marked on the screen and on paper, no drawer, and the shop is left as it was."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app import texts
from pos_app.app.till import Till
from pos_app.domain.errors import PosError
from pos_app.domain.kitchen import KitchenRoute
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.domain.staff import OWNER
from pos_app.services.checkout import Checkout, utc_now
from pos_app.services.demo_shop import create_demo_shop
from pos_app.services.print_payload import payload_of
from pos_app.services.receipts import DrawerShutInTraining, Receipts
from pos_app.services.shifts import Shifts
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.staff import Staff
from pos_app.services.staff_secrets import StaffSecrets
from pos_app.services.training import TrainingCopy, keys_in_files, make_training_copy
from pos_app.services.verification import verify
from pos_app.store.store import Store, open_store

PIN = "2580"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    os.environ["POS_APP_KEYS"] = "file"
    path = tmp_path_factory.mktemp("training") / "shop.db"
    with create_demo_shop(path, utc_now(), days=1) as store:
        printer = PrinterSettings("Counter", PrinterKind.NETWORK, "127.0.0.1:9")
        kept = store.settings.shop()
        settings = replace(kept, printers=(printer,), kitchen=(KitchenRoute("Grill", "Counter"),))
        ShopSetup(store, utc_now).save(settings)
        staff = Staff(store, utc_now)
        staff.save(replace(staff.new_member(), name="Olga", role=OWNER), (PIN, PIN))
    return path


@pytest.fixture
def copy(shop: Path, tmp_path: Path) -> TrainingCopy:
    return make_training_copy(shop, tmp_path, utc_now)


def files(folder: Path) -> dict[str, str]:
    """Fingerprints of a shop's files; a reader leaves an empty log and an index of it behind."""
    return {
        file.name: sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.iterdir())
        if file.is_file()
        and not file.name.endswith((".lock", "-shm"))
        and (file.stat().st_size or not file.name.endswith("-wal"))
    }


def sell(store: Store) -> Checkout:
    checkout = Checkout(store, utc_now)
    found = next(one.product for one in store.products.page(0, 50) if one.product.price)
    cart = checkout.add(checkout.new_cart(), found.id)
    checkout.complete(cart, [TenderRequest(TenderMethod.CASH)])
    return checkout


def test_a_training_leaves_the_shop_byte_for_byte_as_it_was(shop: Path, tmp_path: Path) -> None:
    before = files(shop.parent)
    made = make_training_copy(shop, tmp_path, utc_now)
    with keys_in_files(), open_store(made.path) as store:
        sell(store)
    assert files(shop.parent) == before
    assert verify(made.path).is_sound


def test_the_copy_counts_in_a_series_of_its_own_and_signs_with_a_key_of_its_own(
    shop: Path, copy: TrainingCopy
) -> None:
    with open_store(copy.path) as store:
        sale = sell(store).store.sales.last()
        assert sale is not None
        assert sale.number.startswith("TRAINING-1.2-")
        epoch = store.identity.epoch
        key = store.identity.public_key
    with open_store(shop) as real:
        assert real.identity.epoch == epoch - 1
        assert real.identity.public_key != key
    private = copy.path.with_name(copy.path.name + ".key").read_text()
    assert shop.with_name(shop.name + ".key").read_text().split('"')[3] not in private


def test_pins_of_the_shop_are_good_in_its_training(copy: TrainingCopy) -> None:
    with open_store(copy.path) as store:
        [member] = Staff(store, utc_now).members()
        assert StaffSecrets(store, copy.held).is_pin(member, PIN)


def test_every_paper_is_marked_and_no_pulse_opens_the_drawer(copy: TrainingCopy) -> None:
    with open_store(copy.path) as store:
        printer = store.settings.shop().printers[0]
        receipts = Receipts(store, utc_now)
        checkout = Checkout(store, utc_now, keep_receipt=receipts.keep_in)
        found = next(one.product for one in store.products.page(0, 50) if one.product.price)
        cart = checkout.add(checkout.new_cart(), found.id)
        sale = checkout.complete(cart, [TenderRequest(TenderMethod.CASH)])
        receipts.reprint(sale)
        shifts = Shifts(store, utc_now)
        shifts.open([])
        shifts.read_x()
        jobs = store.spool.waiting(100)
        assert {job.kind for job in jobs} >= {"receipt_and_drawer", "copy", "cash"}
        for job in jobs:
            payload = payload_of(store, job, printer, kick=True)
            assert b"\x1bp" not in payload, job.kind
            marks = 1 if job.kind == "cash" else 2  # a receipt is marked above and below
            assert payload.count(b"not a receipt") == marks, job.kind
        with pytest.raises(DrawerShutInTraining):
            receipts.kick_drawer("")


def test_the_kitchen_hears_nothing_of_a_training(copy: TrainingCopy) -> None:
    with open_store(copy.path) as store:
        shop = store.settings.shop()
        assert shop.kitchen == ()
        assert shop.is_training
        assert not any(printer.kicks_drawer for printer in shop.printers)


@pytest.fixture
def till(copy: TrainingCopy, qtbot: QtBot) -> Iterator[Till]:
    till = Till(copy.path, lambda _path, _job: None, copy.held)
    till.show((1280, 800))
    qtbot.waitUntil(lambda: till.presenter is not None)
    till.window.make_all()
    yield till
    till.window.close()
    texts.use_language("en")


def test_the_window_is_red_and_says_training_in_large_letters(till: Till, qtbot: QtBot) -> None:
    from pos_app.ui import theme

    assert till.people is not None
    assert till.people.is_locked
    member = till.people.sign_in.people()[0]
    till.people.lock.choose(member.id)
    for digit in PIN:
        till.people.lock.key_in(digit)
    qtbot.waitUntil(lambda: not till.people.is_locked)
    assert theme.current().name == "training"
    assert till.window.menuWidget().text() == "TRAINING – nothing here counts"
    assert till.presenter.on_training is None


def test_a_training_from_the_command_line_is_gone_afterwards(tmp_path: Path) -> None:
    bare = tmp_path / "bare.db"
    create_demo_shop(bare, utc_now(), days=1).close()
    before = files(tmp_path)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    told = subprocess.run(
        [sys.executable, "-m", "pos_app", "run", "--training", "--offscreen",
         "--store", str(bare), "--out", str(tmp_path / "out")],
        check=False, capture_output=True, text=True, timeout=600,
        env={**os.environ, "TMPDIR": str(temporary), "POS_APP_KEYS": "file"},
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert "TRAINING-1.2-" in told.stdout
    assert list(temporary.iterdir()) == []
    assert {name: files(tmp_path)[name] for name in before} == before


def test_a_training_without_a_shop_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PosError) as refused:
        make_training_copy(tmp_path / "none.db", tmp_path, utc_now)
    assert "none.db" in str(refused.value)
