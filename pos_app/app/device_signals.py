"""Carries the pole display's news to the window's thread."""

from PySide6.QtCore import QObject, Signal


class DeviceSignals(QObject):
    """Emitting is safe in any thread; slots of the window run in the window's thread."""

    pole_gone = Signal(object)
    pole_back = Signal()
