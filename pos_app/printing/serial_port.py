"""A printer on a serial port, through pyserial."""

from typing import Any

from pos_app.printing.conversation import print_over
from pos_app.printing.targets import SerialTarget

_BITS_A_BYTE = 10


def send(
    target: SerialTarget, payload: bytes, name: str, timeout_s: float, needs_paper: bool
) -> None:
    """Open the port, ask, send, ask; the time allowed grows with what the speed needs."""
    import serial  # noqa: PLC0415 - only shops with such a printer need it

    sending_s = timeout_s + len(payload) * _BITS_A_BYTE / target.speed
    try:
        port = serial.Serial(target.port, target.speed, timeout=0, write_timeout=sending_s)
    except serial.SerialException as failure:
        raise OSError(failure.errno, str(failure)) from failure
    with port:
        print_over(_SerialLine(port), payload, name, after_job_s=sending_s, needs_paper=needs_paper)


class _SerialLine:
    """A serial port as a line; pyserial's own failures are OSErrors already."""

    def __init__(self, port: Any) -> None:
        self._port = port

    def write(self, data: bytes) -> None:
        self._port.write(data)
        self._port.flush()

    def read(self, timeout_s: float) -> bytes:
        self._port.timeout = timeout_s
        first = bytes(self._port.read(1))
        return first + bytes(self._port.read(self._port.in_waiting))
