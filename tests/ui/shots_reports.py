"""The reports screen in all its states for `shots_office.py`."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QWidget

from pos_app.services.report_sheet import ReportKind
from pos_app.services.shop_setup import ShopSetup
from pos_app.ui.reports_screen import ReportsScreen
from tests.services.reported_shop import historic_shop, with_documents


def reports_pages(
    folder: Path, language: str, wait: Callable[..., None]
) -> Iterator[tuple[str, QWidget]]:
    """Yield (name, widget) of each state, over half a year of its own."""
    store = historic_shop(folder / "reported.db")
    office = with_documents(store)
    shop = store.settings.shop()
    spoken = replace(shop, screen=replace(shop.screen, language=language))
    ShopSetup(store, office.clock).save(spoken)
    screen = ReportsScreen(store, office.clock)
    presenter = screen.presenter

    def read() -> bool:
        return not presenter.state.is_reading

    wait(until=read)
    presenter.type_day("start", "2010-12-01")
    wait(until=read)
    for kind in ReportKind:
        presenter.turn(kind.value)
        wait(until=read)
        yield f"reports-{kind.value}", screen
    presenter.turn(ReportKind.TREND.value)
    presenter.choose_grain("week")
    wait(until=read)
    screen.chart.mark(4)
    presenter.type_day("end", "1.13.2011")
    yield "reports-marked", screen
    presenter.dismiss("refusal")
    presenter.turn(ReportKind.ORDERS.value)
    screen.filters.search.setText("har")
    presenter.search("har")
    wait(until=read)
    screen.chart.mark(1)
    screen.chart.setFocus()
    yield "reports-search", screen
    presenter.pick(presenter.state.hits[0].key)
    wait(until=read)
    yield "reports-narrowed", screen
    presenter.type_day("start", "2011-05-30")
    wait(until=read)
    yield "reports-nothing", screen
    wait(0.2)
    screen.close()
    store.close()
