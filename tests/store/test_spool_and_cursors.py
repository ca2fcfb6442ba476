"""Print jobs wait, and each remote's place in the journal is remembered."""

from dataclasses import replace

from pos_app.store.spool import PrintJob
from pos_app.store.store import Store
from tests.store.shops import START, Counter

JOB = PrintJob("Counter", "receipt", b"\x1b@\0\xff", START, "sale")


def test_jobs_wait_in_order_until_they_are_printed_or_skipped(store: Store) -> None:
    with store.transaction() as tx:
        first, second = tx.spool.add(JOB), tx.spool.add(replace(JOB, printer="Kitchen"))
        tx.spool.failed(first, "out of paper")
    waiting = store.spool.waiting()
    assert waiting == [
        replace(JOB, id=first, attempts=1, error="out of paper"),
        replace(JOB, id=second, printer="Kitchen"),
    ]
    with store.transaction() as tx:
        tx.spool.send_to(first, "Kitchen", b"x")
        tx.spool.skip(second)
    job = store.spool.get(first)
    assert job is not None
    assert (job.printer, job.payload, job.error) == ("Kitchen", b"x", "")
    with store.transaction() as tx:
        tx.spool.done(first)
        assert tx.spool.add(JOB) > second
    assert store.spool.count() == 1


def test_a_remote_knows_how_much_it_lacks(counter: Counter) -> None:
    store = counter.store
    counter.sell()
    assert (store.cursors.of("office"), store.cursors.unsent("office")) == (0, 2)
    with store.transaction() as tx:
        tx.cursors.set("office", 1)
    assert (store.cursors.of("office"), store.cursors.unsent("office")) == (1, 1)
