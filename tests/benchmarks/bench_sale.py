"""A five-line sale with tax, payment, stock and journal through the checkout service.

The floor is the same rows by hand-made SQL on the same settings. On a disk that takes its time to
sync, both wait for it; therefore it is also measured in memory, where nothing hides the work.
"""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from pos_app.domain.cart import price_cart
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.services.checkout import Checkout
from pos_app.services.receipts import Receipts
from pos_app.store.store import open_store
from tests.benchmarks.figures import Figure, Size, Times, in_turns, median, p99
from tests.benchmarks.hand_made import HandMade
from tests.benchmarks.shops import (
    copy_of,
    is_kept_with_sales,
    kept_folder,
    now,
    product_id,
    shop_with_sales,
)
from tests.benchmarks.syncs import syncs_per_sale

LINES = 5
PRODUCTS = 300
PAY = [TenderRequest(TenderMethod.CASH)]
MEMORY = Path("/dev/shm")
ROUNDS = {Size.TINY: 12, Size.QUICK: 1_500, Size.FULL: 5_000}
FLAT_ROUNDS = {Size.TINY: 12, Size.QUICK: 1_500, Size.FULL: 4_000}
PAST = {Size.TINY: (20, 60), Size.QUICK: (1_000, 100_000), Size.FULL: (1_000, 1_000_000)}
WARM_UP = 30


def measure(size: Size) -> list[Figure]:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(dir=kept_folder()) as folder:
        figures += _against_hand(size, Path(folder), "")
    if MEMORY.is_dir():
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
            figures += _against_hand(size, Path(folder), ", in memory")
    figures += syncs_per_sale(size)
    figures += _flat(size)
    return figures


def _against_hand(size: Size, folder: Path, where: str) -> list[Figure]:
    shop = shop_with_sales(PAST[size][0], PRODUCTS)
    times = _times(shop, folder, ROUNDS[size])
    floor = median(times["by hand"].clock)
    signed = median(times["by hand, signed"].clock)
    service = times["service"]
    # Without the disk's wait there is no bar: the is for synchronous=FULL on a disk.
    bar, aim = (None, None) if where else (2.0, 1.5)
    return [
        Figure(f"five-line sale, median{where}", median(service.clock), floor=floor, bar=bar,
               aim=aim, note="floor: the same rows by hand-made SQL"),
        Figure(f"… against rows with hash and signature{where}", median(service.clock),
               floor=signed, note="floor: by hand, the journal entry hashed and signed"),
        Figure(f"… priced anew, although the screen shows the total{where}",
               median(times["priced here"].clock), floor=floor),
        Figure(f"… with its receipt in the spool{where}", median(times["till"].clock), floor=floor),
        Figure(f"… processor time{where}", median(service.processor),
               floor=median(times["by hand"].processor)),
        Figure(f"… p99{where}", p99(service.clock), floor=p99(times["by hand"].clock)),
    ]  # fmt: skip


def _times(shop: Path, folder: Path, rounds: int) -> dict[str, Times]:
    with ExitStack() as stack:
        actions: dict[str, Callable[[int], Callable[[], object]]] = {}
        for name in ("service", "priced here", "till"):
            store = stack.enter_context(open_store(copy_of(shop, folder, f"{name}.db")))
            receipts = Receipts(store, now) if name == "till" else None
            checkout = Checkout(store, now, keep_receipt=receipts.keep_in if receipts else None)
            is_priced = name != "priced here"
            actions[name] = lambda turn, checkout=checkout, is_priced=is_priced: sale_of(
                checkout, turn, is_priced=is_priced
            )
        for name in ("by hand", "by hand, signed"):
            hand = HandMade(copy_of(shop, folder, f"{name}.db"))
            stack.callback(hand.close)
            is_signed = name != "by hand"
            actions[name] = lambda turn, hand=hand, is_signed=is_signed: (
                lambda: hand.sell(_ids(turn), is_signed=is_signed)
            )
        in_turns(actions, min(WARM_UP, rounds))
        return in_turns(actions, rounds)


def _flat(size: Size) -> list[Figure]:
    """The same sale after few and after many past sales, in turns."""
    few, many = PAST[size]
    if size is Size.QUICK and is_kept_with_sales(PAST[Size.FULL][1]):
        many = PAST[Size.FULL][1]  # the long form has left its shop here
    with tempfile.TemporaryDirectory(dir=kept_folder()) as folder, ExitStack() as stack:
        actions = {}
        for count in (few, many):
            kept = shop_with_sales(count, PRODUCTS)
            # The large one is sold in as it is: copying gigabytes would fill the machine's cache.
            shop = copy_of(kept, Path(folder)) if count == few else kept
            checkout = Checkout(stack.enter_context(open_store(shop)), now)
            actions[str(count)] = lambda turn, checkout=checkout: sale_of(checkout, turn)
        in_turns(actions, min(WARM_UP, FLAT_ROUNDS[size]))
        times = in_turns(actions, FLAT_ROUNDS[size])
    first, last = times[str(few)].clock, times[str(many)].clock
    said = f"after {many:,} past sales against {few:,}"
    return [
        Figure(f"sale {said}, median", median(last), floor=median(first), bar=1.15),
        Figure(f"sale {said}, p99", p99(last), floor=p99(first), bar=1.5),
    ]


def sale_of(checkout: Checkout, turn: int, *, is_priced: bool = True) -> Callable[[], object]:
    """Fill a cart, and return what finishes it as the screen does: it shows the total already."""
    cart = checkout.new_cart()
    for key in _ids(turn):
        cart = checkout.add(cart, key)
    priced = price_cart(cart) if is_priced else None
    return lambda: checkout.complete(cart, PAY, priced)


def _ids(turn: int) -> list[str]:
    return [product_id((turn * LINES + line) % PRODUCTS) for line in range(LINES)]


def sell_many(shop: Path, count: int) -> None:
    """Sell `count` times in the shop at `shop`; for counting what the disk is asked."""
    with open_store(shop) as store:
        checkout = Checkout(store, now)
        for turn in range(count):
            sale_of(checkout, turn)()
