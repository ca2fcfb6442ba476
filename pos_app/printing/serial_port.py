"""Devices on serial ports, through pyserial: printers, and lines to other devices."""

from collections.abc import Iterator
from contextlib import contextmanager
from errno import EINVAL
from typing import Any

from pos_app.printing.conversation import print_over
from pos_app.printing.targets import SerialTarget

try:
    import termios
except ImportError:  # Windows
    _TERMINAL_ERRORS: tuple[type[Exception], ...] = ()
else:
    _TERMINAL_ERRORS = (termios.error,)

_BITS_A_BYTE = 10
FRAMES = ("8N1", "8E1", "8O1", "7E1", "7O1", "7N1", "7N2", "8N2")


def send(
    target: SerialTarget, payload: bytes, name: str, timeout_s: float, needs_paper: bool
) -> None:
    """Open the port, ask, send, ask; the time allowed grows with what the speed needs."""
    sending_s = timeout_s + len(payload) * _BITS_A_BYTE / target.speed
    line = open_line(target, sending_s)
    try:
        print_over(line, payload, name, after_job_s=sending_s, needs_paper=needs_paper)
    finally:
        line.close()


class SerialLine:
    """An open serial port; every failure of it is an OSError, as pyserial's own are."""

    def __init__(self, port: Any) -> None:
        self._port = port

    def write(self, data: bytes) -> None:
        """Send all of `data`, or raise OSError when it stalls."""
        with _as_os_error():
            self._port.write(data)
            self._port.flush()

    def read(self, timeout_s: float) -> bytes:
        """Return what came within `timeout_s`, nothing if nothing came; OSError when broken."""
        self._port.timeout = timeout_s
        first = bytes(self._port.read(1))
        return first + bytes(self._port.read(self._port.in_waiting))

    def forget(self) -> None:
        """Drop what has come in and was not read."""
        with _as_os_error():
            self._port.reset_input_buffer()

    def close(self) -> None:
        """Let go of the port; one that is gone already does not matter."""
        try:
            self._port.close()
        except OSError:
            return


def open_line(target: SerialTarget, write_timeout_s: float, frame: str = "8N1") -> SerialLine:
    """Open a port; `frame` is data bits, parity and stop bits. Raises OSError."""
    import serial  # noqa: PLC0415 - only shops with such a device need it

    bits, parity, stops = int(frame[0]), frame[1], int(frame[2])
    try:
        with _as_os_error():
            port = serial.Serial(
                target.port,
                target.speed,
                bytesize=bits,
                parity=parity,
                stopbits=stops,
                timeout=0,
                write_timeout=write_timeout_s,
            )
    except serial.SerialException as failure:
        raise OSError(failure.errno, str(failure)) from failure
    except ValueError as failure:  # a speed that this port does not know
        raise OSError(EINVAL, str(failure)) from failure
    return SerialLine(port)


@contextmanager
def _as_os_error() -> Iterator[None]:
    """Give the terminal's own errors, which Python keeps apart, the name of all others."""
    try:
        yield
    except _TERMINAL_ERRORS as failure:
        raise OSError(*failure.args[:2]) from failure
