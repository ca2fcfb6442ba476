"""Head office's own series of numbers: each counts on and never gives a number twice."""

from collections.abc import Iterable, Sequence
from itertools import count

from sqlalchemy import Connection, insert, select, update

from pos_app.server.tables import api_numbers, series

_AT_ONCE = 500  # ids in one statement


def next_in(connection: Connection, company_id: str, name: str, first: int = 1) -> int:
    """Take the next number of a series, which begins with `first` or goes on from there.

    The caller holds the company's revision, so that nobody else counts meanwhile.
    """
    mine = (series.c.company_id == company_id, series.c.name == name)
    last = connection.execute(select(series.c.value).where(*mine)).scalar_one_or_none()
    number = max((last or 0) + 1, first)
    if last is None:
        values = {"company_id": company_id, "name": name, "value": number}
        connection.execute(insert(series), values)
    else:
        connection.execute(update(series).where(*mine).values(value=number))
    return number


def number_of(connection: Connection, company_id: str, kind: str, thing_id: str) -> int:
    """Return the whole number that stands for an id in APIs that know no other; given once.

    The caller holds the company's revision where the id may have none yet.
    """
    found = connection.execute(
        select(api_numbers.c.number).where(
            api_numbers.c.company_id == company_id,
            api_numbers.c.kind == kind,
            api_numbers.c.id == thing_id,
        )
    ).scalar_one_or_none()
    if found is not None:
        return int(found)
    while True:
        number = next_in(connection, company_id, f"number:{kind}")
        if id_of_number(connection, company_id, kind, number) is None:
            break
    give_number(connection, company_id, kind, number, thing_id)
    return number


def numbers_of(
    connection: Connection, company_id: str, kind: str, thing_ids: list[str]
) -> dict[str, int]:
    """Return the numbers of those ids that have one."""
    found = connection.execute(
        select(api_numbers.c.id, api_numbers.c.number).where(
            api_numbers.c.company_id == company_id,
            api_numbers.c.kind == kind,
            api_numbers.c.id.in_(thing_ids),
        )
    )
    return {row.id: int(row.number) for row in found}


def numbers_for(
    connection: Connection, company_id: str, kind: str, thing_ids: Sequence[str]
) -> dict[str, int]:
    """Return the number of each id, many at once; an id without one gets the next.

    The caller holds the company's revision where an id may have none yet.
    """
    wanted = list(dict.fromkeys(thing_ids))
    found: dict[str, int] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        found |= numbers_of(connection, company_id, kind, wanted[start : start + _AT_ONCE])
    missing = [thing_id for thing_id in wanted if thing_id not in found]
    if not missing:
        return found
    name = f"number:{kind}"
    last = next_in(connection, company_id, name) - 1
    taken = set(
        connection.execute(
            select(api_numbers.c.number).where(
                api_numbers.c.company_id == company_id,
                api_numbers.c.kind == kind,
                api_numbers.c.number > last,
            )
        ).scalars()
    )
    for thing_id in missing:
        last = next(number for number in count(last + 1) if number not in taken)
        found[thing_id] = last
    connection.execute(
        insert(api_numbers),
        [
            {"company_id": company_id, "kind": kind, "number": found[thing_id], "id": thing_id}
            for thing_id in missing
        ],
    )
    mine = (series.c.company_id == company_id, series.c.name == name)
    connection.execute(update(series).where(*mine).values(value=last))
    return found


def id_of_number(connection: Connection, company_id: str, kind: str, number: int) -> str | None:
    """Return the id that a whole number stands for, or None."""
    found: str | None = connection.execute(
        select(api_numbers.c.id).where(
            api_numbers.c.company_id == company_id,
            api_numbers.c.kind == kind,
            api_numbers.c.number == number,
        )
    ).scalar_one_or_none()
    return found


def ids_of_numbers(
    connection: Connection, company_id: str, kind: str, numbers: Iterable[int]
) -> dict[int, str]:
    """Return the ids that whole numbers stand for, of those that stand for one."""
    wanted = sorted(set(numbers))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = connection.execute(
            select(api_numbers.c.number, api_numbers.c.id).where(
                api_numbers.c.company_id == company_id,
                api_numbers.c.kind == kind,
                api_numbers.c.number.in_(wanted[start : start + _AT_ONCE]),
            )
        )
        found.update((int(row.number), row.id) for row in rows)
    return found


def give_number(
    connection: Connection, company_id: str, kind: str, number: int, thing_id: str
) -> None:
    """Let a number stand for an id, as samples and imported lists need it."""
    connection.execute(
        insert(api_numbers),
        {"company_id": company_id, "kind": kind, "number": number, "id": thing_id},
    )
