"""Every mistake with its name and what must be said when it is caught."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.proofs.sync_world import mistakes, office_mistakes
from tests.proofs.sync_world.chance import replaced
from tests.proofs.sync_world.mistakes import Replacement


@dataclass(frozen=True, slots=True)
class Bug:
    """What somebody got wrong, and a pattern that the first faults must match."""

    sentence: str
    mistake: Callable[[], Iterator[Replacement]]
    says: str


BACKLOG, MISSING = "still has", "missing"
BUGS = {
    bug.sentence: bug
    for bug in (
        Bug(
            "acknowledged before the commit",
            office_mistakes.acknowledged_before_the_commit,
            MISSING,
        ),
        Bug("no idempotency", office_mistakes.what_is_known_is_stored_again, "is there 2 times"),
        Bug("the cursor moves before the push", mistakes.cursor_moves_before_the_push, MISSING),
        Bug("a lost answer counts as yes", mistakes.lost_answer_counts_as_yes, MISSING),
        Bug("a refused push is skipped", mistakes.refused_push_is_skipped, MISSING),
        Bug(
            "a batch stops at a damaged entry",
            office_mistakes.batch_stops_at_a_damaged_entry,
            f"{BACKLOG}|{MISSING}",
        ),
        Bug(
            "judging stops at a bad entry",
            office_mistakes.judging_stops_at_a_bad_entry,
            "neither in the books|stock of",
        ),
        Bug("a fork is merged silently", office_mistakes.fork_is_merged_silently, MISSING),
        Bug("hashes are not checked", office_mistakes.hashes_are_not_checked, "not what the till"),
        Bug(
            "the judged number is a second transaction",
            office_mistakes.judged_number_is_a_second_transaction,
            "stock of|for no reason|movements sum|in the books",
        ),
        Bug("forks are not judged", office_mistakes.forks_are_not_judged, "is judged up to"),
        Bug("numbers are not compared", office_mistakes.numbers_are_not_compared, "in the books"),
        Bug(
            "the pull cursor is kept before the rows",
            mistakes.pull_cursor_is_kept_before_the_rows,
            "differs|is at",
        ),
        Bug(
            "a page ends inside a revision",
            office_mistakes.page_ends_inside_a_revision,
            "differs|is at",
        ),
        Bug("the base is not looked at", office_mistakes.base_is_not_looked_at, "lost silently"),
        Bug(
            "a balance is the last writer's",
            office_mistakes.balance_is_the_last_writers,
            "movements sum",
        ),
        Bug(
            "losing values are dropped", office_mistakes.losing_values_are_dropped, "lost silently"
        ),
        Bug("a new key is told to nobody", mistakes.new_key_is_told_to_nobody, BACKLOG),
        Bug(
            "a forked till goes on in its epoch",
            mistakes.forked_till_goes_on_in_its_epoch,
            f"the proof says|{BACKLOG}",
        ),
        Bug(
            "a used token shuts the till out",
            office_mistakes.used_token_shuts_the_till_out,
            BACKLOG,
        ),
        Bug("only the newest key counts", office_mistakes.only_the_newest_key_counts, BACKLOG),
        Bug("Retry-After is taken for hours", mistakes.retry_after_is_taken_for_hours, BACKLOG),
        Bug("the clock is never corrected", mistakes.clock_is_never_corrected, BACKLOG),
        Bug("one batch a poll", mistakes.one_batch_a_poll, BACKLOG),
        Bug(
            "news are trusted to come", mistakes.news_are_trusted_to_come, "by itself|differs|proof"
        ),
        Bug(
            "stock of a void counts twice", office_mistakes.stock_of_a_void_counts_twice, "stock of"
        ),
        Bug(
            "heads are of the first branch",
            office_mistakes.heads_are_of_the_first_branch,
            "the proof says",
        ),
    )
}


@contextmanager
def planted(bug: Bug) -> Iterator[None]:
    """Let a mistake be in the program as long as this lasts."""
    with ExitStack() as stack:
        for owner, name, by in list(bug.mistake()):
            stack.enter_context(replaced(owner, name, by))
        yield
