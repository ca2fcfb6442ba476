"""The wire over HTTP against servers that misbehave, on real sockets."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pos_app.sync.http_transport import HttpTransport
from pos_app.sync.transport import (
    Aborted,
    AddressNotSafe,
    CertificateRefused,
    NoAnswer,
    Request,
    Unreachable,
)
from pos_app.sync.wire import NotOurWire
from tests.sync.raw_server import heard, http, raw_server, says

LIMIT_S = 30.0


@pytest.fixture
def transport() -> Iterator[HttpTransport]:
    made = HttpTransport(answer_bytes=100_000)
    yield made
    made.close()


def test_an_answer_comes_whole_with_its_status_and_headers_in_small_letters(
    transport: HttpTransport,
) -> None:
    with raw_server(says(http(b"hello", "503 Away", "Retry-After: 7", "X-Pos-Office: 1"))) as url:
        answer = transport.send(Request("GET", url, "/sync/v1/hello"), LIMIT_S)
    assert (answer.status, answer.body) == (503, b"hello")
    assert answer.headers["retry-after"] == "7"
    assert answer.headers["x-pos-office"] == "1"


def test_what_was_signed_is_what_is_sent(transport: HttpTransport) -> None:
    seen: list[bytes] = []

    def serve(line: socket.socket) -> None:
        seen.append(heard(line))
        line.sendall(http(b"ok"))

    request = Request("POST", "", "/sync/v1/wait?since=7", {"X-Pos-At": "now"}, b"\x1f\x8bbody")
    with raw_server(serve) as url:
        sent = Request(request.method, url, request.target, request.headers, request.body)
        transport.send(sent, LIMIT_S)
    head, _, body = seen[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /sync/v1/wait?since=7 HTTP/1.1\r\n")
    assert b"x-pos-at: now" in head.lower()
    assert body == request.body


def test_one_connection_is_kept_for_many_requests(transport: HttpTransport) -> None:
    count = []

    def serve(line: socket.socket) -> None:
        count.append(line)
        says(http(b"ok"))(line)

    with raw_server(serve) as url:
        for _ in range(5):
            transport.send(Request("GET", url, "/"), LIMIT_S)
    assert len(count) == 1


def test_a_connection_that_the_server_let_go_is_made_anew(transport: HttpTransport) -> None:
    def serve(line: socket.socket) -> None:
        heard(line)
        line.sendall(http(b"ok"))
        line.close()

    with raw_server(serve) as url:
        for _ in range(3):
            deadline = time.monotonic() + LIMIT_S
            while True:
                try:
                    answer = transport.send(Request("GET", url, "/"), LIMIT_S)
                    break
                except NoAnswer:  # the engine would ask again, too
                    assert time.monotonic() < deadline
            assert answer.body == b"ok"


def test_a_redirect_is_an_answer_and_is_not_followed(transport: HttpTransport) -> None:
    with raw_server(says(http(b"", "302 Found", "Location: http://127.0.0.1:1/"))) as url:
        assert transport.send(Request("GET", url, "/"), LIMIT_S).status == 302


def test_nobody_there_means_that_nothing_was_sent(transport: HttpTransport) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Unreachable) as refusal:
        transport.send(Request("GET", f"http://127.0.0.1:{port}", "/"), LIMIT_S)
    assert not isinstance(refusal.value, NoAnswer)


def cut_in_the_middle(line: socket.socket) -> None:
    heard(line)
    line.sendall(http(b"x" * 50)[:-20])
    line.close()


def hang_up(line: socket.socket) -> None:
    heard(line)
    line.close()


def no_http(line: socket.socket) -> None:
    heard(line)
    line.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")
    line.close()


def silence(line: socket.socket) -> None:
    heard(line)
    line.recv(1)


def drip(line: socket.socket) -> None:
    heard(line)
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        line.sendall(b"x")
        time.sleep(0.02)


@pytest.mark.parametrize("serve", [cut_in_the_middle, hang_up, no_http, silence, drip])
def test_whatever_ends_a_request_in_the_middle_leaves_open_what_became_of_it(
    transport: HttpTransport, serve: object
) -> None:
    with raw_server(serve) as url, pytest.raises(NoAnswer) as refusal:  # type: ignore[arg-type]
        transport.send(Request("POST", url, "/", {}, b"body"), 0.3)
    assert url in str(refusal.value)


BOMB = gzip.compress(b"0" * 5_000_000)


@pytest.mark.parametrize(
    "answer",
    [
        http(b"x" * 200_000),
        http(BOMB, "200 OK", "Content-Encoding: gzip"),
        http(b"not gzip", "200 OK", "Content-Encoding: gzip"),
        http(gzip.compress(b"whole")[:-6], "200 OK", "Content-Encoding: gzip"),
    ],
    ids=["too large", "a bomb", "no gzip", "half of it"],
)
def test_an_answer_beyond_measure_is_refused(transport: HttpTransport, answer: bytes) -> None:
    with raw_server(says(answer)) as url, pytest.raises(NotOurWire):
        transport.send(Request("GET", url, "/"), LIMIT_S)


def test_a_compressed_answer_is_opened(transport: HttpTransport) -> None:
    body = http(gzip.compress(b"hello" * 99), "200 OK", "Content-Encoding: gzip")
    with raw_server(says(body)) as url:
        assert transport.send(Request("GET", url, "/"), LIMIT_S).body == b"hello" * 99


def test_a_plain_address_that_leads_out_of_the_shop_gets_nothing(
    transport: HttpTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_app.sync.http_transport.is_own", lambda _address: False)
    seen: list[bytes] = []
    with (
        raw_server(lambda line: seen.append(line.recv(10))) as url,
        pytest.raises(AddressNotSafe),
    ):
        transport.send(Request("GET", url, "/"), LIMIT_S)
    assert not any(seen)


def test_abort_ends_a_request_that_waits_for_ever(transport: HttpTransport) -> None:
    waiting, ended = threading.Event(), threading.Event()

    def serve(line: socket.socket) -> None:
        heard(line)
        waiting.set()
        line.recv(1)

    def ask(url: str) -> None:
        with pytest.raises(Aborted):
            transport.send(Request("GET", url, "/"), 600)
        ended.set()

    with raw_server(serve) as url:
        threading.Thread(target=ask, args=(url,), daemon=True).start()
        assert waiting.wait(LIMIT_S)
        transport.abort()
        assert ended.wait(LIMIT_S)
        with pytest.raises(Aborted):
            transport.send(Request("GET", url, "/"), 600)


def certificate(folder: Path, *, is_over: bool = False) -> Path:
    """A certificate of loopback's that signs itself, with its key behind it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    end = now + timedelta(days=-1 if is_over else 1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(end)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, form, plain)
    )
    return path


def over_tls(path: Path) -> object:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)

    def serve(line: socket.socket) -> None:
        with context.wrap_socket(line, server_side=True) as safe:
            if heard(safe):
                safe.sendall(http(b"secret"))
                safe.recv(1)

    return serve


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("is_over", [True, False])
def test_a_certificate_is_checked_before_anything_is_sent(
    tmp_path: Path, is_known: bool, is_over: bool
) -> None:
    path = certificate(tmp_path, is_over=is_over)
    trusted = ssl.create_default_context(cafile=str(path) if is_known else None)
    transport = HttpTransport(verify=trusted)
    with raw_server(over_tls(path)) as plain:  # type: ignore[arg-type]
        request = Request("GET", plain.replace("http:", "https:"), "/")
        if is_known and not is_over:
            assert transport.send(request, LIMIT_S).body == b"secret"
        else:
            with pytest.raises(CertificateRefused) as refusal:
                transport.send(request, LIMIT_S)
            assert "certificate" in str(refusal.value)
    transport.close()


def test_abort_ends_a_request_over_tls_too(tmp_path: Path) -> None:
    path = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    waiting, ended = threading.Event(), threading.Event()

    def serve(line: socket.socket) -> None:
        with context.wrap_socket(line, server_side=True) as safe:
            heard(safe)
            waiting.set()
            safe.recv(1)

    transport = HttpTransport(verify=ssl.create_default_context(cafile=str(path)))

    def ask(url: str) -> None:
        with pytest.raises(Aborted):
            transport.send(Request("GET", url, "/"), 600)
        ended.set()

    with raw_server(serve) as plain:
        url = plain.replace("http:", "https:")
        threading.Thread(target=ask, args=(url,), daemon=True).start()
        assert waiting.wait(LIMIT_S)
        transport.abort()
        assert ended.wait(LIMIT_S)
    transport.close()
