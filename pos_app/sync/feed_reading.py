"""Reading a sales data feed over the wire, however long and large it is."""

from dataclasses import dataclass, replace

from pos_app.domain.errors import PosError
from pos_app.domain.sales_feed import FeedDocument
from pos_app.sync.addresses import read_address
from pos_app.sync.dialect import Credentials, NoGoodAnswer
from pos_app.sync.dialects.data_feed import DataFeed
from pos_app.sync.foreign_calls import ForeignCalls
from pos_app.sync.transport import Answer, Request, Transport

FEED_TIMEOUT_S = 600.0  # everything a company ever sold, written before the first byte comes
FEED_BYTES = 1024 * 1024 * 1024


class FeedNotRead(PosError):
    """A feed that was not given, or an answer that is none."""

    sentence = "{url} gave no feed. {reason}"


@dataclass(frozen=True, slots=True)
class _Patient:
    """Waits as long as a feed takes."""

    transport: Transport

    def send(self, request: Request, timeout_s: float) -> Answer:
        """Send a request with more time than any other gets."""
        return self.transport.send(request, max(timeout_s, FEED_TIMEOUT_S))


def read_feed(transport: Transport, credentials: Credentials) -> list[FeedDocument]:
    """Return every document of a feed.

    Raises NotAnAddress, AddressNotSafe, Unreachable, NoAnswer, NotOurWire or FeedNotRead.
    """
    dialect = DataFeed()
    where = replace(credentials, url=read_address(credentials.url))
    calls = ForeignCalls(dialect, _Patient(transport), where)
    try:
        return calls.walk(dialect.sales())
    except NoGoodAnswer as failure:
        raise FeedNotRead(url=where.url, reason=failure.verdict.reason) from failure
