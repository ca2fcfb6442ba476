"""Asks every address beside this machine whether a printer listens there."""

import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from ipaddress import IPv4Network, ip_address

from pos_app.domain.shop import PrinterKind
from pos_app.printing.discovery import Found
from pos_app.printing.targets import RAW_PORT

_WAIT_S = 0.4  # On a local network an answer takes a few milliseconds.
_AT_ONCE = 64
# Where print servers listen besides: more raw ports, LPD, IPP.
OTHER_PORTS = (9100, 9101, 9102, 515, 631)


def neighbours() -> list[str]:
    """Return the 253 other addresses of this machine's /24 network; none without a network.

    A shop's network is that small; the size itself cannot be asked for on every system.
    """
    own = _own_address()
    if own is None or not ip_address(own).is_private:
        return []
    network = IPv4Network(f"{own}/24", strict=False)
    return [str(host) for host in network.hosts() if str(host) != own]


def scan(
    hosts: Sequence[str],
    port: int = RAW_PORT,
    *,
    report: Callable[[int, int], None] = lambda _done, _total: None,
    stop_if_cancelled: Callable[[], None] = lambda: None,
) -> list[Found]:
    """Return who listens at `port`; `report(done, total)` after each address.

    `stop_if_cancelled` may leave by an exception, which passes.
    """
    found: list[Found] = []
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="port scan") as pool:
        asked = {pool.submit(listens, host, port): host for host in hosts}
        try:
            for done, answer in enumerate(as_completed(asked), 1):
                stop_if_cancelled()
                if answer.result():
                    host = asked[answer]
                    found.append(Found(PrinterKind.NETWORK, f"{host}:{port}", host))
                report(done, len(hosts))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return sorted(found, key=lambda one: [part.zfill(5) for part in one.target.split(".")])


def listens(host: str, port: int, wait_s: float = _WAIT_S) -> bool:
    """Tell whether anybody takes a connection there."""
    try:
        with socket.create_connection((host, port), wait_s):
            return True
    except OSError:
        return False


def open_ports(host: str, without: int) -> Iterator[int]:
    """Yield the ports at which a host listens for print jobs, but not `without`."""
    return (port for port in OTHER_PORTS if port != without and listens(host, port))


def _own_address() -> str | None:
    """The address this machine uses; choosing one sends nothing (UDP has no handshake)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))  # RFC 5737: an address that is nobody's
            own: str = asking.getsockname()[0]
        except OSError:
            return None
        return own
