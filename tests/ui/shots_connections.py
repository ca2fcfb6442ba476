"""The page of other systems and its sheet, for `shots_office`."""

from collections.abc import Callable, Iterator
from datetime import datetime

from PySide6.QtWidgets import QWidget

from pos_app.store.store import Store
from pos_app.ui.connection_task_sheets import CompareSheet
from pos_app.ui.presenters.settings_pages import Page
from pos_app.ui.settings_screen import SettingsScreen
from tests.ui.connection_desks import HandDesk, busy_desk


def connection_pages(
    store: Store, now: Callable[[], datetime], wait: Callable[..., None]
) -> Iterator[tuple[str, QWidget]]:
    """Yield the page without and with connections, and the sheet of each API."""
    empty = SettingsScreen(store, now, connections=HandDesk())
    empty.open_page(Page.CONNECTIONS)
    yield "connections-none", empty
    desk = busy_desk(now().isoformat())
    screen = SettingsScreen(store, now, connections=desk)
    screen.open_page(Page.CONNECTIONS)
    wait(0.2, until=lambda: False)
    yield "connections", screen
    assert screen.connections is not None
    sheet = screen.connections.open_sheet("")
    assert sheet is not None
    for choice in sheet.presenter.state.apis:
        sheet.presenter.change(api=choice.key, url="https://erp.example.com", name="Main server")
        wait(0.2, until=lambda: False)
        yield f"connection-{choice.key}", screen
    sheet.presenter.change(**dict.fromkeys(sheet.presenter.state.needs, "x"))
    sheet.presenter.test()
    wait(until=lambda: bool(sheet.presenter.state.tried))
    wait(0.2, until=lambda: False)
    yield "connection-tried", screen
    sheet.hide()
    page = screen.connections
    page.open_items("c1")
    wait(0.3, until=lambda: False)
    yield "connection-items", screen
    page.open_compare("c3")
    compare = page.task
    assert isinstance(compare, CompareSheet)
    compare.presenter.compare()
    wait(until=lambda: bool(compare.presenter.state.result))
    wait(0.2, until=lambda: False)
    yield "connection-compared", screen
    compare.hide()
