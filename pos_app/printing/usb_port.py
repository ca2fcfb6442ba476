"""A printer on USB, through pyusb and the libusb that its wheel brings along."""

from contextlib import suppress
from errno import ENODEV
from typing import Any

from pos_app.printing.conversation import print_over
from pos_app.printing.targets import UsbTarget

_PRINTER_CLASS = 7  # USB device class of printers.
_ENDPOINT_IN = 0x80
_READ_SIZE = 64


def send(target: UsbTarget, payload: bytes, name: str, timeout_s: float, needs_paper: bool) -> None:
    """Claim the printer, ask, send, ask, and give it back to the system."""
    import usb.core  # noqa: PLC0415 - only shops with such a printer need it
    import usb.util  # noqa: PLC0415

    device = find(target)
    if device is None:
        raise OSError(ENODEV, "no such USB device")
    interface = printer_interface(device)
    number = interface.bInterfaceNumber
    with suppress(NotImplementedError, usb.core.USBError):
        if device.is_kernel_driver_active(number):
            device.detach_kernel_driver(number)
    try:
        usb.util.claim_interface(device, number)
        line = _UsbLine(device, interface, timeout_s)
        print_over(line, payload, name, after_job_s=timeout_s, needs_paper=needs_paper)
    finally:
        with suppress(NotImplementedError, usb.core.USBError):
            usb.util.release_interface(device, number)
            device.attach_kernel_driver(number)
        usb.util.dispose_resources(device)


def find(target: UsbTarget) -> Any:
    """Return the USB device of a target, or None."""
    for device in devices():
        if (device.idVendor, device.idProduct) != (target.vendor, target.product):
            continue
        if not target.serial or device.serial_number == target.serial:
            return device
    return None


def devices() -> list[Any]:
    """Return all USB devices that libusb sees; none where it cannot be used."""
    import libusb_package  # noqa: PLC0415 - as above
    import usb.core  # noqa: PLC0415

    try:
        return list(libusb_package.find(find_all=True) or ())
    except (usb.core.NoBackendError, usb.core.USBError):
        return []


def printer_interface(device: Any) -> Any:
    """Return the device's printer interface, or its first one where none says so."""
    interfaces = list(device.get_active_configuration())
    printers = [one for one in interfaces if one.bInterfaceClass == _PRINTER_CLASS]
    return (printers or interfaces)[0]


class _UsbLine:
    """Two bulk endpoints as a line; a printer without one back never answers."""

    def __init__(self, device: Any, interface: Any, timeout_s: float) -> None:
        self._device = device
        self._timeout_ms = int(timeout_s * 1000)
        addresses = [endpoint.bEndpointAddress for endpoint in interface]
        self._out = next(address for address in addresses if not address & _ENDPOINT_IN)
        self._in = next((address for address in addresses if address & _ENDPOINT_IN), None)

    def write(self, data: bytes) -> None:
        sent = 0
        while sent < len(data):
            count = self._device.write(self._out, data[sent:], self._timeout_ms)
            if not count:
                raise OSError(ENODEV, "the printer took nothing")
            sent += count

    def read(self, timeout_s: float) -> bytes:
        import usb.core  # noqa: PLC0415 - as above

        if self._in is None:
            return b""
        try:
            return bytes(self._device.read(self._in, _READ_SIZE, int(timeout_s * 1000)))
        except usb.core.USBTimeoutError:
            return b""
