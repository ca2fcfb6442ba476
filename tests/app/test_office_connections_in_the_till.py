"""Connections that head office makes begin, change and end at a till that is running."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app.app.connections import Connections
from pos_app.app.head_office import HeadOffice
from pos_app.app.other_systems import OtherSystems
from pos_app.services.checkout import utc_now
from pos_app.store.store import Store, open_store
from pos_app.sync.connections import put_office_connection
from pos_app.sync.entered_connections import OfficeConnection, office_connection
from pos_app.sync.foreign_status import ForeignPhase
from pos_app.sync.pulling import Page
from pos_app.sync.received import Applied
from pos_app.ui.changes import ChangeHub
from tests.app.test_connections_in_the_till import KEY, Cable
from tests.simulators.apis.sales_api import SalesApi
from tests.store.shops import Counter, new_shop

LINE = "01900000-0000-7000-8000-00000000c001"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "made").mkdir()
    new_shop(tmp_path / "made" / "shop.db").close()
    shutil.copytree(tmp_path / "made", tmp_path / "shop")
    with open_store(tmp_path / "shop" / "shop.db") as opened:
        with opened.transaction() as tx:  # the till belongs to a head office
            tx.remotes.put("head office", url="https://office.example")
        yield opened


@pytest.fixture
def server() -> SalesApi:
    return SalesApi(KEY)


def told(**changes: object) -> OfficeConnection | None:
    state = {"id": LINE, "api": "sales", "name": "Theirs", "url": "https://sales.example.com"}
    return office_connection({**state, "key": KEY, "is_on": True, "since": "now", **changes})


def hear(store: Store, office: HeadOffice, coming: OfficeConnection | None) -> None:
    """Do what a page from head office does: write, and tell the till of it."""
    with store.transaction() as tx:
        put_office_connection(tx, LINE, coming, utc_now())
    office._say_page(Page(Applied({"connection": 1}), 1, 0))


def test_a_connection_from_head_office_sends_follows_a_switch_and_ends(
    qtbot: QtBot, store: Store, server: SalesApi
) -> None:
    hub = ChangeHub()
    office = HeadOffice(store, hub, lambda: None, utc_now, lambda: Cable(server))
    try:
        hear(store, office, told())
        lines: Connections = office.connections
        qtbot.waitUntil(
            lambda: [one.phase for one in lines.statuses()] == [ForeignPhase.UP_TO_DATE],
            timeout=60_000,
        )
        Counter(store).sell(1)
        lines._wake_all()
        qtbot.waitUntil(lambda: len(server.invoices) == 1, timeout=60_000)
        (view,) = OtherSystems(store, lines).connections()
        assert (view.is_from_office, view.name) == (True, "Theirs")
        hear(store, office, told(is_on=False))
        qtbot.waitUntil(lambda: not lines._runners, timeout=60_000)
        Counter(store).sell(1)
        hear(store, office, told(name="Still theirs"))
        qtbot.waitUntil(lambda: len(server.invoices) == 2, timeout=60_000)
        hear(store, office, None)
        qtbot.waitUntil(lambda: not lines._runners and not lines.statuses(), timeout=60_000)
        assert not any(name.startswith("connection") for name in store.remotes.names())
    finally:
        office.stop()
    assert not any(thread.name.startswith("connection") for thread in threading.enumerate())
