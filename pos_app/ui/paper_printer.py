"""Printing a PDF on a printer of the system: CUPS takes it as it is, Windows gets pictures."""

import shutil
import sys

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from pos_app.printing.discovery import system_printers
from pos_app.printing.errors import PrinterOff, PrinterUnknown
from pos_app.printing.pdf_pages import page_picture, page_sizes
from pos_app.printing.print_queue import send_document

_DOTS_PER_INCH = 300


def printer_names() -> list[str]:
    """Return the printers that the system knows; it may take a moment to tell."""
    return system_printers() or list(QPrinterInfo.availablePrinterNames())


def print_pdf(pdf: bytes, printer: str, title: str) -> None:
    """Print a PDF; in any thread. Raises PrinterError or PdfUnreadable."""
    if sys.platform != "win32" and shutil.which("lp"):
        send_document(printer, pdf, title)
        return
    if printer not in QPrinterInfo.availablePrinterNames():
        raise PrinterUnknown(name=printer, target=printer)
    device = QPrinter(QPrinterInfo.printerInfo(printer), QPrinter.PrinterMode.HighResolution)
    device.setDocName(title)
    draw_pages(pdf, device, printer)


def draw_pages(pdf: bytes, device: QPrinter, name: str) -> None:
    """Draw each page as a picture of 300 dots an inch; raises PrinterOff or PdfUnreadable."""
    painter = QPainter()
    device.setResolution(_DOTS_PER_INCH)
    device.setFullPage(True)
    for number, size in enumerate(page_sizes(pdf)):
        page = QPageSize(QSizeF(*size), QPageSize.Unit.Point)
        device.setPageLayout(
            QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
        )
        is_ready = painter.begin(device) if number == 0 else device.newPage()
        if not is_ready:
            painter.end()
            raise PrinterOff(name=name)
        drawn = page_picture(pdf, number, _DOTS_PER_INCH)
        image = QImage(
            drawn.pixels, drawn.width, drawn.height, drawn.stride, QImage.Format.Format_RGB32
        )
        painter.drawImage(QRectF(painter.viewport()), image)
    painter.end()
