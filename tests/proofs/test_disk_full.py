"""A full disk: a clear refusal, nothing half-written, and selling goes on when there is room."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import pytest

from pos_app.domain.cart import Cart
from pos_app.domain.errors import PosError
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.services.checkout import Checkout
from pos_app.services.receipts import Receipts
from pos_app.services.verification import verify
from pos_app.store.backup import backup_store
from pos_app.store.errors import DiskFailed, DiskFull
from pos_app.store.store import Store, create_store, open_store
from tests.proofs.small_shop import CODES, SHOP, now, open_shop

if sys.platform == "win32":
    pytest.skip(
        "Windows has neither small disks in memory nor file limits", allow_module_level=True
    )

from tests.proofs.selling import no_room_beyond

CARD = (TenderRequest(TenderMethod.CARD),)
NoRoom = Callable[[Store], AbstractContextManager[None]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_shop(tmp_path / "shop.db") as made:
        yield made


def checkout_of(store: Store) -> Checkout:
    return Checkout(store, now, "1", Receipts(store, now).keep_in)


def filled_cart(checkout: Checkout, dice: random.Random) -> Cart:
    cart = checkout.new_cart()
    for code in dice.choices(CODES[:4], k=dice.randint(1, 6)):
        cart = checkout.scan(cart, code).cart
    return cart


def everything(store: Store) -> tuple[object, ...]:
    """All that a refused sale must leave as it was."""
    return (
        store.sales.count(),
        store.sequences.last("sale"),
        store.journal.count(),
        store.draft.get(),
        store.spool.count(),
        [store.stock.levels(product.id) for product in store.products.tiles(None, 50)],
    )


@contextmanager
def no_more_pages(store: Store) -> Iterator[None]:
    """Let the database use no page more than it has."""
    raw = store._own.database.raw
    [pages] = raw.execute("PRAGMA page_count").fetchone()
    raw.execute(f"PRAGMA max_page_count = {pages}")
    try:
        yield
    finally:
        raw.execute("PRAGMA max_page_count = 1073741823")


def no_larger_files(store: Store) -> AbstractContextManager[None]:
    """Let no file grow: neither the log nor the database."""
    wal = store.path.with_name(store.path.name + "-wal")
    return no_room_beyond(wal.stat().st_size if wal.exists() else 0)


def sell_until_refused(checkout: Checkout, store: Store, dice: random.Random) -> PosError:
    """Sell while that works; the first sale that does not must leave no trace."""
    for _ in range(500):
        cart = filled_cart(checkout, dice)
        before = everything(store)
        try:
            checkout.complete(cart, CARD)
        except PosError as refusal:
            assert everything(store) == before
            assert not store.sales.has(cart.id)
            return refusal
    pytest.fail("the disk never became full")


@pytest.mark.parametrize(
    ("no_room", "named"), [(no_more_pages, DiskFull), (no_larger_files, DiskFailed)]
)
def test_a_sale_that_finds_no_room_leaves_no_trace_and_the_next_one_goes_on(
    store: Store, no_room: NoRoom, named: type[PosError]
) -> None:
    checkout, dice = checkout_of(store), random.Random(1)
    for _ in range(10):
        with no_room(store):
            refusal = sell_until_refused(checkout, store, dice)
        assert type(refusal) is named
        assert "disk" in str(refusal)
        checkout.complete(filled_cart(checkout, dice), CARD)
    assert verify(store.path).faults == ()


def test_the_cart_on_the_screen_stays_the_last_one_that_was_saved(store: Store) -> None:
    checkout, dice = checkout_of(store), random.Random(2)
    cart = filled_cart(checkout, dice)
    checkout.keep(cart)
    bigger = checkout.scan(cart, CODES[5]).cart
    with no_larger_files(store), pytest.raises(DiskFailed):
        checkout.keep(bigger)
    assert checkout.resume() == cart
    checkout.keep(bigger)
    assert checkout.resume() == bigger


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB that is really full when it is full."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mounting, check=False, capture_output=True).returncode:
        pytest.skip("only an administrator may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def filled_up(folder: Path, left_bytes: int = 0) -> Iterator[None]:
    """Fill a disk but for some bytes."""
    filler = folder / "filler"
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    with filler.open("wb") as file:
        file.write(bytes(max(0, free - left_bytes)))
    try:
        yield
    finally:
        filler.unlink()


def test_a_disk_that_fills_up_while_selling_is_named_and_sells_again_with_room(
    small_disk: Path,
) -> None:
    dice = random.Random(3)
    with open_shop(small_disk / "shop.db") as store:
        checkout = checkout_of(store)
        for _ in range(12):
            with filled_up(small_disk, dice.randint(0, 80_000)):
                refusal = sell_until_refused(checkout, store, dice)
            assert isinstance(refusal, DiskFull)
            assert "Make room and try again" in str(refusal)
            checkout.complete(filled_cart(checkout, dice), CARD)
        sold = store.sales.count()
        faults = verify(store.path).faults
    assert faults == ()
    with open_store(small_disk / "shop.db") as store:
        assert store.sales.count() == sold


def test_a_till_that_starts_on_a_full_disk_says_so_and_loses_nothing(small_disk: Path) -> None:
    path = small_disk / "shop.db"
    with open_shop(path) as store:
        sale = checkout_of(store).complete(filled_cart(checkout_of(store), random.Random(4)), CARD)
    with filled_up(small_disk):
        try:
            opened: AbstractContextManager[Store | None] = open_store(path)
        except DiskFull:
            opened = nullcontext()
        with opened as store_or_none:
            if store_or_none is not None:
                with pytest.raises(DiskFull):
                    checkout_of(store_or_none).open_drawer("no room")
    with open_store(path) as store:
        assert store.sales.last() == sale
        checkout_of(store).open_drawer("room")
        assert verify(path).faults == ()


def test_a_shop_that_finds_no_room_is_not_made_at_all(small_disk: Path) -> None:
    path = small_disk / "shop.db"
    with filled_up(small_disk, 100_000), pytest.raises(DiskFull):
        create_store(path, SHOP, now=now())
    assert not path.exists()
    assert not [file.name for file in small_disk.iterdir() if ".part" in file.name]
    create_store(path, SHOP, now=now()).close()


def test_a_backup_that_finds_no_room_leaves_the_older_one(small_disk: Path, store: Store) -> None:
    target = small_disk / "backup.db"
    backup_store(store, target)
    before = target.read_bytes()
    with filled_up(small_disk), pytest.raises(DiskFull):
        backup_store(store, target)
    assert target.read_bytes() == before
    assert {file.name for file in small_disk.iterdir()} == {"backup.db"}
