"""What head office knows of the till: refused entries, and the proof that nothing is missing."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.domain.till_head import SignedHead
from pos_app.store.remotes import Refusal
from pos_app.sync import wire
from pos_app.sync.own_head import OwnHead
from pos_app.sync.received import HERE
from pos_app.sync.remote import HEAD_OFFICE, Remote, is_genuine, put_signed_head, signed_head_in
from pos_app.sync.status import Proof

if TYPE_CHECKING:
    from pos_app.store.store import Store

SETTLED = "settled"


def keep_report(store: "Store", remote: Remote, report: wire.Report, now: datetime) -> None:
    """Keep which entries wait at head office, and its head where the signature is right."""
    # Those without an entry's number are things that wait here, not at head office.
    known = [refusal for refusal in store.remotes.refusals(HEAD_OFFICE) if refusal.seq]
    changed = _changed(known, report.refused)
    head = report.head
    if head is not None and (not is_genuine(remote, head) or head == signed_head_in(store.remotes)):
        head = None
    if not changed and head is None:
        return
    with store.transaction() as tx:
        for refusal in changed:
            tx.remotes.refuse(HEAD_OFFICE, refusal)
        if head is not None:
            put_signed_head(tx.remotes, head, now)


def prove(
    own: OwnHead,
    remote: Remote,
    signed: SignedHead | None,
    missing: tuple[tuple[int, int], ...] = (),
) -> Proof | None:
    """Compare head office's head with the till's own; None before head office has any."""
    if signed is None:
        return None
    heads = own.prove(signed.head)
    return Proof(heads.own, signed, heads.verdict, is_genuine(remote, signed), missing, heads)


def _changed(known: list[Refusal], told: tuple[wire.Refused, ...]) -> list[Refusal]:
    """Return the refusals to keep: new ones, others than known, and those that wait no more.

    What waits here, because it came from head office and cannot stand, is no entry of the till's.
    """
    known = [refusal for refusal in known if refusal.remedy != HERE]
    waiting = {refusal.id: refusal for refusal in known}
    told_now = {
        one.id: Refusal(
            one.id,
            one.epoch,
            one.seq,
            one.kind,
            one.at,
            one.reason,
            one.remedy,
            one.state == SETTLED,
        )
        for one in told
    }
    new = [
        refusal
        for refusal in told_now.values()
        if refusal != waiting.get(refusal.id) and (refusal.id in waiting or not refusal.is_settled)
    ]
    gone = [refusal for refusal in known if refusal.id not in told_now]
    return new + [replace(refusal, is_settled=True) for refusal in gone]
