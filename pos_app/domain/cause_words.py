"""What may explain a difference of the drawer, in sentences with their figures left open."""

from pos_app.domain.difference import Cause, CauseKind
from pos_app.domain.words import Later, later

_WORDS = {
    CauseKind.FOREIGN_CHANGE: later(
        "Change on {other} may have been given as if it were worth as much in our money."
    ),
    CauseKind.FOREIGN_COUNTED_AS_OWN: later(
        "Notes of {other} may have been counted among our own money."
    ),
    CauseKind.OPENING_MISCOUNTED: later(
        "The opening count differed by {amount} the other way: the float was probably miscounted."
    ),
    CauseKind.CARD_RUNG_AS_CASH: later(
        "A payment of {amount} by card may have been rung up as cash."
    ),
    CauseKind.CASH_RUNG_AS_CARD: later(
        "A payment of {amount} in cash may have been rung up as card."
    ),
    CauseKind.MOVEMENT_NOT_MADE: later(
        "The {amount} for “{reason}” stands in the books, but the cash may not have moved."
    ),
    CauseKind.MOVEMENT_MADE_TWICE: later(
        "The {amount} for “{reason}” may have moved twice and was booked once."
    ),
    CauseKind.REFUND_NOT_GIVEN: later("A refund of {amount} may not have been handed out."),
    CauseKind.WRONG_NOTE: later(
        "A note of {other} may have been taken for {amount} when change was given."
    ),
    CauseKind.BUNDLE_MISCOUNTED: later(
        "A bundle of {pieces} notes of {amount} may have been miscounted."
    ),
    CauseKind.ROLL_MISCOUNTED: later(
        "A roll of {pieces} coins of {amount} may have been miscounted."
    ),
    CauseKind.PIECE_MISCOUNTED: later(
        "A single {amount} may have been miscounted or lie elsewhere."
    ),
    CauseKind.PAY_OUT_MISSING: later("{amount} may have been taken out without being booked."),
    CauseKind.PAY_IN_MISSING: later("{amount} may have been put in without being booked."),
    CauseKind.SMALL_CHANGE: later("Coins may have gone astray when change was given."),
}


def cause_words(cause: Cause) -> Later:
    """Return the sentence, with `{amount}` (its size), `{other}`, `{pieces}` and `{reason}`."""
    if cause.kind is CauseKind.DIGITS_SWAPPED:
        return _swapped_sentence(cause)
    if cause.kind is CauseKind.PAY_OUT_MISSING and cause.reason:
        return later(
            "{amount} was paid out before for “{reason}”. Was it paid again and not booked?"
        )
    return _WORDS[cause.kind]


def _swapped_sentence(cause: Cause) -> Later:
    if cause.pieces:
        return later("Two digits may be swapped in the count of {amount}: {pieces} was entered.")
    if cause.receipts:
        return later(
            "Two digits may be swapped: {amount} was entered where {other} was handed over."
        )
    return later(
        "Two digits may be swapped: {amount} was booked for “{reason}” instead of {other}."
    )
