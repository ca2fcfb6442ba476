"""Joining a head office and leaving it: what goes wrong is said, and leaves the till as it was."""

from dataclasses import replace

import pytest

from pos_app.domain.errors import PosError
from pos_app.store.store import Store
from pos_app.sync import answers, wire
from pos_app.sync.addresses import is_own, read_address
from pos_app.sync.enrolment import (
    AlreadyConnected,
    Invitation,
    NotAnInvitation,
    enrol,
    leave,
    read_invitation,
)
from pos_app.sync.remote import HEAD_OFFICE, remote_in
from pos_app.sync.transport import AddressNotSafe, Answer, NotAnAddress, Unreachable
from tests.store.shops import Counter
from tests.sync.office_stand_in import (
    URL,
    Clock,
    Fault,
    Office,
    good,
    is_away,
    is_lost,
    refusal,
)
from tests.sync.office_stand_in import answers as answers_with


def test_a_till_that_joined_knows_who_it_is_there(
    store: Store, office: Office, clock: Clock
) -> None:
    remote = enrol(store, f" {URL}/ ", f" {office.code} ", office, clock())
    assert remote == remote_in(store.remotes)
    assert (remote.url, remote.company, remote.shop) == (URL, "Harbour Shops", "main")
    assert (remote.till_id, remote.epoch) == ("till", 1)
    assert store.cursors.unsent(HEAD_OFFICE) == store.journal_seq


REFUSALS: dict[str, tuple[str, Fault, type[PosError]]] = {
    "nobody there": ("hello", is_away, Unreachable),
    "a sign-in page": ("hello", answers_with(Answer(200, {}, b"<html>")), answers.SignInPage),
    "another program": (
        "hello",
        answers_with(good(wire.Hello("shop system", (1,), "2026-01-01T00:00:00+00:00"))),
        answers.SignInPage,
    ),
    "no sense": ("hello", answers_with(Answer(200, {"x-pos-office": "1"}, b"{")), wire.NotOurWire),
    "another version": (
        "hello",
        answers_with(good(wire.Hello(answers.PRODUCT, (9,), "2026-01-01T00:00:00+00:00"))),
        answers.OtherVersion,
    ),
    "the code is wrong": ("enrol", answers_with(refusal(403, "code_wrong")), answers.CodeWrong),
    "the code was used": ("enrol", answers_with(refusal(403, "code_used")), answers.CodeUsed),
    "the code is old": ("enrol", answers_with(refusal(403, "code_expired")), answers.CodeExpired),
    "too many tries": ("enrol", answers_with(refusal(429, "busy")), answers.OfficeBusy),
    "the number is taken": (
        "enrol",
        answers_with(refusal(409, "till_taken", "Till 1 is another machine.")),
        answers.OfficeRefusal,
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_each_refusal_has_its_own_sentence_and_leaves_the_till_alone(
    store: Store, office: Office, clock: Clock, name: str
) -> None:
    place, fault, kind = REFUSALS[name]
    office.faults.append((place, fault))
    with pytest.raises(kind) as refused:
        enrol(store, URL, office.code, office, clock())
    assert type(refused.value) is kind
    assert "{" not in str(refused.value)
    assert remote_in(store.remotes) is None


def test_the_sentences_of_the_refusals_differ() -> None:
    kinds = {kind for _, _, kind in REFUSALS.values()}
    assert len({kind.sentence for kind in kinds}) == len(kinds)


def test_the_words_of_head_office_reach_the_person(
    store: Store, office: Office, clock: Clock
) -> None:
    office.faults.append(REFUSALS["the number is taken"][:2])
    with pytest.raises(answers.OfficeRefusal, match=r"Till 1 is another machine\."):
        enrol(store, URL, office.code, office, clock())


def test_a_lost_answer_is_asked_for_once_more(store: Store, office: Office, clock: Clock) -> None:
    office.faults.append(("enrol", is_lost))
    enrol(store, URL, office.code, office, clock())
    assert office.asked == ["hello", "enrol", "enrol"]


def test_joining_the_same_head_office_again_goes_on_where_it_was(
    store: Store, office: Office, clock: Clock
) -> None:
    enrol(store, URL, office.code, office, clock())
    with store.transaction() as tx:
        tx.cursors.set(HEAD_OFFICE, 1)
        tx.remotes.put(HEAD_OFFICE, pull_cursor="7")
    enrol(store, URL, office.code, office, clock())
    assert store.cursors.of(HEAD_OFFICE) == 1
    assert store.remotes.value(HEAD_OFFICE, "pull_cursor") == "7"


def test_a_till_that_is_another_one_there_now_begins_from_the_start(
    store: Store, office: Office, clock: Clock
) -> None:
    remote = enrol(store, URL, office.code, office, clock())
    with store.transaction() as tx:
        tx.remotes.put(HEAD_OFFICE, till_id="who it was", pull_cursor="7")
        tx.cursors.set(HEAD_OFFICE, 1)
        tx.received.put("unit", "u", 3)
    enrol(store, URL, office.code, office, clock())
    assert remote_in(store.remotes) == replace(remote)
    assert store.cursors.of(HEAD_OFFICE) == 0
    assert store.remotes.value(HEAD_OFFICE, "pull_cursor") == ""
    assert store.received.revision("unit", "u") == 0


def test_another_head_office_is_refused_until_the_till_has_left_the_first(
    store: Store, counter: Counter, office: Office, clock: Clock
) -> None:
    counter.sell(1)
    enrol(store, URL, office.code, office, clock())
    with pytest.raises(AlreadyConnected, match="Harbour Shops"):
        enrol(store, "https://other.example.com", office.code, office, clock())
    leave(store)
    assert remote_in(store.remotes) is None
    assert store.cursors.of(HEAD_OFFICE) == 0
    other = enrol(store, "https://other.example.com", office.code, office, clock())
    assert other.url == "https://other.example.com"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("pos-app://enrol?u=https%3A%2F%2Foffice.example.com&c=ABCDE-12345", URL),
        ("  POS-APP://enrol?c=ABCDE-12345&u=https://office.example.com/  ", URL),
        ("pos-app://enrol?u=http://192.168.1.20:8700&c=ABCDE-12345", "http://192.168.1.20:8700"),
    ],
)
def test_an_invitation_is_read(text: str, url: str) -> None:
    assert read_invitation(text) == Invitation(url, "ABCDE-12345")


@pytest.mark.parametrize(
    "text",
    [
        "", "4006381333931", "https://office.example.com",
        "pos-app://pay?u=https://a.example&c=ABCDE",
        "pos-app://enrol", "pos-app://enrol?u=https://a.example", "pos-app://enrol?c=ABCDE",
        "pos-app://enrol?u=https://a.example&c=A", "pos-app://enrol?u=https://a.example&c=<script>",
        "pos-app://enrol?u=https://a.example&c=ABCDE&c=FGHIJ", "pos-app://enrol?u=ftp://a&c=ABCDE",
        "pos-app://enrol?u=http://8.8.8.8&c=ABCDE", "pos-app://[enrol?u=x&c=ABCDE",
        "pos-app://enrol?" + "&".join(f"x{number}=1" for number in range(50)),
    ],
)  # fmt: skip
def test_what_is_no_invitation_is_refused(text: str) -> None:
    with pytest.raises((NotAnInvitation, NotAnAddress, AddressNotSafe)):
        read_invitation(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("office.example.com", "https://office.example.com"),
        ("HTTPS://Office.Example.com:8443/pos/", "https://office.example.com:8443/pos"),
        ("http://localhost:8700", "http://localhost:8700"),
        ("http://till-1.local:8700", "http://till-1.local:8700"),
        ("http://till1:8700", "http://till1:8700"),
        ("http://10.0.0.7", "http://10.0.0.7"),
        ("http://[fd12::7]:8700", "http://[fd12::7]:8700"),
        ("http://[::1]:8700/", "http://[::1]:8700"),
    ],
)
def test_an_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert read_address(typed) == kept
    assert read_address(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "https://", "ftp://office.example.com", "https://user:pass@office.example.com",
        "https://office.example.com?x=1", "https://office.example.com#x", "https://a b.example.com",
        "https://office.example.com:99999", "https://office.example.com:0", "http://[::1",
        "javascript:alert(1)", "https://.example.com", "https://exa\u0000mple.com",
        "4006381333931 2",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(NotAnAddress):
        read_address(typed)


@pytest.mark.parametrize(
    "typed", ["http://office.example.com", "http://8.8.8.8", "http://[2001:4860::1]"]
)
def test_a_plain_address_out_of_the_shop_is_refused(typed: str) -> None:
    with pytest.raises(AddressNotSafe):
        read_address(typed)


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("127.0.0.1", True), ("192.168.1.20", True), ("10.1.2.3", True), ("172.16.0.1", True),
        ("169.254.9.9", True), ("::1", True), ("fe80::1%eth0", True), ("fd00::1", True),
        ("::ffff:192.168.1.1", True), ("8.8.8.8", False), ("::ffff:8.8.8.8", False),
        ("172.32.0.1", False), ("2001:4860:4860::8888", False),
    ],
)  # fmt: skip
def test_which_addresses_are_the_shops_own(address: str, own: bool) -> None:
    assert is_own(address) is own
