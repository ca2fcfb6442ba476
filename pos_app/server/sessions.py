"""Sessions of people: begun at the door, listed for whose they are, ended one by one or all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from pos_app.server.database import Office
from pos_app.server.door_tables import sessions
from pos_app.server.doors import Door, DoorKind, door_hash, shut_subject
from pos_app.server.stamps import stamp
from pos_app.server.tables import doors

SEEN_EACH = timedelta(minutes=5)
AGENT_MOST = 200


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session: `id` is no secret; moments are ISO 8601 UTC, `agent` as the browser said it."""

    id: str
    began_at: str
    seen_at: str
    expires_at: str
    agent: str
    is_own: bool


def note_session(connection: Connection, door: Door, agent: str, now: datetime) -> None:
    """Note a session that begins, and forget those of the person that are over."""
    of_person = (
        sessions.c.company_id == door.company_id,
        sessions.c.account_id == door.subject,
    )
    known = select(doors.c.hash).where(
        doors.c.company_id == door.company_id, doors.c.subject == door.subject
    )
    connection.execute(delete(sessions).where(*of_person, sessions.c.hash.not_in(known)))
    connection.execute(
        insert(sessions),
        {
            "company_id": door.company_id,
            "hash": door.hash,
            "account_id": door.subject,
            "began_at": stamp(now),
            "seen_at": stamp(now),
            "agent": _plain(agent),
        },
    )


def see_session(office: Office, company_id: str, token: str, now: datetime) -> None:
    """Note that somebody is still there, at most every few minutes: most pages only read."""
    is_long_ago = (
        sessions.c.company_id == company_id,
        sessions.c.hash == door_hash(DoorKind.SESSION, token),
        sessions.c.seen_at < stamp(now - SEEN_EACH),
    )
    with office.snapshot(company_id) as reading:
        if reading.execute(select(sessions.c.hash).where(*is_long_ago)).first() is None:
            return
    with office.company(company_id) as connection:
        connection.execute(update(sessions).where(*is_long_ago).values(seen_at=stamp(now)))


def sessions_of(
    connection: Connection, company_id: str, account_id: str, token: str, now: datetime
) -> list[SessionLine]:
    """Return the sessions of a person that are open, the latest first; `token` is their own."""
    own = door_hash(DoorKind.SESSION, token)
    rows = connection.execute(
        select(sessions, doors.c.expires_at)
        .join(doors, doors.c.hash == sessions.c.hash)
        .where(
            sessions.c.company_id == company_id,
            sessions.c.account_id == account_id,
            doors.c.expires_at > stamp(now),
        )
        .order_by(sessions.c.began_at.desc())
    ).mappings()
    return [
        SessionLine(
            row["hash"],
            row["began_at"],
            row["seen_at"],
            row["expires_at"],
            row["agent"],
            row["hash"] == own,
        )
        for row in rows
    ]


def end_session(connection: Connection, company_id: str, account_id: str, session_id: str) -> bool:
    """End one session of a person; False where there is none."""
    gone = connection.execute(
        delete(doors).where(
            doors.c.hash == session_id,
            doors.c.company_id == company_id,
            doors.c.subject == account_id,
            doors.c.kind == DoorKind.SESSION.value,
        )
    )
    return gone.rowcount == 1


def end_sessions(connection: Connection, company_id: str, account_id: str, keep: str = "") -> int:
    """End every session of a person but the one of the token `keep`; returns how many."""
    door = Door(door_hash(DoorKind.SESSION, keep), DoorKind.SESSION, company_id, account_id)
    kinds = (DoorKind.SESSION, DoorKind.SECOND_STEP)
    return shut_subject(connection, company_id, account_id, *kinds, keep=door if keep else None)


def _plain(agent: str) -> str:
    return "".join(sign for sign in agent if sign.isprintable())[:AGENT_MOST]
