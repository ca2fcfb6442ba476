"""One start of a program, measured from outside: `bare` is a PySide6 window, else the till.

`python till_process.py bare|till STORE [SALES]` writes a line of JSON when the first painting is
on the screen, one when a scan would be taken, and for the till two around the line of a scan sent
then, and one after selling a little. Where its memory is to be read it waits for a line on standard
input; then it ends.
"""

import os
import sys
import threading
import time

LONGEST_START_S = 60


def say(what: str) -> None:
    at_ns, worked_ns = time.monotonic_ns(), time.process_time_ns()
    sys.stdout.write(f'{{"what": "{what}", "at_ns": {at_ns}, "worked_ns": {worked_ns}}}\n')
    sys.stdout.flush()


def wait() -> None:
    sys.stdin.readline()


def bare() -> None:
    """What any program of this kind must do: an application, a window, its first painting."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Window(QMainWindow):
        was_painted = False

        def paintEvent(self, event: object) -> None:
            if not self.was_painted:
                self.was_painted = True
                QTimer.singleShot(0, self.done)

        def done(self) -> None:
            say("painted")
            say("ready")
            wait()
            self.close()

    app = QApplication([])
    window = Window()
    window.showMaximized()
    app.exec()


def till(store: str, sales: int) -> None:
    """The till as `pos-app run --store STORE` starts it."""
    sys.path.insert(0, __file__.rpartition("/tests/")[0])
    from pos_app import __main__
    from pos_app.app import interpreter

    ordinary = interpreter.import_without_reading

    def and_listen() -> None:  # the first moment at which the window's module may be imported
        ordinary()
        listen(sales)

    interpreter.import_without_reading = and_listen
    sys.argv = ["pos-app", "run", "--store", store]
    __main__.main()


def listen(sales: int) -> None:
    """Say when the window has been painted, and when a scan would be on the screen at once."""
    from pos_app.ui import main_window

    late = threading.Timer(LONGEST_START_S, give_up)
    late.daemon = True
    late.start()
    furnish, attach = main_window.MainWindow._furnish, main_window.MainWindow.attach

    def furnished(window: main_window.MainWindow) -> None:
        say("painted")  # the first turn of the loop after the first painting
        furnish(window)
        watch_cart(window)

    def attached(window: main_window.MainWindow, presenter: object) -> None:
        attach(window, presenter)
        from PySide6.QtCore import QTimer

        QTimer.singleShot(0, window, lambda: ready(window))

    def ready(window: main_window.MainWindow) -> None:
        if not window.was_cart_painted:
            sys.stderr.write("not ready: the cart is not on the screen yet\n")
            os._exit(1)
        say("ready")
        late.cancel()
        wait()
        line(window)
        if sales:
            window.make_all()  # the pieces that come after the start
            sell(window, sales)
            say("sold")
            wait()
        window.make_all()
        while window._later:
            window._make_next()
        window.close()

    main_window.MainWindow._furnish = furnished
    main_window.MainWindow.attach = attached


def give_up() -> None:
    """End a till that cannot open its shop: it would stand there and say so for ever."""
    sys.stderr.write("the till did not become ready\n")
    os._exit(1)


def watch_cart(window: object) -> None:
    """Remember whether the cart has been painted."""
    cart = window._room().checkout.cart
    paint = type(cart).paintEvent
    window.was_cart_painted = False

    def painted(self: object, event: object) -> None:
        window.was_cart_painted = True
        paint(self, event)

    type(cart).paintEvent = painted


def line(window: object) -> None:
    """Scan one article as the very first thing, and say when its line is on the screen."""
    from PySide6.QtWidgets import QApplication

    from tests.benchmarks.shops import barcode

    rows = len(window._presenter.state.rows)
    say("scanning")
    window.scan(barcode(0))
    QApplication.processEvents()
    assert len(window._presenter.state.rows) == rows + 1
    say("line")


def sell(window: object, sales: int) -> None:
    """Sell a little, so that what is loaded at the first sale and search counts too."""
    from PySide6.QtWidgets import QApplication

    from tests.benchmarks.shops import barcode

    for number in range(sales):
        for line in range(5):
            window.scan(barcode(number * 5 + line))
            QApplication.processEvents()
        window._presenter.entry.type_text("bread")
        QApplication.processEvents()
        window._presenter.entry.escape()
        window._presenter.press("F12")
        QApplication.processEvents()


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        bare()
    else:
        till(sys.argv[2], int(sys.argv[3]))
