"""A sales data feed read over a real wire: whole, or refused with a sentence."""

import socket
from contextlib import closing

import pytest

from pos_app.domain.sales_feed import FeedDocument
from pos_app.sync.dialect import Credentials
from pos_app.sync.feed_reading import FeedNotRead, read_feed
from pos_app.sync.http_transport import HttpTransport
from pos_app.sync.transport import AddressNotSafe, NoAnswer, NotAnAddress, Unreachable
from tests.sync.dialects.test_data_feed import SAMPLE
from tests.sync.raw_server import heard, http, raw_server, says


def read(url: str, key: str = "abc123") -> list[FeedDocument]:
    transport = HttpTransport()
    with closing(transport):
        return read_feed(transport, Credentials(url, key, company="c o", connection="7/8"))


def test_the_published_answer_comes_through_and_the_request_is_the_published_one():
    asked: list[bytes] = []

    def serve(line: socket.socket) -> None:
        asked.append(heard(line))
        line.sendall(http(SAMPLE.encode(), "200 OK"))

    with raw_server(serve) as url:
        (sale,) = read(f"{url}/office/")
    assert sale.reference == "070"
    first, *headers = asked[0].decode().split("\r\n")
    assert first == "GET /office/companies/c%20o/connections/7%2F8/data/sales HTTP/1.1"
    assert "Authorization: abc123" in headers


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<html>Sign in</html>", "200 OK"),
        (SAMPLE[:-3].encode(), "200 OK"),
        (b'{"results": 1}', "200 OK"),
        (b"", "200 OK"),
        (b"{}", "401 Unauthorized"),
        (b"{}", "404 Not Found"),
        (b"{}", "429 Too Many Requests"),
        (b"oops", "500 Internal Server Error"),
        (b"", "302 Found"),
    ],
)
def test_an_answer_that_is_no_feed_is_refused_with_a_sentence(body: bytes, status: str):
    with raw_server(says(http(body, status))) as url, pytest.raises(FeedNotRead) as refused:
        read(url)
    assert url in str(refused.value)
    assert "abc123" not in str(refused.value)


def test_a_feed_that_is_cut_on_its_way_is_no_answer():
    def serve(line: socket.socket) -> None:
        heard(line)
        line.sendall(http(SAMPLE.encode(), "200 OK")[:-40])
        line.shutdown(socket.SHUT_RDWR)

    with raw_server(serve) as url, pytest.raises(NoAnswer):
        read(url)


def test_an_address_that_cannot_be_is_refused_before_anything_is_sent():
    with pytest.raises(NotAnAddress):
        read("no address at all")
    with pytest.raises(AddressNotSafe):
        read("http://feed.example.com")
    with pytest.raises(Unreachable):
        read("http://127.0.0.1:1")
