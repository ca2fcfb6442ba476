"""Head office's own series of numbers: each counts on and never gives a number twice."""

from sqlalchemy import Connection, insert, select, update

from pos_app.server.tables import api_numbers, series


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


def give_number(
    connection: Connection, company_id: str, kind: str, number: int, thing_id: str
) -> None:
    """Let a number stand for an id, as samples and imported lists need it."""
    connection.execute(
        insert(api_numbers),
        {"company_id": company_id, "kind": kind, "number": number, "id": thing_id},
    )
