"""The till's own head, and the proof that head office has all of it."""

from dataclasses import replace

from pos_app.domain.till_head import Completeness, TillHead
from pos_app.store.store import Store
from pos_app.sync.own_head import OwnHead, own_head
from tests.store.shops import CASH, Counter


def test_a_head_counts_every_document_with_its_amount_due(store: Store, counter: Counter) -> None:
    sold = [counter.sell(1), counter.sell(2, 3)]
    back = counter.give_back(sold[1], 1)
    head, entry = own_head(store), store.journal.head()
    assert entry is not None
    assert (head.till, head.epoch, head.seq, head.hash) == ("1", 1, entry.seq, entry.hash)
    assert (head.receipts, head.currency) == (3, "EUR")
    assert head.total_minor == sum(one.amount_due.minor for one in (*sold, back))
    assert back.amount_due.minor < 0


def test_counting_on_gives_what_counting_anew_gives_at_every_entry(
    store: Store, counter: Counter
) -> None:
    kept = OwnHead(store)
    for number in range(1, 5):
        counter.sell(number)
        counter.deliver(number, "2")
        assert kept.now() == own_head(store)
    for seq in (*range(1, store.journal.count() + 1), 3, store.journal.count(), 1):
        assert kept.at(seq) == OwnHead(store).at(seq)
    assert kept.at(store.journal.count() + 1) is None


def test_head_office_has_all_a_part_or_something_else(store: Store, counter: Counter) -> None:
    counter.sell(1)
    office = own_head(store)
    head = OwnHead(store)
    proof = head.prove(office)
    assert proof.verdict is Completeness.EQUAL
    assert proof.sentence == "1 receipts here, 1 at head office, heads equal."
    late = [counter.sell(2), counter.sell(3)]
    behind = head.prove(office)
    assert (behind.verdict, behind.missing_count) == (Completeness.BEHIND, 2)
    assert behind.sentence.endswith(f"Not there yet: {late[0].number}, {late[1].number}.")
    for wrong in ({"hash": "0" * 64}, {"total_minor": 1}, {"receipts": 7}, {"seq": 999}):
        found = head.prove(replace(office, **wrong))
        assert found.verdict is Completeness.DIFFERENT
        assert "the heads differ" in found.sentence


def test_other_entries_on_their_way_are_no_missing_receipts(store: Store, counter: Counter) -> None:
    counter.checkout.complete(counter.cart(1), CASH)
    office: TillHead = own_head(store)
    counter.deliver(1, "5")
    proof = OwnHead(store).prove(office)
    assert (proof.missing_count, proof.entries_behind) == (0, 1)
    assert "1 other entries" in proof.sentence


def test_more_missing_receipts_than_fit_are_counted(store: Store, counter: Counter) -> None:
    office = own_head(store)
    for _ in range(22):
        counter.sell(1)
    proof = OwnHead(store).prove(office)
    assert (len(proof.missing), proof.missing_count) == (20, 22)
    assert proof.sentence.endswith(" ….")
