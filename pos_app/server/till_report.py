"""What head office tells a till about itself: its signed head, what waits, what is missing."""

from datetime import datetime

from sqlalchemy import Connection

from pos_app.server.heads import head_of_till
from pos_app.server.inbox import missing_of, refused_of
from pos_app.server.pulling import news_revision
from pos_app.server.till_identity import Till
from pos_app.sync.wire import Report


def report(connection: Connection, company_id: str, till: Till, now: datetime) -> Report:
    """Return what head office has of a till, as of the epoch whose key it asks with."""
    return Report(
        head=head_of_till(connection, company_id, till.id, now, till.epoch, till.branch),
        refused=refused_of(connection, company_id, till.id),
        revision=news_revision(connection, company_id, till.shop),
        missing=missing_of(connection, company_id, till.id, till.epoch),
    )
