"""Starting the till: on a shop, on the demo shop, with a display or without."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.app.folders import make_folder
from pos_app.app.logbook import start_log
from pos_app.config import demo_store
from pos_app.domain.errors import PosError

if TYPE_CHECKING:
    from pos_app.ui.background import Job


class NoDisplay(PosError):
    """There is no screen to open a window on."""

    sentence = (
        "There is no display to open the till on. Start it from a desktop session, "
        "or add --offscreen to ring up a demo sale without one."
    )


class NotADemoShop(PosError):
    """A shop's own data would have been removed."""

    sentence = (
        "{path} is not a demo shop, so it is not made anew. "
        "Leave out --fresh, or choose another file with --store PATH."
    )


def run_till(path: Path, *, offscreen: bool = False, out: Path | None = None) -> int:
    """Open the till on the shop at `path`, made on the spot where there is none yet."""
    return _run(path, _make_shop, offscreen=offscreen, out=out)


def run_training(path: Path, *, offscreen: bool = False, out: Path | None = None) -> int:
    """Open the till on a throw-away copy of the shop at `path`; the copy is gone afterwards.

    Raises StoreMissing where there is no shop yet, and what copying a store raises.
    """
    import tempfile

    from pos_app.config import FirstLook, read_first_look, write_first_look
    from pos_app.services.checkout import utc_now
    from pos_app.services.training import THEME, keys_in_files, make_training_copy

    with tempfile.TemporaryDirectory(prefix="pos-app-training-") as folder:
        copy = make_training_copy(path, Path(folder), utc_now)
        look = read_first_look(path)
        red = FirstLook(look.language, THEME, look.left_handed, look.button_mode)
        write_first_look(copy.path, red)
        with keys_in_files():
            return _run(copy.path, _make_shop, offscreen=offscreen, out=out, held=copy.held)


def run_demo(
    path: Path, *, offscreen: bool = False, out: Path | None = None, fresh: bool = False
) -> int:
    """Open the till on the demo shop, made where there is none yet or `fresh` asks for it."""
    if fresh and path.exists():
        _give_up_demo(path)
    return _run(path, _make_demo, offscreen=offscreen, out=out)


def _run(
    path: Path,
    make: Callable[[Path, "Job"], None],
    *,
    offscreen: bool,
    out: Path | None,
    held: dict[int, bytes] | None = None,
) -> int:
    _choose_platform(offscreen=offscreen)
    make_folder(path.parent)
    start_log(path)
    from pos_app.app.interpreter import import_without_reading, start_without_garbage
    from pos_app.app.kept_code import compiling_once

    start_without_garbage()
    with compiling_once():
        import PySide6.QtCore  # noqa: F401 - not before: Qt wants to know the platform
    import_without_reading()
    from pos_app.app.till import Till

    till = Till(path, make, held)
    if not offscreen:
        status = till.run()
        if till.wants_training:
            run_training(path)
            return _run(path, make, offscreen=offscreen, out=out)
        return run_demo(demo_store()) if till.wants_demo else status
    from pos_app.app.demo_sale import ring_up_demo_sale

    return ring_up_demo_sale(till, out or Path("pos-app-demo"))


def _choose_platform(*, offscreen: bool) -> None:
    if offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        return
    has_display = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    is_told = bool(os.environ.get("QT_QPA_PLATFORM"))
    if sys.platform.startswith("linux") and not has_display and not is_told:
        raise NoDisplay()


def _make_shop(path: Path, _job: "Job") -> None:
    from pos_app.domain.shop import ShopSettings
    from pos_app.services.checkout import utc_now
    from pos_app.store.store import create_store

    create_store(path, ShopSettings(), now=utc_now()).close()


def _make_demo(path: Path, job: "Job") -> None:
    from pos_app.services.checkout import utc_now
    from pos_app.services.demo_shop import create_demo_shop

    # Made under another name, so that a demo that was cut short is never taken for a whole one.
    part = path.with_name(path.name + ".making")
    _remove_demo(part)
    create_demo_shop(part, utc_now(), on_progress=job.report).close()
    for suffix in (".key", ".seen", ""):  # the shop last: it is there when all of it is
        made = part.with_name(part.name + suffix)
        if made.exists():
            made.replace(path.with_name(path.name + suffix))
    part.with_name(part.name + ".lock").unlink(missing_ok=True)


def _give_up_demo(path: Path) -> None:
    """Remove a demo shop that nobody has open; raises NotADemoShop or StoreInUse."""
    from pos_app.store.lock import take_writer_lock

    lock = take_writer_lock(path)
    try:
        if not _is_demo(path):
            raise NotADemoShop(path=path)
        _remove_demo(path)
    finally:
        lock.release()


def _is_demo(path: Path) -> bool:
    """Whether the store is a demo; one in the demo's own place is, even a damaged one."""
    from pos_app.services.demo_shop import DEMO_SHOP
    from pos_app.store.store import open_reader

    if path == demo_store():
        return True
    try:
        with open_reader(path) as store:
            return store.identity.shop == DEMO_SHOP
    except PosError:
        return False


def _remove_demo(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", ".key", ".seen"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
