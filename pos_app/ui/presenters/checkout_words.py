"""The fixed words of the checkout screen: function keys, reasons, chips and its own refusals."""

from functools import lru_cache

from pos_app.domain.errors import PosError
from pos_app.texts import later, t
from pos_app.ui.views import ChipView, FKey, NoticeAction, Tone

# Quick reasons for a discount, in the source language; they are stored as they stand here.
REASONS: tuple[str, ...] = (
    later("Damaged"),
    later("Short date"),
    later("Staff"),
    later("Regular customer"),
    later("Price match"),
)


class NothingSelected(PosError):
    """A gesture on a line found no line."""

    sentence = "No line is selected. Touch the line first, or scan an item."


class NothingFound(PosError):
    """A search had no result."""

    sentence = "Nothing was found for {text}. Check the spelling, or scan the item."


class NoSuchCustomer(PosError):
    """A search for a customer had no result."""

    sentence = "No customer was found for {text}. Try another part of the name, or the number."


class NotACode(PosError):
    """Figures with a decimal point stand on the entry line, and Enter cannot know what for."""

    sentence = (
        "Press a key that says what {text} is: * for a quantity, F6 for a price, F12 for cash."
    )


class NothingParked(PosError):
    """There is no parked sale."""

    sentence = "No sale is parked. Press F7 to park the one on the screen."


class SaleOnScreen(PosError):
    """A parked sale would come on top of the one on the screen."""

    sentence = "Another sale is on the screen. Finish it or park it first, then recall."


class PaymentsTaken(PosError):
    """A sale with payments cannot be put aside."""

    sentence = "Payments were taken for this sale. Give them back first: touch each payment."


class NoLastSale(PosError):
    """Nothing has been sold yet."""

    sentence = "No sale has been finished yet, so there is no receipt to print again."


class QuantityStillOpen(PosError):
    """A pay key was pressed while several digits might be quantity or cash."""

    sentence = "The quantity is now {quantity}. Press the pay key again if that is right."


class NoOtherPrinter(PosError):
    """There is only the one printer."""

    sentence = "No other printer is set up. Add one in Settings, or press Retry."


def function_keys(parked: int) -> tuple[FKey, ...]:
    """Return the twelve keys; their places never change."""
    return _function_keys(parked, t("Cash"))


@lru_cache(maxsize=64)
def _function_keys(parked: int, _language: str) -> tuple[FKey, ...]:
    recall = t("Recall ({count})").format(count=parked) if parked else t("Recall")
    return (
        FKey("F1", t("Discount"), "percent"),
        FKey("F2", t("Sale −%"), "badge-percent"),
        FKey("F3", t("Note"), "sticky-note"),
        FKey("F4", t("Customer"), "user"),
        FKey("F5", t("Other"), "wallet"),
        FKey("F6", t("Price"), "tag"),
        FKey("F7", t("Park"), "pause"),
        FKey("F8", recall, "play", tone=Tone.WARNING if parked else Tone.PLAIN),
        FKey("F9", t("Reprint"), "receipt"),
        FKey("F10", t("Drawer"), "inbox"),
        FKey("F11", t("Card"), "credit-card"),
        FKey("F12", t("Cash"), "banknote"),
    )


def status_chips(
    sync: ChipView | None, printer_waits: int, staff: str, *, can_lock: bool = False
) -> tuple[ChipView, ...]:
    """Return the chips of the status strip: head office, printer, cashier.

    `sync` is None on a till of its own; it is called like the screen that it opens.
    """
    cashier = t("Cashier {name}").format(name=staff)
    hint = t("Touch it to change the cashier (Ctrl+L).") if can_lock else ""
    return (
        sync or _alone_chip(),
        _printer_chip(printer_waits),
        ChipView("staff", cashier, "user", hint=hint, is_button=can_lock, is_at_end=True),
    )


def _alone_chip() -> ChipView:
    hint = t("No head office is set up.")
    return ChipView("sync", t("This till only"), "database", hint=hint, is_button=True)


def _printer_chip(waiting: int) -> ChipView:
    if waiting:
        text = t("Printer: {count} waiting").format(count=waiting)
        return ChipView("printer", text, "printer-x", Tone.WARNING, t("The sales are safe."))
    return ChipView("printer", t("Printer ready"), "printer-check", Tone.SUCCESS)


def reasons() -> tuple[tuple[str, str], ...]:
    """Return the quick reasons: as they are stored, and in the language of the screen."""
    return tuple((reason, t(reason)) for reason in REASONS)


def undo_action() -> NoticeAction:
    """Return the button that takes the last removal back."""
    return NoticeAction("undo", t("Undo"), "undo-2")


def reason_actions() -> tuple[NoticeAction, ...]:
    """Return one button per quick reason."""
    return tuple(NoticeAction(reason, t(reason)) for reason in REASONS[:3])


def printer_actions() -> tuple[NoticeAction, ...]:
    """Return what can be done about a stuck printer."""
    return (
        NoticeAction("retry", t("Retry"), "refresh-cw"),
        NoticeAction("other", t("Other printer"), "printer"),
        NoticeAction("skip", t("Skip"), "x"),
    )


def printer_names(names: list[str]) -> tuple[NoticeAction, ...]:
    """Return one button per printer that could take the job over."""
    return tuple(NoticeAction(f"to:{name}", name, "printer") for name in names[:4])
