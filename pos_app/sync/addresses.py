"""Addresses of head offices: how they are written, and where a plain one may lead.

Without encryption a request may only stay on this machine or in the shop's own network: loopback,
private (RFC 1918, RFC 4193) and link-local addresses.
"""

import ipaddress
from urllib.parse import urlsplit

from pos_app.sync.transport import AddressNotSafe, NotAnAddress

_OWN_ENDINGS = (".local", ".lan", ".internal", ".home.arpa")


def read_address(text: str) -> str:
    """Return an address as it is kept: `https://host[:port][/path]`, nothing behind it.

    A name alone gets https. Raises NotAnAddress, or AddressNotSafe for a plain one that leads out
    of the shop's own network.
    """
    typed = text.strip()
    whole = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(whole)
        host, port = parts.hostname, parts.port
    except ValueError as failure:
        raise NotAnAddress(text=typed) from failure
    is_strange = bool(parts.username or parts.query or parts.fragment) or not _is_host(host or "")
    if parts.scheme.lower() not in {"http", "https"} or is_strange or port == 0:
        raise NotAnAddress(text=typed)
    scheme = parts.scheme.lower()
    if scheme == "http" and not may_be_own(host or ""):
        raise AddressNotSafe(url=typed)
    place = f"[{host}]" if ":" in (host or "") else host
    port_part = f":{port}" if port is not None else ""
    return f"{scheme}://{place}{port_part}{parts.path.rstrip('/')}"


def may_be_own(host: str) -> bool:
    """Whether a host can be in the shop's own network; a name still has to prove it."""
    try:
        return is_own(host)
    except ValueError:
        return "." not in host or host.lower().endswith(_OWN_ENDINGS)


def is_own(address: str) -> bool:
    """Whether a network address is this machine's or the shop's own; raises ValueError."""
    place = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(place, ipaddress.IPv6Address) and place.ipv4_mapped is not None:
        place = place.ipv4_mapped
    return place.is_loopback or place.is_private or place.is_link_local


def _is_host(host: str) -> bool:
    if not host or len(host) > 253 or not host.isprintable() or host.startswith((".", "-")):
        return False
    return not any(sign.isspace() or sign in "\\<>\"'`{}|^%@," for sign in host)
