"""Settings of this machine, read once: where the shop's files are and how the screen starts."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from platformdirs import user_data_path

APP_NAME = "pos-app"
_NAME_MOST = 200


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What the window needs before the store is open, so that it never flashes another theme."""

    language: str = "en"
    theme: str = "light"
    left_handed: bool = False
    button_mode: bool = False


def default_store(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the shop's database: `POS_APP_STORE`, or `shop.db` in the user's data folder."""
    named = environ.get("POS_APP_STORE")
    return Path(named) if named else data_folder(environ) / "shop.db"


def demo_store(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the demo shop's own database, never the shop's."""
    return data_folder(environ) / "demo.db"


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder for this user's data; it is made by whoever writes there first."""
    named = environ.get("POS_APP_DATA")
    if named:
        return Path(named)
    return user_data_path(APP_NAME, appauthor=False)


def read_first_look(store: Path) -> FirstLook:
    """Read how the screen of `store` looked last; anything unreadable gives the default."""
    try:
        text = _look_file(store).read_text("utf-8")
    except (OSError, ValueError):
        return FirstLook()
    import json  # noqa: PLC0415 - a till that looks as usual has no such file and paints sooner

    try:
        saved = json.loads(text)
        return FirstLook(
            str(saved["language"]),
            str(saved["theme"]),
            bool(saved["left_handed"]),
            bool(saved["button_mode"]),
        )
    except (ValueError, KeyError, TypeError):
        return FirstLook()


def write_first_look(store: Path, look: FirstLook) -> None:
    """Remember how the screen looks; a folder that cannot be written is no reason to stop."""
    import json  # noqa: PLC0415 - as above

    try:
        _look_file(store).write_text(json.dumps(asdict(look)), "utf-8")
    except OSError:
        return


def read_paper_printer(store: Path) -> str:
    """Return the printer of this machine that documents went to last; empty where none did."""
    try:
        return _printer_file(store).read_text("utf-8").strip()[:_NAME_MOST]
    except (OSError, ValueError):
        return ""


def write_paper_printer(store: Path, printer: str) -> None:
    """Remember a printer; a folder that cannot be written is no reason to stop."""
    try:
        _printer_file(store).write_text(printer, "utf-8")
    except OSError:
        return


def _printer_file(store: Path) -> Path:
    return store.with_name(store.name + ".printer")


def _look_file(store: Path) -> Path:
    return store.with_name(store.name + ".look.json")
