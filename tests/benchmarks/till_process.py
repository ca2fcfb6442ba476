"""One start of a program, measured from outside: `bare` is a PySide6 window, else the till.

`python till_process.py bare|till STORE [SALES]` writes a line of JSON when the first painting is on
the screen, one when a scan would be taken, and (for the till) one after selling a little. Then it
waits for a line on standard input, so that its memory can be read, and ends.
"""

import sys
import time


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
    from pos_app.ui import main_window

    furnish, attach = main_window.MainWindow._furnish, main_window.MainWindow.attach

    def furnished(window: main_window.MainWindow) -> None:
        say("painted")  # the first turn of the loop after the first painting
        furnish(window)

    def attached(window: main_window.MainWindow, presenter: object) -> None:
        attach(window, presenter)
        from PySide6.QtCore import QTimer

        QTimer.singleShot(0, window, lambda: ready(window))

    def ready(window: main_window.MainWindow) -> None:
        say("ready")
        wait()
        if sales:
            sell(window, sales)
            say("sold")
            wait()
        window.close()

    main_window.MainWindow._furnish = furnished
    main_window.MainWindow.attach = attached
    sys.argv = ["pos-app", "run", "--store", store]
    __main__.main()


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
