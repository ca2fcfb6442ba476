"""The door of the eye and the hand: hostile text typed, scanned and shown in the real window."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from pos_app.domain.customer import Customer
from pos_app.domain.product import Product
from pos_app.services.checkout import Checkout
from pos_app.ui import theme
from pos_app.ui.main_window import MainWindow
from pos_app.ui.presenters.checkout import CheckoutPresenter
from tests.proofs.fuzz_doors.counter_doors import QuietReceipts, _start_afresh, now
from tests.proofs.fuzz_doors.door import HOSTILE, TEXTS, Door, Knock, Seen
from tests.proofs.small_shop import SHOP, STANDARD, open_shop

HTML = ("<b>x</b>", '<img src="file:///etc/passwd">', "<script>1</script>", "a<br>b", "<h1>&lt;")

WIDGETS_MORE = 150  # a sheet, a few notices and the lines of a cart


class EventLoop:
    """Looks every millisecond how long the event loop was away."""

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(1)

    def _tick(self) -> None:
        at = time.perf_counter()
        self.longest_ms = max(self.longest_ms, (at - self._last) * 1000)
        self._last = at

    def longest_since(self) -> float:
        """The longest absence since this was asked last; events are done first."""
        QApplication.processEvents()
        # What is to be deleted later goes only in a loop that runs, which the till's always does.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self._tick()
        longest, self.longest_ms = self.longest_ms, 0.0
        return longest


@contextmanager
def window(folder: Path, seen: Seen) -> Iterator[Knock]:
    """Type and scan a text: it is shown as it is, never read as markup, and nothing freezes."""
    gc.disable()  # as the till does; what Hypothesis remembers would make each collection slow
    known = QApplication.instance()
    app = known if isinstance(known, QApplication) else QApplication([])
    theme.apply_theme(app, theme.LIGHT)
    with open_shop(folder / "shop.db") as store:
        with store.transaction() as tx:
            for place, name in enumerate(HTML):
                tx.products.save(
                    Product(f"h{place}", f"HTML{place}", name, Decimal(1), taxes=(STANDARD,))
                )
                tx.customers.save(Customer(f"k{place}", f"K{place}", name, note=name))
        checkout = Checkout(store, now)
        shown = MainWindow()
        shown.resize(1280, 800)
        presenter = CheckoutPresenter(checkout, QuietReceipts(), SHOP, shown.show_state)
        presenter.start()
        shown.attach(presenter)
        shown.show()
        loop = EventLoop()

        def knock(text: str) -> None:
            loop.longest_since()
            for do in (
                lambda: shown.scan(text),
                lambda: presenter.entry.type_text(text),
                presenter.entry.enter,
                presenter.lines.open_note,
                lambda: presenter.entry.type_text(text),
                presenter.entry.enter,
                presenter.whole.customer,
                lambda: presenter.entry.type_text(text),
                presenter.entry.escape,
            ):
                before = time.process_time()
                do()
                seen.gaps_ms.append(loop.longest_since())
                seen.busy_ms.append((time.process_time() - before) * 1000)
                _no_markup(shown)
            assert len(QApplication.allWidgets()) < most, "widgets pile up"
            if len(presenter.sale.cart.lines) > 10:
                _start_afresh(presenter, checkout)
                gc.collect(1)

        most = len(QApplication.allWidgets()) + WIDGETS_MORE
        for code in ("HTML0", "HTML1", "K0"):
            knock(code)
        try:
            yield knock
        finally:
            shown.close()
            shown.deleteLater()
            app.processEvents()
            gc.enable()


def _no_markup(shown: QWidget) -> None:
    """Fail where a label or a tool tip would read its text as HTML."""
    for widget in (*QApplication.topLevelWidgets(), *shown.findChildren(QWidget)):
        assert not Qt.mightBeRichText(widget.toolTip()), widget.toolTip()
        if isinstance(widget, QLabel) and widget.textFormat() is not Qt.TextFormat.PlainText:
            assert not Qt.mightBeRichText(widget.text()), (widget.objectName(), widget.text())


DOORS = (Door("window", st.one_of(HOSTILE, st.sampled_from(HTML)), window, (*HTML, *TEXTS)),)
