"""A device's end of a pseudo-terminal: a thread reads what the till sends and answers in time."""

import os
import pty
import select
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol


class Device(Protocol):
    """What stands at the other end of the cable."""

    def hear(self, data: bytes) -> bytes:
        """Take bytes from the till and return what is sent back."""

    def say(self) -> bytes:
        """Return what is sent without being asked, a few times a second."""


class Cable:
    """A serial cable between the till's port `name` and a device; it can be pulled and put back."""

    def __init__(self, device: Device, folder: os.PathLike[str] | str) -> None:
        self.device = device
        self.name = str(Path(folder) / "port")
        self.is_reading = True
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self.plug_in()

    @property
    def target(self) -> str:
        return f"{self.name},9600,8N1"  # a pseudo-terminal refuses every other frame

    def plug_in(self) -> None:
        """Make the port and let the device listen at its other end."""
        self._end, self._theirs = pty.openpty()
        tty.setraw(self._theirs)
        Path(self.name).symlink_to(os.ttyname(self._theirs))
        self._over.clear()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def pull(self) -> None:
        """Take the port away, as when a USB cable is pulled: what is open breaks."""
        if self._thread is None:
            return
        self._over.set()
        self._thread.join(5)
        self._thread = None
        Path(self.name).unlink()
        os.close(self._end)
        os.close(self._theirs)

    def _run(self) -> None:
        while not self._over.is_set():
            ready = []
            if self.is_reading:
                ready, _, _ = select.select([self._end], [], [], 0.02)
            else:
                self._over.wait(0.02)
            try:
                answer = self.device.hear(os.read(self._end, 4096)) if ready else self.device.say()
                if answer:
                    os.write(self._end, answer)
            except OSError:
                return


@contextmanager
def cable(device: Device, folder: os.PathLike[str] | str) -> Iterator[Cable]:
    """Plug a device in for a while."""
    made = Cable(device, folder)
    try:
        yield made
    finally:
        made.pull()
