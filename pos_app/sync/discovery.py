"""Head offices of the shop's own network: announced and found by DNS-SD over multicast DNS.

RFC 6762 and RFC 6763. What is found is only an address to try: who is there proves itself to
nobody, and lets no till in without a code.
"""

import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.sync.addresses import read_address

if TYPE_CHECKING:
    from zeroconf import ServiceInfo, Zeroconf

SERVICE = "_pos-app._tcp.local."
NAME_BYTES = 63  # of a label (RFC 1035 2.3.4)
_INFO_MS = 1_500
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Found:
    """A head office in this network: whose, and its address."""

    company: str
    url: str


class Announcement:
    """A head office that lets itself be found; `close` ends that."""

    def __init__(self, network: "Zeroconf", info: "ServiceInfo") -> None:
        self._network = network
        self._info = info

    def close(self) -> None:
        """Say goodbye to the network."""
        with suppress(OSError):
            self._network.unregister_service(self._info)
        self._network.close()


def announce(
    port: int, company: str, *, url: str = "", interfaces: list[str] | None = None
) -> Announcement:
    """Let the tills of this network find the head office that listens at `port`.

    `url` is its address where it has a name with a certificate; `interfaces` are the addresses of
    this machine to announce at, by default all. Raises OSError where there is no network, or no
    name in it.
    """
    from zeroconf import Error, ServiceInfo  # noqa: PLC0415 - only where head office runs in a shop

    network = _network(interfaces)
    name = company.encode()[:NAME_BYTES].decode(errors="ignore").replace(".", " ").strip()
    info = ServiceInfo(
        SERVICE,
        f"{name or 'head office'}.{SERVICE}",
        port=port,
        properties={"company": company[:200], "url": url[:200]},
        parsed_addresses=interfaces or _own_addresses(),
    )
    try:
        network.register_service(info, allow_name_change=True)
    except Error as failure:  # no name was free in time, or the network answered nothing
        network.close()
        raise OSError(f"no announcement: {type(failure).__name__}") from failure
    except BaseException:
        network.close()
        raise
    return Announcement(network, info)


def find(timeout_s: float, *, interfaces: list[str] | None = None) -> list[Found]:
    """Return the head offices that answer within `timeout_s`, each address once, by company.

    Waits that long, so not in the thread of the screen. Nothing is found where there is no network.
    """
    from zeroconf import ServiceBrowser  # noqa: PLC0415 - only while a till looks for head office

    names: set[str] = set()
    with suppress(OSError):
        network = _network(interfaces)
        try:

            def on_change(name: str, **_: object) -> None:
                names.add(name)

            browser = ServiceBrowser(network, SERVICE, handlers=[on_change])
            threading.Event().wait(timeout_s)
            browser.cancel()
            infos = [network.get_service_info(SERVICE, name, _INFO_MS) for name in sorted(names)]
        finally:
            network.close()
        found = {one for info in infos if info is not None for one in _offices(info)}
        return sorted(found, key=lambda one: (one.company.casefold(), one.url))
    return []


def _offices(info: "ServiceInfo") -> list[Found]:
    """Return where an announced head office is; whatever is no address is left out."""
    told = {
        key.decode(errors="replace"): (value or b"").decode(errors="replace")
        for key, value in info.properties.items()
    }
    company = "".join(sign for sign in told.get("company", "") if sign.isprintable()).strip()
    hosts = [f"[{host}]" if ":" in host else host for host in info.parsed_addresses()]
    texts = [told["url"]] if told.get("url") else [f"http://{host}:{info.port}" for host in hosts]
    found = []
    for text in texts:
        with suppress(PosError):
            found.append(Found(company or text, read_address(text)))
    return found[:1] if told.get("url") else found


def _network(interfaces: list[str] | None) -> "Zeroconf":
    from zeroconf import InterfaceChoice, Zeroconf  # noqa: PLC0415 - as above

    return Zeroconf(interfaces=interfaces or InterfaceChoice.Default)


def _own_addresses() -> list[str]:
    """Return this machine's addresses in its networks."""
    import ifaddr  # noqa: PLC0415 - zeroconf brings it along

    addresses = [
        str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4
    ]
    return [one for one in addresses if not one.startswith("127.")] or [_LOOPBACK]
