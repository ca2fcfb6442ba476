"""Why paper did not come: each refusal says what the cashier can do about it."""

from typing import ClassVar

from pos_app.domain.errors import PosError


class PrinterError(PosError):
    """A printer did not take a job; `may_have_printed` where bytes had already gone out."""

    sentence = "The printer {name} did not print. Check it, then choose Retry or Other printer."
    may_have_printed: ClassVar[bool] = False
    is_lasting: ClassVar[bool] = False


class PrinterOff(PrinterError):
    """Nobody answers at the printer's address."""

    sentence = (
        "The printer {name} does not answer. Switch it on and check its cable, then choose Retry."
    )


class PrinterUnknown(PrinterError):
    """The system knows no such printer, device or address."""

    sentence = "There is no printer at {target}. Check the printer {name} in the settings."
    is_lasting = True


class PaperOut(PrinterError):
    """The paper has run out."""

    sentence = "The printer {name} is out of paper. Put in a new roll, then choose Retry."


class CoverOpen(PrinterError):
    """The printer's cover is open."""

    sentence = "The cover of the printer {name} is open. Close it, then choose Retry."


class PrinterFault(PrinterError):
    """The printer reports an error of its own: cutter, head temperature, offline by its button."""

    sentence = "The printer {name} reports a fault. Switch it off and on again, then choose Retry."


class PrinterRefused(PrinterError):
    """The system keeps the printer from us: no permission, or another program holds it."""

    sentence = "The printer {name} cannot be opened: {reason}. Allow it, then choose Retry."


class PrintCutShort(PrinterError):
    """The connection broke while the job was going out; part of it may be on paper."""

    sentence = (
        "The connection to the printer {name} broke while it printed. "
        "Look at the paper: choose Retry for a whole receipt, or Skip if it is there."
    )
    may_have_printed = True


class PaperRanOut(PaperOut):
    """The paper ended while the job was printed."""

    sentence = (
        "The printer {name} ran out of paper while it printed. Put in a new roll and look at the "
        "paper: choose Retry for a whole receipt, or Skip if it is there."
    )
    may_have_printed = True


class ReceiptNotReady(PrinterError):
    """The receipt could not be made from the sale."""

    sentence = (
        "The receipt could not be made for the printer {name}: {reason}. "
        "The sale is safe. Check the printer's settings, then choose Retry."
    )
    is_lasting = True


class NoSuchProfile(PrinterError):
    """The printer's model is not one of python-escpos's profiles."""

    sentence = "The printer model {profile} is not known. Choose another in the settings."
    is_lasting = True


class NoSuchCodePage(PrinterError):
    """The printer's model has no such code page."""

    sentence = (
        "The printer model {profile} has no code page {code_page}. Choose another in the settings."
    )
    is_lasting = True


class BadPrinterName(PrinterError):
    """A printer's name is empty, too long, or holds control characters."""

    sentence = "{name!r} cannot be a printer's name. Use letters, digits and spaces, at most 60."
    is_lasting = True


class BadPrinterTarget(PrinterError):
    """A printer's address does not have the form of its kind."""

    sentence = "{target!r} is not {form}. Correct the printer {name} in the settings."
    is_lasting = True


class NoPrinter(PosError):
    """The shop has no printer for what is asked."""

    sentence = "No printer is set up for this. Add one in the settings."
