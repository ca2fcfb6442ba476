"""Carries the printing thread's news to the window's thread."""

from PySide6.QtCore import QObject, Signal


class PrinterSignals(QObject):
    """Emitting is safe in any thread; slots of the window run in the window's thread."""

    trouble = Signal(object)
    recovered = Signal(str)
    preview = Signal(bytes, bool)
