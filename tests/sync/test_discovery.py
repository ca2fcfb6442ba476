"""Head offices find each other in the shop's network, here on loopback alone."""

import os

import pytest
from zeroconf import EventLoopBlocked, Zeroconf

from pos_app.sync.discovery import SERVICE, Found, _offices, announce, find

LOOPBACK = ["127.0.0.1"]
# Another run beside this one may announce a head office of its own on the same loopback.
COMPANY = f"Harbour Shops {os.getpid()}"


def found_of_ours(timeout_s: float) -> list[Found]:
    return [one for one in find(timeout_s, interfaces=LOOPBACK) if one.company == COMPANY]


def test_a_head_office_that_announces_itself_is_found_and_gone_when_it_closes() -> None:
    with_name = announce(8700, COMPANY, interfaces=LOOPBACK)
    try:
        found: list[Found] = []
        for _ in range(20):  # an answer may wait for others to go with
            found = found_of_ours(1.2)
            if found:
                break
        assert found == [Found(COMPANY, "http://127.0.0.1:8700")]
    finally:
        with_name.close()
    assert found_of_ours(1.2) == []


def test_a_network_that_gives_no_name_is_no_reason_to_fail_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object, **__: object) -> None:
        raise EventLoopBlocked()

    monkeypatch.setattr(Zeroconf, "register_service", never)
    with pytest.raises(OSError, match="no announcement"):
        announce(8700, COMPANY, interfaces=LOOPBACK)


def test_nothing_is_found_where_there_is_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(_interfaces: object) -> object:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr("pos_app.sync.discovery._network", no_network)
    assert find(0.1) == []


@pytest.mark.parametrize(
    ("told", "addresses", "urls"),
    [
        ({"company": "A", "url": "https://a.example.com"}, ["10.0.0.7"], ["https://a.example.com"]),
        ({"company": "A"}, ["10.0.0.7"], ["http://10.0.0.7:8700"]),
        ({"company": "A"}, ["8.8.8.8"], []),
        ({"company": "A", "url": "http://8.8.8.8"}, ["10.0.0.7"], []),
        ({"company": "A", "url": "javascript:x"}, ["10.0.0.7"], []),
        ({"company": "A\x1b[31m\n"}, ["10.0.0.7"], ["http://10.0.0.7:8700"]),
        ({}, ["10.0.0.7"], ["http://10.0.0.7:8700"]),
    ],
)
def test_what_a_stranger_announces_is_only_an_address_that_may_be_tried(
    told: dict[str, str], addresses: list[str], urls: list[str]
) -> None:
    from zeroconf import ServiceInfo

    info = ServiceInfo(
        SERVICE, f"x.{SERVICE}", port=8700, properties=dict(told), parsed_addresses=addresses
    )
    found = _offices(info)
    assert [one.url for one in found] == urls
    assert all(one.company.isprintable() and one.company for one in found)
