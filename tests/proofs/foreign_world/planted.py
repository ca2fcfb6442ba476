"""Mistakes that people make with foreign servers, each planted by replacing one function."""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from pos_app.store.foreign import Attempt, ForeignWriter
from pos_app.sync import foreign_telling
from pos_app.sync.dialect import Ask, Done, NoGoodAnswer, Reply, SignInNeeded, Step, Unclear
from pos_app.sync.dialects import data_feed, retail_sale, sales_api_replies
from pos_app.sync.dialects.erp import ErpApi
from pos_app.sync.foreign_queue import Place
from pos_app.sync.foreign_status import Turn
from pos_app.sync.foreign_telling import ForeignTelling
from tests.proofs.sync_world.chance import replaced

Replacement = tuple[Any, str, Any]


@dataclass(frozen=True, slots=True)
class Bug:
    """What somebody got wrong, where it shows, and a pattern that the faults must match."""

    sentence: str
    api: str
    mistake: Callable[[], Iterator[Replacement]]
    says: str


def nothing_is_written_down_before_it_leaves() -> Iterator[Replacement]:
    """A till that dies over a request knows nothing of it afterwards."""
    yield ForeignWriter, "begin_attempt", lambda *_: None


def look_up_is_skipped() -> Iterator[Replacement]:
    """What may have arrived is sent again without a look."""
    yield ForeignTelling, "_settle", _send_anyway


def _send_anyway(telling: ForeignTelling, place: Place, step: Step, _attempt: Attempt) -> Turn:
    return telling._send(place, step)


def only_the_first_page_is_read() -> Iterator[Replacement]:
    """A look-up believes that a list is one page."""

    def first(path: str) -> Generator[Ask, Reply, list[dict[str, Any]]]:
        reply = yield Ask("GET", path, (("page", "1"), ("size", "100")))
        items: list[dict[str, Any]] = sales_api_replies._page_of(reply)["items"]
        return items

    yield sales_api_replies, "_every", first


def nobody_waits_for_a_slow_server() -> Iterator[Replacement]:
    """The look-up comes at once, and the request after it."""
    yield foreign_telling, "SETTLE_S", 0.0


def no_key_counts_as_done() -> Iterator[Replacement]:
    """An answer of 401 is taken for an answer."""
    real = retail_sale.judge_create

    def judge(reply: Reply, known: Any) -> Any:
        return Done({}) if reply.status == 401 else real(reply, known)

    yield retail_sale, "judge_create", judge


def any_page_counts_as_done() -> Iterator[Replacement]:
    """The status alone says that it is done, whoever's page it is."""
    real = retail_sale.judge_create

    def judge(reply: Reply, known: Any) -> Any:
        return Done({}) if reply.status == 200 else real(reply, known)

    yield retail_sale, "judge_create", judge


def what_nobody_can_look_up_is_sent_again() -> Iterator[Replacement]:
    """Where the API has no look-up, the sale is simply sent once more."""

    def again(telling: ForeignTelling, _place: Place, step: Step, reason: str) -> Turn:
        telling._let_attempt_go(step)
        raise NoGoodAnswer(Unclear(reason))

    yield ForeignTelling, "_doubtful", again


def a_fault_of_the_server_is_a_refusal_of_the_sale() -> Iterator[Replacement]:
    """Where the key is over, the thing itself is parked for a person."""

    def parked(telling: ForeignTelling, place: Place, step: Step, verdict: Any, **_: Any) -> Turn:
        return telling._doubtful(place, step, verdict.reason)

    yield ForeignTelling, "_unclear", parked


def no_token_is_got_again() -> Iterator[Replacement]:
    """The sign-in of the morning is to last for ever, and 401 is done for good."""

    def token(_api: ErpApi, reply: Reply) -> str:
        if reply.status != 200:
            raise NoGoodAnswer(SignInNeeded("no"))
        return "the token of yesterday"

    yield ErpApi, "token", token


def no_feed_is_an_empty_feed() -> Iterator[Replacement]:
    """Where nothing can be read, nothing was sold."""
    real = data_feed.documents_of

    def documents_of(reply: Reply) -> Any:
        try:
            return real(reply)
        except NoGoodAnswer:
            return []

    yield data_feed, "documents_of", documents_of


BUGS = {
    bug.sentence: bug
    for bug in (
        Bug("nothing is written down before it leaves", "retail",
            nothing_is_written_down_before_it_leaves, "doubled"),
        Bug("the look-up is skipped", "retail", look_up_is_skipped, "doubled"),
        Bug("the look-up is skipped at the ERP", "erp", look_up_is_skipped,
            "doubled|lost|invented"),
        Bug("only the first page is read", "sales", only_the_first_page_is_read,
            "doubled|invented"),
        Bug("nobody waits for a slow server", "retail", nobody_waits_for_a_slow_server, "doubled"),
        Bug("401 counts as done", "retail", no_key_counts_as_done, "lost"),
        Bug("any page counts as done", "retail", any_page_counts_as_done, "lost"),
        Bug("what nobody can look up is sent again", "xtrakit",
            what_nobody_can_look_up_is_sent_again, "doubled|does not wait"),
        Bug("a fault of the server parks the sale", "retail",
            a_fault_of_the_server_is_a_refusal_of_the_sale, "it can be known"),
        Bug("no token is got again", "erp", no_token_is_got_again, "no rest|no end|lost"),
        Bug("no feed is an empty feed", "feed", no_feed_is_an_empty_feed, "instead of"),
    )
}  # fmt: skip


@contextmanager
def planted(bug: Bug) -> Iterator[None]:
    """Let everything make a mistake as long as this lasts."""
    with ExitStack() as stack:
        for owner, name, by in bug.mistake():
            stack.enter_context(replaced(owner, name, by))
        yield
