"""Bugs of the kind that people make, each planted into a running till by replacing one function.

Every bug names the harness that must catch it: `kill`, `power` or both.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.proofs import mistakes, office_mistakes


@dataclass(frozen=True, slots=True)
class Bug:
    """What somebody got wrong, how to plant it, what catches it, and what must be said then.

    `says` is a pattern that the first faults must match: caught for another reason is not caught.
    `ways` are the ways to kill that show it soonest.
    """

    sentence: str
    plant: Callable[[], None]
    caught_by: tuple[str, ...]
    says: str
    ways: tuple[str, ...] = ()


KILL, POWER, BOTH = ("kill",), ("power",), ("kill", "power")
BUGS = {
    bug.sentence: bug
    for bug in (
        Bug(
            "paid is shown before the commit",
            mistakes.commit_waits_for_the_next_transaction,
            KILL,
            "gone|came back",
        ),
        Bug(
            "the number is taken outside the transaction",
            mistakes.number_is_taken_outside,
            KILL,
            "gaps",
        ),
        Bug("the number is cached and not rolled back", mistakes.number_is_cached, KILL, "gaps"),
        Bug(
            "stock moves twice on retry",
            mistakes.stock_moves_again_at_a_retry,
            KILL,
            "the stock are|movement",
        ),
        Bug(
            "a retry doubles the sale",
            mistakes.retry_gets_a_new_id,
            KILL,
            "one cart became|nobody rang it up",
        ),
        Bug(
            "the cart is saved late",
            mistakes.cart_is_saved_after_it_is_shown,
            KILL,
            "the cart on the screen was",
        ),
        Bug(
            "the cart is not cleared by the sale",
            mistakes.cart_stays_after_the_sale,
            KILL,
            "the cart on the screen was None",
        ),
        Bug(
            "the cart is not brought back",
            mistakes.cart_is_not_brought_back,
            KILL,
            "was None, and {",
        ),
        Bug(
            "the cart is cleared before the sale",
            mistakes.cart_is_cleared_before_the_sale,
            KILL,
            "and None came back",
            ("gesture", "between"),
        ),
        Bug(
            "the journal is a second transaction",
            mistakes.journal_is_a_second_transaction,
            BOTH,
            "the journal does not tell|the journal tells of|told it last|the journal ends at",
        ),
        Bug(
            "each statement is its own transaction",
            mistakes.every_statement_is_its_own_transaction,
            BOTH,
            "verify|gaps",
        ),
        Bug(
            "a failed commit is swallowed",
            mistakes.failed_commit_is_swallowed,
            KILL,
            "gone|came back",
        ),
        Bug(
            "the receipt is spooled after the sale",
            mistakes.receipt_is_spooled_after_the_sale,
            KILL,
            "neither on paper",
        ),
        Bug(
            "the receipt leaves the spool too early",
            mistakes.receipt_leaves_the_spool_before_it_is_printed,
            KILL,
            "neither on paper",
            ("between", "statement"),
        ),
        Bug(
            "a doubtful receipt prints again by itself",
            mistakes.doubtful_receipt_prints_again_by_itself,
            KILL,
            "is on paper 2 times",
            ("between", "statement"),
        ),
        Bug(
            "a parked sale is taken before it is back",
            mistakes.parked_sale_is_taken_before_it_is_back,
            KILL,
            "parked",
            ("between",),
        ),
        Bug(
            "a void is not unique",
            office_mistakes.void_is_not_unique,
            KILL,
            "was voided twice|was undone by|sales_by_voided is missing",
            ("told",),
        ),
        Bug(
            "a void moves stock twice on retry",
            office_mistakes.void_moves_stock_again_at_a_retry,
            KILL,
            "the stock are|movement",
            ("told",),
        ),
        Bug(
            "a return ignores earlier returns",
            office_mistakes.return_ignores_earlier_returns,
            KILL,
            "gives back",
            ("told",),
        ),
        Bug(
            "a shift is closed in two transactions",
            office_mistakes.shift_is_closed_in_two_transactions,
            KILL,
            "the Z reports have gaps",
            ("between", "gesture"),
        ),
        Bug(
            "Z numbers are counted in memory",
            office_mistakes.z_number_is_counted_in_memory,
            KILL,
            "the Z reports have gaps|Z report",
            ("told",),
        ),
        Bug(
            "stored value moves after the sale",
            office_mistakes.stored_value_moves_after_the_sale,
            KILL,
            "gift.card|stored|balance|card",
            ("between", "told"),
        ),
        Bug(
            "a delivery note moves stock in a transaction of its own",
            office_mistakes.delivery_note_moves_stock_in_a_transaction_of_its_own,
            KILL,
            "movement|stock",
            ("between", "told"),
        ),
        Bug(
            "stale documents are written",
            office_mistakes.stale_documents_are_written,
            KILL,
            "delivered twice|invoiced twice|ordered twice",
            ("told",),
        ),
        Bug(
            "document lists are written later",
            office_mistakes.document_lists_are_written_later,
            KILL,
            "list",
            ("told",),
        ),
        Bug(
            "a delivery is booked twice",
            office_mistakes.delivery_is_booked_twice,
            KILL,
            "a delivery was booked twice",
            ("told",),
        ),
        Bug(
            "a count is applied twice",
            office_mistakes.count_is_applied_twice,
            KILL,
            "a count was applied twice",
            ("told",),
        ),
        Bug(
            "a split is two transactions",
            office_mistakes.split_is_two_transactions,
            KILL,
            "parked were|the cart on the screen was|was not moved by",
            ("between", "statement"),
        ),
        Bug(
            "the write-ahead log is deleted at start",
            mistakes.log_is_deleted_at_start,
            KILL,
            "gone|came back",
        ),
        Bug(
            "synchronous is NORMAL",
            mistakes.with_pragma("PRAGMA synchronous = NORMAL"),
            POWER,
            "gone|came back",
        ),
        Bug(
            "synchronous is OFF",
            mistakes.with_pragma("PRAGMA synchronous = OFF"),
            POWER,
            "gone|came back|does not open|verify",
        ),
        Bug("the key is not synced", mistakes.key_is_not_synced, POWER, "signing key"),
        Bug(
            "a store is made under its own name",
            mistakes.store_is_made_under_its_own_name,
            POWER,
            "does not open",
        ),
    )
}
