"""The screen of head office in its states, for `shots_office`."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from PySide6.QtWidgets import QWidget

from pos_app.store.store import Store
from pos_app.ui.sync_screen import SyncScreen
from tests.ui.sync_states import Line, every_status, quarrel_about, tools


def sync_pages(
    store: Store, now: Callable[[], datetime], wait: Callable[..., None]
) -> Iterator[tuple[str, QWidget]]:
    """Yield every state of the screen."""
    line = Line()
    screen = SyncScreen(store, line, tools(line), now)
    yield "sync-alone", screen
    screen.connect_till()
    wait(0.2, until=lambda: False)
    assert screen.sheet is not None
    yield "sync-connect", screen
    screen.sheet.presenter.type_code("KX4T2-9QZ7M")
    line.refuses = True
    screen.sheet.presenter.connect()
    wait(until=lambda: bool(screen.sheet.presenter.state.problem))
    yield "sync-connect-refused", screen
    screen.sheet.hide()
    quarrel_about(store, now() - timedelta(hours=3))
    for name, status in every_status(store, now()):
        line.status = status
        screen.presenter.status_changed(status)
        wait(0.2, until=lambda: False)
        yield f"sync-{name}", screen
    screen.presenter.ask_to_leave()
    yield "sync-leave", screen
    screen.presenter.stay()
