"""What printers are called and how they are reached, in words."""

from collections.abc import Sequence

from pos_app.domain.shop import PrinterKind
from pos_app.texts import t


def kind_words() -> dict[PrinterKind, str]:
    """Return how a printer may be reached, in words."""
    return {
        PrinterKind.PREVIEW: t("Only on the screen"),
        PrinterKind.NETWORK: t("Network"),
        PrinterKind.USB: t("USB"),
        PrinterKind.SERIAL: t("Serial port"),
        PrinterKind.FILE: t("Device file"),
        PrinterKind.QUEUE: t("Printer of the system"),
    }


def free_name(name: str, taken: Sequence[str]) -> str:
    """Return a name that no printer has yet: `name`, or `name 2` and so on."""
    if name not in taken:
        return name
    number = 2
    while f"{name} {number}" in taken:
        number += 1
    return f"{name} {number}"
